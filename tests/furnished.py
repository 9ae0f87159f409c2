"""The small event in a file of its own, over and over: its tables are made once, then copied."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from event.database import make_engine
from event.everything import Base
from tests.house import furnish


class Furnished:
    """A SQLite database with the small event, and a session on it; `close` takes it away."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        file = Path(self._folder.name, "small.db")
        file.write_bytes(_template())
        self.session = Session(make_engine(f"sqlite:///{file}"), expire_on_commit=False)

    def close(self) -> None:
        """Also the file."""
        self.session.close()
        self.session.get_bind().dispose()  # type: ignore[union-attr]
        self._folder.cleanup()


@cache
def _template() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.db")
        engine = make_engine(f"sqlite:///{file}")
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            furnish(session)
        engine.dispose()
        return file.read_bytes()
