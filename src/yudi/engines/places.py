"""Where a run writes: one file, or a folder of parts; the bench beside it, and what happens in the end."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yudi.core.errors import InputError, StateError, Where
from yudi.engines.jobs import Receipt
from yudi.engines.journals import moved_name
from yudi.formats.results import ResultForm, check_place, join_parts
from yudi.formats.table_files import csv_text

__all__ = ["Place", "place_of"]

_HEADERS = ("file", "row", "id", "field", "reason", "hint")
_PART = re.compile(r"part-\d{6}\.parquet")
_RUN = "_run.json"
_OURS = (_RUN, "_rejects.csv", "_yudi")


@dataclass(frozen=True)
class Place:
    """Where results go.

    Parameters
    ----------
    out : Path
        The file, or the folder of parts.
    suffix : str
        Ending that says the form of the results.
    """

    out: Path
    is_folder: bool
    suffix: str

    @property
    def bench(self) -> Path:
        """Return the folder in which batches lie until all are done."""
        return self.out / "_yudi" if self.is_folder else self.out.with_name(f".{self.out.name}.parts")

    @property
    def rejects(self) -> Path:
        """Return the file of refused rows."""
        return self.out / "_rejects.csv" if self.is_folder else self.out.with_name(f"{self.out.stem}.rejects.csv")

    def finished(self) -> Mapping[str, Any] | None:
        """Return what a run was asked that has ended here, None where none has; of a file nothing is kept."""
        path = self.out / _RUN
        if not self.is_folder or not path.is_file():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            return None
        return found if isinstance(found, Mapping) else None

    def finish(
        self,
        form: ResultForm,
        asked: Mapping[str, Any],
        receipts: Sequence[Receipt],
        wrong: Sequence[Mapping[str, Any]],
    ) -> None:
        """Put parts and refused rows where they stay; whatever happens, this can be done again.

        Parameters
        ----------
        asked : mapping
            What the run was asked.
        receipts : sequence of Receipt
            Of all batches, in their order.
        wrong : sequence of mappings
            Refusals of whole files.
        """
        self._write_rejects(receipts, wrong)
        if not self.is_folder:
            scratch = self.bench / f"joined{self.suffix}"
            join_parts(form, [self.bench / receipt.part for receipt in receipts], scratch)
            scratch.replace(self.out)
            return
        (self.out / _RUN).unlink(missing_ok=True)
        kept = {moved_name(receipt.task.number) for receipt in receipts}
        for path in self.out.iterdir():
            if _PART.fullmatch(path.name) and path.name not in kept:
                path.unlink()
        for receipt in receipts:
            part = self.bench / receipt.part
            if part.is_file():
                part.replace(self.out / moved_name(receipt.task.number))
        done, refused = sum(item.done for item in receipts), sum(item.refused for item in receipts) + len(wrong)
        scratch = self.bench / _RUN
        text = json.dumps({"asked": asked, "done": done, "refused": refused}, ensure_ascii=False, indent=1)
        scratch.write_text(text + "\n", encoding="utf-8")
        scratch.replace(self.out / _RUN)

    def refusals(self, receipts: Iterable[Receipt]) -> Iterator[Mapping[str, Any]]:
        """Yield the refused rows of batches, as data."""
        for receipt in receipts:
            if receipt.refused:
                with (self.bench / receipt.refusals).open(encoding="utf-8") as stream:
                    yield from map(json.loads, stream)

    def clear(self) -> None:
        """Remove the bench."""
        shutil.rmtree(self.bench, ignore_errors=True)
        if self.is_folder and self.out.is_dir() and not any(self.out.iterdir()):
            with suppress(OSError):
                self.out.rmdir()

    def _write_rejects(self, receipts: Sequence[Receipt], wrong: Sequence[Mapping[str, Any]]) -> None:
        if not wrong and not any(receipt.refused for receipt in receipts):
            self.rejects.unlink(missing_ok=True)  # of an earlier run
            return
        scratch = self.bench / "rejects.csv"
        with scratch.open("w", encoding="utf-8-sig", newline="") as stream:
            stream.write(csv_text([_HEADERS], self.rejects.name))
            for group in (wrong, self.refusals(receipts)):
                for item in group:
                    stream.write(csv_text([_reject(item)], self.rejects.name))
        scratch.replace(self.rejects)


def place_of(out: Path, *, is_folder: bool) -> Place:
    """Return where results go, if they can.

    Raises
    ------
    InputError
        For an ending that cannot be written, or where a file stands in for a folder.
    StateError
        For a folder that holds something else.
    """
    if not is_folder:
        check_place(out)
        return Place(out, False, out.suffix.lower())
    if any(above.exists() and not above.is_dir() for above in (out, *out.parents)):
        raise InputError("expected a folder, got a file", where=Where(str(out)), hint="choose another --out")
    if out.is_dir():
        strange = [path.name for path in out.iterdir() if path.name not in _OURS and not _PART.fullmatch(path.name)]
        if strange or (any(out.iterdir()) and not any((out / name).exists() for name in (_RUN, "_yudi"))):
            message = "the folder holds something that no screening wrote"
            raise StateError(message, where=Where(str(out)), hint="choose an empty folder, or another --out")
    return Place(out, True, ".parquet")


def _reject(item: Mapping[str, Any]) -> list[Any]:
    where = item["where"]
    return [where["file"], where["row"], item["id"], where["field"], item["message"], item["hint"]]
