"""What lists and badges can be narrowed to: sessions, categories, delegations … by their names."""

from sqlalchemy import select

from event.delegations import Delegation
from event.designs import design_of
from event.programme import categories, sessions, tracks
from forms.downloads import Known
from pages.database import db
from pages.wording import day, hour, words


def known() -> Known:
    """All that can be chosen from, in the reader's language."""
    session = db.session()
    parties = select(Delegation.id, Delegation.name).order_by(Delegation.folded_name)
    return Known(
        category={each.key: words(each.name) for each in session.scalars(categories())},
        session={
            each.key: f"{day(each.starts_at)[:5]} {hour(each.starts_at)} · {words(each.title)}"
            for each in session.scalars(sessions())
        },
        track={each.key: words(each.name) for each in session.scalars(tracks())},
        delegation={str(number): name for number, name in session.execute(parties)},
        design=design_of(session),
    )
