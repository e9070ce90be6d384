"""What one sentence or part of a list says: its effect, whom it names, what it leaves out, and for which place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from yudi.territory.wording import Hit, Wording

__all__ = ["Reading", "read_part"]

DECISIVE = ("forbid", "require", "quota", "offset", "consult")
OTHER_TRADES = "other-trades"
"""Key of a term that is declared nowhere, hence always unknown: trades in a list that no table knows."""

_TABLES = ("acts", "addressees", "at_large", "effects", "enumerations", "nouns", "terms", "zones")
_HIDDEN = "□"
_OTHERS = "others"
"""Kind of act that says "others" or "any", so that the terms beside it are not all that is meant."""
_BACK_CHARACTERS_MAX = 80
_PLAIN, _OTHER, _TERM, _JOINT = range(4)
_OPENING = 2
"""Characters at most before a verb with which a stretch begins: its comma, and a word that joins."""
_COMMAS = re.compile("，")
_OUTER = "，、。；：！？（）“”‘’【】 □"


class Reading(NamedTuple):
    """What the tables find in one part.

    Parameters
    ----------
    effects : tuple of str
        Effects in the order of its clauses, each once; ``note`` only where nothing else is.
    has_verb : bool
        Whether a word that carries an effect was found at all.
    names_act : bool
        Whether an industry, an act or a project is named, so that words without a verb may be a ban.
    permits, repeats, is_exception : bool
        Whether all it does is permit, go on with what the sentence before it said, or make an exception from it.
    alone : str or None
        Effect of words that go on with the sentence before them where there is none.
    is_known : bool
        Whether any row of any table was found, or it holds marks alone.
    refers : tuple of str
        Effects that only point elsewhere, so that whom they concern, and with what, nobody can tell from these words.
    """

    effects: tuple[str, ...]
    has_verb: bool
    names_act: bool
    permits: bool
    repeats: bool
    is_exception: bool
    exceptions: tuple[str, ...]
    subject_words: tuple[str, ...]
    terms: tuple[str, ...]
    at_large: bool
    zone: str | None
    because: tuple[tuple[str, int], ...]
    act_because: tuple[tuple[str, int], ...] = ()
    alone: str | None = None
    same_because: tuple[tuple[str, int], ...] = ()
    is_known: bool = True
    refers: tuple[str, ...] = ()


def read_part(text: str, wording: Wording) -> Reading:
    """Read one folded sentence or part by the tables; exceptions are cut out before all else is looked for."""
    # Texts that differ only in characters that no row tells apart, as in names of places, are read once.
    like = wording.like(text)
    known = wording.known(like)
    if not isinstance(known, _Read):
        known = _read(like, wording)
        wording.keep(like, known, size=len(text))
    return known.of(text)


class _Read(NamedTuple):
    """What was read in one text, and where in it the exceptions, permissions and places stand that it names."""

    reading: Reading
    left_out: tuple[tuple[int, int], ...]
    permitted: tuple[tuple[int, int], ...]
    zones: tuple[tuple[str, int, int], ...]

    def of(self, text: str) -> Reading:
        """Return the same of a text that differs only in characters that no row tells apart."""
        if not self.left_out and not self.permitted and not self.zones:
            return self.reading
        cut = _hidden(text, self.left_out) if self.left_out else text
        exceptions = [text[start:end].strip("，、（） ") for start, end in self.left_out]
        exceptions += [cut[start:end].strip(_OUTER) for start, end in self.permitted]
        zones = _unique(name or cut[start:end].strip(_OUTER) for name, start, end in self.zones)
        return self.reading._replace(
            exceptions=tuple(part for part in exceptions if part), zone="；".join(zones) or None
        )


def _read(text: str, wording: Wording) -> _Read:
    found = wording.find(text, _TABLES)
    left_out = _exceptions(text, found["nouns"], wording)
    cut, verbs = text, _verbs(found)
    if left_out:
        kept = _hidden(text, (hit.inner for hit in left_out))
        kept_found = wording.find(kept, _TABLES)
        kept_verbs = _verbs(kept_found)
        # An exception that would swallow the only ban was cut too wide: the ban is kept, the cut is not.
        if any(map(_is_ban, kept_verbs)) or _has_decisive(kept_verbs) or not any(map(_is_ban, verbs)):
            cut, found, verbs = kept, kept_found, kept_verbs
        else:
            left_out = []
    same = [hit for hit in verbs if hit.row.kind == "same"]
    terms = [hit for hit in _longest(found["terms"]) if hit.row.term]
    at_large, acts = found["at_large"], [hit for hit in found["acts"] if hit.row.kind != _OTHERS]
    projects = [hit for hit in found["addressees"] if hit.row.who == "project"]
    clauses = _clauses(cut, verbs, found, [*terms, *at_large, *projects])
    zones = _zones(cut, verbs, found["zones"])
    because = [hit.row.because for hit in (*left_out, *clauses.decided, *terms, *at_large)]
    because += [row for _, row in zones]
    reading = Reading(
        effects=clauses.effects,
        has_verb=len(verbs) > len(same),
        names_act=bool(acts or terms or at_large or projects),
        permits=clauses.permits,
        repeats=bool(same),
        is_exception=bool(left_out) and not cut.strip(_OUTER),
        exceptions=(),
        subject_words=_unique(cut[hit.start : hit.end] for hit in terms),
        terms=_keys(cut, terms, verbs, found, is_only=any(hit.row.cells["reach"] == "only" for hit in left_out)),
        at_large=bool(at_large),
        refers=clauses.refers,
        zone=None,
        because=_unique_rows(because),
        act_because=_unique_rows(hit.row.because for hit in (*acts, *terms, *projects)[:1]),
        alone=next((hit.row.effect for hit in same if hit.row.effect != "note"), None),
        same_because=_unique_rows(hit.row.because for hit in same),
        is_known=bool(left_out)
        or any(found[table] for table in _TABLES if table not in ("enumerations", "zones"))
        or any(hit.row.role != "start" for hit in found["zones"])
        or not any(map(str.isalnum, cut)),
    )
    return _Read(reading, tuple(hit.inner for hit in left_out), clauses.permitted, tuple(zone for zone, _ in zones))


class _Clauses(NamedTuple):
    effects: tuple[str, ...]
    decided: tuple[Hit, ...]
    permits: bool
    permitted: tuple[tuple[int, int], ...]
    refers: tuple[str, ...] = ()


def _keys(
    text: str, terms: list[Hit], verbs: list[Hit], found: Mapping[str, list[Hit]], *, is_only: bool
) -> tuple[str, ...]:
    """Return the keys of the terms named, and one more where it may mean trades that no table knows.

    It may where only what it names is allowed, where it speaks of others or of any, where a list names trades beside
    the terms, and where the object of a ban does. A list counts from its last decisive verb or place on.
    """
    keys = _unique(hit.row.term for hit in terms)
    if not keys:
        return keys
    if is_only or any(hit.row.kind == _OTHERS for hit in found["acts"]):
        return (*keys, OTHER_TRADES)
    bans = [hit for hit in verbs if _is_ban(hit)]
    if not (found["enumerations"] or bans):
        return keys
    places = [hit.end for hit in found["zones"] if hit.row.role == "end"]
    starts = sorted([*places, *(hit.end for hit in verbs if hit.row.effect in DECISIVE)])
    marks = _marks(text, found)
    lists = [(hit.inner, True) for hit in found["enumerations"]]
    lists += [((hit.end, _end_of_stretch(text, hit.end)), False) for hit in bans]
    for (begin, end), needs_term in lists:
        last = bisect_left(starts, end)
        begin = max(begin, starts[last - 1]) if last else begin
        parts = marks[begin:end].split(bytes([_JOINT]))
        if needs_term and not any(_TERM in part for part in parts):
            continue
        if any(_OTHER in part and _TERM not in part for part in parts):
            return (*keys, OTHER_TRADES)
    return keys


def _end_of_stretch(text: str, position: int) -> int:
    comma = text.find("，", position)
    return comma if comma >= 0 else len(text)


def _marks(text: str, found: Mapping[str, list[Hit]]) -> bytearray:
    """Say of each character whether it is of a term, joins parts of a list, says nothing of a trade, or may name one.

    Marks, acts, projects, whom a duty is laid on, verbs and nouns that hold one say nothing of a trade.
    """
    marks = bytearray(map(str.isalnum, text))  # true is what may name a trade, false what is plain
    comma = text.find("、")
    while comma >= 0:
        marks[comma] = _JOINT
        comma = text.find("、", comma + 1)
    joints = [hit for hit in found["addressees"] if hit.row.who == "between"]
    plain = [hit for hit in found["acts"] if hit.row.kind != "industry"]
    plain += [hit for hit in found["addressees"] if hit.row.who != "between"]
    plain += [*found["effects"], *found["nouns"], *found["at_large"]]
    for value, hits in ((_JOINT, joints), (_PLAIN, plain), (_TERM, found["terms"])):
        mark = bytes([value])
        for start, end, *_ in hits:
            marks[start:end] = mark * (end - start)
    return marks


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the longest of hits that overlap, in the order of the text; of two as long, the one further left."""
    ordered = sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start))
    if len(ordered) < 2:
        return ordered
    kept: list[Hit] = []
    starts: list[int] = []
    for hit in ordered:
        at = bisect_right(starts, hit.start)
        if (at == 0 or kept[at - 1].end <= hit.start) and (at == len(kept) or starts[at] >= hit.end):
            kept.insert(at, hit)
            starts.insert(at, hit.start)
    return kept


