"""`yudi site map`: the verdict on one kind of project at every hexagon of a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer

from yudi.cli.sites import asked_of
from yudi.cli.streaming import StreamOptions, carry_out, order_for

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
    from rich.cells import set_cell_size

    from yudi.cli.render import VERDICTS, print_json
    from yudi.formats.results import check_place

    check_place(Path(options.out), (".parquet", ".geojson"))
    order = order_for(
        [project], folders, options, asked=asked_of, facts=facts, day=day, lang=lang, resolution=resolution
    )
    outcome = carry_out(order, as_json=as_json, is_said=False)
    if as_json:
        print_json(
            {"out": options.out, "hexagons": outcome.done, "resolution": resolution, "verdicts": outcome.verdicts}
        )
        return
    typer.echo(f"{options.out}: {outcome.done:,} {'个六边形' if lang == 'zh' else 'hexagons'}")
    side = 0 if lang == "zh" else 1
    for verdict, said in VERDICTS.items():
        if count := outcome.verdicts.get(verdict, 0):
            typer.echo(f"{said[2]} {set_cell_size(said[side], 14)} {count:>9,}  {count / outcome.done:6.1%}")
    if not outcome.done:
        typer.echo("没有与单元相交的六边形" if lang == "zh" else "no hexagon lies in a unit")
