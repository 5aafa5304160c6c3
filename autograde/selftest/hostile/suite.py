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
    AnyAttack,
    Attack,
    AttackSubmission,
    AttackTrial,
    Elsewhere,
    NotCovered,
)
from autograde.selftest.hostile.boxes import CHECK_SEED, LIMITS, SEED, printed, tasks

GROUPS: Mapping[str, tuple[AnyAttack, ...]] = {
    "forging": forging.ATTACKS,
    "class": notebook_files.ATTACKS + readers.ATTACKS,
    "secrets": secrets.ATTACKS,
    "resources": resources.ATTACKS,
    "tricks": tricks.ATTACKS,
    "inline": inline_checks.ATTACKS,
}
ATTACKS = tuple(chain(*GROUPS.values()))
SWEEP = 25.0  # seconds that ending and replacing a box may take beyond an attack's own limits
# What grading and pages leave next to a notebook.
OWN_FILES = {attacked_class.NOTEBOOK, ".autograde", "hw.json", "hw.page", "timestamp.txt"}
HELD, BROKEN, ELSEWHERE, OPEN = "holds", "BROKEN", "by test", "not covered"


@dataclass(frozen=True)
class AttackOutcome:
    """What became of an attack: one of HELD, BROKEN, ELSEWHERE, OPEN, and in a few words what was seen."""

    attack: AnyAttack
    state: str
    seen: str


class Suite:
    """The attacks, run in order; the honest answer is run after each attack and must stay what it was."""

    def __init__(self, attacks: tuple[AnyAttack, ...] = ATTACKS) -> None:
        self.attacks = attacks

    def run(self, watch: Callable[[AttackOutcome], None] = lambda outcome: None) -> list[AttackOutcome]:
        """All outcomes in the order of the attacks; `watch` is told of each as it comes."""
        os.environ[secrets.SECRET] = secrets.SECRET
        outcomes = []
        try:
            for outcome in self._outcomes():
                outcomes.append(outcome)
                watch(outcome)
        finally:
            del os.environ[secrets.SECRET]
        return sorted(outcomes, key=lambda outcome: self.attacks.index(outcome.attack))

    def _outcomes(self) -> Iterator[AttackOutcome]:
        for attack in self.attacks:
            if isinstance(attack, Elsewhere):
                yield AttackOutcome(attack, ELSEWHERE, attack.test)
            elif isinstance(attack, NotCovered):
                yield AttackOutcome(attack, OPEN, attack.reason)
        together = [attack for attack in self.attacks if isinstance(attack, Attack)]
        if together:
            with Pool(jobs=1, limits=LIMITS) as pool:
                yield from (Attacked(pool).outcome(attack) for attack in together)
        for attack in self.attacks:
            if isinstance(attack, AttackTrial):
                yield _tried(attack)
        submissions = [attack for attack in self.attacks if isinstance(attack, AttackSubmission)]
        if submissions:
            yield from _class_with(submissions)


class Attacked:
    """A pool that attacks are run in."""

    honest: RunResult | None = None

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def outcome(self, attack: Attack) -> AttackOutcome:
        """Run an attack, the submission after it, and an honest one."""
        if self.pool.tier < attack.from_tier:
            return AttackOutcome(
                attack, OPEN, f"held from tier {attack.from_tier} on; this is tier {self.pool.tier}"
            )
        before = self._honest()
        limits = replace(LIMITS, **attack.settings)
        started = time.monotonic()
        result = self.pool.submit_run(tasks(attack.cells), SEED, limits).result()
        seconds = time.monotonic() - started
        after = self.pool.submit_run(tasks(attack.then), SEED).result() if attack.then else None
        wrong = (
            _breach(result)
            or (after and _breach(after))
            or _flags(attack, result)
            or _score(attack, result)
            or _time(limits, len(attack.cells), seconds)
            or _same(before, self._honest())
        )
        if wrong:
            return AttackOutcome(attack, BROKEN, wrong)
        return AttackOutcome(attack, HELD, ", ".join(result.flags) or "nothing came of it")

    def _honest(self) -> RunResult:
        return self.pool.submit_run(tasks((RIGHT, "x = 1; x", CHECK)), SEED).result()