def _hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _HIDDEN * (end - start) + text[end:]
    return text


def _exceptions(text: str, nouns: list[Hit], wording: Wording) -> list[Hit]:
    if not wording.may_find(text, "exceptions"):
        return []
    plain = _hidden(text, ((hit.start, hit.end) for hit in _longest(nouns))) if nouns else text
    found = []
    for hit in wording.find_patterns(plain, "exceptions"):
        if hit.row.cells["reach"] == "back":
            start = _back(plain, hit.start)
            hit = Hit(start, hit.end, hit.row, (start, hit.end), hit.is_loose)
        found.append(hit)
    return _longest(found)


def _back(text: str, position: int) -> int:
    """Return where the words before a position begin: behind the mark before them, brackets taken whole."""
    depth = 0
    for at in range(position - 1, max(-1, position - _BACK_CHARACTERS_MAX), -1):
        if text[at] in "）》”】":
            depth += 1
        elif text[at] in "（《“【":
            if depth == 0:
                return at + 1
            depth -= 1
        elif text[at] in "，；。：" and depth == 0:
            return at + 1
    return max(0, position - _BACK_CHARACTERS_MAX)


def _is_ban(hit: Hit) -> bool:
    row = hit.row
    return row.table == "effects" and row.effect == "forbid" and row.kind not in ("refers", "same")


