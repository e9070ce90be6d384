"""Which codes of a hierarchy a person means by a few words or the beginning of a code."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from yudi.core.codes import CodeSystem

__all__ = ["CodeHit", "search_codes"]

_ALIKE = 0.33  # share of pairs of letters in common from which a name counts as near


@dataclass(frozen=True)
class CodeHit:
    """A code that was found.

    Parameters
    ----------
    path : tuple of str
        The codes from the top down to it.
    why : str
        ``code``: it is the code, or begins so; ``name``: its name holds the words; ``word``: an everyday word means
        it; ``above``: words stand in names above it; ``near``: only something alike was found.
    """

    code: str
    path: tuple[str, ...]
    why: str


def search_codes(system: CodeSystem, text: str) -> tuple[CodeHit, ...]:
    """Return the codes that a text means, best first; where none is, those that are near, marked so.

    Several words must all be met, each by the name of the code or by one above it. Case, wide letters and blanks
    do not matter. An empty text finds nothing.

    Examples
    --------
    >>> from yudi.core.codes import code_system
    >>> rows = [{"code": "C38", "name_zh": "电气机械"}, {"code": "C384", "name_zh": "电池制造"}, {"code": "C3841", "name_zh": "锂离子电池制造"}]
    >>> system = code_system("industry", rows)
    >>> [hit.code for hit in search_codes(system, "电池")], [hit.code for hit in search_codes(system, "c384")]
    (['C384', 'C3841'], ['C384', 'C3841'])
    >>> [(hit.code, hit.why) for hit in search_codes(system, "锂电")]
    [('C3841', 'near')]
    """
    words = [_folded(word) for word in text.replace("、", " ").replace(",", " ").replace("，", " ").split()]
    words = [word for word in words if word]
    if not words:
        return ()
    found: dict[str, str] = {}
    for why, meant in _WAYS:
        for code in meant(system, words):
            found.setdefault(code, why)
    if not found:
        found = dict.fromkeys(_near(system, words), "near")
    return tuple(CodeHit(code, (*reversed(system.ancestors(code)), code), why) for code, why in found.items())


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _by_code(system: CodeSystem, words: Sequence[str]) -> Iterator[str]:
    """Yield the code that is meant and all below it, and else those that begin so."""
    if len(words) > 1:
        return
    start = words[0].upper()
    yield from (code for code in system.names if code.startswith(start))
    yield from (code for alias, code in system.aliases.items() if alias.startswith(start))


def _by_word(system: CodeSystem, words: Sequence[str]) -> Iterator[str]:
    """Yield the codes of the everyday word that the text is."""
    whole = "".join(words)
    for word, codes in system.words.items():
        if _folded(word) == whole:
            yield from codes


def _by_part(system: CodeSystem, words: Sequence[str]) -> Iterator[str]:
    """Yield the codes of everyday words that hold the words."""
    for word, codes in system.words.items():
        if all(part in _folded(word) for part in words):
            yield from codes


def _by_name(system: CodeSystem, words: Sequence[str]) -> Iterator[str]:
    """Yield the codes whose own name holds all words, those first that are called so."""
    whole = "".join(words)
    exact = [code for code, name in _names(system) if name == whole]
    yield from exact
    yield from (code for code, name in _names(system) if all(word in name for word in words))


def _by_path(system: CodeSystem, words: Sequence[str]) -> Iterator[str]:
    """Yield the codes below which words are met by names on the way, at least one by its own where there are several."""
    names = dict(_names(system))
    for code, name in names.items():
        above = [names[ancestor] for ancestor in system.ancestors(code)]
        is_met = all(word in name or any(word in upper for upper in above) for word in words)
        if is_met and (len(words) == 1 or any(word in name for word in words)):
            yield code


def _names(system: CodeSystem) -> Iterator[tuple[str, str]]:
    for code, labels in system.names.items():
        yield code, "\n".join(_folded(label) for label in labels.values())


def _near(system: CodeSystem, words: Sequence[str]) -> list[str]:
    """Return the codes whose name has the letters of the words in their order, or many pairs of letters of them."""
    whole = "".join(words)
    spread = {code: span for code, name in _names(system) if (span := _span(whole, name))}
    if spread:
        closest = min(spread.values())
        return [code for code, span in _ranked(spread, lambda span: span) if span <= closest + len(whole)][:20]
    alike = {code: share for code, name in _names(system) if (share := _likeness(whole, name)) >= _ALIKE}
    if alike:
        return [code for code, _ in _ranked(alike, lambda share: -share)][:10]
    return list(system.near(whole))


def _ranked(scores: dict[str, float], rank: Callable[[float], float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda item: (rank(item[1]), item[0]))


def _span(letters: str, name: str) -> float:
    """Return over how many letters of a name the letters stretch in their order; 0 where they do not."""
    first = name.find(letters[0])
    position = first
    for letter in letters[1:]:
        position = name.find(letter, position + 1)
        if position < 0:
            return 0
    return position - first + 1 if first >= 0 else 0


def _likeness(one: str, other: str) -> float:
    """Return the share of the pairs of letters of the first text that the second has; of one letter it is that."""
    pairs = {one[at : at + 2] for at in range(max(1, len(one) - 1))}
    return sum(pair in other for pair in pairs) / len(pairs)


_WAYS = (("code", _by_code), ("word", _by_word), ("name", _by_name), ("word", _by_part), ("above", _by_path))
