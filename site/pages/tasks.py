"""How each kind of job is done. Only the worker loads this, with the writers of PDF and XLSX."""

from pages.chores import Task
from pages.organiser.making import look_at_badges, make_badges, make_list
from pages.organiser.packing_work import pack_as_job, ticks_as_job
from pages.organiser.taking_in import LOOK, TAKE, look_as_job, take_as_job

BY_KIND: dict[str, Task] = {
    "list": make_list,
    "badges": make_badges,
    "preflight": look_at_badges,
    "pack": pack_as_job,
    "ticks": ticks_as_job,
    LOOK: look_as_job,
    TAKE: take_as_job,
}
