"""`python benchmarks/repair.py [LESSON …]`: how often the places that a verdict names hold learners' slips.

`python benchmarks/repair.py answers` looks for places in the wrong answers of `tests/answers` instead. Both print how
often each kind of change finds one.

Each slip of `SLIPS` is made wherever it fits in the right answers of the lessons, and a few pairs of them in each. Printed:
how many make an answer wrong, for how many of these a place is named, and how often the places are on lines with slips.
The kinds of slips are those of surveys of learners' errors (Alzahrani and Vahid 2021; Ettles, Luxton-Reilly and Denny
2018) and of NumPy's beginners. The author of the list knew the table of changes: it shows what the table can do, not how
it generalizes.
"""

import linecache
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count as counting
from pathlib import Path
from typing import Any

import numpy as np

from autograde.course.assignments import lesson_paths
from autograde.release.texts import read_lesson
from descentlab.rule_check.definition import RuleCheck
from verdicts.courses import find
from verdicts.judging.verdict import judge
from verdicts.recorders import record
from verdicts.spec import FunctionCheck

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from student_answers import PASSED, answers
from student_places import where

PAIRS = 4
"""Of slips, in each answer."""
NUMBERS = counting()
WHAT = {"One": "one place or two", "Two": "two changes", "not": "nothing", "You": "what is never used"}
SLIPS = (
    ("a plus for a minus", r" - ", " + "),
    ("a minus for a plus", r" \+ ", " - "),
    ("+= for -=", r"-=", "+="),
    ("-= for +=", r"\+=", "-="),
    ("a division for a multiplication", r" \* ", " / "),
    ("a multiplication for a division", r" / ", " * "),
    ("one less in a range", r"range\((\w+)\)", r"range(\1 - 1)"),
    ("one more in a range", r"range\((\w+)\)", r"range(1, \1 + 1)"),
    ("a power too small", r"\*\*t\b", "**(t - 1)"),
    ("2 for 1", r"\b1\b", "2"),
    ("3 for 2", r"\b2\b", "3"),
    ("a square forgotten", r"\*\*2", ""),
    ("a root forgotten", r"np\.sqrt", ""),
    ("a sum for a mean", r"\.mean\(", ".sum("),
    ("a mean for a sum", r"\.sum\(", ".mean("),
    ("a maximum for a minimum", r"\bmin\(", "max("),
    ("a minimum for a maximum", r"\bmax\(", "min("),
    ("an absolute value forgotten", r"np\.abs|\babs", ""),
    ("an axis forgotten", r", axis=-?\d", ""),
    ("the first for the last", r"\[-1\]", "[0]"),
    ("the last for the first", r"\[0\]", "[-1]"),
    ("brackets forgotten", r"/ \(([^()]+)\)", r"/ \1"),
    ("1 minus forgotten", r"\(1 - ([\w.]+)\)", r"\1"),
    ("beta1 for beta2", r"beta2", "beta1"),
    ("a transpose forgotten", r"\.T\b", ""),
    ("< for <=", r"<=", "<"),
    ("a copy forgotten", r"\.copy\(\)", ""),
    ("the operands exchanged", r"(\w+) - (\w+)", r"\2 - \1"),
)


def right_answers() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each check of a function or class, its answer's name and code in the solution, and the names known there."""
    for path in lesson_paths(ROOT):
        if sys.argv[1:] and path.parent.name not in sys.argv[1:]:
            continue
        code, names = "", {"__name__": "__main__"}
        for cell in read_lesson(path).cells:
            known = cell.metadata.get("nbgrader", {})
            if known.get("solution") and cell.cell_type == "code":
                code = cell.source.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
                run(code, names)
            elif cell.cell_type == "code":
                run("\n".join(re.findall(r"^(?:import|from) .*", cell.source, re.MULTILINE)), names)
            call = re.match(r'check\("([\w/-]+)", (\w+)', cell.source)
            if call and known.get("grade") and isinstance(find(call[1]), RuleCheck | FunctionCheck):
                yield call[1], call[2], code, names


def slipped(code: str) -> Iterator[tuple[str, int, str]]:
    """The code with each slip at each place where it fits, and the number of its line."""
    for slip, pattern, replacement in SLIPS:
        for match in re.finditer(pattern, code):
            line = code.count("\n", 0, match.start()) + 1
            yield slip, line, code[: match.start()] + match.expand(replacement) + code[match.end() :]


def run(code: str, names: dict[str, Any]) -> None:
    """Run the code of a cell, which is kept as a notebook keeps it."""
    file = f"<cell {next(NUMBERS)}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    exec(compile(code, file, "exec"), names)


def made(code: str, name: str, names: dict[str, Any]) -> object:
    """The answer of a cell with this code; None where it cannot be made."""
    names = dict(names)
    try:
        run(code, names)
    except Exception:
        return None
    return names.get(name)


def slips_in(code: str, chance: random.Random) -> Iterator[tuple[str, set[int], str]]:
    """The code with one slip, then with two on different lines: how many, on which lines, and the code."""
    one = list(slipped(code))
    yield from (("one slip", {line}, text) for _, line, text in one)
    two = [
        ({line, other}, both) for _, line, text in one for _, other, both in slipped(text) if line != other
    ]
    yield from (("two slips", lines, text) for lines, text in chance.sample(two, min(PAIRS, len(two))))


def in_answers() -> None:
    """Print what is found in the answers of the tests."""
    wrong = [(one.check, one.make()) for one in answers().values() if one.expect != PASSED]
    found = [where(check, answer, {}) for check, answer in wrong if callable(answer)]
    said = [place.sentence if place else "nothing" for place in found]
    for what, count in Counter(sentence[:3] for sentence in said).most_common():
        print(f"{WHAT.get(what, 'a name that is not there'):24}{count:6}{count / len(said):8.0%}")
    print_kinds(said)


def print_kinds(said: list[str]) -> None:
    """Print how often sentences name each kind of change."""
    for kind, count in Counter(re.findall(r"look at ([^;.]+)", " ".join(said))).most_common():
        print(f"{count:6}  {kind}")


def main() -> None:
    """Print the table."""
    counts: Counter[tuple[str, str]] = Counter()
    seconds, sentences, chance = [], [], random.Random(0)
    for check, name, code, names in right_answers():
        kind = "class" if isinstance(find(check), RuleCheck) else "function"
        for slips, lines, text in slips_in(code, chance):
            answer = made(text, name, names)
            if answer is None or judge(check, record(check, answer, 0), 0).passed:
                continue
            row = f"{kind}, {slips}"
            counts[row, "wrong"] += 1
            begun = time.monotonic()
            found = where(check, answer, {})
            seconds.append(time.monotonic() - begun)
            said = found.sentence if found else "nothing"
            sentences.append(said)
            counts[row, said[:3]] += 1
            named = {int(line) for line in re.findall(r"line (\d+)", said, re.IGNORECASE)}
            alternatives = said.startswith("One change in either")
            if found and (named & lines if alternatives else named <= lines):
                counts[row, "on these lines"] += 1
            else:
                print(f"{check}, {slips} on lines {sorted(lines)}: {said}")
    for (row, what), count in sorted(counts.items()):
        print(f"{row:22}{WHAT.get(what, what):20}{count:6}{count / counts[row, 'wrong']:8.0%}")
    print(
        f"median {np.median(seconds):.2f} s, 9 of 10 below {np.quantile(seconds, 0.9):.2f} s, at most {max(seconds):.2f} s"
    )
    print_kinds(sentences)


if __name__ == "__main__":
    in_answers() if sys.argv[1:] == ["answers"] else main()
