"""The exercises, one folder per lesson. What is in a `withheld` folder never goes into the grader's sandbox:

    checks.py                problems
    criteria.txt             tolerances and the like; what is judged by itself, and its share of the points
    withheld/reference.py    the expected results of functions and values; a rule's is its class in `descentlab.rules`.
                             Problems that are made from their answers are drawn here, too
    withheld/derivations.md  the answer derived, shown when the check has passed
    withheld/mistakes.md     hints, and known wrong answers: see docs/extending.md

The checks of a new folder are found there. `Lessons` is what the engine knows of this course; modules withheld from the
grader's sandbox are imported late.
"""

from ast import literal_eval
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.registry import EARLIER, RULES, SYMBOLS
from descentlab.rule_check.definition import RuleCheck
from descentlab.rule_check.rule_runs import record_rule
from verdicts.courses import BoxFiles, CourseContent
from verdicts.sentences import headed
from verdicts.spec import Check, Criterion

BOXED = (
    "*.py", "rules.toml", "exercises/*.py", "exercises/*/__init__.py", "figures/*.py", "models/**/*", "rule_check/*.py",
    "rules/__init__.py", "rules/inputs.py",
)  # fmt: skip
"""The files that a box holds whatever is asked."""
PACKAGE = Path(__file__).resolve().parents[1]
NOTEBOOKS = (PACKAGE / "notebooks", PACKAGE.parents[1] / "notebooks")  # of a wheel, of a clone


@cache
def all_checks() -> dict[str, Check]:
    """Every check of the course by its name, in the order of the lessons' files.

    Raises:
        ValueError: two checks have the same name.
    """
    checks: dict[str, Check] = {}
    for of_lesson in checks_by_lesson().values():
        for check in of_lesson:
            if check.name in checks:
                raise ValueError(f"two checks are named {check.name!r}")
            checks[check.name] = check
    return checks


def checks_by_lesson() -> dict[str, list[Check]]:
    """The checks in each lesson's folder, with the criteria of its table."""
    folder = Path(__file__).parent
    table = dict(headed(*folder.glob("*/criteria.txt")))
    lessons = sorted(file.parent.name for file in folder.glob("*/checks.py"))
    return {
        lesson: [
            _with_lines(check, table.get(check.name, []))
            for check in import_module(f"{__name__}.{lesson}.checks").CHECKS
        ]
        for lesson in lessons
    }


def _with_lines(check: Check, lines: Iterable[list[str]]) -> Check:
    """A check with what its lines in criteria.txt say: a criterion, or a field and its value."""
    said: dict[str, Any] = {}
    for first, *cells in lines:
        if cells:
            said["criteria"] = *said.get("criteria", ()), _criterion(first, *cells)
        else:
            name, _, value = first.partition(": ")
            said[name] = literal_eval(value)
    return replace(check, **said)


def _criterion(name: str, weight: str, *cells: str) -> Criterion:
    """A line of criteria.txt: what is no problem has its name before a colon."""
    named = {key: value for key, colon, value in (cell.partition(": ") for cell in cells) if colon}
    return Criterion(
        name,
        float(weight),
        tuple(cell for cell in cells if ": " not in cell),
        of_arguments=named.get("of") == "arguments",
        part=named.get("part", ""),
        needs=(named["needs"],) if "needs" in named else (),
    )


class Lessons(CourseContent):
    """The lessons of descentlab."""

    symbols = SYMBOLS
    lent = tuple(RULES)
    lent_methods = ("update",)
    earlier = EARLIER
    kept_file = "my_rules.py"
    kept_head = (
        "# Your rules, kept when their checks passed: later lessons draw with them.\nimport numpy as np\n"
    )
    drawn = ("descentlab.figures",)
    reference_files = ("rules/*.py", "exercises/*/withheld/reference.py")
    lessons = next(filter(Path.is_dir, NOTEBOOKS), None)
    start_page = """\
# descentlab

How does a net learn? By gradient descent, and by rules that improve on it. In each lesson you guess what a rule does,
derive it, write it, and let a check tell you whether it is right, or what went wrong.
"""

    def checks(self) -> Mapping[str, Check]:
        return all_checks()

    def recorders(self) -> Mapping[type, Any]:
        return {RuleCheck: record_rule}

    def examiners(self) -> Mapping[type, Any]:
        from descentlab.rule_diagnosis.rule_examiner import RuleExaminer

        return {RuleCheck: RuleExaminer}

    def reference(self, check: Check) -> Any:
        """A rule's class in `descentlab.rules`; else a function of the lesson's `withheld/reference.py`.

        That of sgd/noise-floor is `noise_floor`. It takes a probe's `data`, {} for a value: that is not the
        signature asked of students, so that none is an answer.
        """
        if isinstance(check, RuleCheck):
            return self.lend(check.rule)
        lesson, _, what = check.name.partition("/")
        return getattr(import_module(f"{__name__}.{lesson}.withheld.reference"), what.replace("-", "_"))

    def is_reference(self, module: str) -> bool:
        return module.startswith("descentlab.rules")

    def texts(self, name: str) -> list[Path]:
        return sorted(Path(__file__).parent.glob(f"*/withheld/{name}"))

    def box_files(self, names: Collection[str] | None, for_solution: bool = False) -> BoxFiles:
        """Figures, models and what the checks ask; a solution is given every rule and helper.

        `earlier` gives the rules of lessons before the first that an assignment asks for: a later one may hold it,
        as momentum of zero is plain descent.
        """
        asked = [check for name, check in all_checks().items() if names is None or name in names]
        first = min((RULES[check.lends].lesson for check in asked if check.lends), default="~")
        rules = [name for name in EARLIER if for_solution or RULES[name].lesson < first]
        helpers = () if for_solution else filter(None, (getattr(check, "stated_by", "") for check in asked))
        return BoxFiles(
            (
                *BOXED,
                *(f"rules/{name.lower()}.py" for name in rules),
                *{f"exercises/{check.name.partition('/')[0]}/*.*" for check in asked},
            ),
            frozenset(check.name for check in asked),
            tuple(helpers),
            pictures="descentlab.explorers",
        )

    def lend(self, name: str) -> type:
        from descentlab import rules  # nothing of them is loaded before one is lent

        return getattr(rules, name)

    def try_kept(self, kept: type) -> None:
        kept(0.1).update({"x": np.zeros(1)}, {"x": np.ones(1)})
