"""The web: Granian and its workers, which alone import the site."""

import gc
import importlib
import multiprocessing
import sys
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server import Server

from pages.leaving import GRACE, leave_after, supervisor_gone

APP = "app:create_app"
WORKERS = 2


def run_web(host: str, port: int, app: str = APP, *, papers: tuple[str, ...] = ()) -> None:
    """Serve until told to stop. Granian keeps no access log, since paths hold secrets.

    `papers`: a certificate and its key; without them, plain HTTP.
    """
    certificate, key = map(Path, papers) if papers else (None, None)
    leave_after(supervisor_gone)
    importlib.import_module(app.partition(":")[0])  # once, before the workers are forked from here
    Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=WORKERS,
        blocking_threads=1,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=int(GRACE / 2),
        ssl_cert=certificate,
        ssl_key=key,
        ssl_protocol_min=SSLProtocols.tls12,  # phones older than 2019
    ).serve(target_loader=load)


def load(target: str) -> Any:
    """Make the app inside a web worker, which leaves when Granian is gone."""
    leave_after(granian_gone)
    module, factory = target.split(":")
    app = getattr(importlib.import_module(module), factory)()
    gc.freeze()  # what is loaded now stays: no collection need look at it again
    return app


def granian_gone() -> None:
    """Returns when the process that started this one has ended."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()


if __name__ == "__main__":
    run_web(sys.argv[1], int(sys.argv[2]), papers=tuple(sys.argv[3:]))
