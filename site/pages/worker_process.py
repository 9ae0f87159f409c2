"""The worker: the same as `flask --app app worker`, but it leaves with its supervisor."""

from flask.cli import cli

from pages.leaving import leave_after, supervisor_gone

if __name__ == "__main__":
    leave_after(supervisor_gone)
    cli.main(["--app", "app", "worker"])