def _has_decisive(verbs: list[Hit]) -> bool:
    return any(hit.row.effect in DECISIVE for hit in verbs)


def _verbs(found: Mapping[str, list[Hit]]) -> list[Hit]:
    """Return the rows of effects that stand, by longest match, nouns that contain a verb taking part.

    A pattern with a gap hides a shorter ban only where both begin or end together, so that it cannot swallow one.
    """
    if not found["effects"]:
        return []
    kept: list[Hit] = []
    starts: list[int] = []
    ordered = sorted((hit for hit in found["effects"] + found["nouns"] if not _is_aside(hit)), key=_rank)
    if not ordered:
        return []
    longest = ordered[0].end - ordered[0].start
    for hit in ordered:
        first = bisect_left(starts, hit.start - longest)
        last = bisect_left(starts, hit.end)
        if first == last or not any(_hides(other, hit) for other in kept[first:last]):
            at = bisect_right(starts, hit.start)
            kept.insert(at, hit)
            starts.insert(at, hit.start)
    return [hit for hit in kept if hit.row.table == "effects"]


def _is_aside(hit: Hit) -> bool:
    """Whether it is no verb, but a phrase or a hint, which count only where no verb decides."""
    return hit.row.kind in ("phrase", "hint")


def _rank(hit: Hit) -> tuple[int, int, int]:
    return hit.start - hit.end, -hit.row.precedence, hit.start


def _hides(longer: Hit, hit: Hit) -> bool:
    if hit.end <= longer.start or hit.start >= longer.end:
        return False
    return not longer.is_loose or hit.start == longer.start or hit.end == longer.end or not _is_ban(hit)


