"""Schemes, rules, lists and projects with one thing wrong each: what is said, and that nothing is left on disk.

The cases are data in `tests/data/malformed`: an expert can read and add them without knowing the code. `change`
replaces text, `write` writes a file, `append` adds at a file's end; `expect` holds exit status, kind, file, row,
field, message and hint as the command line gives them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).resolve().parents[1] / "data" / "malformed"
BUILDS = ("schemes.yaml", "rules.yaml", "lists.yaml")
PROJECTS = "projects.yaml"


class _Loader(yaml.SafeLoader):
    """YAML with texts in GBK and plain bytes."""


_Loader.add_constructor("!gbk", lambda loader, node: loader.construct_scalar(node).encode("gbk"))
_Loader.add_constructor("!bytes", lambda loader, node: bytes.fromhex(loader.construct_scalar(node)))


def cases(name: str) -> list[Any]:
    """Return the cases of a file, each named."""
    found = yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=_Loader)
    return [pytest.param(case, id=f"{name.partition('.')[0]}: {case['name']}") for case in found]


def spoil(folder: Path, case: dict[str, Any]) -> None:
    """Do to the files in a folder what a case says."""
    for name, pairs in case.get("change", {}).items():
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, f"{case['name']}: {name} has changed"
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in case.get("append", {}).items():
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(text)
    for name, data in case.get("write", {}).items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def told(ran: Any) -> dict[str, Any]:
    """Return what a call said in the form of a case's expectation."""
    error = ran.error
    found = {"status": ran.status, "kind": error["kind"], **error["where"]}
    return {key: value for key, value in found.items() if value is not None} | {
        "message": error["message"],
        "hint": error["hint"],
    }


@pytest.mark.parametrize("case", [case for name in BUILDS for case in cases(name)])
def test_a_build_from_malformed_input_says_where_and_leaves_nothing(
    case, yudi, example, listing, tmp_path, scratch, monkeypatch
):
    """The build ends with the expected status, message, place and next step, and the disk is as it was."""
    folder = example(tmp_path / "scheme")
    spoil(folder, case)
    monkeypatch.chdir(folder)
    before = listing(tmp_path)
    ran = yudi("edition", "build", "scheme.toml", "--out", "../edition", "--json")

    assert told(ran) == case["expect"]
    assert ran.out == ""
    assert listing(tmp_path) == before


@pytest.fixture(scope="module")
def edition(example, tmp_path_factory):
    """Return the folder of the worked example's edition."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    folder = tmp_path_factory.mktemp("plain")
    write_edition(compiled(read_scheme(example(folder / "scheme") / "scheme.toml")), folder / "edition")
    return folder / "edition"


@pytest.mark.parametrize("case", cases(PROJECTS))
def test_a_malformed_project_is_refused_and_leaves_nothing(
    case, yudi, edition, listing, tmp_path, scratch, monkeypatch
):
    """The screening ends with the expected status, message, place and next step; no verdict is given or written."""
    spoil(tmp_path, case)
    monkeypatch.chdir(tmp_path)
    before = listing(tmp_path), listing(edition)
    file = next(iter(case["write"]))
    ran = yudi("screen", file, "--edition", edition, "--json", "--as-of", "2026-11-24")

    assert told(ran) == case["expect"]
    assert ran.out in ("", "[]\n") or (file == "p.json" and case["name"].startswith("the second project"))
    assert listing(tmp_path) == before[0]
    assert listing(edition) == before[1]


def test_the_corpus_is_large_and_every_case_is_told_apart():
    """At least 60 cases, none twice, and every one names a file or a field and a next step."""
    found = [param.values[0] for name in (*BUILDS, PROJECTS) for param in cases(name)]
    silent = [
        case["name"] for case in found if not ({"file", "field"} & set(case["expect"]) and case["expect"]["hint"])
    ]

    assert len(found) >= 60
    assert len({(str(case.get("change")), str(case.get("write")), str(case.get("append"))) for case in found}) == len(
        found
    )
    assert silent == []
