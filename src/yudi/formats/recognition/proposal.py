"""A scheme as it is proposed: what to write, on which ground, how sure it is, and what only a person can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from yudi.core.words import Words

__all__ = ["CONFIDENCE", "Decision", "Open", "Part", "Proposal", "SeenFile", "counted"]

CONFIDENCE = ("high", "medium", "low")


@dataclass(frozen=True)
class Decision:
    """One value of the scheme that is proposed.

    Parameters
    ----------
    key : str
        Name in its table, as ``code`` or ``columns.code``.
    value
        Text, number, truth value, list or mapping, as TOML has them.
    ground : Words
        Why.
    confidence : str
        ``high``: two signs agree, or the file says it; ``medium``: one sign; ``low``: to be checked by a person.
    rivals : tuple of Words
        What else it could be, each with its ground.
    own : tuple of str
        Of packs: those that lie in the folder itself.
    """

    key: str
    value: Any
    ground: Words = Words()
    confidence: str = "high"
    rivals: tuple[Words, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """One value that the files do not give away, to be filled by a person.

    Parameters
    ----------
    write : str
        The line of TOML to write instead, with an example of a value.
    is_required : bool
        The build refuses the scheme without it.
    """

    key: str
    why: Words
    write: str
    is_required: bool = False


@dataclass(frozen=True)
class Part:
    """One table of the scheme, such as ``[[layers]]``: its values in order, and what is said above it.

    Parameters
    ----------
    head : str
        As printed, "" for what stands above all tables.
    about : str
        The file that it speaks of.
    notes : tuple of Words
        Grounds for the whole, printed above.
    is_off : bool
        The whole is written as comment: it cannot be built, or another stands for it.
    """

    head: str
    entries: tuple[Decision | Open, ...]
    notes: tuple[Words, ...] = ()
    about: str = ""
    is_off: bool = False

    def value(self, key: str) -> Any:
        """Return the value proposed for a key, None where there is none."""
        return next((one.value for one in self.entries if isinstance(one, Decision) and one.key == key), None)


@dataclass(frozen=True)
class SeenFile:
    """A file or a layer, a sheet of it, and what became of it.

    Parameters
    ----------
    role : str
        ``units``, ``zones``, ``reference``, ``list``, ``status``, ``published``, ``formalised``, ``rules``, ``pack``, ``rival``,
        ``document`` …; "" where it has none.
    count : int
        Features or rows; -1 where it is not known.
    said : Words
        What it was recognised by, or why not.
    is_problem : bool
        It cannot be used as it is.
    """

    file: str
    part: str = ""
    role: str = ""
    count: int = -1
    said: Words = Words()
    is_problem: bool = False


@dataclass(frozen=True)
class Proposal:
    """A proposed scheme: its tables in order, the files that were seen, and remarks on the whole."""

    folder: str
    parts: tuple[Part, ...]
    files: tuple[SeenFile, ...] = ()
    remarks: tuple[Words, ...] = field(default=())

    def decisions(self) -> Iterator[tuple[str, Part, Decision]]:
        """Yield what is proposed, each with its full key and its table."""
        for name, part, entry in self._named():
            if isinstance(entry, Decision):
                yield name, part, entry

    def open_points(self) -> Iterator[tuple[str, Part, Open]]:
        """Yield what a person must or may fill."""
        for name, part, entry in self._named():
            if isinstance(entry, Open):
                yield name, part, entry

    def beside(self, prefix: str) -> Proposal:
        """Return the proposal for a scheme that lies elsewhere: paths of files begin with the way to the folder."""
        if not prefix:
            return self
        parts = [replace(part, entries=tuple(_moved(one, prefix) for one in part.entries)) for part in self.parts]
        return replace(self, parts=tuple(parts))

    def _named(self) -> Iterator[tuple[str, Part, Decision | Open]]:
        for part in self.parts:
            head = part.head.strip("[]")
            if part.head.startswith("[["):
                head = (
                    f"{head}.{part.value('name') or part.value('id') or part.value('fact') or part.value('path') or ''}"
                )
            for entry in part.entries:
                yield ".".join(piece for piece in (head, entry.key) if piece), part, entry

    def as_data(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        proposed = [
            {
                "key": name,
                "value": one.value,
                "ground": one.ground.as_data(),
                "confidence": one.confidence,
                "rivals": [rival.as_data() for rival in one.rivals],
                "file": part.about,
                "is_off": part.is_off,
            }
            for name, part, one in self.decisions()
        ]
        to_fill = [
            {"key": name, "why": one.why.as_data(), "write": one.write, "required": one.is_required, "file": part.about}
            for name, part, one in self.open_points()
            if not part.is_off
        ]
        files = [
            {
                "file": one.file,
                "part": one.part,
                "role": one.role,
                "count": one.count if one.count >= 0 else None,
                "said": one.said.as_data(),
                "is_problem": one.is_problem,
            }
            for one in self.files
        ]
        remarks = [one.as_data() for one in self.remarks]
        return {"folder": self.folder, "proposed": proposed, "open": to_fill, "files": files, "remarks": remarks}


def _moved(entry: Decision | Open, prefix: str) -> Decision | Open:
    if not isinstance(entry, Decision):
        return entry
    if entry.key in ("path", "areas") and isinstance(entry.value, str):
        return replace(entry, value=f"{prefix}{entry.value}")
    if entry.key == "formalised" or entry.key.endswith("_files"):
        return replace(entry, value=[f"{prefix}{name}" for name in entry.value])
    if entry.key == "packs":
        return replace(entry, value=[f"{prefix}{name}" if name in entry.own else name for name in entry.value])
    return entry


def counted(count: int, noun: str) -> str:
    """Return a count with its English noun.

    Examples
    --------
    >>> counted(1, "row"), counted(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
