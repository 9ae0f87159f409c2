"""What has changed is printed as badges were printed last, unless something else is chosen."""

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.printing import PrintRun
from tests.test_printing_pages import ORDER, lan, people, work

__all__ = ["lan", "people"]


def link(browser: FlaskClient, path: str, words: str) -> str:
    """Where a link of these words leads."""
    found = re.search(rf'href="([^"]*)">{words}</a>', browser.get(path).text)
    assert found is not None
    return unescape(found[1])


def test_what_has_changed_is_printed_like_the_last_run(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    lan.get(f"{ORDER}?layout=8up&sides=both&order=stacks&right=-2,5&down=1")
    work()
    people[1].organisation = "Viện C"
    session.commit()
    check = link(lan, "/organiser/prints", "In thẻ có thay đổi")
    assert "A4, tám thẻ một trang" in lan.get(check).text
    page = lan.get(link(lan, check, "Chọn lại")).text
    assert 'name="layout" value="8up" checked' in page
    assert '<option selected value="both">' in page
    assert '<option selected value="stacks">' in page
    assert 'value="-2,5"' in page
    query = check.partition("?")[2]
    lan.get(f"{ORDER}?{query}")
    work()
    run = session.get_one(PrintRun, 2)
    assert (run.layout, run.count, run.options) == (
        *("8up", 1),
        {"duplex": True, "stacked": True, "offset": [-2.5, 1.0]},
    )


def test_a_run_of_blanks_or_of_one_person_or_not_done_is_not_the_one_to_follow(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    usual = link(lan, "/organiser/prints", "In thẻ có thay đổi")
    assert usual == "/organiser/prints/check?changed=yes"
    lan.get(f"{ORDER}?layout=4up")
    work()
    lan.get(f"{ORDER}?layout=10up")
    followed = link(lan, "/organiser/prints", "In thẻ có thay đổi")
    assert "layout=4up" in followed
    work()
    session.get_one(PrintRun, 2).people = {"blanks": "1-10"}
    session.commit()
    assert link(lan, "/organiser/prints", "In thẻ có thay đổi") == followed
    lan.get(f"{ORDER}?ids=00001&layout=a6")
    work()
    assert link(lan, "/organiser/prints", "In thẻ có thay đổi") == followed


def test_a_layout_that_is_gone_is_not_chosen_again(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    lan.get(ORDER)
    work()
    session.get_one(PrintRun, 1).layout = "three"
    session.commit()
    usual = link(lan, "/organiser/prints", "In thẻ có thay đổi")
    assert usual == "/organiser/prints/check?changed=yes"
