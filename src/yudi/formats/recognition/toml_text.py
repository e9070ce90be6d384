"""A proposal as the text of a `scheme.toml`: grounds as comments, what a person must fill as lines to uncomment."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from yudi.core.words import Words
from yudi.formats.recognition.proposal import Decision, Open, Part, Proposal

__all__ = ["toml_text", "toml_value", "wrapped"]

_WIDTH = 110
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONFIDENCE = {
    "high": Words("", ""),
    "medium": Words("较有把握", "likely"),
    "low": Words("请核对", "check"),
}
_SAY = {
    "head": Words(
        "由 yudi edition init 建议。每行的依据写在旁边；“待填”各行须由人填写，填好后：yudi edition build scheme.toml --out 文件夹",
        "Proposed by yudi edition init. The ground of each line stands beside it; lines marked TO FILL are for a person. "
        "Then: yudi edition build scheme.toml --out FOLDER",
    ),
    "must": Words("待填（必填）", "TO FILL (required)"),
    "may": Words("待填（可不填）", "TO FILL (optional)"),
    "off": Words("未启用：", "Left out: "),
    "files": Words("没有用上的文件", "Files that are not used"),
}
_SPOKEN = ("units", "zones", "reference", "rival")  # these have a table of their own, with what keeps them from use


def toml_text(proposal: Proposal, lang: str) -> str:
    """Return the file's text in a language, ``zh`` or ``en``.

    Values without ground have no comment. A table that is left out is commented line by line.
    """
    lines = list(_comment(_SAY["head"].get(lang)))
    for remark in proposal.remarks:
        lines += _comment(remark.get(lang))
    lines.append("")
    for part in proposal.parts:
        lines += _part(part, lang)
        lines.append("")
    lines += _unused(proposal, lang)
    return "\n".join(lines).rstrip() + "\n"


def _unused(proposal: Proposal, lang: str) -> Iterator[str]:
    """Yield the files that cannot be used, or of which nothing was recognised, each with why."""
    files = [one for one in proposal.files if (one.is_problem or not one.role) and one.role not in _SPOKEN]
    if files:
        yield from _comment(_SAY["files"].get(lang))
    for one in files:
        name = f"{one.file} · {one.part}" if one.part else one.file
        said = one.said.get(lang)
        yield from _comment(f"  {name}  {said}".rstrip())


def _part(part: Part, lang: str) -> Iterator[str]:
    notes = [note.get(lang) for note in part.notes]
    joint = "；" if lang == "zh" else "; "
    if notes or part.is_off:
        said = joint.join(notes)
        yield from _comment(f"{_SAY['off'].get(lang)}{said}" if part.is_off else said)
    off = "# " if part.is_off else ""
    if part.head:
        yield off + part.head
    grouped = {one.key.partition(".")[0] for one in part.entries if isinstance(one, Decision) and "." in one.key}
    done: set[str] = set()
    for entry in part.entries:
        first, dot, _ = entry.key.partition(".")
        if isinstance(entry, Open):
            yield from _open(entry, lang)
        elif dot and first in grouped:
            if first not in done:
                done.add(first)
                yield from _group(first, part, lang, off)
        else:
            yield from _line(f"{off}{_key(entry.key)} = {toml_value(entry.value)}", _ground(entry, lang), off)


def _group(name: str, part: Part, lang: str, off: str) -> Iterator[str]:
    """Yield a table within a table on one line, each of its values with its ground above it."""
    members = [one for one in part.entries if isinstance(one, Decision) and one.key.startswith(f"{name}.")]
    for one in members:
        ground = _ground(one, lang)
        if ground:
            colon = "：" if lang == "zh" else ": "
            yield from _comment(f"{one.key.partition('.')[2]} ← {one.value}{colon}{ground}")
    yield f"{off}{name} = {toml_value({one.key.partition('.')[2]: one.value for one in members})}"


def _ground(entry: Decision, lang: str) -> str:
    said = [entry.ground.get(lang), *(rival.get(lang) for rival in entry.rivals)]
    sure = _CONFIDENCE[entry.confidence].get(lang)
    joint = "；" if lang == "zh" else "; "
    return joint.join(text for text in (*said, sure if any(said) else "") if text)


def _open(entry: Open, lang: str) -> Iterator[str]:
    mark = _SAY["must" if entry.is_required else "may"].get(lang)
    colon = "：" if lang == "zh" else ": "
    yield from _line(f"# {entry.write}", f"{mark}{colon}{entry.why.get(lang)}", "# ")


def _line(text: str, ground: str, off: str) -> Iterator[str]:
    if not ground:
        yield text
    elif _cells(text) + _cells(ground) + 4 <= _WIDTH:
        yield f"{text}  # {ground}"
    else:
        yield from _comment(ground)
        yield text
    assert off in ("", "# ")


def _comment(text: str) -> Iterator[str]:
    """Yield a text as lines of comment, broken at the width of a screen; wide letters count twice."""
    for paragraph in text.splitlines() or [""]:
        yield from (f"# {line}" for line in wrapped(paragraph, _WIDTH - 2))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a text, broken behind a stop or blank in the last third of a line, else anywhere.

    Parameters
    ----------
    width : int
        Cells of a line; wide letters take two.

    Examples
    --------
    >>> list(wrapped("名称含单元，编码符合", 14)), list(wrapped("a b", 2))
    (['名称含单元，', '编码符合'], ['a', 'b'])
    """
    rest = text
    while _cells(rest) > width:
        end = next(place for place in range(len(rest), 0, -1) if _cells(rest[:place]) <= width)
        stops = [place for place in range(end, end * 2 // 3, -1) if rest[place - 1] in "，；：、。 "]
        cut = stops[0] if stops else end
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def toml_value(value: Any) -> str:
    r"""Return a value as TOML writes it, tables in one line.

    Examples
    --------
    >>> toml_value({"zh": "甲", "a b": [1, 2.5, True]}), toml_value(r"\d")
    ('{ zh = "甲", "a b" = [1, 2.5, true] }', "'\\d'")
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(str(key))} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    text = str(value)
    if "\\" in text and "'" not in text and "\n" not in text:
        return f"'{text}'"
    return _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)
