"""How each kind of job is done. Only the worker loads this, with the writers of PDF and XLSX."""

from pages.chores import Task

BY_KIND: dict[str, Task] = {}