def _breach(result: RunResult) -> str | None:
    text = printed(result)
    return text[text.index("BREACH") :][:200] if "BREACH" in text else None


def _flags(attack: Attack, result: RunResult) -> str | None:
    odd = set(result.flags) - attack.flags
    if odd:
        return f"flagged {', '.join(sorted(odd))}; {printed(result)[-160:]}"
    if attack.stopped and not result.flags:
        return "was not stopped"
    return None


def _score(attack: Attack, result: RunResult) -> str | None:
    if attack.score is None:
        return None
    from verdicts import judging

    graded = [cell for cell, source in zip(result.cells, attack.cells, strict=True) if source.endswith(CHECK)]
    fractions = [judging.judge("sgd/update", cell.evidence, CHECK_SEED).fraction for cell in graded]
    if attack.score == "right":
        return None if fractions[0] == 1.0 else f"a right answer got {fractions[0]:g} of the points"
    return f"got {max(fractions):g} of the points" if max(fractions) > 0.0 else None


def _time(limits: Limits, cells: int, seconds: float) -> str | None:
    bound = CLOCK_FACTOR * min(limits.wall_seconds, limits.cell_seconds * cells) + SWEEP
    return f"took {seconds:.0f} s, more than {bound:.0f}" if seconds > bound else None


def _same(before: RunResult, after: RunResult) -> str | None:
    if before.cells == after.cells and before.flags == after.flags == ():
        return None
    return f"the next honest submission changed: {after.flags} {printed(after)[-160:]}"


def _tried(attack: AttackTrial) -> AttackOutcome:
    try:
        wrong = attack.holds()
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    return AttackOutcome(attack, BROKEN if wrong else HELD, (wrong or "nothing came of it")[:200])


def _class_with(attacks: list[AttackSubmission]) -> Iterator[AttackOutcome]:
    """Grade the attacks in one class, write its pages, and look at both."""
    with attacked_class.classroom() as course:
        students = course.hand_in(attacks)
        results = course.grade()
        pages = course.pages()
        wronged = [
            name
            for name in attacked_class.HONEST
            if (results[name].score, results[name].flags) != (attacked_class.POINTS, ())
        ]
        active = {name: attacked_class.active_content(page) for name, page in pages.items()}
        for student, attack in students.items():
            wrong = _graded_wrongly(attack, results.get(student))
            if not wrong and wronged:
                wrong = f"honest classmates got another grade: {', '.join(wronged)}"
            if not wrong and active.get(student):
                wrong = f"its page holds {', '.join(sorted(set(active[student])))}"
            if not wrong and course.collected(student) - OWN_FILES:
                wrong = f"files were collected: {course.collected(student)}"
            result = results.get(student)
            seen = ", ".join(result.flags) if result and result.flags else "nothing came of it"
            yield AttackOutcome(attack, BROKEN if wrong else HELD, wrong or seen)


def _graded_wrongly(attack: AttackSubmission, result) -> str | None:
    if attack.status == LEFT_OUT:
        return None if result is None else f"it was graded: {result.status}"
    if result is None:
        return "it is missing from the results"
    if result.status != attack.status:
        return f"status {result.status} ({', '.join(result.flags)}) instead of {attack.status}"
    if (result.score or 0.0) > attack.score:
        return f"{result.score:g} points, not more than {attack.score:g} deserved"
    if (
        attack.status == "graded"
        and attack.score == attacked_class.POINTS
        and result.score != attacked_class.POINTS
        and "died" not in attack.flags
    ):
        return f"a right answer got {result.score} points: {', '.join(result.notes)}"
    if attack.flags and not set(result.flags) & attack.flags and "died" not in attack.flags:
        return f"flags {result.flags} without {', '.join(sorted(attack.flags))}"
    return None
