"""What is handed over with the badges: lists to sign, labels of envelopes, badges to be pulled."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from event.amendments import cancel, replace_badge
from event.attendees import Attendee, Registration, everyone, matching, register
from event.delegations import DelegationFacts, found, join
from exports.labels import HEIGHT, WIDTH, Label, write_labels
from exports.lists import Wish, export
from exports.paper import A4
from tests.house import OPENING
from tests.papers import draw, said, written


def put_down(store: Session, name: str, **stated: str) -> Attendee:
    return register(store, Registration(name=name, **stated), at=OPENING).attendee  # type: ignore[arg-type]


@pytest.fixture
def parties(store: Session) -> dict[str, Attendee]:
    """Đồng Nai with a head and two more, one of whom gave up; An Giang with a contact only."""
    people = {
        name: put_down(store, name, organisation="Sở KH&CN", degree=degree)
        for name, degree in (
            ("Trần Văn Ân", ""), ("Lê Thị Hoa", "TS."), ("Võ Vắng", ""), ("Nguyễn Bình", ""),
            ("Phạm Không", ""),
        )
    }  # fmt: skip
    dong_nai = found(store, DelegationFacts("Đoàn Đồng Nai", 25), at=OPENING, by="test")
    an_giang = found(
        store, DelegationFacts("An Giang", contact_name="Bà Mai"), at=OPENING, by="test"
    )
    for name in ("Trần Văn Ân", "Lê Thị Hoa", "Võ Vắng"):
        head = name == "Lê Thị Hoa"
        join(store, people[name], dong_nai, at=OPENING, by="test", head=head)
    join(store, people["Nguyễn Bình"], an_giang, at=OPENING, by="test")
    cancel(store, people["Võ Vắng"], at=OPENING, by="test")
    return people


def rows(store: Session, name: str, **wish: str) -> list[list[str]]:
    """A list as CSV, split, without its headings."""
    out = BytesIO()
    export(store, Wish(name, "csv", **wish), out, at=OPENING)  # type: ignore[arg-type]
    return list(csv.reader(StringIO(out.getvalue().decode("utf-8-sig"))))[1:]


def paper(store: Session, name: str, narrowed: str = "") -> bytes:
    people = matching(everyone(), narrowed) if narrowed else None
    return written(lambda out: export(store, Wish(name, "pdf"), out, at=OPENING, people=people))


def test_each_delegation_signs_a_paper_of_its_own(
    store: Session, parties: dict[str, Attendee], tmp_path: Path
) -> None:
    pdf = paper(store, "handover")
    pages = said(pdf, "-layout").split("\f")
    assert len(draw(pdf, tmp_path, 30)) == 2
    assert "Đoàn: An Giang" in pages[0]
    assert "Tổng cộng: 1 người (Một người)" in pages[0]
    assert "Đoàn: Đoàn" not in pages[1]
    assert "Trưởng đoàn: TS. Lê Thị Hoa" in pages[1]
    assert pages[1].index("TS. Lê Thị Hoa ") < pages[1].index("Trần Văn Ân")
    assert "Tổng cộng: 2 người (Hai người)" in pages[1]
    for page in pages[:2]:
        for word in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Ký tên", "Mã số", "TM. BAN TỔ CHỨC"):
            assert word in page
    assert parties["Trần Văn Ân"].code in pages[1]
    assert "Võ Vắng" not in pages[1]
    assert "Phạm Không" not in said(pdf)


def test_the_paper_can_be_of_one_delegation(store: Session, parties: dict[str, Attendee]) -> None:
    text = said(paper(store, "handover", "binh"))
    assert ("An Giang" in text, "Đồng Nai" in text) == (True, False)


def test_without_delegations_there_is_one_paper_without_rows(store: Session) -> None:
    put_down(store, "Lê Một Mình")
    assert "Tổng cộng: 0 người" in said(paper(store, "handover"))


def test_labels_name_delegation_head_and_number(
    store: Session, parties: dict[str, Attendee]
) -> None:
    assert rows(store, "labels") == [
        ["1", "An Giang", "Bà Mai", "1"],
        ["2", "Đoàn Đồng Nai", "TS. Lê Thị Hoa", "2"],
    ]
    text = said(paper(store, "labels"))
    for line in ("An Giang", "Trưởng đoàn: Bà Mai", "Số thẻ: 1", "Số thẻ: 2"):
        assert line in text


def test_a_label_stays_within_its_place_however_long_the_name(tmp_path: Path) -> None:
    long = Label("Đoàn đại biểu Sở Khoa học và Công nghệ tỉnh " * 4, "PGS.TS. Nguyễn " * 6, "1.234")
    labels = [long] + [Label("", "", "")] * 23 + [long]
    pdf = written(lambda out: write_labels(labels, "Nhãn", out))
    first, second = draw(pdf, tmp_path, 72)
    share = WIDTH / A4[0], HEIGHT / A4[1]
    assert first.ink(0.01, 0.01, share[0] - 0.01, share[1] - 0.01) == first.ink(0, 0, *share) > 200
    assert first.ink(share[0], 0, 1, share[1]) > 0, "the next label says how many"
    assert second.ink() == first.ink(0, 0, *share)


def test_badges_that_were_replaced_are_listed_with_when_and_which(
    store: Session, parties: dict[str, Attendee]
) -> None:
    hoa, binh = parties["Lê Thị Hoa"], parties["Nguyễn Bình"]
    replace_badge(store, hoa, at=OPENING, by="test")
    for minutes in (5, 70):
        replace_badge(store, binh, at=OPENING + timedelta(minutes=minutes), by="test")
    assert rows(store, "replaced") == [
        ["1", binh.code, "Nguyễn Bình", "Sở KH&CN", "1–2", "3", "29/09/2023 08:40"],
        ["2", hoa.code, "TS. Lê Thị Hoa", "Sở KH&CN", "1", "2", "29/09/2023 07:30"],
    ]
    assert "Tổng cộng: 2 người" in said(paper(store, "replaced"))
