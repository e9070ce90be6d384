"""`yudi site …`: show back what was understood of a site's coordinates, before it is trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from yudi.cli.errors import exit_status, show
from yudi.cli.options import AS_IS, AsOf, Editions, Json, Lang, day_of, language_of
from yudi.cli.streaming import Restart, Workers
from yudi.core.errors import InputError, Where, YudiError

__all__ = ["AngleForm", "Crs", "Each", "Facts", "Layer", "PlotNames", "asked_of", "facts_of", "site_app"]

Crs = Annotated[str, typer.Option("--crs", help="Reference system: EPSG code or name; force:… outweighs the file.")]
Layer = Annotated[str, typer.Option("--layer", help="Layer, sheet or folder of the file to read.")]
PlotNames = Annotated[
    list[str] | None, typer.Option("--plot", metavar="NAME", help="Plot of the file to read; may be repeated.")
]
Each = Annotated[
    bool | None,
    typer.Option("--each/--together", help="Each plot is a site, or all are one; by default what the format means."),
]
AngleForm = Annotated[
    str, typer.Option("--angles", metavar="DDMMSS|D.MMSS", help="How numbers pack degrees, minutes and seconds.")
]
Facts = Annotated[
    list[str] | None, typer.Option("--fact", metavar="KEY=VALUE", help="A fact of every project; may be repeated.")
]

_MANY = 30  # sites that the terminal shows
site_app = typer.Typer(
    help="Look at the sites of projects: how their coordinates were understood.", no_args_is_help=True
)


def asked_of(
    crs: str = "",
    layer: str = "",
    plots: Sequence[str] | None = None,
    *,
    each: bool | None = None,
    angles: str = "",
    unit: str = "",
    shift: str = "",
    holes: bool = False,
    editions: Sequence[Any] = (),
) -> Any:
    """Return what the options say of files with sites.

    Raises
    ------
    InputError
        For a shift that is no list of numbers, or another value than an option knows.
    """
    from yudi.formats.sites.plots import Asked

    try:
        numbers = tuple(float(part) for part in shift.replace(",", " ").split())
    except ValueError as error:
        message = f"expected 3 or 7 numbers, got {shift!r}"
        raise InputError(
            message, where=Where(field="--shift"), hint="write dx,dy,dz or dx,dy,dz,rx,ry,rz,ppm"
        ) from error
    grouping = "" if each is None else "each" if each else "together"
    extents = [edition.units.geometry for edition in editions if len(edition.units.geometry)]
    extent = None
    if extents:
        import numpy as np
        import shapely

        extent = tuple(shapely.total_bounds(np.concatenate(extents)).tolist())
    return Asked(crs, layer, tuple(plots or ()), grouping, angles, unit, numbers, holes, extent)


def facts_of(texts: Sequence[str] | None) -> dict[str, Any]:
    """Return the facts that options state, as a table would.

    Raises
    ------
    InputError
        For an option without ``=``, or a fact that stands twice.

    Examples
    --------
    >>> facts_of(["industry=C2614", "emissions.COD = 60 kg/d"])
    {'industry': 'C2614', 'emissions.COD': '60 kg/d'}
    """
    facts: dict[str, Any] = {}
    for text in texts or ():
        key, mark, value = text.partition("=")
        key = key.strip()
        if not mark or not key:
            hint = "write --fact industry=C2614"
            raise InputError(f"expected key=value, got {text!r:.60}", where=Where(field="--fact"), hint=hint)
        if key in facts:
            raise InputError(
                f"the fact {key!r} is stated twice", where=Where(field="--fact"), hint="keep one of the two"
            )
        facts[key] = value.strip()
    return facts


@site_app.command("show", epilog=AS_IS + "Example: yudi site show examples/vermont/projects/duplex-village.json")
def show_site(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Boundary points (TXT, Excel, CSV), DXF, KML, KMZ, Shapefile, GeoPackage; or a project.",
        ),
    ],
    *,
    crs: Crs = "",
    layer: Layer = "",
    plot: PlotNames = None,
    each: Each = None,
    angles: AngleForm = "",
    unit: Annotated[str, typer.Option("--unit", metavar="m|mm", help="Unit of a drawing that states none.")] = "",
    shift: Annotated[
        str, typer.Option("--shift", metavar="DX,DY,DZ…", help="3 or 7 parameters to CGCS2000, for an old datum.")
    ] = "",
    holes: Annotated[bool, typer.Option("--holes", help="Closed lines inside others are holes (DXF).")] = False,
    edition: Annotated[
        list[Path] | None, typer.Option("--edition", "-e", help="Folder of an edition: say in which units it lies.")
    ] = None,
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE.svg", help="Draw the site.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE.geojson", help="Write the sites in longitude, latitude.")
    ] = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Show what was understood of a site's coordinates: parts, area, place, reference system, and what says so."""
    from yudi.cli.render import print_json
    from yudi.cli.site_views import show_site_data
    from yudi.stores.archive import open_edition

    language = language_of(lang)
    editions = tuple(open_edition(folder) for folder in edition or ())
    _check_endings(map_file, out)
    asked = asked_of(crs, layer, plot, each=each, angles=angles, unit=unit, shift=shift, holes=holes, editions=editions)
    shown, shapes, wrong = _understood_of(files, asked, editions)
    if map_file is not None and shapes:
        _draw(shown, shapes, editions, path=map_file, lang=language)
    if out is not None and shapes:
        _write(shown, shapes, out)
    if as_json:
        print_json(shown[0] if len(shown) == 1 and not wrong and len(files) == 1 else shown)
    else:
        for data in shown[:_MANY]:
            show_site_data(data, language)
        if len(shown) > _MANY:
            typer.echo(f"{len(shown) - _MANY} more sites: see --json", err=True)
        for path in filter(None, (map_file, out)):
            typer.echo(f"{path}", err=True)
    for refused in wrong:
        show(refused, as_json=as_json)
    if wrong:
        raise typer.Exit(max(map(exit_status, wrong)) if not shown else 2)


