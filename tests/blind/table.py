"""What readers judged of a blind set, as one table; or what is still to be judged, as a student sees it.

    python tests/blind/table.py tests/blind/sets/NAME              # the table
    python tests/blind/table.py tests/blind/sets/NAME --to-judge   # verdicts that have no judgement yet

A set is a folder of `*_rules.py`, written with `wrong` (and `right`) of `blind_collection`; beside them
`judged.json`:

    {"adam-NoCorrection": {"judged": "true", "said": "Your numbers are those of …"}, …}

`judged` is true (and points), vague, misleading or false. Who judges reads `--to-judge`: the code, and
below it the verdict.
A sentence that has changed since is to be judged again.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from blind_collection import Blind, of_folder

from descentlab.checks import run
from descentlab.checks.judging import Verdict
from descentlab.checks.judging.display import as_text

POINTS = 4
"""Of the headline that a reader sees; no judgement hangs on it."""
JUDGEMENTS = ("true", "vague", "misleading", "false")
COLUMNS = (*JUDGEMENTS, "accepted", "nothing said", "to judge")


def said(verdict: Verdict) -> str:
    """Cause and hint, which is what a judgement is of."""
    return f"{verdict.cause} | {verdict.hint}"


def judgement(verdict: Verdict, kept: dict[str, str] | None) -> str:
    """The column of one answer."""
    if verdict.passed:
        return "accepted"
    if not verdict.hint and not verdict.mistake:
        return "nothing said"
    if kept is None or kept.get("said") != said(verdict) or kept.get("judged") not in JUDGEMENTS:
        return "to judge"
    return kept["judged"]


def table(rules: list[Blind], judged: dict[str, dict[str, str]]) -> str:
    """Rows: one mistake, two mistakes. Columns: how many, and the share of each judgement."""
    rows = [f"{'':14s}{'n':>6s}" + "".join(f"{name:>14s}" for name in COLUMNS)]
    for count, title in ((1, "one mistake"), (2, "two mistakes"), (0, "right")):
        some = [rule for rule in rules if len(rule.mistakes) == count]
        if not some and not count:
            continue  # few sets have any
        found = Counter(judgement(run(rule.check, rule.answer, 0), judged.get(rule.name)) for rule in some)
        shares = (f"{found[name]} ({found[name] / max(1, len(some)):.0%})" for name in COLUMNS)
        rows.append(f"{title:14s}{len(some):6d}" + "".join(f"{share:>14s}" for share in shares))
    return "\n".join(rows)


def to_judge(rules: list[Blind], judged: dict[str, dict[str, str]]) -> str:
    """The verdicts without a judgement that holds, as a student sees them, each below its code."""
    parts = []
    for rule in rules:
        verdict = run(rule.check, rule.answer, 0)
        if judgement(verdict, judged.get(rule.name)) == "to judge":
            kept = json.dumps({rule.name: {"judged": "?", "said": said(verdict)}}, ensure_ascii=False)
            code = inspect.getsource(rule.answer)
            title = f"## {rule.name}: {'; '.join(rule.mistakes)}"
            parts.append(f"{title}\n\n{code}\n{as_text(verdict, POINTS)}\n{kept}\n")
    return "\n".join(parts)


def main(folder: str = "--help", *options: str) -> None:
    """Print the table of a set, or what is to be judged of it."""
    if folder in ("--help", "-h"):
        print(__doc__)
        return
    path = Path(folder)
    if not path.is_dir():
        sys.exit(f"{folder} is no folder: give that of a set, with its *_rules.py and judged.json")
    kept = path / "judged.json"
    judged = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    rules = of_folder(path)
    print(to_judge(rules, judged) if "--to-judge" in options else table(rules, judged))


if __name__ == "__main__":
    main(*sys.argv[1:])
