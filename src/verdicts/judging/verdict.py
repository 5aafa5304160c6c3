"""The verdict: its data, and how it is made of evidence.

It combines the differences found by `comparing` with the cause found by `verdicts.diagnosis`; neither
knows of a verdict.
"""

import math
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Self

import numpy as np

from verdicts.comparing.differences import TIME_LIMIT_ERRORS, Difference
from verdicts.courses import ENGINE, find
from verdicts.diagnosis import Explanation, common_mistakes
from verdicts.diagnosis.catalogue import catalogue_of
from verdicts.judging.examiners import Picture, examiner_of, probes_of, reference_runs
from verdicts.recording.evidence_bytes import AGAIN, OddEvidenceError, evidence_of
from verdicts.recording.probes import digest
from verdicts.recording.time_limit import TimeLimitError, time_limit
from verdicts.sentences import capital
from verdicts.spec import Check, Criterion

ENDLESS_HINT = "Which loop of yours has an end that never comes, or what does your code wait for?"
CALLS_UNANSWERED = "error/calls-unanswered"
# Twenty times what any answer needs: counts bound the search; only a course's own reference can take longer.
MOST_SECONDS = 20.0


@dataclass(frozen=True)
class CriterionResult:
    """The result of one criterion: right or not, and where not."""

    name: str
    passed: bool
    message: str
    weight: float
    looked_at: bool = True
    """False if another criterion has to pass first."""
    lost: float = 0.0
    """The share of what the others earn that it costs."""

    @property
    def wrong(self) -> bool:
        """Whether it was judged and is not right."""
        return self.looked_at and not self.passed


@dataclass(frozen=True)
class Verdict:
    """The verdict on one answer."""

    check: str
    status: str
    """`answered`, `unanswered`, `borrowed`, `no-evidence`, `odd-evidence`; `not-judged`: a person decides."""
    criteria: tuple[CriterionResult, ...]
    cause: str
    """The cause of the failure; empty if there is none."""
    numbers: str = ""
    """The first difference, in numbers; empty if the cause has them."""
    facts: tuple[str, ...] = ()
    """Facts computed about a mistake without a name."""
    hint: str = ""
    """A question or a place to look at, which does not give the answer away."""
    mistake: str | None = None
    """The id of the mistake that makes exactly these numbers."""
    symptom: str = ""
    """For the teacher: the sign of this mistake in the numbers."""
    section: str = ""
    """The section to read again; empty if there is none."""
    link: str = ""
    """The link to that section, or to the cell of a missing answer, in the student's notebook; empty if unknown."""
    missing: str = ""
    """What is not answered: the check, or a function of the student's that the answer calls."""
    place: str = ""
    """Where one change of the student's code makes it right; only in the student's own kernel."""
    place_link: str = ""
    """The link to that cell; empty if unknown."""
    printed: str = ""
    """The output and warnings of the student's code."""
    notes: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    """What stands for wrong results of an inline check, as `diagnosis.common_mistakes` has it; empty if unknown."""
    picture: Picture | None = None
    out_of_time: bool = False
    """Whether judging, or the search for the mistake, took too long."""

    @property
    def fraction(self) -> float:
        """The share of the points earned, 0 to 1, always finite."""
        if self.status != "answered":
            return 0.0
        whole = sum(c.weight for c in self.criteria)
        earned = sum(c.weight for c in self.criteria if c.passed)
        return earned / whole * math.prod(1 - c.lost for c in self.criteria) if whole else 0.0

    @property
    def is_judged(self) -> bool:
        """Whether there is an answer, right or wrong; a borrowed class earns nothing."""
        return self.status in ("answered", "borrowed")

    @property
    def passed(self) -> bool:
        """Whether every criterion passed."""
        return self.is_judged and bool(self.criteria) and all(c.passed for c in self.criteria)

    @property
    def is_wrong(self) -> bool:
        """Whether it was judged and is not right."""
        return self.is_judged and not self.passed

    def points(self, maximum: float) -> float:
        """The score, to a hundredth of a point: the same number in the notebook and in the gradebook."""
        return round(self.fraction * maximum, 2)

    def as_data(self) -> dict[str, Any]:
        """The verdict as JSON data, as saved next to a graded notebook."""
        return asdict(self)

    def with_note(self, note: str) -> Self:
        """The same verdict with one more sentence below it."""
        return replace(self, notes=(*self.notes, note))

    @classmethod
    def without_answer(cls, check: Check, status: str, cause: str) -> Self:
        """A verdict without points: no answer, or none that can be judged."""
        criteria = tuple(CriterionResult(c.name, False, "", c.weight, False) for c in check.criteria)
        return cls(check.name, status, criteria, cause, section=check.section)


