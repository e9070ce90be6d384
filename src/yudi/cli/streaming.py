"""`yudi screen … --out`: files of any length, screened batch by batch into a file or a folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from yudi.cli.errors import EXIT_STATUS, show
from yudi.core.errors import InputError, Where

__all__ = [
    "BatchRows",
    "Engine",
    "Out",
    "Restart",
    "StreamOptions",
    "Workers",
    "carry_out",
    "note_doubled",
    "order_for",
    "refuse_stream_options",
    "stream_files",
]

Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE|DIR/",
        help="Write a .geojson, .xlsx, .csv or .parquet instead; or a folder of .parquet parts.",
    ),
]
BatchRows = Annotated[
    int,
    typer.Option("--batch-rows", metavar="N", min=0, help="With --out: rows in memory at once; 100,000 by default."),
]
Workers = Annotated[
    int,
    typer.Option("--workers", metavar="N", min=0, help="With --out: processes; by default the cores, for large files."),
]
Engine = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="With --out: local, or Spark as local[*] or spark://HOST:PORT.")
]
Restart = Annotated[
    bool, typer.Option("--restart", help="With --out: begin anew where a run was stopped, or another one ended.")
]
_EVERY = 10.0  # seconds between lines where no person watches
_STOPPED = 130


@dataclass(frozen=True)
class StreamOptions:
    """What the options say of how files are streamed."""

    out: str
    batch_rows: int
    workers: int
    engine: str
    restart: bool


def refuse_stream_options(options: StreamOptions) -> None:
    """Refuse options that mean nothing without ``--out``.

    Raises
    ------
    InputError
        Naming the first of them.
    """
    given = {
        "--batch-rows": options.batch_rows,
        "--workers": options.workers,
        "--engine": options.engine != "local",
        "--restart": options.restart,
    }
    name = next((name for name, value in given.items() if value), None)
    if name is not None:
        raise InputError("means nothing without --out", where=Where(field=name), hint="add --out FILE or --out DIR/")


def stream_files(
    files: Sequence[Path],
    folders: Sequence[Path],
    options: StreamOptions,
    *,
    asked: Callable[..., Any],
    facts: Mapping[str, Any],
    day: date | None,
    lang: str,
    as_json: bool = False,
) -> None:
    """Screen files into a file or folder, say what came of it, and end with its status.

    Parameters
    ----------
    day : date or None
        Day of the question; today where none is given.

    Raises
    ------
    YudiError
        As :func:`yudi.engines.runs.run`.
    """
    from yudi.api.streams import engine_of

    engine = engine_of(options.engine)
    order = order_for(files, folders, options, asked=asked, facts=facts, day=day, lang=lang)
    carry_out(order, engine, as_json=as_json)


def order_for(files: Sequence[Path], folders: Sequence[Path], options: StreamOptions, **asked: Any) -> Any:
    """Return what a run is asked by the options; the rest as :func:`yudi.api.streams.order_of` takes it."""
    from yudi.api.streams import order_of

    return order_of(
        files,
        folders,
        options.out,
        batch_rows=options.batch_rows,
        workers=options.workers,
        is_restart=options.restart,
        **asked,
    )


def carry_out(order: Any, engine: Any = None, *, as_json: bool = False, is_said: bool = True) -> Any:
    """Run an order, say what came of it if asked to, and return that; where rows were refused end with their status."""
    from yudi.engines.runs import run

    rows = 0
    try:
        with _watched() as watch:

            def tell(progress: Any) -> None:
                nonlocal rows
                rows = progress.rows
                watch(progress)

            outcome = run(order, tell=tell, engine=engine)
    except KeyboardInterrupt:
        if rows and not as_json:
            typer.echo(f"{rows:,} rows are done and kept: the same command goes on there", err=True)
        raise
    if is_said or outcome.refused or outcome.is_old:
        _say(outcome, order.out, as_json=as_json)
    if outcome.kinds:
        raise typer.Exit(2 if outcome.done else max(EXIT_STATUS.get(kind, 1) for kind in outcome.kinds))
    return outcome


def note_doubled(doubled: Sequence[str]) -> None:
    """Say on standard error which ids stand for several projects."""
    if doubled:
        more = f" and {len(doubled) - 5} more" if len(doubled) > 5 else ""
        typer.echo(f"note: several projects have the id {', '.join(doubled[:5])}{more}", err=True)


def _say(outcome: Any, out: Path, *, as_json: bool) -> None:
    total = outcome.done + outcome.refused
    if outcome.is_old:
        typer.echo(f"{out} has all {total:,} rows of this run already; add --restart to begin anew", err=True)
        return
    of, refused = (f" of {total}", f"; {outcome.refused} refused") if outcome.refused else ("", "")
    kept = f"; {outcome.kept} rows were done before" if outcome.kept else ""
    typer.echo(f"{outcome.done}{of} verdicts in {out}{refused}{kept}", err=True)
    if not as_json:
        note_doubled(outcome.doubled)
    for error in outcome.errors:
        show(error, as_json=as_json)
    if outcome.rejects is not None and not as_json:
        typer.echo(f"note: what was refused is in {outcome.rejects}", err=True)


@contextmanager
def _watched() -> Iterator[Callable[[Any], None]]:
    """Show how far a run is, on standard error: a bar where a person watches, else a line now and then."""
    meter = _Meter()
    if not sys.stderr.isatty():
        last = time.monotonic()

        def line(progress: Any) -> None:
            nonlocal last
            if time.monotonic() - last >= _EVERY and progress.rows != progress.total:
                last = time.monotonic()
                typer.echo(meter.said(progress), err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("…", total=None)

        def move(progress: Any) -> None:
            bar.update(task, description=meter.said(progress), completed=progress.rows, total=progress.total)

        yield move


class _Meter:
    """Says how far a run is, how fast, and how long it takes yet."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def said(self, progress: Any) -> str:
        rate = (progress.rows - progress.kept) / max(time.monotonic() - self._begun, 1e-9)
        text = f"{progress.rows:,}"
        if progress.total is not None:
            text += f" of {'' if progress.is_sure else 'about '}{progress.total:,}"
        text += f" rows, {rate:,.0f}/s"
        if progress.total is not None and rate > 0:
            text += f", {_span((progress.total - progress.rows) / rate)} left"
        return text


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
