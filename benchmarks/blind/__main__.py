"""How many wrong rules have a name in the verdict, set by set, and what readers judged of these verdicts.

    python benchmarks/blind               # the table; status 1 if a count is worse than in counts.json
    python benchmarks/blind --update      # and write counts.json
    python benchmarks/blind --to-judge    # code and verdict of each answer without a judgement

A set's `judged.json` has for each answer `judged` (true, vague, misleading or false) and the verdict that was
judged, `said`. A verdict that has changed since is to be judged again.
"""

import argparse
import inspect
import json
import re
import statistics
import sys
from collections import Counter
from typing import Any

from blind_collection import HERE, Blind, blind_sets

sys.path.pop(0)  # this folder
from descentlab.judging import run
from descentlab.judging.display import as_text, mimebundle
from descentlab.judging.verdict import Verdict

COUNTS = HERE / "counts.json"
JUDGEMENTS = ("true", "vague", "misleading", "false", "to judge")
COLUMNS = ("named", "unnamed", "wrong accepted", "right accepted", "right rejected", *JUDGEMENTS)
MORE_IS_WORSE = ("unnamed", "wrong accepted", "right rejected", "misleading", "false")


def said(verdict: Verdict) -> str:
    """What a judgement is of: cause and hint."""
    return f"{verdict.cause} | {verdict.hint}"


def judgement(verdict: Verdict, kept: dict[str, str]) -> str:
    """The judgement of this verdict; "to judge" where it was given of another."""
    return kept["judged"] if kept.get("said") in (verdict.cause, said(verdict)) else "to judge"


def columns(blind: Blind, verdict: Verdict, kept: dict[str, str]) -> tuple[str, ...]:
    """The columns in which an answer counts."""
    if not blind.mistakes:
        return ("right accepted" if verdict.passed else "right rejected",)
    if verdict.passed:
        return ("wrong accepted",)
    return "named" if verdict.mistake else "unnamed", judgement(verdict, kept)


def judgements(name: str) -> dict[str, dict[str, str]]:
    """What was judged of a set."""
    file = HERE / name / "judged.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def visible_words(verdict: Verdict) -> int:
    """How many words a student sees before opening anything."""
    html = mimebundle(verdict, 4.0)[0]["text/html"]
    return len(re.sub(r"<[^>]+>", " ", re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)).split())


def worse(counts: dict[str, dict[str, int]], committed: dict[str, dict[str, int]]) -> list[str]:
    """A line for each count that has grown and should not have."""
    return [
        f"{name}: {column} {before[column]} → {counts[name].get(column, 0)}"
        for name, before in committed.items()
        for column in MORE_IS_WORSE
        if counts[name].get(column, 0) > before[column]
    ]


def source(answer: Any) -> str:
    """The answer's code; of a value its text."""
    return inspect.getsource(answer) if callable(answer) else repr(answer)


def to_judge(blind: Blind, verdict: Verdict) -> str:
    """An answer's code, and below it the verdict as a student sees it."""
    kept = json.dumps({blind.name: {"judged": "?", "said": said(verdict)}}, ensure_ascii=False)
    title = f"## {blind.name}: {'; '.join(blind.mistakes)}"
    return f"{title}\n\n{source(blind.answer)}\n{as_text(verdict, 4)}\n{kept}\n"


def main() -> None:
    """Print the table, or what is to be judged."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--to-judge", action="store_true")
    options = parser.parse_args()
    counts, words = {}, []
    print("" if options.to_judge else f"{'':14}" + "".join(f"{column:>16}" for column in COLUMNS))
    for name, blinds in blind_sets().items():
        kept = judgements(name)
        counted: Counter[str] = Counter()
        for blind in blinds:
            verdict = run(blind.check, blind.answer, 0)
            found = columns(blind, verdict, kept.get(blind.name, {}))
            words += [visible_words(verdict)] if blind.mistakes else []
            counted.update(found)
            if options.to_judge and "to judge" in found:
                print(f"# {name}\n{to_judge(blind, verdict)}")
        counts[name] = {column: counted[column] for column in COLUMNS}
        if not options.to_judge:
            print(f"{name:14}" + "".join(f"{counted[column]:16}" for column in COLUMNS))
    if not options.to_judge:
        print(f"visible words of a verdict: {statistics.median(words):g} in the median, {max(words)} at most")
    if options.update:
        COUNTS.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    lines = worse(counts, json.loads(COUNTS.read_text(encoding="utf-8")))
    sys.exit("\n".join(["worse than counts.json:", *lines]) if lines else 0)


if __name__ == "__main__":
    main()
