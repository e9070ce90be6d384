"""A run over files of any length: opened, planned, screened by an engine, noted batch by batch, joined in the end."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from yudi.core.errors import InputError, StateError, Where, YudiError
from yudi.engines.batches import Refusal
from yudi.engines.jobs import Job, Receipt, Task, refusal_data, refusal_error, source_of
from yudi.engines.journals import Journal, Kept, clear, kept_run, locked
from yudi.engines.places import Place, place_of
from yudi.engines.sources import Source, Span
from yudi.engines.workers import receipts_here, receipts_of_workers
from yudi.formats.results import ResultForm, check_rows, write_part
from yudi.formats.sites.plots import Asked
from yudi.territory.edition import Edition
from yudi.territory.facts import Vocabulary
from yudi.territory.projects import carried_names
from yudi.territory.tables import table_of

__all__ = ["BATCH_ROWS", "Engine", "Order", "Outcome", "Progress", "run"]

BATCH_ROWS = 100_000
_SMALL = 20_000  # rows below which a second process takes longer to start than it helps
_SHOWN = 20
_IDS_MAX = 1_000_000  # answered rows of which doubled ids are looked for
_EDGE = 2**20  # bytes at either end of a file that its fingerprint holds


@dataclass(frozen=True)
class Order:
    """What a run is asked.

    Parameters
    ----------
    files, folders : sequence of Path
        Projects; editions.
    editions : sequence of Edition
        Those in the folders, open.
    vocabulary : Vocabulary
        Of these together.
    out : Path
        File to write, or folder where `is_folder`.
    as_of : date
        Day of the question; `is_day_given` says whether a person named it: else a run that was stopped keeps its own.
    today : date
        The day it is.
    facts : mapping
        Of every project beside its own.
    workers : int
        Processes; 0 for as many as there are cores where there is much to do.
    resolution : int or None
        Of the hexagons (H3) at which the one project is asked, instead of where it is itself.
    """

    files: Sequence[Path]
    folders: Sequence[Path]
    editions: Sequence[Edition]
    vocabulary: Vocabulary
    out: Path
    as_of: date
    today: date
    is_folder: bool = False
    is_day_given: bool = True
    asked: Asked = field(default_factory=Asked)
    facts: Mapping[str, Any] = field(default_factory=dict)
    batch_rows: int = BATCH_ROWS
    workers: int = 0
    is_restart: bool = False
    lang: str = "en"
    resolution: int | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Parameters
    ----------
    rows, kept : int
        Rows done, of which so many by the run that was stopped.
    total : int or None
        Rows of all files, None where it is not known.
    is_sure : bool
        The total was counted, not estimated.
    """

    rows: int
    kept: int
    total: int | None
    is_sure: bool


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Parameters
    ----------
    done, refused : int
        Rows with a verdict; rows and files without.
    kept : int
        Rows that a run that was stopped had done before.
    rejects : Path or None
        File with all that was refused.
    errors : tuple of YudiError
        The first of these.
    kinds : frozenset of str
        Kinds of all these errors.
    doubled : tuple of str
        Ids of several projects, among the first million.
    is_old : bool
        All was done already by an earlier run that ended.
    verdicts : mapping
        How many rows each verdict has.
    """

    done: int
    refused: int
    kept: int
    rejects: Path | None
    errors: tuple[YudiError, ...] = ()
    kinds: frozenset[str] = frozenset()
    doubled: tuple[str, ...] = ()
    is_old: bool = False
    verdicts: Mapping[str, int] = field(default_factory=dict)


Engine = Callable[[Job, Iterator[Task], int], Iterator[Receipt]]
"""Performs tasks of a job with so many workers, in any order, and yields their receipts."""


def run(order: Order, *, tell: Callable[[Progress], None] | None = None, engine: Engine | None = None) -> Outcome:
    """Screen files into a file or folder, and go on where the same run was stopped.

    Parameters
    ----------
    tell : callable
        Is told how far it is, after each batch.
    engine : callable
        Performs tasks, in any order, and yields their receipts; by default this process, or workers beside it.

    Raises
    ------
    StateError
        Where a run on other files, editions or options was begun or ended there.
    YudiError
        If an edition, the only file, or the only project cannot be read.
    """
    place = place_of(order.out, is_folder=order.is_folder)
    sources, wrong = _opened(order)
    asked = _asked(order)
    finished = place.finished()
    if finished is not None and not place.bench.is_dir() and not order.is_restart:
        _refuse_other(finished["asked"], asked, place, order)
        return _old(finished, place)
    for index, source in sources.items():
        if source.total is not None:
            check_rows(place.suffix, source.total, order.files[index].name)
    try:
        place.bench.mkdir(parents=True, exist_ok=True)
        with locked(place.bench):
            return _Run(order, place, sources, wrong=wrong, asked=asked).perform(tell, engine)
    except OSError as error:
        raise InputError(
            f"expected a place to write to, got {error.strerror}", where=Where(str(order.out)), hint="check the folder"
        ) from error


class _Run:
    """One run while it lasts."""

    def __init__(
        self,
        order: Order,
        place: Place,
        sources: Mapping[int, Source],
        *,
        wrong: Sequence[YudiError],
        asked: dict[str, Any],
    ) -> None:
        self.order, self.place, self.sources, self.asked = order, place, sources, asked
        self.wrong = [refusal_data(Refusal("", error)) for error in wrong]
        self.receipts: dict[int, Receipt] = {}
        self.planned, self.is_planned = 0, False

    def perform(self, tell: Callable[[Progress], None] | None, engine: Engine | None) -> Outcome:
        """Do what is left, and join it."""
        journal = Journal(self.place.bench)
        kept = self._kept()
        if kept is None:
            journal.begin(self.asked)
        try:
            before = self._rows()
            job = self._job()
            for receipt in self._engine(engine)(job, self._tasks(), self._workers()):
                self.receipts[receipt.task.number] = journal.note(receipt)
                if tell is not None:
                    tell(self._progress(before))
            self._refuse_alone()
            journal.finish()
            ordered = [self.receipts[number] for number in sorted(self.receipts)] or [self._empty(job)]
            self.place.finish(job.form, self.asked, ordered, self.wrong)
            outcome = self._outcome(ordered, before)
        except BaseException:
            if not self.receipts:  # nothing is lost
                self.place.clear()
            raise
        self.place.clear()
        return outcome

    def _kept(self) -> Kept | None:
        """Take up what is left of a run that was stopped, if it is the same."""
        bench, order = self.place.bench, self.order
        kept = None if order.is_restart else kept_run(bench, self.place.out if order.is_folder else None)
        if kept is not None:
            if not (order.is_day_given or kept.asked.get("is_day_given")):
                self.asked |= {key: kept.asked[key] for key in ("as_of", "today")}
            _refuse_other(kept.asked, self.asked, self.place, order)
            self.asked["today"] = kept.asked["today"]
            self.receipts.update(kept.receipts)
        names = [name for item in self.receipts.values() for name in (item.part, item.refusals, item.ids)]
        clear(bench, names)
        return kept

    def _job(self) -> Job:
        order, as_of = self.order, date.fromisoformat(self.asked["as_of"])
        statements = [row for source in self.sources.values() for row in source.statements()]
        carried = dict.fromkeys(name for row in statements for name in carried_names(row, order.vocabulary))
        editions = order.editions
        form = ResultForm(
            self.place.suffix,
            tuple(carried),
            as_of.isoformat(),
            tuple(edition.id for edition in editions),
            any(edition.is_illustrative for edition in editions),
            order.lang,
        )
        files, folders = (tuple(path.absolute() for path in paths) for paths in (order.files, order.folders))
        today = date.fromisoformat(self.asked["today"])
        return Job(
            files,
            folders,
            order.vocabulary,
            asked=order.asked,
            facts=order.facts,
            as_of=as_of,
            today=today,
            form=form,
            bench=self.place.bench.absolute(),
            resolution=order.resolution,
        )

    def _tasks(self) -> Iterator[Task]:
        """Yield the batches that are left, each when the next is known, so that with the last all are counted."""
        spans = (
            (index, span) for index, source in self.sources.items() for span in source.spans(self.order.batch_rows)
        )
        held: Task | None = None
        for number, (index, span) in enumerate(spans):
            if held is not None:
                yield held
            self.planned = number + 1
            held = None if number in self.receipts else Task(number, index, span)
        self.is_planned = True
        if held is not None:
            yield held

    def _engine(self, engine: Engine | None) -> Engine:
        if engine is not None:
            return engine
        if self._workers() > 1:
            return receipts_of_workers
        return lambda job, tasks, _: receipts_here(job, tasks, self.sources)

    def _workers(self) -> int:
        """Return how many processes are worth it."""
        if self.order.workers:
            return self.order.workers
        total = self._total()
        is_small = total is not None and total < max(_SMALL, self.order.batch_rows)
        return (
            1 if is_small else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        )

    def _total(self) -> int | None:
        totals = [source.total for source in self.sources.values()]
        return None if None in totals else sum(total or 0 for total in totals)

    def _rows(self) -> int:
        return sum(receipt.task.span.count for receipt in self.receipts.values())

    def _progress(self, before: int) -> Progress:
        rows, total = self._rows(), self._total()
        if total is None and self.is_planned and len(self.receipts) == self.planned:
            return Progress(rows, before, rows, True)
        if total is None:
            return Progress(rows, before, self._estimate(), False)
        return Progress(rows, before, total, True)

    def _estimate(self) -> int | None:
        """Return about how many rows there are, by how much of each file made how many."""
        total = 0.0
        for index, source in self.sources.items():
            if source.total is not None:
                total += source.total
                continue
            spans = [item.task.span for item in self.receipts.values() if item.task.source == index]
            last = max(spans, key=lambda span: span.first, default=None)
            if last is None:
                return None
            total += (last.first + last.count) / last.share
        return round(total)

    def _refuse_alone(self) -> None:
        """Raise what is wrong with the only project there is."""
        if self._done() == 0 and sum(receipt.refused for receipt in self.receipts.values()) == 1:
            (alone,) = self.place.refusals(self.receipts.values())
            self.receipts.clear()
            raise refusal_error(alone)

    def _empty(self, job: Job) -> Receipt:
        """Write the part of a run without rows, so that its columns are there."""
        write_part(job.form, job.bench / "000000.part", table_of([]))
        for kind, text in (("refusals", ""), ("ids", "[]")):
            (job.bench / f"000000.{kind}").write_text(text)
        return Receipt(Task(0, 0, Span(0, 0)), 0, 0, "000000.part", "000000.refusals", "000000.ids")

    def _done(self) -> int:
        return sum(receipt.done for receipt in self.receipts.values())

    def _outcome(self, receipts: Sequence[Receipt], before: int) -> Outcome:
        refused = sum(receipt.refused for receipt in receipts) + len(self.wrong)
        errors: list[YudiError] = []
        kinds: set[str] = set()
        for data in (*self.wrong, *self.place.refusals(receipts)):
            kinds.add(str(data["kind"]))
            if len(errors) < _SHOWN:
                errors.append(refusal_error(data))
        return Outcome(
            self._done(),
            refused,
            before,
            self.place.rejects if refused else None,
            tuple(errors),
            frozenset(kinds),
            _doubled(self.place.bench, receipts),
            verdicts=sum((Counter(receipt.verdicts) for receipt in receipts), Counter()),
        )


def _opened(order: Order) -> tuple[dict[int, Source], list[YudiError]]:
    """Return the files that can be read, by their place, and what is wrong with the others."""
    sources: dict[int, Source] = {}
    wrong: list[YudiError] = []
    for index, path in enumerate(order.files):
        try:
            sources[index] = source_of(
                path,
                order.asked,
                order.facts,
                resolution=order.resolution,
                editions=order.editions,
                vocabulary=order.vocabulary,
                today=order.today,
            )
        except YudiError as error:
            if len(order.files) == 1:
                raise
            wrong.append(error)
    return sources, wrong


def _asked(order: Order) -> dict[str, Any]:
    """Return what makes a run the same as another, as data."""
    return {
        "files": [_fingerprint(path) for path in order.files],
        "editions": [[edition.id, str(edition.period.end)] for edition in order.editions],
        "as_of": order.as_of.isoformat(),
        "is_day_given": order.is_day_given,
        "today": order.today.isoformat(),
        "options": json.loads(json.dumps(_options(order), default=str)),
    }


def _options(order: Order) -> dict[str, Any]:
    asked = {key: value for key, value in vars(order.asked).items() if key != "extent"}  # it follows from the editions
    sheet = order.lang if order.out.suffix.lower() == ".xlsx" else ""
    return {
        "asked": asked,
        "facts": order.facts,
        "batch_rows": order.batch_rows,
        "sheet": sheet,
        "resolution": order.resolution,
    }


def _fingerprint(path: Path) -> dict[str, Any]:
    """Return what tells a file from another, or from itself after a change: name, size, time, both ends."""
    if not path.is_file():
        return {"name": path.name, "size": None, "time": None, "hash": None}
    stat = path.stat()
    with path.open("rb") as stream:
        digest = hashlib.sha256(stream.read(_EDGE))
        stream.seek(max(stat.st_size - _EDGE, 0))
        digest.update(stream.read(_EDGE))
    return {"name": path.name, "size": stat.st_size, "time": stat.st_mtime_ns, "hash": digest.hexdigest()}


def _refuse_other(there: Mapping[str, Any], asked: Mapping[str, Any], place: Place, order: Order) -> None:
    """Refuse to mix a run with another."""
    said = {
        "files": "other files, or files that have changed since",
        "editions": "other editions",
        "as_of": f"another day, {there.get('as_of')}",
        "options": "other options",
    }
    other = next((text for key, text in said.items() if there.get(key) != asked[key]), None)
    if other is not None:
        ended = "was stopped" if place.bench.is_dir() and place.finished() is None else "ended"
        raise StateError(
            f"a run on {other} {ended} here",
            where=Where(str(order.out)),
            hint="add --restart to begin anew, or choose another --out",
        )


def _old(finished: Mapping[str, Any], place: Place) -> Outcome:
    rejects = place.rejects if place.rejects.is_file() else None
    return Outcome(finished["done"], finished["refused"], finished["done"], rejects, is_old=True)


def _doubled(bench: Path, receipts: Sequence[Receipt]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    rows = 0
    for receipt in receipts:
        rows += receipt.done
        if rows > _IDS_MAX:
            break
        counts.update(json.loads((bench / receipt.ids).read_text(encoding="utf-8")))
    return tuple(name for name, count in counts.items() if count > 1)
