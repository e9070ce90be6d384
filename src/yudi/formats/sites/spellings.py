"""How files with sites spell their headers, kinds, units and reference systems: the tables of ``words.toml``, and texts."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any

from yudi.core.errors import Where
from yudi.formats.sites.plots import StatedArea, StatedSystem

__all__ = ["area_in_text", "datums_in_text", "header_role", "meant", "system_in_text"]

_BRACKETED = re.compile(r"[(\[{<【〔].*?[)\]}>】〕]")
_WIDTH = re.compile(
    r"(?<![\d.])([36三六])\s*(?:°|度|-?\s*degrees?)\s*(?:分带|带|belt|zone|gauss|g-?k|\d{2}\D)", re.IGNORECASE
)
_BELT = re.compile(
    r"(?:带号|belt|zone)\D{0,4}(?<!\d)(\d{2})(?!\d)|(?<![\d.])(\d{2})\s*(?:号|度)?带|(?<![\d.])(\d{2})n?\s*(?:belt|zone)",
    re.IGNORECASE,
)
_MERIDIAN = re.compile(
    r"(?:中央子午线|中央经线|central[ _]meridian|\bcm\b)[^\d]{0,6}(\d{2,3}(?:\.\d+)?)\s*(?:°|度)?(?:\s*(\d{1,2})\s*['′分])?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"坐标系(?:统|名称)?\s*[:：=为]\s*(?!\s*$)|coordinate (?:reference )?system\s*[:=]\s*\S", re.IGNORECASE
)
_AREA = re.compile(r"(?:面积|\barea\b)[^\d\n]{0,8}(\d+(?:\.\d+)?)\s*([^\s\d,;，；。、)）]{0,4})", re.IGNORECASE)
_FORMS = (
    "经纬",
    "地理坐标",
    "大地坐标",
    "直角坐标",
    "geographic",
    "longitude",
    "degree",
)  # kinds of systems, not which
_ALIKE = {"cgcs2000", "wgs84"}  # within 1 m of one another, so that who names both leaves nothing open
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(.*)")


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    text = resources.files("yudi.formats.sites").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=8)
def _by_word(table: str) -> dict[str, str]:
    return {_plain(word): key for key, spellings in _tables()[table].items() for word in spellings}


def meant(table: str, text: str) -> str:
    """Return the key of a table of spellings that a text stands for, empty for none.

    Examples
    --------
    >>> meant("units", "米"), meant("kinds", "面"), meant("sections", "地块坐标")
    ('m', 'polygon', 'plots')
    """
    return _by_word(table).get(_plain(text), "")


def header_role(text: str) -> str:
    """Return the role of a column by its header, empty for none.

    Examples
    --------
    >>> header_role("纵坐标X（m）"), header_role("X坐标(米)"), header_role("备注")
    ('north', 'x', '')
    """
    plain = re.sub(r"[\s_:：.]+", "", _BRACKETED.sub("", _plain(text)))
    words = {re.sub(r"[\s_:：.]+", "", word): key for word, key in _by_word("headers").items()}
    return words.get(plain, "")


def system_in_text(text: str, where: Where | None = None) -> StatedSystem:
    """Return what a text, such as a title, says of datum and belt.

    Examples
    --------
    >>> found = system_in_text("2000国家大地坐标系，3度分带，带号36")
    >>> found.datum, found.width, found.belt
    ('cgcs2000', 3, 36)
    """
    plain = unicodedata.normalize("NFKC", text)
    low = plain.casefold()
    named = list(datums_in_text(text))
    if set(named) == _ALIKE:
        named = ["cgcs2000"]
    datum = named[0] if len(named) == 1 else ""  # of two nobody could say which the numbers are in
    width = _WIDTH.search(plain)
    belt = _BELT.search(plain)
    meridian = _MERIDIAN.search(plain)
    says_nothing = not (datum or belt or meridian or width)
    names_another = bool(_NAMED.search(low)) and says_nothing and not any(word in low for word in _FORMS)
    return StatedSystem(
        unclear=plain.strip()[:60] if names_another or len(named) > 1 or _is_unclear(low, datum) else "",
        datum=datum,
        width={"三": 3, "六": 6}.get(width[1]) or int(width[1]) if width else None,
        belt=int(next(filter(None, belt.groups()))) if belt else None,
        meridian=float(meridian[1]) + int(meridian[2] or 0) / 60 if meridian else None,
        where=where or Where(),
    )


def datums_in_text(text: str) -> set[str]:
    """Return the keys of all datums that a text names.

    Examples
    --------
    >>> sorted(datums_in_text("西安80转2000国家大地坐标系")), datums_in_text("厂区")
    (['cgcs2000', 'xian80'], set())
    """
    low = unicodedata.normalize("NFKC", text).casefold()
    return {key for key, words in _tables()["datums"].items() if any(word.casefold() in low for word in words)}


def _is_unclear(low: str, datum: str) -> bool:
    """Tell whether a text names a map of the web, a local system or another projection; of the first, by no datum."""
    tables = _tables()["unclear"]
    kinds = [kind for kind, words in tables.items() if any(word in low for word in words)]
    return any(kind != "web" or datum not in ("gcj02", "bd09") for kind in kinds)


def area_in_text(text: str, *, is_alone: bool = False) -> StatedArea | None:
    """Return the area that a text states, None for none; alone, a number need not be called one.

    Examples
    --------
    >>> area_in_text("地块一 面积：1.25公顷"), area_in_text("0.7655公顷", is_alone=True).unit_m2
    (StatedArea(number=1.25, unit_m2=10000, text='1.25公顷'), 10000)
    """
    plain = unicodedata.normalize("NFKC", text)
    found = _NUMBER.fullmatch(plain) if is_alone else _AREA.search(plain)
    if not found:
        return None
    unit = found[2].strip()
    factor = next(
        (value for name, value in _tables()["areas"].items() if unit.startswith(unicodedata.normalize("NFKC", name))), 0
    )
    if is_alone and unit and not factor:
        return None
    return StatedArea(float(found[1]), factor, f"{found[1]}{unit if factor else ''}")