def _bare(ends: list[int], verbs: list[Hit], subjects: list[Hit], places: Set[int]) -> Hit | None:
    """Return a trade or a project that is named behind an aim, in a stretch with no verb that a table knows: it may be banned there.

    A stretch that only says where is none, nor one in front of the aim, which only says of what.
    """
    first = min(hit.end for hit in verbs)
    start = 0
    for end in ends:
        if start >= first and end not in places and not any(start <= hit.start < end for hit in verbs):
            for hit in subjects:
                if start <= hit.start < end:
                    return hit
        start = end
    return None


def _clauses(text: str, verbs: list[Hit], found: Mapping[str, list[Hit]], subjects: list[Hit]) -> _Clauses:
    """Give each stretch between commas the effect of its strongest verb; notes count only where nothing else is."""
    asides = [hit for hit in found["effects"] if _is_aside(hit)]
    ends = [match.start() for match in _COMMAS.finditer(text)] + [len(text)]
    addressed: list[Hit] | None = None
    effects: list[str] = []
    decided: list[tuple[str, Hit]] = []
    permitted: list[tuple[int, int]] = []
    start = before = 0
    for end in ends:
        inside = [hit for hit in verbs if start <= hit.start < end and hit.row.kind != "same"]
        if inside:
            if addressed is None and any(hit.row.kind in ("duty", "act", "exit") for hit in inside):
                addressed = _longest(found["addressees"])
            effect, hits = _effect(inside, addressed or [], start)
            if effect == "note" and (phrase := _described(inside, asides, (start, end))) is not None:
                effect, hits = phrase.row.effect, [phrase]
            if effect == "note" and (denied := _denied(inside, asides)) is not None:
                effect, hits = denied.row.effect, [denied]
            effects.append(effect)
            decided += [(effect, hit) for hit in hits]
            if effect == "permit":
                permitted.append((before, end))
            before = end
        elif ("note" in effects or not verbs) and (hint := _hint(asides, found["nouns"], (start, end))) is not None:
            effects.append(hint.row.effect)
            decided.append((hint.row.effect, hint))
        start = end
    decisive = _unique(effect for effect in effects if effect in DECISIVE)
    if decisive:
        kept = tuple(hit for effect, hit in decided if effect in DECISIVE)
        return _Clauses(decisive, kept, permits=False, permitted=tuple(permitted), refers=_refers(decided))
    notes = ("note",) if "note" in effects else ()
    if notes and subjects:
        bare = _bare(ends, verbs, subjects, {hit.end for hit in found["zones"] if hit.row.role == "end"})
        if bare is not None:
            return _Clauses(("forbid",), (bare,), permits=False, permitted=())
    return _Clauses(notes, tuple(hit for _, hit in decided), permits=bool(permitted) and not notes, permitted=())


def _denied(verbs: list[Hit], asides: list[Hit]) -> Hit | None:
    """Return the hint that stands right before a verb and turns it round: not to enlarge, to stop working."""
    starts = {hit.start for hit in verbs}
    return next((hit for hit in asides if hit.row.kind == "hint" and hit.end in starts), None)


def _hint(asides: list[Hit], nouns: list[Hit], stretch: tuple[int, int]) -> Hit | None:
    """Return what hints at a ban in a stretch without a verb that a table knows, outside nouns."""
    start, end = stretch
    for hit in asides:
        is_here = hit.row.kind == "hint" and start <= hit.start < end
        if is_here and not any(noun.start <= hit.start and hit.end <= noun.end for noun in nouns):
            return hit
    return None


def _described(verbs: list[Hit], phrases: list[Hit], stretch: tuple[int, int]) -> Hit | None:
    """Return the phrase that a stretch ends in, if its verbs only describe whom the phrase is about.

    An aim describes nobody, nor does a verb with which the stretch begins.
    """
    start, end = stretch
    for phrase in phrases:
        if phrase.row.kind == "phrase" and start <= phrase.start < end:
            inner = phrase.inner[0]
            if all(hit.row.kind != "aim" and start + _OPENING < hit.start and hit.end <= inner for hit in verbs):
                return phrase
    return None


def _refers(decided: Sequence[tuple[str, Hit]]) -> tuple[str, ...]:
    """Return the effects that only point elsewhere; a ban does so only where it has no word of its own."""
    kinds: dict[str, set[str]] = {}
    for effect, hit in decided:
        kinds.setdefault(effect, set()).add(hit.row.kind)
    return tuple(
        effect
        for effect, found in kinds.items()
        if effect in DECISIVE and "refers" in found and (effect != "forbid" or found == {"refers"})
    )