def borrowed_message() -> str:
    """The sentence for a check of a borrowed class, in notebooks, on feedback pages and in reports."""
    return (
        "This notebook borrows the class, so its check gives no points. To get them back, delete the line "
        "with borrow, restart the kernel, and check a class of your own."
    )


# ------------------------------------------------------------------------------------------------ judging


def judge(name: str, evidence: bytes | None, seed: int) -> Verdict:
    """The verdict on evidence of the check `name`, recorded with `seed`.

    Any bytes get a verdict; those that are not evidence earn nothing, with a reason.

    Raises:
        UnknownCheckError: there is no such check.
    """
    check = find(name)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # nbgrader takes points off a cell that writes a warning to stderr.
        warnings.simplefilter("ignore")
        try:
            return _judged(check, evidence, seed)
        except TimeLimitError as error:
            reason = f"This answer could not be judged in {error.seconds:g} seconds. It waits for a person."
            return replace(Verdict.without_answer(check, "not-judged", reason), out_of_time=True)


def _limit() -> AbstractContextManager[None]:
    """The limit on the judge's processor time; waiting, as while the machine sleeps, does not count."""
    return time_limit(MOST_SECONDS, wall=math.inf, idle=math.inf)


def _judged(check: Check, evidence: bytes | None, seed: int) -> Verdict:
    without_answer = partial(Verdict.without_answer, check)
    if evidence is None:
        return without_answer("no-evidence", "the check was not reached, or did not finish")
    try:
        recorded = evidence_of(evidence, check.name)
    except OddEvidenceError as error:
        return without_answer("odd-evidence", f"the evidence cannot be used: {error}")
    if recorded["state"] == "unanswered":
        return _unanswered(check, recorded.get("calls", ""))
    if recorded["state"] == "too-large":
        return without_answer("odd-evidence", "the answer returns far more numbers than asked for")
    if recorded["state"] == "not-callable":
        return without_answer("answered", examiner_of(check).takes.format(type=recorded.get("given", "?")))
    probes = probes_of(check.full_name, seed)
    if probes and recorded.get("probes") != digest(probes):
        return without_answer(
            "not-judged",
            "Its numbers were drawn otherwise, by another version of NumPy or of the check: grade it again.",
        )
    if check.course == ENGINE and "whole" not in recorded:
        return without_answer(
            "not-judged", "Only a part of long results was kept, by an earlier version: grade it again."
        )
    verdict = _compared(check, recorded, seed)
    if recorded.get("borrowed") is True:  # judged as usual, for no points
        found = verdict.cause or "The class that was checked is right."
        return replace(verdict, status="borrowed", cause=borrowed_message(), numbers=found)
    return verdict


def _compared(check: Check, evidence: Mapping[str, Any], seed: int) -> Verdict:
    """The verdict on the evidence of an answer.

    If comparing raises, the reference's own numbers are compared: if that raises too, the fault is ours and is
    raised; if not, the evidence is at fault and earns nothing.
    """
    try:
        return _judge_answer(check, evidence, seed)
    except (MemoryError, OSError, ImportError, TimeLimitError):  # the machine's, or the reference's
        raise
    except Exception as error:
        _judge_answer(check, {"runs": [*reference_runs(check.full_name, seed).values()]}, seed)
        reason = f"the evidence cannot be compared ({type(error).__name__})"
        return Verdict.without_answer(check, "odd-evidence", reason)


