"""What a person states of themselves when they put their name down."""

from dataclasses import dataclass

STATED = (
    "honorific", "degree", "name", "email", "phone", "organisation", "position", "province",
    "category",
)  # fmt: skip


@dataclass(frozen=True)
class Guardian:
    """Who consents for somebody under sixteen; `phone` is E.164."""

    name: str
    phone: str


@dataclass(frozen=True)
class Registration:
    """What a person states of themselves, already checked by the questions (`event.questions`).

    `category`, `sessions` and `interests` (tracks) are keys; `agreed` names the purposes consented
    to; `phone` is E.164; `mail` says whether to write to them. `companions` come along without a
    name: the pupils of a teacher.
    """

    name: str
    honorific: str = ""
    degree: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""
    position: str = ""
    province: str = ""
    category: str = "visitor"
    sessions: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    language: str = "vi"
    mail: bool = True
    remark: str = ""
    companions: int = 0
    guardian: Guardian | None = None
