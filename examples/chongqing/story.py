"""Tell in the terminal what the sample city answers: `python examples/chongqing/story.py SCHEME_FOLDER EDITION`.

Each scene is one call of `yudi screen --brief`; the words are in Chinese where the environment speaks it, else in English.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCENES = (
    (
        "battery-300m",
        "2026-11-24",
        "电池材料厂，距长江岸线 300 米：禁止，以及为什么",
        "A battery-materials plant 300 m from the Yangtze: prohibited, and why",
    ),
    (
        "battery-2km",
        "2026-11-24",
        "同一工厂移到 2 公里外的化工园区：推定有条件，还有哪些问题",
        "The same plant 2 km away, in a chemical park: presumed conditional, and which questions stay",
    ),
    (
        "battery-2km",
        "2026-08-14",
        "生态环境法典施行前一天，同一问题：引用的是旧法",
        "The day before the Ecological and Environmental Code: the same question cites the old laws",
    ),
    (
        "battery-2km",
        "2026-08-15",
        "法典施行之日：引用的是法典",
        "The day on which it is in force: the Code is cited",
    ),
    (
        "pumped-storage-redline",
        "2026-11-24",
        "生态保护红线内的抽水蓄能电站",
        "A pumped-storage project in an ecological redline",
    ),
    ("software-park", "2026-11-24", "软件园：没有条款阻止它", "A software park that nothing stops"),
    ("half-outside", "2026-11-24", "选址一半在本方案之外", "A site half outside what the scheme covers"),
)


def is_chinese() -> bool:
    """Whether the environment asks for Chinese."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((value for name in names if (value := os.environ.get(name))), "").startswith("zh")


def main() -> int:
    """Run the scenes one after another; end with the first status that is not 0."""
    scheme, edition = map(Path, sys.argv[1:3])
    for number, (project, day, zh, en) in enumerate(SCENES, 1):
        title = f"{number}. {zh if is_chinese() else en}"
        print(f"\n{title}\n{'─' * 78}", flush=True)
        path = scheme / "projects" / f"{project}.json"
        call = ["screen", str(path), "--edition", str(edition), "--as-of", day, "--brief"]
        print(f"$ yudi {' '.join(call)}", flush=True)
        status = subprocess.run([sys.executable, "-m", "yudi", *call], check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
