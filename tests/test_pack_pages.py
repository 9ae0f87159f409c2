"""The offline pack on the organiser's pages and as commands: ordered, logged, brought back."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
import pyzipper
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.jobs import Job
from event.journal import Change
from event.packing import proof_of
from event.scans import Scan
from pages import current
from pages.chores import everything_due
from tests.house import Clock, post
from tests.registrants import words

AsStaff = Callable[[str], FlaskClient]
PASSWORD = "ngựa đúng pin ghim"


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


@pytest.fixture
def hoa(session: Session, clock: Clock) -> Attendee:
    stated = Registration(name="Lê Thị Hoa", phone="+84912345678", organisation="Viện A")
    return register(session, stated, at=clock()).attendee


def work() -> None:
    """What the worker does when it is woken."""
    everything_due(lambda: False)


def fetched(lan: FlaskClient, **fields: str) -> io.BytesIO:
    """Order a pack, let the worker make it, and fetch it."""
    answer = post(lan, "/organiser/pack", fields)
    assert answer.status_code == 303, words(answer.text)
    work()
    file = lan.get(answer.location + "/file")
    assert file.status_code == 200, words(lan.get(answer.location).text)
    return io.BytesIO(file.data)


def page_of(pack: io.BytesIO) -> str:
    with ZipFile(pack) as archive:
        return archive.read("mo-trang-nay.html").decode()


def test_one_press_on_the_page_of_downloads_makes_a_pack(lan: FlaskClient, hoa: Attendee) -> None:
    page = lan.get("/organiser/lists").text
    form = page[page.index('action="/organiser/pack"') :]
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    answer = lan.post("/organiser/pack", data={"csrf_token": token})
    assert answer.status_code == 303
    work()
    data = lan.get(answer.location + "/file").data
    text = page_of(io.BytesIO(data))
    assert "Lê Thị Hoa" in text
    assert "0912" not in text


def test_the_page_fetches_nothing_and_its_script_is_the_one_it_names(
    lan: FlaskClient, hoa: Attendee
) -> None:
    text = page_of(fetched(lan))
    assert "default-src 'none'" in text
    for word in ("http:", "https:", "src=", "@import", "url(", " style="):
        assert word not in text
    assert 'lang="vi"' in text
    assert "Gói dự phòng" in text
    assert "Nơi vào" in text


def test_what_was_asked_for_is_what_is_in_it(lan: FlaskClient, hoa: Attendee) -> None:
    fields = {"layout": "10up", "language": "en", "contacts": "y", "password": PASSWORD}
    with pyzipper.AESZipFile(fetched(lan, **fields)) as archive:
        archive.setpassword(PASSWORD.encode())
        text = archive.read("open-this-page.html").decode()
        assert "badges-10up.pdf" in archive.namelist()
    assert 'lang="en"' in text
    assert "Where people come in" in text
    assert "0912 345 678" in text


def test_who_made_it_is_in_the_journal_and_the_password_nowhere(
    lan: FlaskClient, hoa: Attendee, session: Session
) -> None:
    fetched(lan, password=PASSWORD, contacts="y")
    change = session.scalars(select(Change).where(Change.verb == "exported")).one()
    assert change.actor == "organiser@vidu.vn"
    told = {key: change.details[key] for key in ("layout", "contacts", "protected")}
    assert told == {"layout": "a6", "contacts": True, "protected": True}
    job = session.scalars(select(Job)).one()
    assert PASSWORD not in json.dumps([job.wish, change.details], ensure_ascii=False)
    assert (job.wish["number"], job.progress) == (change.details["pack"], job.total)


@pytest.mark.parametrize("wrong", [{"password": "ngắn quá"}, {"layout": "a9"}, {"language": "fr"}])
def test_what_cannot_be_made_is_refused_at_its_field(
    wrong: dict[str, str], lan: FlaskClient, session: Session
) -> None:
    answer = post(lan, "/organiser/pack", wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert session.scalars(select(Job)).all() == []


def ticks(who: int, **other: object) -> bytes:
    """A file as a page of this site saves it."""
    tick = {"id": "ab" * 16, "attendee": who, "place": "gate-a", "at": "2023-09-29T00:20:00Z"}
    facts = {"format": "ghi-danh-ticks-1", "event": "small-2023", "pack": "00c0ffee"}
    facts["proof"] = proof_of(current.keys().links, "small-2023", "00c0ffee")
    return json.dumps({**facts, "ticks": [tick], **other}).encode()


def brought(lan: FlaskClient, data: bytes) -> str:
    """Send a file, let the worker take it in, and follow to the report."""
    answer = post(lan, "/organiser/ticks", {"file": (io.BytesIO(data), "danh-dau.json")})
    assert answer.status_code == 303, words(answer.text)
    work()
    there = lan.get(answer.location)
    assert there.status_code in (302, 303), words(there.text)
    return words(lan.get(there.location).text)


def test_ticks_come_back_and_what_does_not_fit_is_shown(
    lan: FlaskClient, hoa: Attendee, session: Session, clock: Clock
) -> None:
    report = brought(lan, ticks(hoa.id))
    assert "Đã nạp kết quả đánh dấu của gói 00c0ffee" in report
    assert "Không có gì: mọi lượt đều khớp." in report
    scan = session.scalars(select(Scan)).one()
    assert (scan.device, scan.verdict, scan.staff_id) == ("pack:00c0ffee", "in", 1)
    cancel(session, hoa, at=clock(), by="test")
    clock.forward(minutes=1)
    again = {"id": "cd" * 16, "attendee": hoa.id, "place": "gate-a", "at": "2023-09-29T00:30:10Z"}
    report = brought(lan, ticks(hoa.id, ticks=[again]))
    assert "Đăng ký này đã hủy, nhưng người này vẫn được cho vào." in report
    assert "Lê Thị Hoa" in report
    assert "Cổng A" in report


def test_a_file_of_a_rehearsal_is_refused_at_the_field(
    lan: FlaskClient, hoa: Attendee, session: Session
) -> None:
    for data, why in (
        (ticks(hoa.id, proof="0" * 32), "không do trang này lập"),
        (ticks(hoa.id, event="other"), "thuộc sự kiện khác"),
        (b"STT;Ho ten", "không phải tệp đánh dấu"),
    ):
        answer = post(lan, "/organiser/ticks", {"file": (io.BytesIO(data), "danh-dau.json")})
        assert (answer.status_code, why in answer.text) == (422, True)
    assert post(lan, "/organiser/ticks", {}).status_code == 422
    assert session.scalars(select(Scan)).all() == []
    assert session.scalars(select(Job)).all() == []


def test_a_report_is_for_whoever_brought_the_file(
    lan: FlaskClient, hoa: Attendee, session: Session, as_staff: AsStaff
) -> None:
    brought(lan, ticks(hoa.id))
    number = session.scalars(select(Job.id)).one()
    session.get_one(Job, number).asked_by = "nam@vidu.vn"
    session.commit()
    assert lan.get(f"/organiser/ticks/{number}").status_code == 404
    assert lan.get("/organiser/ticks/4711").status_code == 404


def run(app: Flask, *arguments: str, typed: str | None = None) -> tuple[int, str]:
    """What a command says, and whether it went well."""
    found = app.test_cli_runner().invoke(args=list(arguments), input=typed)
    return found.exit_code, found.output


def test_a_command_makes_a_pack_and_takes_its_ticks_back(
    app: Flask, hoa: Attendee, session: Session, tmp_path: Path
) -> None:
    out = tmp_path / "goi.zip"
    code, said = run(app, "pack", "--out", str(out))
    change = session.scalars(select(Change).where(Change.verb == "exported")).one()
    number = change.details["pack"]
    with ZipFile(out) as archive:
        count = len(archive.namelist())
    assert (code, said) == (0, f"Gói {number}: {count} tệp trong {out}\n")
    assert (change.actor, change.details["protected"]) == ("command", False)
    assert out.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("goi")] == ["goi.zip"]
    data = json.loads(page_of(io.BytesIO(out.read_bytes())).split('id="data">')[1].split("</")[0])
    saved = {key: data[key] for key in ("format", "event", "pack", "proof")}
    saved["ticks"] = json.loads(ticks(hoa.id))["ticks"]
    file = tmp_path / "danh-dau.json"
    file.write_text(json.dumps(saved))
    told = "1 người đã vào, 0 lượt đã có, 0 lượt bị bỏ, 0 việc cần xem.\n"
    assert run(app, "ticks", str(file)) == (0, told)
    again = "0 người đã vào, 1 lượt đã có, 0 lượt bị bỏ, 0 việc cần xem.\n"
    assert run(app, "ticks", str(file)) == (0, again)
    assert session.scalars(select(Scan.device)).all() == [f"pack:{number}"]


def test_a_command_asks_for_the_password_and_refuses_a_short_one(
    app: Flask, hoa: Attendee, tmp_path: Path
) -> None:
    out = tmp_path / "goi.zip"
    code, said = run(app, "pack", "--out", str(out), "--password", typed=f"{PASSWORD}\n" * 2)
    assert code == 0
    assert PASSWORD not in said
    with pyzipper.AESZipFile(out) as archive:
        archive.setpassword(PASSWORD.encode())
        assert archive.testzip() is None
    code, said = run(app, "pack", "--out", str(out), "--password", "ngắn")
    assert (code, "ít nhất 12 ký tự" in said) == (1, True)


def test_a_command_names_what_does_not_fit(
    app: Flask, hoa: Attendee, session: Session, clock: Clock, tmp_path: Path
) -> None:
    cancel(session, hoa, at=clock(), by="test")
    file = tmp_path / "danh-dau.json"
    file.write_bytes(ticks(hoa.id))
    code, said = run(app, "ticks", str(file))
    assert code == 0
    why = "Đăng ký này đã hủy, nhưng người này vẫn được cho vào."
    assert said.splitlines() == [
        f"! {hoa.code} Lê Thị Hoa · gate-a 29/09/2023 07:20 — {why}",
        "0 người đã vào, 0 lượt đã có, 0 lượt bị bỏ, 1 việc cần xem.",
    ]
    file.write_bytes(b"{}")
    code, said = run(app, "ticks", str(file))
    assert (code, "không phải tệp đánh dấu" in said) == (1, True)
