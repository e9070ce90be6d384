"""When two texts of lists are one: the same words in other dress, or about other places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from yudi.territory.prose_split import OUTER
from yudi.territory.wording import Wording, folded

__all__ = ["masked", "text_key"]

_DECIDING = ("acts", "addressees", "at_large", "effects", "exceptions", "heads", "nouns", "terms")
_MASK = "〇"
_MASKS = re.compile(f"{_MASK}+")
_BLANK = re.compile(r"\s")
_BLANKS = re.compile(r"\s+")
_BLANKS_BESIDE_WIDE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_NUMBER = re.compile(r"\(?(\d{1,3}(?:-\d{1,3}){0,2}|[^\W\d_a-zA-Z]{1,3})(?:[.、:)]+|(?=【))\s*")
_TAG = re.compile(r"【[^【】]{1,30}】\s*")


def text_key(text: str) -> str:
    """Return what texts share that differ only in numbering, tags, outer punctuation, blanks and width of characters.

    >>> text_key("2、禁止新建 化工项目；") == text_key("禁止新建化工项目")
    True
    """
    while True:
        key = unicodedata.normalize("NFKC", text)
        if _BLANK.search(key):
            key = _BLANKS_BESIDE_WIDE.sub("", key)
            key = _BLANKS.sub(" ", key)
        key = _without_opening(key.strip(OUTER)).strip(OUTER)
        if key == text:
            return key
        text = key


def masked(text: str, names: Collection[str], *, wording: Wording | None = None) -> str:
    """Return the text with names of places, the longest first, as 〇, so that one text about many places is one.

    With the tables given, the part of a name that words of the tables overlap stays (of 东坡镇 the last character), so
    that no two texts that differ in effect become one.

    >>> masked("甲镇和大甲镇禁止新建化工项目", ["甲镇", "大甲镇"])
    '〇和〇禁止新建化工项目'
    """
    ordered = sorted((name for name in names if name), key=lambda name: (-len(name), name))
    if not ordered:
        return text
    pattern = re.compile("|".join(re.escape(name) for name in ordered))
    kept = _deciding(text, wording) if wording is not None else set()

    def replaced(match: re.Match[str]) -> str:
        characters = (text[at] if at in kept else _MASK for at in range(*match.span()))
        return _MASKS.sub(_MASK, "".join(characters))

    return pattern.sub(replaced, text)


def _deciding(text: str, wording: Wording) -> set[int]:
    """Positions of all that a row of the deciding tables covers."""
    found = wording.find(folded(text), _DECIDING)
    return {at for hits in found.values() for hit in hits for at in range(hit.start, hit.end)}


def _without_opening(text: str) -> str:
    """Drop one number and the tags at the start, unless a numeral follows: 1.5 and 一、二级 are no numbering."""
    rest = text
    match = _NUMBER.match(rest)
    if match and _is_numeral(match.group(1)):
        after = rest[match.end() : match.end() + 1]
        if after and unicodedata.numeric(after, None) is None:
            rest = rest[match.end() :]
    while True:
        tag = _TAG.match(rest)
        if tag is None or tag.end() == len(rest):
            return rest
        rest = rest[tag.end() :]


def _is_numeral(text: str) -> bool:
    return all(character == "-" or unicodedata.numeric(character, None) is not None for character in text)
