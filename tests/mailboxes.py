"""A real IMAP server of the tests' own, heard on the loopback alone: Dovecot, without rights."""

import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.sites import free_port

PATIENCE = 30.0  # seconds
PASSWORD = "mật-khẩu:1@2/"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
listen = 127.0.0.1
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass
class PostBox:
    """The mailbox of one user."""

    port: int
    user: str

    @property
    def url(self) -> str:
        """As MAIL_BOUNCES wants it; half a second of silence counts as a stall."""
        password = quote(PASSWORD, safe="")
        return f"imap://{self.user}:{password}@127.0.0.1:{self.port}/INBOX?timeout=0.5"

    def line(self) -> imaplib.IMAP4:
        """Signed in, as the owner's own program is."""
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        line.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())
        return line

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Mails arrive."""
        with self.line() as line:
            for mail in mails:
                assert line.append(folder, None, None, mail)[0] == "OK"  # type: ignore[arg-type]

    def unread(self) -> list[int]:
        """The numbers of mails that nobody has read."""
        with self.line() as line:
            line.select("INBOX", readonly=True)
            return [int(word) for word in line.uid("SEARCH", "UNSEEN")[1][0].split()]

    def count(self) -> int:
        """How many mails there are."""
        with self.line() as line:
            return int(line.select("INBOX", readonly=True)[1][0] or 0)


@pytest.fixture(scope="module")
def imap_port() -> Iterator[int]:
    """Where it listens; the tests of one file share it, each with a user of its own."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert program, "apt-get install dovecot-imapd"
    home, port = Path(tempfile.mkdtemp(prefix="imap-")), free_port()
    user, group = _account(home)
    told = {"home": home, "port": port, "user": user, "group": group, "password": PASSWORD}
    (home / "conf").write_text(CONFIGURATION.format(**told))
    (home / "conf").chmod(0o644)
    rights = {"user": user, "group": group, "extra_groups": []} if os.geteuid() == 0 else {}
    server = subprocess.Popen([program, "-F", "-c", f"{home}/conf"], **rights)  # type: ignore[call-overload]
    _wait(port, server)
    yield port
    server.terminate()
    server.wait(PATIENCE)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postbox(imap_port: int, request: pytest.FixtureRequest) -> PostBox:
    """An empty mailbox of this test alone."""
    return PostBox(imap_port, f"u{abs(hash(request.node.name)):x}")


def _account(home: Path) -> tuple[str, str]:
    """Root lends it an account with no rights."""
    name = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    account = pwd.getpwnam(name)
    home.chmod(0o755)
    for folder in ("", "run", "state", "mail"):
        (home / folder).mkdir(exist_ok=True)
        os.chown(home / folder, account.pw_uid, account.pw_gid)
    return name, grp.getgrgid(account.pw_gid).gr_name


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=PATIENCE).logout()
        except OSError:
            assert server.poll() is None, "the IMAP server ended"
            assert time.monotonic() < deadline, "no IMAP server"
            time.sleep(0.05)
        else:
            return
