"""What an import noticed is said in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.core.words import Words

SOURCE = Path(__file__).parents[3] / "src" / "yudi"
BY_KIND = ("formats/sites/", "core/site_geometry.py", "formats/crs.py", "territory/site_words.py")
READ_BACK = ("stores/edition_data.py",)


def test_a_finding_without_chinese_words_falls_back_on_the_english_ones():
    """Data carry the Chinese sentence only where there is one."""
    plain, both = Finding("k", "said", Where("f", 2)), Finding("k", "said", zh="说")

    assert (plain.said, both.said) == (Words("said", "said"), Words("说", "said"))
    assert "zh" not in plain.as_data()
    assert both.as_data()["zh"] == "说"


def test_every_finding_of_a_build_is_said_in_chinese_too():
    """Those of sites have Chinese words by their kind, in `territory.site_words`; those of a store come with theirs."""
    missing = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(BY_KIND) or name in READ_BACK:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                missing += [] if any(word.arg == "zh" for word in node.keywords) else [f"{name}:{node.lineno}"]

    assert missing == []
