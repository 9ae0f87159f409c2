"""What the readiness board says of each thing about a scanner, and what to do where it is bad."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from event.readiness import PAST, DeviceReport
from pages.wording import hour, local, number
from pages.wording import moment as whole

HEADINGS = {
    "heard": _l("Last heard of"),
    "checkpoint": _l("Checkpoint"),
    "version": _l("App"),
    "roster": _l("List of doors and exceptions"),
    "unsent": _l("Scans not sent"),
    "clock": _l("Clock"),
    "battery": _l("Battery"),
    "test": _l("Tried without a connection"),
}
GOOD = {
    "heard": _l("in touch"),
    "checkpoint": _l("chosen"),
    "version": _l("up to date"),
    "roster": _l("fresh"),
    "unsent": _l("all sent"),
    "clock": _l("right"),
    "battery": _l("enough"),
    "test": _l("works"),
}
WRONG = {
    ("heard", "never"): _l("never"),
    ("heard", "silent"): _l("silent"),
    ("checkpoint", "nowhere"): _l("not chosen"),
    ("checkpoint", "wrong"): _l("not its own"),
    ("version", "old"): _l("old"),
    ("roster", "never"): _l("none"),
    ("roster", "old"): _l("old"),
    ("unsent", "waiting"): _l("waiting"),
    ("clock", "off"): _l("off, corrected"),
    ("battery", "low"): _l("low"),
    ("battery", "untold"): _l("not told"),
    ("test", "never"): _l("not tried yet"),
    ("test", "old"): _l("too long ago"),
    ("test", "roster"): _l("failed: no list of doors"),
    ("test", "badge"): _l("failed: badge not checked"),
    ("test", "storage"): _l("failed: keeps nothing"),
    ("test", "app"): _l("failed: not installed"),
}
ADVICE = {
    ("heard", "never"): _l("Open the scanner on it, and choose its checkpoint."),
    ("heard", "silent"): _l("Wake it, open the scanner, and look whether it reaches the network."),
    ("checkpoint", "nowhere"): _l("Choose its checkpoint on it."),
    ("checkpoint", "wrong"): _l("Choose another checkpoint on it, or give it this door."),
    ("version", "old"): _l("Reload the scanner's page on it."),
    ("roster", "never"): _l("Reload the scanner's page while it has a connection."),
    ("roster", "old"): _l("Bring it back into the network: its list is renewed by itself."),
    ("clock", "off"): _l("Let it set its clock by the network."),
    ("battery", "low"): _l("Charge it."),
    ("test", "never"): _l("Press “Try without a connection” in its menu (⋯)."),
    ("test", "old"): _l("Press “Try without a connection” in its menu (⋯)."),
    ("test", "roster"): _l("Reload the scanner's page while it has a connection."),
    ("test", "badge"): _l("Reload the scanner's page; if that does not help, use another browser."),
    ("test", "storage"): _l("Leave private browsing, or free some space on it."),
    ("test", "app"): _l("Open the scanner by an https address, so that it can be installed."),
}


def verdict_on(aspect: str, why: str) -> str:
    """In a word or two, whether it is good."""
    if why == PAST:
        return _("not known")
    return str(WRONG[aspect, why] if why else GOOD[aspect])


def values_of(report: DeviceReport, places: Mapping[str, str], at: datetime) -> dict[str, str]:
    """What it told itself, by aspect; "" where the verdict says it all."""
    return {
        "heard": _since(report.reported_at, at),
        "checkpoint": places.get(report.checkpoint, report.checkpoint),
        "version": "",
        "roster": _since(report.roster_at, at),
        "unsent": number(report.unsent) if report.unsent else "",
        "clock": skew(report.clock_ms),
        "battery": "" if report.battery is None else f"{report.battery}%",
        "test": _since(report.tested_at, at),
    }


def past_values_of(report: DeviceReport, places: Mapping[str, str], at: datetime) -> dict[str, str]:
    """The same of a scanner that fell silent: what it told, and when; nobody knows what is now."""
    told = values_of(report, places, at)
    time = _hour(report.reported_at, at)
    then = {
        aspect: _("at %(time)s: %(value)s", time=time, value=told[aspect])
        for aspect in ("checkpoint", "unsent", "clock", "battery")
        if told[aspect]
    }
    return dict.fromkeys(HEADINGS, _("at %(time)s", time=time)) | then | {"heard": told["heard"]}


def skew(milliseconds: int) -> str:
    """How far a clock is off: "20 minutes ahead"."""
    seconds = round(abs(milliseconds) / 1000)
    if seconds < 1:
        return ""
    if seconds < 120:
        far = _("%(count)s seconds", count=seconds)
    else:
        far = _("%(count)s minutes", count=number(round(seconds / 60)))
    late, early = _("%(time)s behind", time=far), _("%(time)s ahead", time=far)
    return early if milliseconds > 0 else late


def _since(moment: datetime | None, at: datetime) -> str:
    """How long ago, within the hour; else when."""
    if moment is None:
        return ""
    ago = at - moment
    if ago < timedelta(minutes=1):
        return _("just now")
    if ago < timedelta(hours=1):
        return _("%(count)s minutes ago", count=int(ago.total_seconds() // 60))
    return _hour(moment, at)


def _hour(moment: datetime, at: datetime) -> str:
    """The time of day; with the day if it was another one."""
    return hour(moment) if local(moment).date() == local(at).date() else whole(moment)
