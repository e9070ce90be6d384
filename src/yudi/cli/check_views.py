"""What the terminal shows of a check of rules: findings by severity, each with its place and its cure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from yudi.cli.render import console_of, print_json
from yudi.cli.wrapping import print_indented
from yudi.territory.rule_checks import SEVERITIES, RuleFinding

__all__ = ["COUNT_WORDS", "SEVERITY_WORDS", "show_findings"]

SEVERITY_WORDS = {
    "error": ("错误", "error", "bold red"),
    "warning": ("警告", "warning", "bold yellow"),
    "info": ("提示", "info", "bold cyan"),
}
COUNT_WORDS = {
    "error": ("错误 {}", "errors {}"),
    "warning": ("警告 {}", "warnings {}"),
    "info": ("提示 {}", "infos {}"),
}


def show_findings(
    findings: Sequence[RuleFinding], counts: dict[str, int], name: str, *, as_json: bool, lang: str
) -> None:
    """Print what a check found, errors first, and how many there are of each severity.

    Parameters
    ----------
    counts : dict
        How many own clauses, terms, inferences and cases were looked at.
    name : str
        The pack, or the edition's folder; "" for all packs that are shipped.
    """
    tally = Counter(finding.severity for finding in findings)
    if as_json:
        data = {"checked": name, **counts, **{f"{key}s": tally[key] for key in SEVERITIES}}
        print_json({**data, "findings": [finding.as_data() for finding in findings]})
        return
    side = 0 if lang == "zh" else 1
    console = console_of()
    for finding in findings:
        word, style = SEVERITY_WORDS[finding.severity][side], SEVERITY_WORDS[finding.severity][2]
        place = f"{finding.where}: " if str(finding.where) else ""
        colon = "：" if lang == "zh" else ": "
        head = Text.assemble((word, style), f"{colon}{place}{finding.text.get(lang)}", (f"  [{finding.kind}]", "dim"))
        print_indented(console, head, 0)
        if cure := finding.cure.get(lang):
            text = Text(f"{'建议：' if lang == 'zh' else 'hint: '}{cure}", style="dim")
            print_indented(console, text, 4)
    said = [COUNT_WORDS[key][side].format(tally[key]) for key in SEVERITIES]
    looked = "、".join(f"{_KINDS[key][0]} {count}" for key, count in counts.items())
    if lang != "zh":
        looked = ", ".join(f"{count} {_KINDS[key][1]}" for key, count in counts.items())
    colon = "：" if lang == "zh" else ": "
    console.print(Text(colon.join(part for part in (name, looked) if part)))
    console.print(Text(" · ".join(said), style="bold"))


_KINDS = {
    "clauses": ("条款", "clauses"),
    "terms": ("术语", "terms"),
    "inferences": ("推断", "inferences"),
    "cases": ("用例", "cases"),
}
