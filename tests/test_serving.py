"""The site stays up: whatever process is killed comes back, and none is left behind at the end."""

import signal
import socket

import psutil
import pytest

from pages.serving import PortTaken, claim
from tests.sites import LiveSite, StartSite, eventually


def children(site: LiveSite, role: str) -> list[psutil.Process]:
    """The supervisor's own child of this role."""
    own = psutil.Process(site.process.pid).children()
    return [child for child in own if f"pages.{role}_process" in arguments(child)]


def web_workers(site: LiveSite) -> list[psutil.Process]:
    """The processes that answer requests."""
    return [worker for web in children(site, "web") for worker in web.children()]


def everything(site: LiveSite) -> list[psutil.Process]:
    """The supervisor's children and theirs."""
    return psutil.Process(site.process.pid).children(recursive=True)


def arguments(process: psutil.Process) -> list[str]:
    """Empty for a process that has just ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def none_left(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended."""
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


def kill(process: psutil.Process) -> None:
    """As the system does when memory runs out."""
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def whole(site: LiveSite) -> bool:
    """Whether everything that belongs to a site runs and answers."""
    return len(web_workers(site)) == 2 and len(children(site, "worker")) == 1 and site.answers()


def test_a_killed_web_worker_comes_back(live_site: LiveSite) -> None:
    eventually(lambda: whole(live_site))
    killed, other = web_workers(live_site)
    kill(killed)
    eventually(lambda: whole(live_site))
    assert killed not in web_workers(live_site)
    assert other in web_workers(live_site)


def test_a_killed_worker_comes_back_and_the_web_never_leaves(live_site: LiveSite) -> None:
    eventually(lambda: whole(live_site))
    answering = web_workers(live_site)
    (killed,) = children(live_site, "worker")
    kill(killed)
    eventually(lambda: whole(live_site))
    assert children(live_site, "worker") != [killed]
    assert web_workers(live_site) == answering


def test_a_killed_web_server_comes_back_with_new_workers_alone(live_site: LiveSite) -> None:
    eventually(lambda: whole(live_site))
    orphans = web_workers(live_site)
    (web,) = children(live_site, "web")
    kill(web)
    eventually(lambda: none_left(orphans) and whole(live_site))


def test_stopping_ends_every_process_and_frees_the_port(start_site: StartSite) -> None:
    site = start_site()
    processes = everything(site)
    site.stop()
    assert site.process.returncode == 0
    assert none_left(processes)
    claim("127.0.0.1", port_of(site))


def test_nothing_outlives_a_killed_supervisor(start_site: StartSite) -> None:
    site = start_site()
    eventually(lambda: whole(site))
    processes = everything(site)
    site.process.kill()
    eventually(lambda: none_left(processes))


def test_a_taken_port_is_refused_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}"):
            claim("127.0.0.1", port)


def port_of(site: LiveSite) -> int:
    """The port in its address."""
    return int(site.address.rpartition(":")[2])
