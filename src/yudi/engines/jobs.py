"""What a run is asked, in a form that travels to another process; and the work of one batch, the same everywhere."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from yudi.core.errors import InputError, LimitError, NotFoundError, StateError, UnavailableError, Where, YudiError
from yudi.engines.batches import Question, Refusal, screen_batch
from yudi.engines.hexagons import HexagonSource
from yudi.engines.sources import Source, Span, open_source
from yudi.formats.results import ResultForm, write_part
from yudi.formats.sites.plots import Asked
from yudi.stores.archive import open_edition
from yudi.territory.edition import Edition
from yudi.territory.facts import Vocabulary

__all__ = ["Bench", "Job", "Receipt", "Task", "refusal_data", "refusal_error", "source_of"]

_KINDS: Mapping[str, type[YudiError]] = {
    kind.kind: kind for kind in (InputError, LimitError, NotFoundError, StateError, UnavailableError)
}


@dataclass(frozen=True)
class Job:
    """All that a process needs to screen any batch of a run.

    Parameters
    ----------
    files : tuple of Path
        Those that could be opened.
    folders : tuple of Path
        Of the editions.
    vocabulary : Vocabulary
        Of all editions together.
    bench : Path
        Folder in which batches leave their parts.
    resolution : int or None
        Of the hexagons at which each project is asked, instead of where it is itself.
    """

    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    vocabulary: Vocabulary
    asked: Asked
    facts: Mapping[str, Any]
    as_of: date
    today: date
    form: ResultForm
    bench: Path
    resolution: int | None = None


@dataclass(frozen=True)
class Task:
    """One batch of a run: its number from 0, its file among the job's, and its rows there."""

    number: int
    source: int
    span: Span


@dataclass(frozen=True)
class Receipt:
    """What came of a batch: how many rows were answered and refused, and the files that hold them.

    Parameters
    ----------
    part, refusals, ids : str
        Names in the bench: verdicts; rows refused, one JSON a line; ids of the answered, as JSON.
    verdicts : mapping
        How many rows each verdict has.
    """

    task: Task
    done: int
    refused: int
    part: str
    refusals: str
    ids: str
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Bench:
    """Where a process screens batches: editions and files are opened once, when they are first needed.

    Parameters
    ----------
    sources : dict of int to Source
        Files of the job that are open already, by their place among them; others join them.
    """

    job: Job
    sources: dict[int, Source] = field(default_factory=dict)

    @cached_property
    def question(self) -> Question:
        """Return what is asked of every batch."""
        job = self.job
        editions = tuple(open_edition(folder) for folder in job.folders)
        return Question(editions, job.vocabulary, job.as_of, job.today, job.folders)

    def source(self, index: int) -> Source:
        """Return a file of the job, open."""
        if index not in self.sources:
            job, editions = self.job, self.question.editions
            self.sources[index] = source_of(
                job.files[index],
                job.asked,
                job.facts,
                resolution=job.resolution,
                editions=editions,
                vocabulary=job.vocabulary,
                today=job.today,
            )
        return self.sources[index]

    def perform(self, task: Task, attempt: str = "") -> Receipt:
        """Screen a batch and leave its part in the bench, under names that no other attempt has; return the receipt."""
        job = self.job
        screened = screen_batch(self.question, self.source(task.source).read(task.span))
        name = f"{task.number:06d}.{attempt or os.getpid()}"
        form, folder = job.form, job.bench
        counts = dict(Counter(screened.verdicts.column("verdict").to_pylist()))
        receipt = Receipt(
            task, len(screened.sites), len(screened.refused), f"{name}.part", f"{name}.refusals", f"{name}.ids", counts
        )
        write_part(form, folder / receipt.part, screened.verdicts, sites=screened.sites, carried=screened.carried)
        lines = (json.dumps(refusal_data(refusal), ensure_ascii=False) + "\n" for refusal in screened.refused)
        (folder / receipt.refusals).write_text("".join(lines), encoding="utf-8")
        ids = screened.verdicts.column("id").to_pylist()
        (folder / receipt.ids).write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
        return receipt


def source_of(
    path: Path,
    asked: Asked,
    facts: Mapping[str, Any],
    *,
    resolution: int | None,
    editions: Sequence[Edition],
    vocabulary: Vocabulary,
    today: date,
) -> Source:
    """Return a file as a source of batches: its own rows, or its one project at the hexagons of a resolution."""
    if resolution is None:
        return open_source(path, asked, facts)
    return HexagonSource(
        path, asked, facts, resolution=resolution, editions=editions, vocabulary=vocabulary, today=today
    )


def refusal_data(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as data."""
    return {"id": refusal.id, **refusal.error.as_data()}


def refusal_error(data: Mapping[str, Any]) -> YudiError:
    """Return the error of a refusal from its data."""
    where = Where(data["where"]["file"], data["where"]["row"], data["where"]["field"])
    return _KINDS.get(data["kind"], YudiError)(data["message"], where=where, hint=data["hint"])
