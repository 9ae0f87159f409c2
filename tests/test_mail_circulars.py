"""Letters to many: who gets them, what they say, how they pause, stop and are tried out."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.circulars import (
    AlreadySent,
    Progress,
    Reach,
    Written,
    discard,
    filled_in,
    go_on,
    pause,
    progress,
    reach,
    rewrite,
    send_all,
    stop,
    try_out,
    unknown_placeholders,
    write,
)
from event.mail import Circular, Mail, hand_over, take_mails
from event.people import filtered
from event.rehearsal import invent
from event.words import Words
from pages.postman import deliver
from tests.house import Clock
from tests.post_offices import Office, opened

BUSES = Written(
    Words("Xe đưa đón cho {tên}", "Buses for {name}"),
    Words("Xe chạy lúc 06:30.\n\nThẻ số {mã}, {đơn vị}", "Buses at 06:30. {code}"),
    {},
)
ME = "btc@vidu.vn"


def put_down(session: Session, clock: Clock, name: str, **more: Any) -> int:
    """Somebody to whom nothing was written yet."""
    stated = {"email": "a@vidu.vn", "mail": False} | more
    return register(session, Registration(name, **stated), at=clock()).id


def letter(session: Session, clock: Clock, **other: Any) -> Circular:
    """A draft."""
    written = Written(**(vars(BUSES) | other))
    return write(session, written, by=ME, at=clock())


def queued(session: Session) -> list[int | None]:
    """To whom mails wait to go out, in the order in which they would."""
    return [mail.attendee_id for mail in take_mails(session, 100, at=Clock()())]


def test_everybody_with_an_address_gets_one_mail_however_often_it_is_pressed(
    store: Session, clock: Clock
) -> None:
    an, binh = put_down(store, clock, "An"), put_down(store, clock, "Bình", email="b@vidu.vn")
    put_down(store, clock, "Chi", email="")
    cancel(store, store.get_one(Attendee, put_down(store, clock, "Dũng")), at=clock(), by=ME)
    draft = letter(store, clock)
    assert reach(store, {}) == Reach(people=3, with_address=2)
    assert send_all(store, draft, by=ME, at=clock()) == 2
    assert send_all(store, draft, by=ME, at=clock()) == 0
    assert sorted(queued(store), key=str) == [an, binh]
    assert progress(store, draft.id) == Progress(waiting=2)
    assert (draft.total, draft.started_at) == (2, clock())


def test_it_is_for_those_the_table_of_people_was_narrowed_to(store: Session, clock: Clock) -> None:
    put_down(store, clock, "An")
    wanted = put_down(store, clock, "Bình", category="delegate")
    draft = letter(store, clock, people={"category": "delegate", "nonsense": "x", "q": " "})
    assert draft.people == {"category": "delegate"}
    assert [a.id for a in store.scalars(filtered(draft.people))] == [wanted]
    send_all(store, draft, by=ME, at=clock())
    assert queued(store) == [wanted]


def test_invented_people_are_never_written_to(store: Session, clock: Clock) -> None:
    invent(store, 3, seed=1, at=clock())
    assert reach(store, {}) == Reach(people=3, with_address=0)
    assert send_all(store, letter(store, clock), by=ME, at=clock()) == 0


def test_a_confirmation_does_not_wait_behind_a_letter_to_many(store: Session, clock: Clock) -> None:
    an = put_down(store, clock, "An")
    send_all(store, letter(store, clock), by=ME, at=clock())
    clock.forward(minutes=1)
    newcomer = put_down(store, clock, "Bình", mail=True)
    later = [mail.attendee_id for mail in take_mails(store, 100, at=clock())]
    assert later[0] == newcomer
    assert set(later) == {newcomer, an}


def test_a_paused_letter_waits_and_goes_on(store: Session, clock: Clock) -> None:
    an = put_down(store, clock, "An")
    sent_out = letter(store, clock)
    send_all(store, sent_out, by=ME, at=clock())
    pause(store, sent_out, at=clock())
    assert queued(store) == []
    go_on(store, sent_out)
    assert queued(store) == [an]


def test_what_a_worker_has_already_taken_is_still_paused_and_stopped(
    store: Session, clock: Clock
) -> None:
    for name in ("An", "Bình"):
        put_down(store, clock, name)
    sent_out = letter(store, clock)
    send_all(store, sent_out, by=ME, at=clock())
    first, second = take_mails(store, 2, at=clock())
    pause(store, sent_out, at=clock())
    assert not hand_over(store, first, "a@vidu.vn", at=clock())
    go_on(store, sent_out)
    assert hand_over(store, first, "a@vidu.vn", at=clock())
    assert stop(store, sent_out, by=ME, at=clock()) == 1, "the one in hand goes out"
    assert not hand_over(store, second, "a@vidu.vn", at=clock())
    assert progress(store, sent_out.id) == Progress(waiting=1, stopped=1)


def test_a_letter_that_has_gone_out_is_not_rewritten_and_not_discarded(
    store: Session, clock: Clock
) -> None:
    sent_out = letter(store, clock)
    send_all(store, sent_out, by=ME, at=clock())
    with pytest.raises(AlreadySent):
        rewrite(store, sent_out, BUSES, by=ME, at=clock())
    with pytest.raises(AlreadySent):
        discard(store, sent_out)


def test_a_draft_is_rewritten_and_discarded_with_its_trials(store: Session, clock: Clock) -> None:
    draft = letter(store, clock)
    rewrite(store, draft, Written(Words("Khác"), Words("Khác"), {}), by=ME, at=clock())
    assert draft.subject == Words("Khác")
    try_out(store, draft, ME, at=clock())
    discard(store, draft)
    assert store.scalars(select(Mail)).all() == []
    assert store.scalars(select(Circular)).all() == []


def test_placeholders_are_known_in_both_languages_and_others_are_told() -> None:
    facts = {"name": "Ông An", "code": "00012", "organisation": "VNPT"}
    text = "{tên} {Name} {mã} {code} {đơn vị} { organisation } {khác}"
    assert filled_in(text, facts) == "Ông An Ông An 00012 00012 VNPT VNPT {khác}"
    assert unknown_placeholders(text) == ["khác"]


def test_each_reads_it_in_their_own_language_with_their_own_name(
    app: Flask, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "Nguyễn Văn An", honorific="Ông", organisation="VNPT")
    put_down(session, clock, "Ann Lee", language="en", email="ann@vidu.vn")
    send_all(session, letter(session, clock), by=ME, at=clock())
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
    ours, theirs = office.taken
    assert [m["Subject"] for m in office.taken] == [
        "Xe đưa đón cho Ông Nguyễn Văn An", "Buses for Ann Lee",
    ]  # fmt: skip
    plain = ours.get_body(("plain",))
    assert plain is not None
    assert "Thẻ số 00001, VNPT" in plain.get_content()
    html = theirs.get_body(("html",))
    assert html is not None
    assert "Buses at 06:30. 00002" in html.get_content()
    assert list(ours.iter_attachments()) == []


def test_with_the_badge_it_carries_code_and_paper(
    app: Flask, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "Nguyễn Văn An")
    send_all(session, letter(session, clock, with_badge=True), by=ME, at=clock())
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
    names = [part.get_filename() for part in office.taken[0].iter_attachments()]
    assert names == ["badge-00001.pdf", "calendar.ics"]


def test_a_trial_goes_to_its_writer_alone_in_both_languages_without_anybodys_link(
    app: Flask, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "Nguyễn Văn An")
    try_out(session, letter(session, clock, with_badge=True), ME, at=clock())
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        assert deliver() == 2
    assert [(m["To"], m["Subject"]) for m in office.taken] == [
        (ME, "[Thử] Xe đưa đón cho Nguyễn Văn An"), (ME, "[Trial] Buses for Nguyễn Văn An"),
    ]  # fmt: skip
    assert "/me/" not in office.taken[0].as_string()
    assert [p.get_filename() for p in office.taken[0].iter_attachments()] == ["badge-00000.pdf"]


def test_markup_in_a_letter_is_text_and_addresses_are_links(
    app: Flask, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "<b>An</b>")
    body = Words("<script>x</script> {tên}\nhttps://vidu.vn/xe")
    send_all(session, letter(session, clock, body=body), by=ME, at=clock())
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
    html = office.taken[0].get_body(("html",))
    assert html is not None
    page = html.get_content()
    assert "&lt;script&gt;x&lt;/script&gt; &lt;b&gt;An&lt;/b&gt;" in page
    assert '<a href="https://vidu.vn/xe" rel="noopener">https://vidu.vn/xe</a>' in page
