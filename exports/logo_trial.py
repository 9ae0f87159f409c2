"""A logo drawn on trial, in a process of its own: one that takes too long or too much is refused.

Few lines of SVG can ask for hours of drawing, and nothing stops a thread that draws.
"""

import math
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import exports
from event.logos import WrongLogo

try:
    import resource
except ImportError:  # Windows: the time alone is limited
    resource = None  # type: ignore[assignment]

SECONDS = 2  # of the processor, once the libraries are loaded
PATIENCE = 6.0  # seconds by the clock, where others use the machine too
MEMORY = 1 << 30  # bytes
_TRIAL = (sys.executable, "-m", "exports.logo_trial")
_ROOT = Path(__file__).parents[1]


def on_trial(data: bytes) -> None:
    """Raises `WrongLogo` for a picture that cannot be drawn, or not soon."""
    known = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        code = subprocess.run(
            _TRIAL, input=data, env=known, cwd=_ROOT, timeout=PATIENCE, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        code = -1
    if code > 0:
        raise WrongLogo("logo_undrawable")
    if code < 0:  # ended by a limit
        raise WrongLogo("logo_too_slow")


def _limited() -> None:
    if resource is None:
        return
    last = math.ceil(time.process_time()) + SECONDS
    limits = {
        resource.RLIMIT_CPU: (last, last + 1),
        resource.RLIMIT_AS: (MEMORY, MEMORY),
        resource.RLIMIT_CORE: (0, 0),
    }
    for what, limit in limits.items():
        with suppress(OSError, ValueError):  # stricter already, or not known here
            resource.setrlimit(what, limit)


def _main() -> int:
    drawable = exports.logo.drawable  # loaded here alone, before anything is limited
    _limited()
    try:
        drawable(sys.stdin.buffer.read())
    except WrongLogo:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
