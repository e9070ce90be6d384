"""Commands that look codes and facts up: what a project may say, and by which code."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yudi.cli.options import AS_IS, Json, Lang, language_of
from yudi.core.errors import InputError, NotFoundError, Where

if TYPE_CHECKING:
    from yudi.core.code_search import CodeHit
    from yudi.core.codes import CodeSystem
    from yudi.territory.facts import Fact, Vocabulary

__all__ = ["codes_app", "facts_app"]

codes_app = typer.Typer(help="Find the code of an industry, or of any other code system.", no_args_is_help=True)
facts_app = typer.Typer(help="Look at the facts that a project can state and clauses can ask.", no_args_is_help=True)

Edition = Annotated[
    Path | None, typer.Option("--edition", "-e", help="Folder of an edition; without one, the packs that Yudi ships.")
]
Pack = Annotated[list[str] | None, typer.Option("--pack", help="Only packs of these names; may be repeated.")]
_SAYS = {
    "near": ("没有找到，相近的有", "found none; near are"),
    "more": ("还有 {} 个，用 --limit 显示更多", "{} more; show more with --limit"),
    "in": ("属", "in"),
}


@codes_app.command("search", epilog=AS_IS + "Example: yudi codes search 锂电 --system gbt4754")
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD…", help="Words of a name, or the beginning of a code.")],
    *,
    system: Annotated[str, typer.Option("--system", help="Key of the code system; all by default.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many codes.")] = 20,
    edition: Edition = None,
    pack: Pack = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Find codes by words of their names or of those above, by everyday words, or by how they begin."""
    from yudi.cli.render import print_json
    from yudi.core.code_search import search_codes

    chosen = language_of(lang)
    systems = _systems(_vocabulary(edition, pack), system)
    found = [(item, hit) for item in systems for hit in search_codes(item, " ".join(words))]
    if any(hit.why != "near" for _, hit in found):
        found = [(item, hit) for item, hit in found if hit.why != "near"]
    if not found:
        raise NotFoundError(f"no code is like {' '.join(words)[:80]!r}", hint="try a shorter word, or part of a code")
    if as_json:
        print_json([_code_data(item, hit) for item, hit in found[:limit]])
        return
    if found[0][1].why == "near":
        typer.echo(f"{_say('near', chosen)}:", err=True)
    for item, hit in found[:limit]:
        typer.echo(_code_line(item, hit, chosen, names_system=len(systems) > 1))
    if len(found) > limit:
        typer.echo(_say("more", chosen).format(len(found) - limit), err=True)


