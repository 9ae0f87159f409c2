"""What organisers print and send: each list is one entry here, and comes in every format."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select

from event.attendees import Attendee
from event.delegations import Delegation
from event.provinces import province_names
from event.questions import QUESTIONS
from event.words import Words
from exports.fields import ARRIVED_AT, FIELDS
from exports.orders import NO_ORDER

FORMATS = ("csv", "xlsx", "pdf")
SIGN_IN = "sessions"
People = Select[Attendee]


def _everybody(people: People) -> People:
    return people


@dataclass(frozen=True)
class Listing:
    """One list. `columns` go to spreadsheets, `paper` to official lists: both are keys of `FIELDS`.

    `narrow` narrows and orders the people it is given; `order`, if any, is the column that orders
    them then. `grouped`: the first column heads its rows on paper. `free`: columns can be chosen.
    """

    title: Words
    columns: tuple[str, ...]
    paper: tuple[str, ...]
    narrow: Callable[[People], People] = _everybody
    order: str = ""
    grouped: bool = False
    free: bool = True

    def standard(self, format: str) -> tuple[str, ...]:
        """The columns it has in a format as long as nobody chooses others."""
        return tuple(
            PLAIN.get(key, key) for key in (self.paper if format == "pdf" else self.columns)
        )

    def on_paper(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Chosen columns, with the one that heads groups as it is written there."""
        heading = self.paper[0]
        return tuple(heading if key == PLAIN.get(heading) else key for key in columns)


def offered(name: str) -> tuple[str, ...]:
    """The columns that can be chosen for a list; those that it has by itself come first."""
    listing = LISTS[name]
    own = (*listing.standard("csv"), *listing.standard("pdf"))
    return tuple(dict.fromkeys((*own, *(key for key in FIELDS if key not in PLAIN))))


def orders(name: str) -> tuple[str, ...]:
    """The columns by which its rows can be put in order; people sign in by their names."""
    if name == SIGN_IN:
        return ()
    return tuple(key for key in offered(name) if key not in NO_ORDER)


def _arrived(people: People) -> People:
    """Who was let in anywhere, in the order they came."""
    query = people.where(ARRIVED_AT.is_not(None))
    return query.order_by(None).order_by(ARRIVED_AT, Attendee.id)


def _by_delegation(people: People) -> People:
    """Head first, then as the office listed them."""
    name = (
        select(Delegation.folded_name).where(Delegation.id == Attendee.party_id).scalar_subquery()
    )
    query = people.where(Attendee.party_id.is_not(None)).order_by(None)
    return query.order_by(name, Attendee.heads_party.desc(), Attendee.id)


def _one_for_each_delegation(people: People) -> People:
    """Its head, or the first that was put down."""
    first = (Attendee.heads_party.desc(), Attendee.id)
    rank = func.row_number().over(partition_by=Attendee.party_id, order_by=first)
    members = people.where(Attendee.party_id.is_not(None)).order_by(None)
    ranked = members.with_only_columns(
        Attendee.id, rank.label("rank"), maintain_column_froms=True
    ).subquery()
    leading = select(ranked.c.id).where(ranked.c.rank == 1)
    return _by_delegation(select(Attendee).where(Attendee.id.in_(leading)))


def _replaced(people: People) -> People:
    """Those who got another badge than the first; it stands where it would be looked for."""
    return people.where(Attendee.revision > 0)


def _by_province(people: People) -> People:
    """In the alphabetical order of provinces, abroad and unknown last."""
    ranks = {code: rank for rank, code in enumerate(province_names("vi"))}
    order = case(ranks, value=Attendee.province, else_=len(ranks))
    return people.order_by(None).order_by(order, Attendee.sort_key, Attendee.id)


PLAIN = {"headed_party": "party"}
"""Columns that only head groups, and what stands in their place elsewhere."""
CONTACT = ("phone", "email")
ABOUT = ("code", *(question.key for question in QUESTIONS))
PAPER = ("full_name", "position", "organisation", *CONTACT, "signature")

LISTS: dict[str, Listing] = {
    "attendees": Listing(
        Words("Danh sách đại biểu đăng ký tham dự", "Registered attendees"),
        (*ABOUT, "party", "sessions", "registered_at", "arrived_at", "remark"),
        PAPER,
    ),
    "arrivals": Listing(
        Words("Danh sách đại biểu có mặt", "Arrivals"),
        (*ABOUT, "party", "arrived_at", "arrived_by"),
        ("full_name", "position", "organisation", "category", "arrived_at", "arrived_by"),
        _arrived,
    ),
    SIGN_IN: Listing(
        Words("Danh sách ký tên tham dự phiên", "Sign-in sheets"),
        ("full_name", "position", "organisation"),
        ("full_name", "position", "organisation", "signature"),
    ),
    "delegations": Listing(
        Words("Danh sách đại biểu theo đoàn", "Delegates by delegation"),
        ("party", "role", *ABOUT, "arrived_at", "remark"),
        ("headed_party", "full_name", "role", "position", "organisation", *CONTACT, "signature"),
        _by_delegation,
        grouped=True,
    ),
    "organisations": Listing(
        Words("Danh sách đại biểu theo đơn vị", "Attendees by organisation"),
        ("organisation", *(key for key in ABOUT if key != "organisation")),
        ("organisation", "full_name", "position", *CONTACT, "signature"),
        order="organisation",
        grouped=True,
    ),
    "provinces": Listing(
        Words("Danh sách đại biểu theo tỉnh, thành phố", "Attendees by province"),
        ("province", *(key for key in ABOUT if key != "province")),
        ("province", *PAPER),
        _by_province,
        grouped=True,
    ),
    "handover": Listing(
        Words("Biên bản bàn giao thẻ đại biểu", "Hand-over of badges"),
        ("party", "role", "code", "full_name", "organisation", "category"),
        ("party", "full_name", "organisation", "code", "signature"),
        _by_delegation,
        free=False,
    ),
    "labels": Listing(
        Words("Nhãn phong bì theo đoàn", "Envelope labels by delegation"),
        ("party", "party_head", "party_size"),
        ("party", "party_head", "party_size"),
        _one_for_each_delegation,
        free=False,
    ),
    "replaced": Listing(
        Words("Danh sách thẻ cần thu hồi", "Badges to be pulled"),
        ("code", "full_name", "organisation", "void_badges", "valid_badge", "replaced_at"),
        ("full_name", "organisation", "code", "void_badges", "valid_badge", "replaced_at"),
        _replaced,
    ),
}