def _judge_answer(check: Check, evidence: Mapping[str, Any], seed: int) -> Verdict:
    """The verdict on well-formed evidence of an answered check."""
    with _limit():
        examiner, probes = examiner_of(check), probes_of(check.full_name, seed)
        expected = reference_runs(check.full_name, seed)
    actual = {run["probe"]: run for run in evidence["runs"]}
    by_name = {probe.name: probe for probe in probes}

    def differ(criterion: Criterion, name: str) -> Difference | None:
        return examiner.difference(criterion, by_name.get(name), actual.get(name), lenient[name])

    lenient = {name: examiner.for_score(by_name.get(name), run) for name, run in expected.items()}
    results = criteria_results(check.criteria, differ, expected)
    cause = capital(next((result.message for result in results if result.wrong), ""))
    printed = evidence.get("printed", "")
    verdict = Verdict(check.name, "answered", results, cause, section=check.section, printed=printed)
    if verdict.passed:
        return verdict
    verdict = replace(verdict, picture=examiner.picture(probes, actual, expected))
    try:
        with _limit():
            results = common_mistakes.results_of(actual, check.public)
            verdict = replace(verdict, alike=common_mistakes.alike(check, check.public, results))
            explanation = common_mistakes.named(check.names, verdict.alike) or examiner.explain(
                probes, actual | {AGAIN: evidence.get(AGAIN, {})}, expected
            )
    except TimeLimitError as error:
        verdict = verdict.with_note(
            f"The search for the mistake ended after {error.seconds:g} seconds; your score is not affected."
        )
        return replace(verdict, out_of_time=True)
    except Exception as error:
        # An explanation may fail without changing the score; the error is for the maintainers.
        return verdict.with_note(
            f"The mistake could not be looked for ({type(error).__name__}); your score is not affected."
        )
    ended_by = {run["error"].get("type") for run in actual.values() if "error" in run}
    if explanation and not explanation.id and not ended_by.isdisjoint(TIME_LIMIT_ERRORS):
        # A missing array would be read as one that agrees.
        explanation = Explanation("", "", ENDLESS_HINT, "did not finish")
    if explanation:
        verdict = _explained(verdict, check, explanation)
    # NumPy's warning says in which operation a NaN arose.
    warned = re.search(r"\bnan\b", cause) and re.search(r"RuntimeWarning: (.+? in \w+)", printed)
    return replace(verdict, facts=(*verdict.facts, f"NumPy warned: {warned[1]}.")) if warned else verdict


def _explained(verdict: Verdict, check: Check, explanation: Explanation) -> Verdict:
    # The sentence that leads to the line comes before the numbers.
    first, *facts = (explanation.cause, *explanation.facts)
    if not first and facts and examiner_of(check).leads_with_a_fact:
        first, *facts = facts
    return replace(
        verdict,
        cause=capital(first) or verdict.cause,
        # The message of an exception contains all that the first difference says.
        numbers="" if not first or explanation.id.startswith("error/") else verdict.cause,
        facts=tuple(facts),
        hint=explanation.hint,
        mistake=explanation.id or None,
        symptom=explanation.symptom,
        section=explanation.section
        or catalogue_of(check).section_of(check.name, explanation.id, verdict.section),
    )


def _unanswered(check: Check, function: str) -> Verdict:
    """The verdict on a missing answer, or on one that calls a missing function of the student's."""
    verdict = replace(Verdict.without_answer(check, "unanswered", "not answered"), missing=check.name)
    if not function.isidentifier():
        return verdict
    # A mistake of its own, which a class report does not count as empty.
    return replace(
        verdict,
        cause=f"it calls {function}, which is not answered",
        mistake=CALLS_UNANSWERED,
        missing=function,
    )


# ----------------------------------------------------------------------------------------------- criteria


def criteria_results(
    criteria: Iterable[Criterion],
    differ: Callable[[Criterion, str], Difference | None],
    probes: Collection[str],
) -> tuple[CriterionResult, ...]:
    """Return the result of each criterion of a check.

    It passed, or says the reason why not, or the criterion that must pass first.

    Args:
        differ: gives the first difference that counts for a criterion on the probe with this name.
        probes: names all that count.
    """
    results: list[CriterionResult] = []
    for criterion in criteria:
        passed_before = {result.name for result in results if result.passed}
        needed = [name for name in criterion.needs if name not in passed_before]
        # A lesson need not know which probes a rule without ε has.
        names = [name for name in criterion.probes if name in probes] or probes
        differences = filter(None, (differ(criterion, name) for name in names))
        failure = None if needed else next(differences, None)
        passed, message, looked_at = failure is None and not needed, "", True
        before = needed or [name for name in criterion.shown_after if name not in passed_before]
        if not passed and before:
            message, looked_at = f"not looked at until “{before[0]}” is right", False
        elif failure:
            message, looked_at = failure.message, failure.was_seen
        lost = criterion.penalty if failure else 0.0
        results.append(CriterionResult(criterion.name, passed, message, criterion.weight, looked_at, lost))
    return tuple(results)