def _check_endings(map_file: Path | None, out: Path | None) -> None:
    for path, endings in ((map_file, (".svg",)), (out, (".geojson", ".json"))):
        if path is not None and path.suffix.lower() not in endings:
            message = f"expected a file name that ends in {endings[0]}, got {path.name!r}"
            raise InputError(message, where=Where(path.name), hint="change the ending")
        if path is not None and not path.absolute().parent.is_dir():
            raise InputError("no such folder", where=Where(str(path.parent)), hint="make it first")


def _understood_of(
    files: Sequence[Path], asked: Any, editions: Sequence[Any]
) -> tuple[list[dict[str, Any]], list[Any], list[YudiError]]:
    """Return the sites of all files as data and as shapes, and what could not be read; the only thing is raised."""
    from yudi.formats.project_files import read_projects

    found: list[tuple[dict[str, Any], Any]] = []
    wrong: list[YudiError] = []
    for path in files:
        try:
            raws = read_projects(path, asked=asked)
        except YudiError as error:
            if len(files) == 1:
                raise
            wrong.append(error)
            continue
        for raw in raws:
            try:
                found.append(_understood(raw, editions))
            except YudiError as error:
                if len(files) == len(raws) == 1:
                    raise
                wrong.append(error)
    return [data for data, _ in found], [shape for _, shape in found], wrong


def _understood(raw: Any, editions: Sequence[Any]) -> tuple[dict[str, Any], Any]:
    """Return a project's site as data, and its shape."""
    from yudi.formats.project_files import place_of
    from yudi.formats.sites.shown import site_data

    shape, findings = place_of(raw)
    data = site_data(raw.id, shape, findings, raw.site)
    data.setdefault("file", raw.where.file)
    if raw.site is None and isinstance(raw.geometry, Mapping) and raw.geometry.get("crs"):
        data["crs"] = _declared(raw.geometry["crs"])
    if editions:
        data["units"] = [unit for edition in editions for unit in _units(shape, edition)]
    return data, shape


