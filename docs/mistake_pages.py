"""Makes docs/mistakes/: one page a check, from the entries of the catalogue.

python docs/mistake_pages.py [FOLDER]       default: docs/mistakes
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from write_pages import write_pages

from descentlab.checks.comparing.reference import reference_runs
from descentlab.checks.comparing.rules import rule_difference
from descentlab.checks.judging import judge
from descentlab.checks.recording import evidence_bytes, record
from descentlab.checks.recording.probes import rule_probes
from descentlab.checks.spec import RuleCheck
from descentlab.exercises import find
from descentlab.exercises.catalogue import Mistake, catalogue
from descentlab.exercises.wrong_code import code_of

INTRODUCTION = """# Known mistakes

Wrong answers that learners give, one page a check. When an answer's numbers are exactly those of an entry,
on every probe and to rounding, the verdict names it. Each entry is the wrong code itself, in
`src/descentlab/exercises/<lesson>/mistakes.py`: these pages are made from it by `make pages`.

**To add a mistake,** add one entry to one file there and run the command. A test runs every entry and expects
its own name, and no other.

An answer that is no entry is compared with systematic edits of the rule's formula, one and then two at a
time ("your numbers are those of Adam with the root of v̂ left out"). What fits nothing is not named: the
verdict then says precisely what differs first.

| check | entries |
|---|---|
"""
HEAD = """<!-- Made from src/descentlab/exercises by `make pages`. -->

# Known mistakes: `{check}`
"""
BASE = """
An entry's class is derived from this one, unless it says otherwise:

```python
{code}
```
"""


def pages() -> dict[str, str]:
    """The text of each page by its file name."""
    checks = list(dict.fromkeys(entry.check for entry in catalogue()))
    texts = {}
    rows = []
    for check in checks:
        entries = [entry for entry in catalogue() if entry.check == check]
        name = f"{check.replace('/', '-')}.md"
        texts[name] = _page(check, entries)
        rows.append(f"| [`{check}`]({name}) | {len(entries)} |")
    return {"README.md": INTRODUCTION + "\n".join(rows) + "\n", **texts}


def _page(check: str, entries: list[Mistake]) -> str:
    bases = dict.fromkeys(entry.answer.__base__ for entry in entries if isinstance(entry.answer, type))
    shared = "".join(BASE.format(code=code_of(base.__name__, base)) for base in bases if base is not object)
    return HEAD.format(check=check) + shared + "".join(_entry(entry) for entry in entries)


def _entry(entry: Mistake) -> str:
    parts = [
        f"\n## `{entry.id}`\n",
        f"*{entry.what[:1].upper()}{entry.what[1:]}.*\n",
        f"**Why it happens.** {entry.why}\n",
        f"```python\n{entry.code}\n```\n",
        f"**What gives it away.** {entry.symptom} {_measured(entry)}\n",
        f"**The student reads.** {' '.join(filter(None, (entry.cause, entry.hint)))}\n",
    ]
    if entry.group:
        parts.append(f"Named `{entry.group}`, which other code ends in too.\n")
    return "\n".join(parts)


def _measured(entry: Mistake) -> str:
    """Where it is first seen and what it earns, with the numbers of a student's own check."""
    evidence = record(entry.check, entry.make(), 0)
    verdict = judge(entry.check, evidence, 0)
    earns = f"It earns {round(100 * verdict.fraction)} % of the points."
    check = find(entry.check)
    if not isinstance(check, RuleCheck):
        return earns
    actual = {run["probe"]: run for run in evidence_bytes.unpack(evidence)["runs"]}
    expected = reference_runs(entry.check, 0)
    with np.errstate(all="ignore"):
        for probe in rule_probes(check, 0):
            difference = rule_difference(probe, actual[probe.name], expected[probe.name])
            if difference is not None:
                return f"First seen in call {difference.call} of probe “{probe.name}”. {earns}"
    return earns


def main() -> None:
    """Write the pages; remove those of checks that have no entries any more."""
    write_pages(pages(), Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("mistakes")))


if __name__ == "__main__":
    main()