@facts_app.command("list", epilog=AS_IS + "Example: yudi facts list --search 废水")
def list_facts(
    search_for: Annotated[str, typer.Option("--search", help="Only facts whose key, label or help holds this.")] = "",
    *,
    provider: Annotated[str, typer.Option("--provider", help="Only of one: project, place, status or person.")] = "",
    edition: Edition = None,
    pack: Pack = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """List the vocabulary: key, type and unit, who provides it, whether it can be changed, and its label."""
    from yudi.cli.render import print_json
    from yudi.territory.facts import PROVIDERS

    chosen = language_of(lang)
    if provider and provider not in PROVIDERS:
        message = f"unknown provider {provider!r}"
        raise InputError(message, where=Where(field="--provider"), hint=f"one of {', '.join(PROVIDERS)}")
    vocabulary = _vocabulary(edition, pack)
    facts = [
        fact
        for fact in vocabulary.facts.values()
        if (not provider or fact.provider == provider) and search_for.casefold() in _text(fact)
    ]
    if as_json:
        print_json([_fact_data(fact) for fact in facts])
        return
    width = max((len(fact.key) for fact in facts), default=0)
    for fact in facts:
        kind = f"{fact.type}{f' {fact.unit}' if fact.unit else ''}"
        change = "" if fact.changeable == "no" else fact.changeable
        typer.echo(f"{fact.key:{width}}  {kind:12}  {fact.provider:8}  {change:8}  {fact.label.get(chosen)}".rstrip())


@facts_app.command("show", epilog=AS_IS + "Example: yudi facts show wastewater_to")
def show_fact(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Key of a fact.")],
    *,
    edition: Edition = None,
    pack: Pack = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Show one fact: type, unit, who provides it, whether it can be changed, its choices and help."""
    from yudi.cli.render import print_json

    chosen = language_of(lang)
    vocabulary = _vocabulary(edition, pack)
    fact = vocabulary.fact(key)
    if fact is None:
        close = get_close_matches(key, vocabulary.names(), n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "yudi facts list shows them all"
        raise NotFoundError(f"no fact is called {key!r}", hint=hint)
    data = _fact_data(fact)
    if as_json:
        print_json(data)
        return
    typer.echo(f"{fact.key}  {vocabulary.label(fact.key).get(chosen)}")
    for name in ("type", "unit", "system", "provider", "changeable"):
        if data.get(name):
            typer.echo(f"  {name}: {data[name]}")
    if fact.help.get(chosen):
        typer.echo(f"  {fact.help.get(chosen)}")
    for choice in fact.choices:
        label = fact.choice_labels.get(choice)
        typer.echo(f"  {choice}  {label.get(chosen) if label else ''}".rstrip())


def _vocabulary(edition: Path | None, packs: Sequence[str] | None) -> Vocabulary:
    from yudi.formats.rule_files import merged, read_packs, shipped_packs
    from yudi.stores.archive import open_edition
    from yudi.territory.facts import Vocabulary

    if edition is not None:
        if packs:
            message = "expected an edition or packs, got both"
            raise InputError(message, where=Where(field="--pack"), hint="an edition holds the rules of its packs")
        return open_edition(edition).rules.vocabulary
    rules = merged(read_packs(list(packs or shipped_packs()), Path()))
    return Vocabulary(rules.facts, rules.systems)


def _systems(vocabulary: Vocabulary, key: str) -> list[CodeSystem]:
    if key and key not in vocabulary.systems:
        hint = f"there are: {', '.join(sorted(vocabulary.systems)) or 'none'}"
        raise NotFoundError(f"no code system is called {key!r}", where=Where(field="--system"), hint=hint)
    return [system for name, system in vocabulary.systems.items() if not key or name == key]


def _code_data(system: CodeSystem, hit: CodeHit) -> dict[str, Any]:
    path = [{"code": code, "name": dict(system.names[code])} for code in hit.path]
    return {"system": system.key, "code": hit.code, "name": path[-1]["name"], "path": path, "why": hit.why}


def _code_line(system: CodeSystem, hit: CodeHit, lang: str, *, names_system: bool) -> str:
    names = {code: system.names[code].get(lang) or system.names[code].get("zh", "") for code in hit.path}
    above = " › ".join(f"{code} {names[code]}".strip() for code in hit.path[:-1])
    head = f"{system.key} " if names_system else ""
    return f"{head}{hit.code:6} {names[hit.code]}" + (f"  ({_say('in', lang)} {above})" if above else "")


def _fact_data(fact: Fact) -> dict[str, Any]:
    data: dict[str, Any] = {name: getattr(fact, name) for name in ("key", "type", "unit", "system", "provider")}
    data |= {"changeable": fact.changeable, "label": fact.label.as_data(), "help": fact.help.as_data()}
    if fact.choices:
        labels = fact.choice_labels
        data["choices"] = {key: labels[key].as_data() if key in labels else {} for key in fact.choices}
    return {name: value for name, value in data.items() if value not in (None, "")}


def _text(fact: Fact) -> str:
    words = (fact.label, fact.help, *fact.choice_labels.values())
    return " ".join([fact.key, *fact.choices, *(f"{text.zh} {text.en}" for text in words)]).casefold()


def _say(key: str, lang: str) -> str:
    return _SAYS[key][0 if lang == "zh" else 1]
