"""Names the plugins that hold the fixtures; each file says in its first lines what it offers."""

import os

from hypothesis import settings

pytest_plugins = [
    "tests.databases",
    "tests.house",
    "tests.registrants",
    "tests.event_files",
    "tests.browsers",
    "tests.sites",
    "tests.gates",
    "tests.mailboxes",
]

# No example is judged by its time; in CI the examples are the same each time.
settings.register_profile("site", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("site")
