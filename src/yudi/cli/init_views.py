"""What the terminal shows of a proposed scheme: files by what they are, on which ground, and what is left to fill."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from yudi.cli.render import console_of
from yudi.core.words import Words
from yudi.formats.recognition.proposal import Proposal, SeenFile
from yudi.formats.recognition.toml_text import wrapped

__all__ = ["show_proposal"]

_ROLES = {
    "units": Words("管控单元", "units"),
    "zones": Words("环境要素管控分区", "element zones"),
    "reference": Words("参考图层", "reference layers"),
    "list": Words("准入清单", "lists"),
    "status": Words("状况表", "status tables"),
    "areas": Words("区域名称", "names of areas"),
    "published": Words("公布数字", "published figures"),
    "formalised": Words("已结构化", "formalised"),
    "rules": Words("规则", "rules"),
    "pack": Words("规则包", "packs"),
    "rival": Words("另一版", "rivals"),
}
_UNUSED = {
    "": Words("没有角色", "no role"),
    "notes": Words("说明", "notes"),
    "empty": Words("空表", "empty sheets"),
    "document": Words("文档", "documents"),
    "project": Words("制图工程", "map projects"),
    "picture": Words("图片", "pictures"),
    "part": Words("附属文件", "companions"),
    "scheme": Words("已有方案", "a scheme"),
    "edition": Words("版本", "editions"),
    "junk": Words("系统文件", "system files"),
    "other": Words("其他", "others"),
}
_SAY = {
    "found": Words("共 {} 个文件，认出 {} 个", "files: {}, recognised: {}"),
    "broken": Words("不能使用", "Cannot be used"),
    "unused": Words("未用", "Not used"),
    "must": Words("必须由人填写", "For you to fill"),
    "may": Words(
        "可以填写的另有 {} 处，文件中标为“待填（可不填）”",
        "{} more that you may fill, marked TO FILL (optional) in the file",
    ),
    "check": Words("请核对", "Please check"),
    "written": Words("已写入 {}，每行依据在旁", "Written: {}, each line with its ground"),
    "next": Words("填好上面各项后：", "Fill in the above, then: "),
    "more": Words("另有 {} 项", "and {} more"),
    "beyond": Words("没有看", "Not looked at"),
}
_COUNTS = {"features": Words("{} 个要素", "features: {}"), "rows": Words("{} 行", "rows: {}")}
_SHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv")
_TABLES = ("list", "status", "published", "formalised")
_SHOWN = 6  # files of a role that are shown one by one
_NAMES = 8  # names that a line holds


def show_proposal(proposal: Proposal, target: str, *, lang: str) -> None:
    """Print what was recognised, what cannot be used, and what a person must say."""
    console = console_of()
    known = [one for one in proposal.files if one.role in _ROLES and not one.is_problem]
    count = len({one.file for one in proposal.files})
    head = _SAY["found"].get(lang).format(count, len(known))
    console.print(Text.assemble((proposal.folder, "bold"), f"  {head}"))
    console.print()
    _roles(console, known, lang)
    for key, files in (("broken", _broken(proposal)), ("beyond", [f for f in proposal.files if f.role == "beyond"])):
        if files:
            console.print()
            console.print(Text(_SAY[key].get(lang), style="bold"))
            for one in files:
                _entry(console, _name(one), one.said.get(lang))
    _unused(console, proposal.files, lang)
    _checks(console, proposal, lang)
    _fills(console, proposal, lang)
    console.print()
    console.print(Text(_SAY["written"].get(lang).format(target), style="bold"))
    console.print(Text(f"{_SAY['next'].get(lang)}yudi edition build {target} --out edition"))


def _roles(console: Console, known: Sequence[SeenFile], lang: str) -> None:
    for role, label in _ROLES.items():
        files = [one for one in known if one.role == role]
        if not files:
            continue
        console.print(Text.assemble((label.get(lang), "bold cyan"), f"  {len(files)}"))
        if len(files) > _SHOWN:
            _entry(console, "", ", ".join(_stem(one) for one in files))
            continue
        for one in files:
            number = (
                _COUNTS["rows" if one.file.lower().endswith(_SHEETS) or role in _TABLES else "features"]
                .get(lang)
                .format(one.count)
            )
            _entry(
                console,
                _name(one),
                _short("  ".join(part for part in (number if one.count >= 0 else "", one.said.get(lang)) if part)),
            )


def _short(text: str) -> str:
    return text if len(text) <= 240 else f"{text[:238]}…"


def _name(one: SeenFile) -> str:
    return f"{one.file} · {one.part}" if one.part else one.file


def _stem(one: SeenFile) -> str:
    return one.part or one.file.rpartition("/")[2].rpartition(".")[0] or one.file


def _broken(proposal: Proposal) -> list[SeenFile]:
    return [one for one in proposal.files if one.is_problem and one.role != "beyond"]


def _entry(console: Console, title: str, text: str, *, style: str = "") -> None:
    """Print a name and what is said of it, dimmed; what does not fit a line goes on below, further in."""
    if console.soft_wrap:
        console.print(Text.assemble("  ", (title, style), ("  " if title and text else "") + text))
        return
    lines = list(wrapped(f"{title}  {text}" if title and text else title + text, max(console.width - 5, 20)))
    for place, line in enumerate(lines):
        head = line[: len(title)] if not place else ""
        indent = "  " if not place else "    "
        console.print(Text.assemble(indent, (head, style), (line[len(head) :], "dim")), no_wrap=True)


def _unused(console: Console, files: Sequence[SeenFile], lang: str) -> None:
    rows = []
    for role, label in _UNUSED.items():
        names = [_name(one) for one in files if one.role == role and not one.is_problem]
        if names:
            more = f" {_SAY['more'].get(lang).format(len(names) - _NAMES)}" if len(names) > _NAMES else ""
            rows.append((label.get(lang), f"{', '.join(names[:_NAMES])}{more}"))
    if rows:
        console.print()
        console.print(Text(_SAY["unused"].get(lang), style="bold"))
        for title, said in rows:
            _entry(console, title, said)


def _checks(console: Console, proposal: Proposal, lang: str) -> None:
    """Print what is proposed with little confidence, or against a rival."""
    joint = "；" if lang == "zh" else "; "
    doubtful = [
        (name, one.value, joint.join(said.get(lang) for said in (one.ground, *one.rivals) if said))
        for name, part, one in proposal.decisions()
        if not part.is_off and one.confidence == "low"
    ]
    if not doubtful and not proposal.remarks:
        return
    console.print()
    console.print(Text(_SAY["check"].get(lang), style="bold yellow"))
    for name, value, said in doubtful:
        _entry(console, f"{name} = {value}", said)
    for remark in proposal.remarks:
        _entry(console, "·", remark.get(lang))


def _fills(console: Console, proposal: Proposal, lang: str) -> None:
    points = [(name, one) for name, part, one in proposal.open_points() if not part.is_off]
    console.print()
    must = [(name, one) for name, one in points if one.is_required]
    if must:
        console.print(Text(_SAY["must"].get(lang), style="bold red"))
        for name, one in must:
            _entry(console, name, one.why.get(lang))
    rest = len(points) - len(must)
    if rest:
        console.print(Text(_SAY["may"].get(lang).format(rest), style="dim"))
