"""What every mail of ours carries, so that a mail which comes back is known again, and no other is:
its number, signed with the site's key.
"""

import hmac
import re

from sqlalchemy.orm import Session

from event.keys import tag
from event.mail import Mail

POSTMARK = re.compile(r"(?<![\w.])\d{1,9}\.\d{1,9}\.[0-9a-f]{16}(?![0-9a-f])")


def postmark(mail: Mail, event_number: int, key: bytes) -> str:
    """The same at every try, so that a mailbox drops a second copy; a rehearsal's is another.

    A mail that is queued anew gets another: old reports are not about it.
    """
    number = mail.id or 0
    proof = tag(key, "mail", number, int(mail.queued_at.timestamp()))
    return f"{event_number}.{number}.{proof.hex()[:16]}"


def mail_of(session: Session, mark: str, key: bytes) -> Mail | None:
    """The mail that a postmark is of; None if it was made up, or is older than the mail now is."""
    event_number, number, _proof = mark.split(".")
    mail = session.get(Mail, int(number), populate_existing=True)
    if mail is None:
        return None
    right = postmark(mail, int(event_number), key)
    return mail if hmac.compare_digest(right, mark) else None
