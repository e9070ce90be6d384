"""How a run that was stopped goes on: which batches are done, of which run; nothing counts before it is noted here."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from yudi.core.errors import StateError, Where
from yudi.engines.jobs import Receipt, Task
from yudi.engines.sources import Span

__all__ = ["Journal", "Kept", "clear", "kept_run", "locked", "moved_name"]

_FILE = "journal.jsonl"


@dataclass(frozen=True)
class Kept:
    """What is left of a run: what it was asked, and the receipts of its finished batches by their number."""

    asked: Mapping[str, Any]
    receipts: Mapping[int, Receipt]


class Journal:
    """The record of a run in its bench; each line is on disk before the next batch counts.

    Parameters
    ----------
    bench : Path
        Folder of the run, there already.
    """

    def __init__(self, bench: Path) -> None:
        self._path = bench / _FILE
        self._bench = bench

    def begin(self, asked: Mapping[str, Any]) -> None:
        """Note what a new run is asked."""
        scratch = self._path.with_suffix(".new")
        with scratch.open("w", encoding="utf-8") as stream:
            _put(stream, {"asked": asked})
        scratch.replace(self._path)

    def note(self, receipt: Receipt) -> Receipt:
        """Take a finished batch's files under their lasting names, and note it; return the receipt with these names."""
        number = receipt.task.number
        lasting = {kind: f"{number:06d}.{kind}" for kind in ("part", "refusals", "ids")}
        for kind, name in lasting.items():
            _settle(self._bench / getattr(receipt, kind), self._bench / name)
        noted = replace(receipt, part=lasting["part"], refusals=lasting["refusals"], ids=lasting["ids"])
        with self._path.open("a", encoding="utf-8") as stream:
            _put(stream, {"receipt": asdict(noted)})
        return noted

    def finish(self) -> None:
        """Note that all batches are done, and that parts are being moved to where they stay."""
        with self._path.open("a", encoding="utf-8") as stream:
            _put(stream, {"finishing": True})


def kept_run(bench: Path, moved: Path | None = None) -> Kept | None:
    """Return what is left of a run in its bench, None where nothing is; a line that was cut is no line.

    Parameters
    ----------
    moved : Path or None
        Folder to which a run that was finishing had begun to move its parts.
    """
    path = bench / _FILE
    if not path.is_file():
        return None
    asked: Mapping[str, Any] | None = None
    receipts: dict[int, Receipt] = {}
    is_finishing = False
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end < len(whole):  # else the next line would be joined to a cut one
        with path.open("r+b") as stream:
            stream.truncate(end)
    for line in whole[:end].decode("utf-8").splitlines():
        data = json.loads(line)
        if asked is None:
            asked = data["asked"]
        elif "finishing" in data:
            is_finishing = True
        else:
            receipt = _receipt(data["receipt"])
            receipts[receipt.task.number] = receipt
    there = {
        number: receipt
        for number, receipt in receipts.items()
        if _is_there(bench, receipt, moved if is_finishing else None)
    }
    return None if asked is None else Kept(asked, there)


@contextmanager
def locked(bench: Path) -> Iterator[None]:
    """Keep every other run away from a bench while the context lasts; the lock ends with the process, however it ends.

    Raises
    ------
    StateError
        Where another run holds it.
    """
    try:
        import fcntl
    except ImportError:  # where there is no such lock, as on Windows
        yield
        return
    with (bench / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateError(
                "another run is writing here", where=Where(str(bench)), hint="wait for it, or choose another --out"
            ) from error
        yield


def moved_name(number: int) -> str:
    """Return the name of a part in a folder of parts."""
    return f"part-{number:06d}.parquet"


def _is_there(bench: Path, receipt: Receipt, moved: Path | None) -> bool:
    has_part = (bench / receipt.part).is_file() or (
        moved is not None and (moved / moved_name(receipt.task.number)).is_file()
    )
    return has_part and all((bench / name).is_file() for name in (receipt.refusals, receipt.ids))


def _receipt(data: Mapping[str, Any]) -> Receipt:
    task = data["task"]
    return Receipt(**{**data, "task": Task(**{**task, "span": Span(**task["span"])})})


def _settle(scratch: Path, path: Path) -> None:
    """Bring a file to disk, then give it its name."""
    with scratch.open("rb") as stream:
        os.fsync(stream.fileno())
    scratch.replace(path)


def _put(stream: Any, data: Mapping[str, Any]) -> None:
    stream.write(json.dumps(data, ensure_ascii=False) + "\n")
    stream.flush()
    os.fsync(stream.fileno())


def clear(bench: Path, keep: Sequence[str] = ()) -> None:
    """Remove what attempts left behind that were never noted."""
    for path in bench.iterdir():
        if path.name not in keep and path.suffix in (".part", ".refusals", ".ids"):
            with contextlib.suppress(OSError):
                path.unlink()
