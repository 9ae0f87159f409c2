"""x"""
import io
from pathlib import Path
from sqlalchemy import select, func
from event.attendees import Attendee
from tests.house import post
HERE = Path(__file__).parent / "lists"

def send(browser, data, name):
    return post(browser, "/organiser/import", {"file": (io.BytesIO(data), name)})

def test_it(as_staff, session):
    b = as_staff("organiser")
    r = send(b, (HERE/"doan-dong-nai.xlsx").read_bytes(), "doan-dong-nai.xlsx")
    print(r.status_code, r.location, r.text[:300])
    p = b.get(r.location)
    open('/tmp/ghi/downloads/p.html','w').write(p.text)
    print(p.status_code)
