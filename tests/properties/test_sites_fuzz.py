"""No bytes make a reader of sites fail otherwise than by saying so, and what it reads has one reading."""

from __future__ import annotations

import random
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from support.sites import HOLE, SQUARE, dxf, exchange_text, kml, line, numbered, polyline, table_text

from yudi.core.errors import YudiError
from yudi.formats.sites.plots import Asked, SiteLimits
from yudi.formats.sites.reading import read_sites

LIMITS = SiteLimits(file_bytes=2**20, unpacked_bytes=2**20, vertices=2_000, plots=100)


def packed(content: str) -> bytes:
    """Return KML packed as KMZ."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", content)
    return held.getvalue()


WHOLE = {
    "exchange.txt": exchange_text().encode(),
    "exchange-gbk.txt": exchange_text(prefix=0).encode("gb18030"),
    "table.csv": ("2000国家大地坐标系\n" + table_text()).encode(),
    "blanks.txt": table_text(header="").replace(",", " ").encode(),
    "degrees.csv": "点号,经度,纬度\n1,106°33′15.2″E,29°30′N\n".encode(),
    "a.dxf": dxf(
        [polyline(numbered(SQUARE), bulges={1: 0.5}), *map(line, numbered(HOLE), numbered(HOLE)[1:])]
    ).encode(),
    "a.kml": kml().encode(),
    "a.kmz": packed(kml()),
}
# What readers look for, so that changes reach beyond the first refusal.
TOKENS = [
    b"@", b",", b"\n", b"[", b"]", b"=", b"36", b"-", b".", b"0", b"9" * 30, b"1e308", b"nan", b"\0", b"\xff", b"\xef\xbb\xbf",
    b"<", b">", b"&", b"<Polygon>", b"</Polygon>", b"<!DOCTYPE a>", b"VERTEX", b"LWPOLYLINE", b"INSERT", b"SEQEND", b"EOF",
    "面".encode(), "°".encode(), "′".encode(), "，".encode(), b" ", b"\t", b'"', b"'",
]  # fmt: skip


def changed(data: bytes, seed: int) -> bytes:
    """Return bytes with a few of them cut, doubled, exchanged or replaced."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        length = chance.choice([0, 1, 1, 2, 8, 64])
        new = chance.choice([b"", chance.choice(TOKENS), data[at : at + length] * 2, bytes([chance.randrange(256)])])
        data = data[:at] + new + data[at + length :]
    return data


def hold(name: str, data: bytes, asked: Asked) -> None:
    """Read bytes as a file of that name: sites with one reading, or an error with a place and a next step."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            found = read_sites(path, asked, limits=LIMITS)
        except YudiError:
            return
        for site in found:
            if not isinstance(site, YudiError):
                shape = shapely.geometry.shape(site.geometry)
                assert shapely.is_valid(shape)
                assert not shape.is_empty


@pytest.mark.parametrize("name", WHOLE)
@given(
    seed=st.integers(0, 2**32),
    asked=st.sampled_from([Asked(), Asked(grouping="each"), Asked(crs="EPSG:4545", holes=True)]),
)
def test_changed_files_are_read_or_refused(name, seed, asked):
    """Files with a few bytes changed give sites or refusals, nothing else."""
    hold(name, changed(WHOLE[name], seed), asked)


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(name, data):
    """Bytes of no meaning are refused."""
    hold(name, data, Asked())


@pytest.mark.parametrize("name", WHOLE)
@given(cut=st.integers(0, 4000))
def test_cut_files_are_read_or_refused(name, cut):
    """A file that ends too soon gives whole sites or a refusal."""
    hold(name, WHOLE[name][:cut], Asked())
