"""The invented county of examples/riverside answers as its list says, by reading the list by hand."""

from __future__ import annotations

from datetime import date

import pytest

from yudi.api import open_edition
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def riverside(tmp_path_factory, root):
    """Build the county as its user does."""
    folder = tmp_path_factory.mktemp("riverside") / "edition"
    write_edition(compiled(read_scheme(root / "examples/riverside/scheme.toml")), folder)
    return open_edition(folder)


@pytest.mark.parametrize(
    ("project", "verdict", "because"),
    [
        ("chemical-works", "prohibited", ["ZH50019920001/space/2"]),
        ("heating-plant", "prohibited", ["ZH50019920002/space/2"]),
        ("pipeline", "prohibited", ["source-zone-2"]),
        ("wind-farm", "prohibited", ["ZH50019910001/space/1"]),
        ("software-office", "admissible", []),
    ],
)
def test_each_project_gets_what_the_list_says(riverside, root, project, verdict, because):
    """Within a kilometre of the bank no chemical works; no coal; no discharge in class 2; no turbines in the hills."""
    answer = riverside.screen(root / f"examples/riverside/projects/{project}.json", as_of=DAY)
    prohibiting = [item["id"] for item in answer["clauses"]["applied"] if item["outcome"] == "prohibits"]

    assert (answer.verdict, prohibiting) == (verdict, because)


def test_the_unit_without_a_row_is_silent(riverside):
    """The county's fifth unit has no row in the list, which is not freedom."""
    office = {"geometry": {"type": "Point", "coordinates": [107.56, 29.76]}, "facts": {"industry": "I6513"}}
    answer = riverside.screen(office, as_of=DAY)

    assert answer.verdict == "undetermined"
    assert [item["needs"] for item in answer["clauses"]["open"] if item["effect"] == "silent"] == [
        ["list:ZH50019930001"]
    ]


def test_an_edition_is_built_from_python(riverside, root, tmp_path):
    """The scheme's edition is the same one, built by whichever door; another edition in the folder is not overwritten."""
    from yudi import build_edition
    from yudi.core.errors import YudiError

    built = build_edition(root / "examples/riverside/scheme.toml", tmp_path / "edition")

    assert built.data.id == riverside.data.id
    with pytest.raises(YudiError):
        build_edition(root / "examples/vermont/scheme.toml", tmp_path / "edition")
