"""The notebooks of docs/notebooks run from top to bottom in a kernel of their own, and are kept without outputs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MISSING = [name for name in ("nbclient", "nbformat", "ipykernel", "geopandas") if find_spec(name) is None]
# In a process of its own, so that what the machinery of notebooks warns of is no error of ours.
RUN = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": sys.argv[3]}}).execute()
nbformat.write(notebook, sys.argv[2])
"""


def cells(path: Path, kind: str) -> list[dict]:
    """Return the cells of a kind."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in data["cells"] if cell["cell_type"] == kind]


def test_there_are_notebooks():
    """The folder is where it is thought to be, and its page names each notebook."""
    page = (FOLDER / "index.md").read_text(encoding="utf-8")

    assert NOTEBOOKS
    assert [path.name for path in NOTEBOOKS if f"`{path.name}`" not in page] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    """What it shows is made when it is run; only what was written is in the repository."""
    code = cells(path, "code")

    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"]] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_speaks_both_languages(path):
    """Every text is in English and in Chinese."""
    texts = ["".join(cell["source"]) for cell in cells(path, "markdown")]

    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]", text) or not re.search(r"[a-z]{3}", text)] == []


@pytest.mark.skipif(bool(MISSING), reason=f"these are not installed: {', '.join(MISSING)}; make install brings them")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path, root):
    """Every cell ends without an error, and the editions, projects, verdicts and comparisons show themselves as HTML."""
    places = {name: str(tmp_path) for name in ("TMPDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    paths = os.pathsep.join(filter(None, (str(root / "src"), os.environ.get("PYTHONPATH", ""))))
    command = [sys.executable, "-c", RUN, str(path), str(tmp_path / "run.ipynb"), str(FOLDER)]

    ran = subprocess.run(
        command,
        env={**os.environ, **places, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr[-3_000:]
    outputs = [output for cell in cells(tmp_path / "run.ipynb", "code") for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    pages = ["".join(output["data"]["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
    assert sum(page.startswith('<div class="yudi"') for page in pages) >= 2
    assert "<script" not in "".join(page for page in pages if 'class="yudi"' in page)
