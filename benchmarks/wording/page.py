"""Print the table of `docs/concepts/reading-measured.md` from the results that `score.py --json` wrote."""

from __future__ import annotations

import json
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
LISTS = {
    ("reference_city.json", "dev"): "city A, units read while the tables were made",
    ("reference_city.json", "heldout"): "city A, units nobody read before the tables were done",
    ("other_places_dev.json", "dev"): "15 other places, read while the tables were made",
    ("other_places_heldout.json", "heldout"): "18 other places, not read by the tables' author",
    ("own.json", "own"): "our own, made to break the reader",
}
HEAD = "| list | items | split right | effects right | bans | no `forbid` | as a note | towards a pass | plain verb table |"


def table() -> str:
    """Return the table as Markdown."""
    lines = [HEAD, "|---|---|---|---|---|---|---|---|---|"]
    for (file, part), label in LISTS.items():
        found = json.loads((RESULTS / file).read_text(encoding="utf-8"))[part]
        reader, plain = found["reader"], found["plain"]
        cells = [
            label,
            reader["items"],
            f"{reader['split_right']:.1%}",
            f"{reader['effects_right']:.1%}",
            reader["bans"],
            reader["bans_without_forbid"],
            reader["bans_read_as_note"],
            reader["directions"].get("towards a pass", 0),
            f"{plain['effects_right']:.1%}, {plain['bans_without_forbid']} bans lost",
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
