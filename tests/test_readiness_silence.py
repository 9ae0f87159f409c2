"""What the board says of scanners that fell silent, and of gates where none is ready."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from event.devices import Scanner
from event.programme import Checkpoint
from event.readiness import hear
from pages.desk.app_shell import version
from tests.house import OPENING, Clock
from tests.registrants import words
from tests.test_readiness import WELL, a_phone, board

BOARD = "/organiser/readiness"


@pytest.fixture
def mai(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("supervisor")


def a_telling_phone(session: Session, name: str, **told: object) -> Scanner:
    phone = a_phone(session, name)
    told = {"version": version(), **told}
    hear(session, f"device:{phone.device}", phone, replace(WELL, **told), at=OPENING)  # type: ignore[arg-type]
    return phone


def test_nothing_is_known_of_a_scanner_once_it_fell_silent(store: Session) -> None:
    phone = a_phone(store)
    hear(store, f"device:{phone.device}", phone, WELL, at=OPENING)
    assert board(store, minutes=3) == {"Máy 1": {}}
    aspects = ["checkpoint", "version", "roster", "unsent", "clock", "battery", "test"]
    unknown = dict.fromkeys(aspects, ("unknown", "past"))
    assert board(store, minutes=3, seconds=1) == {"Máy 1": {"heard": ("bad", "silent")} | unknown}


def test_a_silent_scanner_shows_when_it_told_what_and_nothing_green(
    mai: FlaskClient, session: Session, clock: Clock
) -> None:
    a_telling_phone(session, "Máy 1", unsent=12, clock_ms=-4000)
    clock.forward(minutes=4)
    page = mai.get(BOARD).text
    row = page.split("<tbody>")[-1].split("</tbody>")[0]
    assert [words(cell.split(">", 1)[1]) for cell in row.split("<td")[1:]] == [
        "Máy 1 chưa sẵn sàng",
        "im lặng 4 phút trước",
        "không rõ lúc 07:30: Cổng A",
        "không rõ lúc 07:30",
        "không rõ lúc 07:30",
        "không rõ lúc 07:30: 12",
        "không rõ lúc 07:30: chậm 4 giây",
        "không rõ lúc 07:30: 80%",
        "không rõ lúc 07:30",
    ]
    assert ("tag good" in row, row.count("tag bad"), row.count('class="tag "')) == (False, 2, 7)
    advice = words(page.split('class="advice">')[1].split("</ul>")[0])
    assert advice == "Máy 1 : Bật máy, mở trang quét và xem máy có vào được mạng không."


def test_another_day_is_said_with_its_date(
    mai: FlaskClient, session: Session, clock: Clock
) -> None:
    a_telling_phone(session, "Máy 1")
    clock.forward(hours=24)
    assert "không rõ lúc 07:30 29/09/2023: 80%" in words(mai.get(BOARD).text)


def unmanned(browser: FlaskClient) -> list[str]:
    """The lines that name gates without a ready device."""
    _, found, rest = browser.get(BOARD).text.partition('id="unmanned"')
    return [words(line) for line in rest.split("</ul>")[0].split("<li>")[1:]] if found else []


def test_gates_without_a_ready_device_are_named(
    mai: FlaskClient, session: Session, clock: Clock
) -> None:
    assert unmanned(mai) == []
    a_telling_phone(session, "Máy 1")
    assert unmanned(mai) == ["Cổng B : chưa có thiết bị"]
    a_telling_phone(session, "Máy 2", checkpoint="gate-b", battery=3)
    a_telling_phone(session, "Máy 3", checkpoint="it-1")
    assert unmanned(mai) == ["Cổng B : thiết bị ở đó chưa sẵn sàng"]
    a_telling_phone(session, "Máy 4", checkpoint="gate-b")
    assert unmanned(mai) == []
    clock.forward(minutes=4)
    both = "thiết bị ở đó chưa sẵn sàng"
    assert unmanned(mai) == [f"Cổng A : {both}", f"Cổng B : {both}"]


@pytest.mark.parametrize(
    ("days", "later", "named"),
    [
        (["2023-09-30"], timedelta(), False),
        (["2023-09-29"], timedelta(), True),
        (["2023-09-29"], timedelta(days=-2), True),
        (["2023-09-30"], timedelta(days=-2), False),
    ],
)
def test_a_gate_is_named_on_its_days_and_before_the_event(
    mai: FlaskClient,
    session: Session,
    clock: Clock,
    days: list[str],
    later: timedelta,
    named: bool,
) -> None:
    a_phone(session)
    session.execute(update(Checkpoint).where(Checkpoint.key == "gate-b").values(days=days))
    session.commit()
    clock.time = OPENING + later
    assert ("Cổng B : chưa có thiết bị" in unmanned(mai)) == named
