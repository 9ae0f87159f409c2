"""How the organiser's templates name what is stored as a key: purposes, mails, roles, rules."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from pages.organiser.blueprint import page

PURPOSES = {
    "take_part": _l("Taking part in this event"),
    "exhibitors": _l("Being contacted by exhibitors"),
}
MAILS = {
    "registered": _l("Confirmation with the badge"),
    "declined": _l("Answer: the registration was not approved"),
    "link": _l("The link once more, as somebody asked for"),
    "seated": _l("A seat became free for them"),
    "admitted": _l("A place became free for them"),
    "handed_over": _l("Somebody handed them their place"),
    "circular": _l("Letter to many"),
    "trial": _l("Trial of a letter"),
    "trial_en": _l("Trial of a letter, in English"),
}
NOT_SENT = {
    "mail.invented": _l("Not sent: this is an invented person, for a rehearsal"),
    "mail.nobody": _l("Not sent: there is no address any more, or the registration is cancelled"),
    "mail.failed": _l("The mail could not be made; the site's log says why"),
    "mail.too_many": _l("So many went to this address in a day that visitors cannot cause more"),
    "mail.returned": _l("The mail server gave no reason"),
    "mail.wrong_mailbox": _l("MAIL_BOUNCES is not like imaps://user:password@host/INBOX"),
}
ROLES = {
    "desk": _l("Desk"),
    "supervisor": _l("Supervisor"),
    "organiser": _l("Organiser"),
}
ROLE_HINTS = {
    "desk": _l("scans badges and puts walk-ins down"),
    "supervisor": _l("desk, and also overrides and corrections of people"),
    "organiser": _l("everything: programme, lists, accounts"),
}
KINDS = {
    "session": _l("Session"),
    "forum": _l("Forum"),
    "round": _l("Matching round"),
}
RULES = {
    "open": _l("Open to everybody while there is room"),
    "registered_first": _l("Those registered first; others while seats are free"),
    "registered_only": _l("For those registered only"),
}


def _name(names: dict[str, LazyString], key: str) -> str:
    return str(names.get(key, key))


@page.app_template_filter()
def purpose(key: str) -> str:
    """What a consent is for."""
    return _name(PURPOSES, key)


@page.app_template_filter()
def mail_kind(key: str) -> str:
    """What a mail says."""
    return _name(MAILS, key.partition(" ")[0])


@page.app_template_filter()
def not_sent(why: str) -> str:
    """Why a mail was not delivered: our own reasons in words, a mail server's as it gave them."""
    return _name(NOT_SENT, why)


@page.app_template_filter()
def role(key: str) -> str:
    """What an account may do."""
    return _name(ROLES, key)


@page.app_template_filter()
def slot_kind(key: str) -> str:
    """What kind of meeting it is."""
    return _name(KINDS, key)


@page.app_template_filter()
def door_rule(key: str) -> str:
    """Whom the door of a session lets in."""
    return _name(RULES, key)
