"""Fixtures for the whole site as `make run` starts it: supervisor, web and worker, on a free port.

`live_site` is shared by the tests of one file. `start_site()` makes further ones, for tests that
harm theirs.
"""

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds that anything may take before a test gives up."""


@dataclass(frozen=True)
class LiveSite:
    """A running site."""

    address: str
    """Without a slash at the end."""
    data_dir: Path
    environment: dict[str, str]
    process: "subprocess.Popen[str]"
    """The supervisor."""

    def flask(self, *arguments: str) -> str:
        """What a command prints, run on this site's data, such as `flask("staff", "link", who)`."""
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def answers(self, path: str = "/healthz") -> bool:
        """Whether a page comes with status 200."""
        try:
            trusted = self.data_dir / "keys" / "https" / "authority.crt"
            known = ssl.create_default_context(cafile=trusted) if trusted.exists() else None
            with urllib.request.urlopen(self.address + path, timeout=5, context=known) as response:
                return bool(response.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.terminate()
        self.process.wait(PATIENCE)


StartSite = Callable[..., LiveSite]


@pytest.fixture(scope="module")
def start_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartSite]:
    """Start a site, with environment variables by name; it ends with the file's last test.

    `root` is another copy of the sources.
    """
    sites: list[LiveSite] = []

    def start(*, root: Path = ROOT, **environment: str) -> LiveSite:
        site = launch(tmp_path_factory.mktemp("instance"), environment, root)
        sites.append(site)
        eventually(lambda: site.answers() or site.process.poll() is not None)
        assert site.answers(), (site.data_dir / "printed.txt").read_text()
        return site

    yield start
    for site in sites:
        site.stop()


@pytest.fixture(scope="module")
def live_site(start_site: StartSite) -> LiveSite:
    """The site that the tests of one file share."""
    return start_site()


def launch(data_dir: Path, settings: dict[str, str], root: Path = ROOT) -> LiveSite:
    """What it prints goes to printed.txt in its folder."""
    port = settings.get("PORT") or free_port()
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "DATA_DIR": str(data_dir),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FORM_SECONDS": "0",
        **settings,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with (data_dir / "printed.txt").open("w") as printed:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdout=printed,
            stderr=printed,
            text=True,
            umask=0o022,
        )
    scheme = "https" if "HTTPS" in settings else "http"
    return LiveSite(f"{scheme}://127.0.0.1:{port}", data_dir, environment, process)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def eventually(happens: Callable[[], bool]) -> None:
    """Wait for a condition, as long as PATIENCE allows."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, f"{happens} did not come true in {PATIENCE} s"
        time.sleep(0.05)
