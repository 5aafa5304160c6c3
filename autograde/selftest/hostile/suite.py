"""Running the hostile suite on this machine, with honest submissions between the attacks."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from autograde.sandbox import Limits, Pool, RunResult
from autograde.sandbox.conversation import CLOCK_FACTOR
from autograde.selftest.hostile import (
    attacked_class,
    forging,
    inline_checks,
    notebook_files,
    readers,
    resources,
    secrets,
    tricks,
)
from autograde.selftest.hostile.attack import (
    CHECK,
    LEFT_OUT,
    RIGHT,
    Attack,
    AttackSubmission,
    AttackTrial,
    Elsewhere,
    HostileCase,
    NotCovered,
)
from autograde.selftest.hostile.boxes import CHECK_SEED, LIMITS, SEED, printed, tasks

GROUPS: Mapping[str, tuple[HostileCase, ...]] = {
    "forging": forging.CASES,
    "class": notebook_files.CASES + readers.CASES,
    "secrets": secrets.CASES,
    "resources": resources.CASES,
    "tricks": tricks.CASES,
    "inline": inline_checks.CASES,
}
CASES = tuple(chain(*GROUPS.values()))
SWEEP = 25.0  # seconds that ending and replacing a box may take beyond a case's own limits
# What grading and pages leave next to a notebook.
OWN_FILES = {attacked_class.NOTEBOOK, ".autograde", "hw.json", "hw.page", "timestamp.txt"}
HELD, BROKEN, ELSEWHERE, OPEN = "holds", "BROKEN", "by test", "not covered"


@dataclass(frozen=True)
class AttackOutcome:
    """What became of a case: one of HELD, BROKEN, ELSEWHERE, OPEN, and in a few words what was seen."""

    case: HostileCase
    state: str
    seen: str


class Suite:
    """The cases, run in order; the honest answer is run after each attack and must stay what it was."""

    def __init__(self, cases: tuple[HostileCase, ...] = CASES) -> None:
        self.cases = cases

    def run(self, watch: Callable[[AttackOutcome], None] = lambda outcome: None) -> list[AttackOutcome]:
        """All outcomes in the order of the cases; `watch` is told of each as it comes."""
        os.environ[secrets.SECRET] = secrets.SECRET
        outcomes = []
        try:
            for outcome in self._outcomes():
                outcomes.append(outcome)
                watch(outcome)
        finally:
            del os.environ[secrets.SECRET]
        return sorted(outcomes, key=lambda outcome: self.cases.index(outcome.case))

    def _outcomes(self) -> Iterator[AttackOutcome]:
        for case in self.cases:
            if isinstance(case, Elsewhere):
                yield AttackOutcome(case, ELSEWHERE, case.test)
            elif isinstance(case, NotCovered):
                yield AttackOutcome(case, OPEN, case.reason)
        attacks = [case for case in self.cases if isinstance(case, Attack)]
        if attacks:
            with Pool(jobs=1, limits=LIMITS) as pool:
                yield from (Attacked(pool).outcome(case) for case in attacks)
        for case in self.cases:
            if isinstance(case, AttackTrial):
                yield _tried(case)
        submissions = [case for case in self.cases if isinstance(case, AttackSubmission)]
        if submissions:
            yield from _class_with(submissions)


class Attacked:
    """A pool that attacks are run in."""

    honest: RunResult | None = None

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def outcome(self, case: Attack) -> AttackOutcome:
        """Run a case, the submission after it, and an honest one."""
        if self.pool.tier < case.from_tier:
            return AttackOutcome(
                case, OPEN, f"held from tier {case.from_tier} on; this is tier {self.pool.tier}"
            )
        before = self._honest()
        limits = replace(LIMITS, **case.settings)
        started = time.monotonic()
        result = self.pool.submit_run(tasks(case.cells), SEED, limits).result()
        seconds = time.monotonic() - started
        after = self.pool.submit_run(tasks(case.then), SEED).result() if case.then else None
        wrong = (
            _breach(result)
            or (after and _breach(after))
            or _flags(case, result)
            or _score(case, result)
            or _time(limits, len(case.cells), seconds)
            or _same(before, self._honest())
        )
        if wrong:
            return AttackOutcome(case, BROKEN, wrong)
        return AttackOutcome(case, HELD, ", ".join(result.flags) or "nothing came of it")

    def _honest(self) -> RunResult:
        return self.pool.submit_run(tasks((RIGHT, "x = 1; x", CHECK)), SEED).result()


def _breach(result: RunResult) -> str | None:
    text = printed(result)
    return text[text.index("BREACH") :][:200] if "BREACH" in text else None


def _flags(case: Attack, result: RunResult) -> str | None:
    odd = set(result.flags) - case.flags
    if odd:
        return f"flagged {', '.join(sorted(odd))}; {printed(result)[-160:]}"
    if case.stopped and not result.flags:
        return "was not stopped"
    return None


def _score(case: Attack, result: RunResult) -> str | None:
    if case.score is None:
        return None
    from verdicts import judging

    graded = [cell for cell, source in zip(result.cells, case.cells, strict=True) if source.endswith(CHECK)]
    fractions = [judging.judge("sgd/update", cell.evidence, CHECK_SEED).fraction for cell in graded]
    if case.score == "right":
        return None if fractions[0] == 1.0 else f"a right answer got {fractions[0]:g} of the points"
    return f"got {max(fractions):g} of the points" if max(fractions) > 0.0 else None


def _time(limits: Limits, cells: int, seconds: float) -> str | None:
    bound = CLOCK_FACTOR * min(limits.wall_seconds, limits.cell_seconds * cells) + SWEEP
    return f"took {seconds:.0f} s, more than {bound:.0f}" if seconds > bound else None


def _same(before: RunResult, after: RunResult) -> str | None:
    if before.cells == after.cells and before.flags == after.flags == ():
        return None
    return f"the next honest submission changed: {after.flags} {printed(after)[-160:]}"


def _tried(case: AttackTrial) -> AttackOutcome:
    try:
        wrong = case.holds()
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    return AttackOutcome(case, BROKEN if wrong else HELD, (wrong or "nothing came of it")[:200])


def _class_with(cases: list[AttackSubmission]) -> Iterator[AttackOutcome]:
    """Grade the cases in one class, write its pages, and look at both."""
    with attacked_class.classroom() as course:
        students = course.hand_in(cases)
        results = course.grade()
        pages = course.pages()
        wronged = [
            name
            for name in attacked_class.HONEST
            if (results[name].score, results[name].flags) != (attacked_class.POINTS, ())
        ]
        active = {name: attacked_class.active_content(page) for name, page in pages.items()}
        for student, case in students.items():
            wrong = _graded_wrongly(case, results.get(student))
            if not wrong and wronged:
                wrong = f"honest classmates got another grade: {', '.join(wronged)}"
            if not wrong and active.get(student):
                wrong = f"its page holds {', '.join(sorted(set(active[student])))}"
            if not wrong and course.collected(student) - OWN_FILES:
                wrong = f"files were collected: {course.collected(student)}"
            result = results.get(student)
            seen = ", ".join(result.flags) if result and result.flags else "nothing came of it"
            yield AttackOutcome(case, BROKEN if wrong else HELD, wrong or seen)


def _graded_wrongly(case: AttackSubmission, result) -> str | None:
    if case.status == LEFT_OUT:
        return None if result is None else f"it was graded: {result.status}"
    if result is None:
        return "it is missing from the results"
    if result.status != case.status:
        return f"status {result.status} ({', '.join(result.flags)}) instead of {case.status}"
    if (result.score or 0.0) > case.score:
        return f"{result.score:g} points, not more than {case.score:g} deserved"
    if (
        case.status == "graded"
        and case.score == attacked_class.POINTS
        and result.score != attacked_class.POINTS
        and "died" not in case.flags
    ):
        return f"a right answer got {result.score} points: {', '.join(result.notes)}"
    if case.flags and not set(result.flags) & case.flags and "died" not in case.flags:
        return f"flags {result.flags} without {', '.join(sorted(case.flags))}"
    return None
