"""What the terminal shows of clauses and of the items of lists: tables in words, Chinese or English."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from yudi.cli.render import console_of, print_json, unverified
from yudi.core.errors import NotFoundError, Where
from yudi.territory.edition import Edition
from yudi.territory.predicates import All
from yudi.territory.sentences import facts_asked
from yudi.territory.verdict import cited, speaker

__all__ = ["show_clauses", "show_one_clause"]


def show_clauses(edition: Edition, search: str, *, as_json: bool, lang: str) -> None:
    """Print the different clauses, with the number of units in which each stands."""
    counts: dict[int, int] = {}
    for index in edition.bindings.clause.tolist():
        counts[index] = counts.get(index, 0) + 1
    rows = [
        {
            "id": item.id,
            "effect": item.effect,
            "dimension": item.dimension,
            "level": item.level,
            "units": counts.get(index, 0),
            "text": item.text.as_data(),
            **item.checked(),
        }
        for index, item in enumerate(edition.rules.clauses)
        if search.casefold() in f"{item.id} {item.text.zh} {item.text.en}".casefold()
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "effect", "units", "words"):
        table.add_column(name, justify="right" if name == "units" else "left", no_wrap=name == "id")
    for row in rows:
        said = Text(f"{row['text'][lang]}{unverified(row, lang)}")  # brackets of words are no marks of style
        table.add_row(str(row["id"]), str(row["effect"]), str(row["units"] or "–"), said)
    console_of().print(table)


def show_one_clause(edition: Edition, name: str, *, as_json: bool, lang: str) -> None:
    """Print a clause with what it asks as a sentence.

    Raises
    ------
    NotFoundError
        If no clause has that id, neither by itself nor in a unit.
    """
    by_unit = {bound: int(index) for bound, index in zip(edition.bindings.ids, edition.bindings.clause, strict=True)}
    index = next((i for i, item in enumerate(edition.rules.clauses) if item.id == name), by_unit.get(name))
    if index is None:
        raise NotFoundError(
            f"no clause {name!r}", where=Where(field="ID"), hint="list them with: yudi clauses list --edition DIR"
        )
    item = edition.rules.clauses[index]
    voice = speaker(edition)
    trees = {"scope": item.scope, "subject": item.subject, "except": item.exceptions, "test": item.test}
    said = {key: voice.sentence(tree) for key, tree in trees.items() if tree is not None and tree != All()}
    data = {
        "id": item.id,
        "effect": item.effect,
        "dimension": item.dimension,
        "level": item.level,
        "text": item.text.as_data(),
        **cited(item.citation, edition),
        **item.checked(),
        "in_force": item.period.start,
        "repealed": item.period.end,
        "asks": {key: text.as_data() for key, text in said.items()},
        "facts": list(facts_asked(*trees.values())),
        "units": sorted({bound.partition("/")[0] for bound, row in by_unit.items() if row == index}),
    }
    if as_json:
        print_json(data)
        return
    console = console_of()
    console.print(Text(f"{item.id}  ({item.effect})", style="bold"))
    console.print(Text(f"{item.text.get(lang)}{unverified(data, lang)}"))
    for key, text in said.items():
        console.print(Text(f"{key:<8} {text.get(lang)}"))
    console.print(Text(f"facts    {', '.join(data['facts']) or '–'}"))
