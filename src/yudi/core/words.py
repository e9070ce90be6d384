"""A text in Chinese and English, the two languages in which everything that people see is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Words", "language_of", "words"]


@dataclass(frozen=True)
class Words:
    """One text in Chinese and English; an empty side falls back on the other."""

    zh: str = ""
    en: str = ""

    def get(self, language: str) -> str:
        """Return the text in the language ("zh" or "en"), else in the other one."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def as_data(self) -> dict[str, str]:
        """Return both sides, filled, as plain data."""
        return {"zh": self.get("zh"), "en": self.get("en")}

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


def words(data: str | Mapping[str, Any] | Words | None) -> Words:
    """Return the text that a string (both languages alike) or a mapping with zh and en states.

    Examples
    --------
    >>> words({"zh": "岸线"}).as_data()
    {'zh': '岸线', 'en': '岸线'}
    """
    if isinstance(data, Words):
        return data
    if data is None:
        return Words()
    if isinstance(data, Mapping):
        return Words(str(data.get("zh") or "").strip(), str(data.get("en") or "").strip())
    return Words(str(data).strip(), str(data).strip())


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language that a locale asks for, ``zh`` or else ``en``; the first that is set of the usual names.

    Examples
    --------
    >>> language_of({"LANG": "zh_CN.UTF-8"}), language_of({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}), language_of({})
    ('zh', 'en', 'en')
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return "zh" if next((value for name in names if (value := environment.get(name))), "").startswith("zh") else "en"
