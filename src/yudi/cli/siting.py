"""`yudi site map`: the verdict on one kind of project at every hexagon of a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import typer

from yudi.cli.sites import asked_of
from yudi.cli.streaming import StreamOptions, carry_out

__all__ = ["map_region"]


def map_region(
    project: Path,
    folders: Sequence[Path],
    options: StreamOptions,
    *,
    resolution: int,
    facts: Mapping[str, Any],
    day: date | None,
    as_json: bool,
    lang: str,
) -> None:
    """Write the map, and say how many hexagons have which verdict.

    Parameters
    ----------
    resolution : int
        Of H3.

    Raises
    ------
    YudiError
        Where the project, an edition or the place to write to is not as it should be.
    """
    from yudi.api.streams import order_of
    from yudi.cli.render import VERDICTS
    from yudi.formats.results import check_place

    check_place(Path(options.out), (".parquet", ".geojson"))
    order = order_of(
        [project],
        folders,
        options.out,
        asked=partial(asked_of),
        facts=facts,
        day=day,
        workers=options.workers,
        is_restart=options.restart,
        lang=lang,
        resolution=resolution,
    )
    outcome = carry_out(order, as_json=as_json)
    total = max(outcome.done, 1)
    side = 0 if lang == "zh" else 1
    for verdict, said in VERDICTS.items():
        count = outcome.verdicts.get(verdict, 0)
        if count and not as_json:
            typer.echo(f"{said[2]} {said[side]:<14} {count:>9,}  {count / total:6.1%}")