def _effect(verbs: list[Hit], addressed: list[Hit], start: int) -> tuple[str, list[Hit]]:
    """Return the effect of one stretch, which begins at ``start``, and the rows that made it."""
    candidates = []
    for hit in verbs:
        if hit.row.kind == "exit":
            effect, hits = _of_exit(hit, verbs, addressed, start)
        else:
            effect, hits = _of_verb(hit, verbs, addressed, start)
        weight = hit.row.precedence if effect == hit.row.effect or effect == "permit" else 0
        candidates.append((weight, effect, hits))
    _, effect, hits = max(candidates, key=lambda candidate: candidate[0])
    soft = next((hit for hit in verbs if hit.row.kind == "soft"), None)
    if soft is not None and effect in ("forbid", "require") and soft.start < hits[0].start:
        return soft.row.effect, [soft, *hits]
    return effect, hits


def _of_verb(hit: Hit, verbs: list[Hit], addressed: list[Hit], start: int) -> tuple[str, list[Hit]]:
    """Return the effect of one verb; a duty and an act weigh by whom they are laid on, named nearest before them.

    A duty holds unless that is an authority or a park right before it: behind other words ("the park's kilns must")
    it is theirs, known or not. An act holds only if a project is named in its own stretch, and no aim before it there
    takes it as its object ("promote that plants install …").
    """
    kind, effect = hit.row.kind, hit.row.effect
    if kind == "permit":
        return "permit", [hit]
    if kind not in ("duty", "act"):
        return effect, [hit]
    before = [other for other in addressed if other.end <= hit.start]
    people = [other for other in before if other.row.who in ("project", "authority")]
    nearest = people[-1] if people else None
    who = nearest.row.who if nearest else ""
    if kind == "duty" and who == "authority" and nearest:
        between = sum(other.end - other.start for other in before if other.start >= nearest.end)
        if nearest.end + between == hit.start:
            return "note", [hit, nearest]
        return effect, [hit]
    is_object = any(other.start < hit.start and other.row.effect == "note" for other in verbs)
    if kind == "act" and (who != "project" or nearest is None or nearest.start < start or is_object):
        return "note", [hit]
    return effect, [hit, nearest] if nearest else [hit]


def _of_exit(hit: Hit, verbs: list[Hit], addressed: list[Hit], start: int) -> tuple[str, list[Hit]]:
    """Return the effect of a word that has somebody leave: that of its row, unless it is what an aim is after.

    It is an aim too where an authority's duty stands before it.
    """
    before = [other for other in verbs if other.start < hit.start]
    aims = any(other.row.kind == "aim" for other in before)
    duties = (other for other in before if other.row.kind in ("duty", "act"))
    if aims or any(_of_verb(o, verbs, addressed, start)[0] == "note" for o in duties):
        return "note", [hit]
    return hit.row.effect, [hit]


def _zones(text: str, verbs: list[Hit], hits: list[Hit]) -> list[tuple[tuple[str, int, int], tuple[str, int]]]:
    """Named parts of the unit with the rows that found them: from a mark, a verb or a word that begins a place.

    Each has the name that its row gives it, if it does, and where it stands.
    """
    if not any(hit.row.role == "end" for hit in hits):
        return []
    starts = [hit.end for hit in hits if hit.row.role == "start"]
    starts += [verb.end for verb in verbs if verb.row.effect in DECISIVE and verb.row.kind != "act"]
    whole = {text[hit.start : hit.end] for hit in hits if hit.row.role == "whole"}
    starts.sort()
    found: list[tuple[tuple[str, int, int], tuple[str, int]]] = []
    leftmost = len(text)
    for hit in reversed(_longest(hit for hit in hits if hit.row.role == "end")):
        begin = _back(text, hit.start)
        last = bisect_right(starts, hit.start)
        begin = max(begin, starts[last - 1]) if last else begin
        name = hit.row.zone or text[begin : hit.end].strip(_OUTER)
        if begin < leftmost and name and name not in whole:
            found.append(((hit.row.zone, begin, hit.end), hit.row.because))
            leftmost = begin
    return found[::-1]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _unique_rows(values: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(dict.fromkeys(values))
