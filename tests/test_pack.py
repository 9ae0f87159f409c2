"""The offline pack: what is in it, that it is of one moment, and under which password."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
import pyzipper
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.keys import Keys
from event.packing import Pack, is_ours, one_moment, proof_of
from event.programme import the_event
from exports.pack import Around, write_pack
from tests.house import OPENING
from tests.papers import said

KEYS = Keys(b"c" * 32, b"l" * 32, Ed25519PrivateKey.from_private_bytes(b"k" * 32))
PEOPLE = ("Trần Văn Ánh", "Lê Thị Ân", "Đỗ Đức", "Kim Min-jun 김민준", "Võ Vắng")


def put_down(store: Session, name: str, *sessions: str) -> Attendee:
    stated = Registration(
        name=name,
        organisation="Viện <A>",
        phone="+84913456701",
        email="ai@vidu.vn",
        sessions=sessions,
    )
    return register(store, stated, at=OPENING).attendee


@pytest.fixture
def people(store: Session) -> dict[str, Attendee]:
    """Four who come, under three letters and none, and one who gave up."""
    found = {name: put_down(store, name, "forum") for name in PEOPLE}
    put_down(store, "Phạm Đức", "it-1")
    cancel(store, found["Võ Vắng"], at=OPENING, by="test")
    return found


def packed(
    store: Session, pack: Pack, meanwhile: Callable[[int, int], None] = lambda _done, _total: None
) -> BytesIO:
    """The ZIP, made on a connection of its own."""
    out = BytesIO()
    around = Around(page=lambda data: data.decode(), readme="Đọc trước", progress=meanwhile)
    store.commit()
    with one_moment(store.get_bind().engine) as session:
        event = the_event(session)
        assert event
        write_pack(session, event, KEYS, pack, out, around, at=OPENING)
    return out


def parts(store: Session, pack: Pack | None = None) -> dict[str, bytes]:
    """What is in it, by name."""
    with ZipFile(packed(store, pack or Pack("00c0ffee"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells(data: bytes) -> list[list[object]]:
    """The rows of a spreadsheet, its headings first."""
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_it_holds_lists_by_initial_and_session_sheets_badges_and_the_page(
    store: Session, people: dict[str, Attendee]
) -> None:
    names = list(parts(store))
    assert (names[:2], names[-2:]) == (
        ["doc-truoc.txt", "mo-trang-nay.html"], ["ky-ten-theo-phien.pdf", "the-a6.pdf"]
    )  # fmt: skip
    assert names[2:10] == [
        f"danh-sach-theo-ten/{letter}.{kind}"
        for letter in ("A", "Â", "Đ", "khac")
        for kind in ("pdf", "xlsx")
    ]
    assert {re.sub("[0-9]+-", "", name, count=1) for name in names[10:-2]} == {
        f"danh-sach-theo-phien/{key}.{kind}"
        for key in ("it-1", "energy-1", "forum", "energy-2", "it-2")
        for kind in ("pdf", "xlsx")
    }


def test_an_english_pack_has_english_names_and_another_layout(
    store: Session, people: dict[str, Attendee]
) -> None:
    names = list(parts(store, Pack("00c0ffee", "en", "4up")))
    assert names[:3] == ["read-me-first.txt", "open-this-page.html", "lists-by-name/A.pdf"]
    assert names[-2:] == ["sign-in-sheets.pdf", "badges-4up.pdf"]


def test_a_letter_holds_those_whose_given_name_begins_with_it(
    store: Session, people: dict[str, Attendee]
) -> None:
    held = parts(store)
    rows = cells(held["danh-sach-theo-ten/Đ.xlsx"])
    assert rows[0] == [
        "STT", "Mã số", "Họ và tên", "Đơn vị", "Chức vụ", "Đối tượng", "Đoàn", "Phiên đã chọn",
    ]  # fmt: skip
    assert [(row[2], row[7]) for row in rows[1:]] == [
        ("Đỗ Đức", "Phiên forum"), ("Phạm Đức", "Phiên it-1"),
    ]  # fmt: skip
    paper = said(held["danh-sach-theo-ten/Đ.pdf"], "-layout")
    for words in ("Vần: Đ", "Đỗ Đức", "Phạm Đức", "Tổng cộng: 2 người", "Ký tên"):
        assert words in paper
    assert "Kim Min-jun" in said(held["danh-sach-theo-ten/khac.pdf"])


def test_a_session_holds_those_who_booked_it(store: Session, people: dict[str, Attendee]) -> None:
    held = {re.sub("/[0-9]+-", "/", name): data for name, data in parts(store).items()}
    assert [row[2] for row in cells(held["danh-sach-theo-phien/it-1.xlsx"])[1:]] == ["Phạm Đức"]
    forum = said(held["danh-sach-theo-phien/forum.pdf"])
    assert "Phiên forum" in forum
    assert "Tổng cộng: 4 người" in forum


def test_the_page_knows_people_places_and_seats(
    store: Session, people: dict[str, Attendee]
) -> None:
    text = parts(store)["mo-trang-nay.html"].decode()
    data = json.loads(text)
    assert "<" not in text
    assert [place["key"] for place in data["places"]][:3] == ["gate-a", "gate-b", "it-1"]
    places = [place["key"] for place in data["places"]]
    assert data["people"][2] == [
        people["Đỗ Đức"].id, "Đỗ Đức", "Viện <A>", "Khách tham quan", "", [places.index("forum")],
    ]  # fmt: skip
    assert [person[1] for person in data["people"]] == [
        "Trần Văn Ánh", "Lê Thị Ân", "Đỗ Đức", "Phạm Đức", "Kim Min-jun 김민준",
    ]  # fmt: skip
    assert is_ours(KEYS.links, "small-2023", "00c0ffee", data["proof"])
    assert not is_ours(KEYS.links, "small-2023", "00c0ffef", data["proof"])
    assert not is_ours(b"m" * 32, "small-2023", "00c0ffee", data["proof"])
    assert data["proof"] == proof_of(KEYS.links, "small-2023", "00c0ffee")


def everything(held: dict[str, bytes]) -> str:
    """All that can be read in a pack."""
    texts = []
    for name, data in held.items():
        if name.endswith(".pdf"):
            texts.append(said(data))
        elif name.endswith(".xlsx"):
            texts.append(str(cells(data)))
        else:
            texts.append(data.decode())
    return "\n".join(texts)


def test_no_phone_and_no_address_is_in_it_unless_asked_for(
    store: Session, people: dict[str, Attendee]
) -> None:
    without = everything(parts(store))
    assert re.search(r"0?913\D?456|vidu\.vn", without) is None
    held = parts(store, Pack("00c0ffee", contacts=True))
    for name in ("danh-sach-theo-ten/Đ.pdf", "danh-sach-theo-ten/Đ.xlsx", "mo-trang-nay.html"):
        text = everything({name: held[name]})
        assert "0913 456 701" in text
        assert "ai@vidu.vn" in text


def test_nobody_who_gave_up_is_in_it(store: Session, people: dict[str, Attendee]) -> None:
    assert "Võ Vắng" not in everything(parts(store))


def test_built_while_registrations_go_on_it_shows_one_moment(
    store: Session, people: dict[str, Attendee]
) -> None:
    def registered(done: int, _total: int) -> None:
        put_down(store, f"Lê Văn Đến {done}", "forum")

    with ZipFile(packed(store, Pack("00c0ffee"), registered)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert store.scalar(select(func.count(Attendee.id))) == 6 + len(held)
    assert "Lê Văn Đến" not in everything(held)
    listed = [
        cells(data)[1:] for name, data in held.items() if "theo-ten" in name and "xlsx" in name
    ]
    assert sum(map(len, listed)) == len(json.loads(held["mo-trang-nay.html"])["people"]) == 5
    assert said(held["the-a6.pdf"]).count("\f") == 5


def test_a_password_encrypts_every_file_with_aes_256(
    store: Session, people: dict[str, Attendee]
) -> None:
    out = packed(store, Pack("00c0ffee", password="ngựa đúng pin ghim"))
    assert "Đỗ Đức".encode() not in out.getvalue()
    with pyzipper.AESZipFile(out) as archive:
        kinds = {(info.flag_bits & 1, info.wz_aes_strength) for info in archive.infolist()}
        assert kinds == {(1, 3)}, "encrypted, and 3 stands for 256 bits"
        for wrong in (None, b"wrong"):
            with pytest.raises(RuntimeError):
                archive.read("mo-trang-nay.html", wrong)
        archive.setpassword("ngựa đúng pin ghim".encode())
        assert archive.testzip() is None
        assert "Đỗ Đức" in archive.read("mo-trang-nay.html").decode()


def test_equal_packs_are_equal_files(store: Session, people: dict[str, Attendee]) -> None:
    pack = Pack("00c0ffee")
    assert packed(store, pack).getvalue() == packed(store, pack).getvalue()


def test_a_moment_does_not_move_and_holds_nobody_up(store: Session) -> None:
    store.commit()
    count = select(func.count(Attendee.id))
    with one_moment(store.get_bind().engine) as session:
        assert session.scalar(count) == 0
        put_down(store, "Lê Mới")
        assert session.scalar(count) == 0
    with one_moment(store.get_bind().engine) as session:
        assert session.scalar(count) == 1


def test_the_journal_says_that_there_is_a_password_but_not_which() -> None:
    told = Pack("00c0ffee", contacts=True, password="bí mật lắm đấy nhé").told()
    assert told == {"pack": "00c0ffee", "layout": "a6", "contacts": True, "protected": True}