def _declared(crs: Any) -> dict[str, Any]:
    """Return the system that a project states beside its coordinates."""
    from yudi.formats.crs import crs_title, parse_crs

    found = parse_crs(crs if isinstance(crs, str) else str(crs["properties"]["name"]))
    why = {"zh": "项目文件中 geometry.crs 注明", "en": "stated in the project's geometry"}
    return {"name": found.name, "title": crs_title(found), "why": why}


def _units(shape: Any, edition: Any) -> list[dict[str, Any]]:
    from yudi.territory.place import Place

    layer = edition.units
    found = []
    for touch in Place(edition, shape).units:
        columns = {key: layer.column(key) for key in ("code", "name", "class")}
        unit = {key: str(column[touch.index]) for key, column in columns.items() if column is not None}
        kind = edition.classes.get(unit.get("class", ""))
        label = kind.as_data() if kind is not None else None
        found.append({**unit, "class_label": label, "share": touch.share, "touches": touch.is_touch})
    return sorted(found, key=lambda unit: -unit["share"])


def _draw(
    shown: Sequence[Mapping[str, Any]], shapes: Sequence[Any], editions: Sequence[Any], *, path: Path, lang: str
) -> None:
    """Write a map of all sites together, with the names of their corners where they have any."""
    from dataclasses import replace

    import shapely

    from yudi.formats.map_contents import MapContents, contents_at
    from yudi.formats.site_maps import drawn
    from yudi.formats.table_files import put_file
    from yudi.territory.place import Place

    site = shapes[0] if len(shapes) == 1 else shapely.union_all(list(shapes))
    contents = MapContents(site)
    if editions:
        touched = [touch.index for touch in Place(editions[0], site).units]
        contents = contents_at(site, editions[0], touched)
    corners = tuple(
        (corner["name"], corner["lon"], corner["lat"]) for data in shown for corner in data.get("corners", ())
    )
    contents = replace(contents, corners=corners)
    put_file(path, drawn(contents, lang=lang, width_mm=170, height_mm=120).encode("utf-8"))


def _write(shown: Sequence[dict[str, Any]], shapes: Sequence[Any], path: Path) -> None:
    """Write the sites as GeoJSON features, each with its id and the system that it came from."""
    import json

    import shapely

    from yudi.formats.table_files import put_file

    features = [
        {
            "type": "Feature",
            "id": data["id"],
            "properties": {
                "source": data.get("file"),
                "source_crs": data["crs"]["name"],
                "site_area_m2": round(data["area_m2"], 2),
            },
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for data, shape in zip(shown, shapes, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    put_file(path, (text + "\n").encode("utf-8"))


@site_app.command(
    "map",
    epilog=AS_IS
    + "Example: yudi site map examples/vermont/projects/duplex-village.json --edition demo/vermont --resolution 7 "
    "--as-of 2026-11-24 --out demo/vermont-map.geojson",
)
def map_sites(
    project: Annotated[Path, typer.Argument(help="Project file; only its facts count, not its site.")],
    edition: Editions,
    out: Annotated[Path, typer.Option("--out", "-o", help="A .parquet (GeoParquet) or .geojson to write.")],
    *,
    resolution: Annotated[
        int, typer.Option("--resolution", metavar="N", help="Of H3: 9 has cells of 0.1 km², 7 of 5 km².")
    ] = 9,
    as_of: AsOf = "",
    fact: Facts = None,
    workers: Workers = 0,
    restart: Restart = False,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say of every hexagon of a region whether such a project may go there."""
    from yudi.cli.siting import map_region
    from yudi.cli.streaming import StreamOptions

    map_region(
        project,
        edition,
        StreamOptions(str(out), 0, workers, "local", restart),
        resolution=resolution,
        facts=facts_of(fact),
        day=day_of(as_of, "--as-of") if as_of else None,
        as_json=as_json,
        lang=language_of(lang),
    )
