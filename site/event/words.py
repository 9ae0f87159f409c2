"""Words that the event brings along in both languages: names of tracks, labels of questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The same short text in Vietnamese and in English; English falls back to Vietnamese."""

    vi: str
    en: str = ""

    def in_(self, language: str) -> str:
        """The text for `language` ("vi" or "en")."""
        return self.en if language == "en" and self.en else self.vi

    def as_dict(self) -> dict[str, str]:
        """For storing and dumping: a missing English text stays missing."""
        return {"vi": self.vi, "en": self.en} if self.en else {"vi": self.vi}
