"""Make the fonts of reports again: Noto Serif CJK and Noto Sans CJK, Simplified Chinese, cut to the letters that reports use.

    pip install fonttools
    apt-get install fonts-noto-cjk unicode-data
    python tools/make_fonts.py

Letters: GB 2312, the Table of General Standard Chinese Characters (8,105, field kTGH of Unicode's Unihan database), and the
Latin, Greek, Cyrillic, punctuation, unit and enclosed signs that the fonts have. The families are renamed, because a
modified font must not be taken for the original. Same sources and same fontTools give the same bytes.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from fontTools import subset, version
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parents[1]
NOTO = Path("/usr/share/fonts/opentype/noto")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
OUT = ROOT / "src/yudi/formats/reports/fonts"
LANGUAGE = "SC"
# Source file, family and style of what is made.
FACES = {
    "YudiSerif-Regular.otf": ("NotoSerifCJK-Regular.ttc", "Yudi Serif", "Regular"),
    "YudiSans-Regular.otf": ("NotoSansCJK-Regular.ttc", "Yudi Sans", "Regular"),
    "YudiSans-Bold.otf": ("NotoSansCJK-Bold.ttc", "Yudi Sans", "Bold"),
}
# Blocks beside the Chinese letters, as first and last code point.
BLOCKS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
    (0x2460, 0x24FF), (0x2500, 0x27BF), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
STANDARD = 8105  # letters in the table of 2013


def main() -> int:
    """Run the command; 0 if the fonts were written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noto", type=Path, default=NOTO, help="folder with the Noto CJK collections")
    parser.add_argument("--unihan", type=Path, default=UNIHAN, help="Unihan_OtherMappings.txt, also as .bz2")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    letters = gb_2312() | standard_letters(asked.unihan)
    letters |= {code for first, last in BLOCKS for code in range(first, last + 1)}
    asked.out.mkdir(parents=True, exist_ok=True)
    record: dict[str, Any] = {"fonttools": version, "unihan_sha256": _sha256(asked.unihan), "fonts": {}}
    held_by_all: set[int] = set()
    for name, (source, family, style) in FACES.items():
        font = face(asked.noto / source)
        origin = {
            "source": source,
            "source_sha256": _sha256(asked.noto / source),
            "source_version": font["name"].getDebugName(5),
            "copyright": font["name"].getDebugName(0),
        }
        font.recalcTimestamp = False
        cut(font, letters)
        rename(font, family, style)
        font.save(asked.out / name)
        held_by_all = held_by_all & set(font.getBestCmap()) if held_by_all else set(font.getBestCmap())
        held = {"letters": len(font.getBestCmap()), "sha256": _sha256(asked.out / name)}
        record["fonts"][name] = origin | held
        sys.stderr.write(f"{name}: {(asked.out / name).stat().st_size / 1e6:.2f} MB, {held['letters']} letters\n")
    record["ranges"] = " ".join(ranges(held_by_all))
    (asked.out / "SOURCES.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def ranges(codes: set[int]) -> list[str]:
    """Return code points as ranges in hexadecimal, such as 4e00-4e03."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"{first:x}-{last:x}" if last > first else f"{first:x}" for first, last in found]


def gb_2312() -> set[int]:
    """Return the code points of GB 2312."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def standard_letters(path: Path) -> set[int]:
    """Return the code points of the Table of General Standard Chinese Characters, as Unicode's Unihan database has them."""
    text = (bz2.decompress(path.read_bytes()) if path.suffix == ".bz2" else path.read_bytes()).decode("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line.startswith("U+"))
    found = {int(row[0].replace("U+", "0x"), 0) for row in rows if row[1] == "kTGH"}
    if len(found) != STANDARD:
        raise SystemExit(f"error: {path}: expected {STANDARD} letters with kTGH, got {len(found)}")
    return found


def face(path: Path) -> TTFont:
    """Return the face of the language out of a collection."""
    for font in TTCollection(path, lazy=True).fonts:
        if font["name"].getDebugName(1).endswith(f"CJK {LANGUAGE}") and "Mono" not in font["name"].getDebugName(1):
            return font
    raise SystemExit(f"error: {path}: no face for {LANGUAGE}")


def cut(font: TTFont, letters: set[int]) -> None:
    """Leave only the letters in a font; without hints, and without features that would join letters into one sign."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "halt", "palt", "mark", "mkmk", "ccmp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=letters)
    worker.subset(font)


def rename(font: TTFont, family: str, style: str) -> None:
    """Give a font the family's own name in all places where a program looks for it."""
    joined = family.replace(" ", "")
    names = font["name"]
    own = {
        1: family,
        2: style,
        3: f"{joined}-{style}",
        4: f"{family} {style}".removesuffix(" Regular"),
        6: f"{joined}-{style}",
    }
    names.names = [
        record for record in names.names if record.nameID not in (*own, 16, 17) and record.langID in (0, 0x409)
    ]
    for number, text in own.items():
        names.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [own[6]]
    top.topDictIndex[0].FamilyName = family
    top.topDictIndex[0].FullName = own[4]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
