"""Serves any WSGI application as the site is served: `-m benchmarks.server TARGET PORT`."""

import sys

from pages.web_process import run_web

if __name__ == "__main__":
    run_web("127.0.0.1", int(sys.argv[2]), sys.argv[1])
