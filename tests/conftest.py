"""Names the plugins that hold the fixtures; each file says in its first lines what it offers."""

pytest_plugins = ["tests.databases", "tests.house", "tests.registrants", "tests.event_files", "tests.browsers", "tests.sites"]
