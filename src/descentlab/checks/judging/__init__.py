"""Judging: from evidence to a verdict. Absent from the grader's sandbox.

It combines the differences found by `checks.comparing` with the cause found by `descentlab.diagnosis`; neither
knows of a verdict.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from descentlab.checks.comparing import (
    CriterionResult,
    Difference,
    criteria_results,
    did_not_finish,
)
from descentlab.checks.courses import course, record
from descentlab.checks.judging.display import mimebundle, paths_of, picture_output
from descentlab.checks.judging.kinds import Why, kind_of, problems_of, reference_runs
from descentlab.checks.judging.verdict import Verdict, borrowed_message
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.spec import Check, Criterion, RuleCheck
from descentlab.diagnosis import Explanation
from descentlab.sentences import capital, say

NO_END = "Which loop of yours has an end that never comes, or what does your code wait for?"
CALLS_UNANSWERED = "error/calls-unanswered"
CALLS = "it calls {function}, which is not answered"
CALLS_YET = (
    "it calls {function}, which is not answered yet: write it in its cell above, run that, then this again"
)

__all__ = ["CriterionResult", "Verdict", "judge", "mimebundle", "picture_output", "why"]


def judge(
    name: str, evidence: bytes | None, seed: int, *, link_of: Callable[[str], str] | None = None
) -> Verdict:
    """The verdict on evidence of the check `name`, recorded with `seed`.

    Any bytes get a verdict; those that are not evidence earn nothing, with a reason.

    Args:
        link_of: given in a student's own notebook: the link to the cell of an answer. The text then says what
            to do next there.

    Raises:
        UnknownCheckError: there is no such check.
    """
    check = course().find(name)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # nbgrader takes points off a cell that writes a warning to stderr.
        warnings.simplefilter("ignore")
        return _judged(check, evidence, seed, link_of)


def _judged(check: Check, evidence: bytes | None, seed: int, link_of: Callable[[str], str] | None) -> Verdict:
    if evidence is None:
        return Verdict.without_answer(check, "no-evidence", say("the check was not run to its end"))
    try:
        recorded = evidence_bytes.evidence_of(evidence, check.name)
    except evidence_bytes.OddEvidenceError as error:
        reason = say("the evidence cannot be used: {reason}", reason=error)
        return Verdict.without_answer(check, "odd-evidence", reason)
    if recorded["state"] == "unanswered":
        return _unanswered(check, recorded.get("calls"), link_of)
    if recorded["state"] == "too-large":
        reason = say("the answer returns far more numbers than asked for")
        return Verdict.without_answer(check, "odd-evidence", reason)
    if recorded["state"] == "not-callable":
        given = recorded.get("given")
        sentence = say(kind_of(check).takes, type=given if isinstance(given, str) else "?")
        return Verdict.without_answer(check, "answered", sentence)
    verdict = _compared(check, recorded, seed)
    if recorded.get("borrowed") is True:  # judged as usual, for no points
        return replace(verdict, status="borrowed", cause=borrowed_message(), numbers=verdict.cause)
    return verdict


def _compared(check: Check, evidence: Mapping[str, Any], seed: int) -> Verdict:
    """The verdict on the evidence of an answer.

    If comparing raises, the reference's own numbers are compared: if that raises too, the fault is ours and is
    raised; if not, the evidence is at fault and earns nothing.
    """
    try:
        return _judge_answer(check, evidence, seed)
    except (MemoryError, OSError, ImportError):  # the machine's
        raise
    except Exception as error:
        _judge_answer(check, {"runs": [*reference_runs(check.name, seed).values()]}, seed)
        reason = say("the evidence cannot be compared ({error})", error=type(error).__name__)
        return Verdict.without_answer(check, "odd-evidence", reason)


def _judge_answer(check: Check, evidence: Mapping[str, Any], seed: int) -> Verdict:
    """The verdict on well-formed evidence of an answered check."""
    kind, problems = kind_of(check), problems_of(check.name, seed)
    actual = {run["probe"]: run for run in evidence["runs"]}
    expected = reference_runs(check.name, seed)
    by_name = {problem.name: problem for problem in problems}

    def differ(criterion: Criterion, name: str) -> Difference | None:
        return kind.difference(criterion, by_name.get(name), actual.get(name), expected[name])

    results = criteria_results(check.criteria, differ, expected)
    cause = capital(next((result.message for result in results if result.wrong), ""))
    printed = evidence.get("printed")
    printed = printed if isinstance(printed, str) else ""
    verdict = Verdict(check.name, "answered", results, cause, section=check.section, printed=printed)
    if verdict.passed:
        return verdict
    if isinstance(check, RuleCheck):
        verdict = replace(verdict, paths=paths_of(problems, actual, expected))
    try:
        explanation = kind.explain(problems, actual, expected)
    except Exception as error:
        # An explanation may fail without changing the score; the error is for the maintainers.
        return verdict.with_note(
            say(
                "The mistake could not be looked for ({error}); your score is not affected.",
                error=type(error).__name__,
            )
        )
    if explanation is not None and not explanation.id and any(map(did_not_finish, actual.values())):
        # A missing array would be read as one that agrees.
        explanation = Explanation("", "", say(NO_END), say("did not finish"))
    return verdict if explanation is None else _explained(verdict, explanation)


def _explained(verdict: Verdict, explanation: Explanation) -> Verdict:
    # The message of an exception contains all that the first difference says.
    said_already = not explanation.cause or explanation.id.startswith("error/")
    return replace(
        verdict,
        cause=capital(explanation.cause) or verdict.cause,
        numbers="" if said_already else verdict.cause,
        facts=explanation.facts,
        hint=explanation.hint,
        mistake=explanation.id or None,
        symptom=explanation.symptom,
        section=explanation.section or course().section_of(verdict.check, explanation.id, verdict.section),
    )


def _unanswered(check: Check, calls: Any, link_of: Callable[[str], str] | None) -> Verdict:
    """The verdict on a missing answer, naming the student's function that it calls but that is missing."""
    mistake, missing = None, check.name
    if isinstance(calls, str) and calls.isidentifier():
        missing = calls
        sentence = say(CALLS_YET if link_of else CALLS, function=calls)
        mistake = CALLS_UNANSWERED  # a status of its own, which a class report does not count as empty
    elif link_of:
        sentence = say("not answered yet: fill in the cell above, run it, then run this one again")
    else:
        sentence = say("not answered")
    link = link_of(missing) if link_of else ""
    return replace(Verdict.without_answer(check, "unanswered", sentence), mistake=mistake, link=link)


def why(name: str, answer: Any) -> Why:
    """The first difference from the expected result and, for a rule, the states of both there.

    Runs the answer again, on the numbers of a student's own checks.

    Raises:
        UnknownCheckError: there is no check of that name.
    """
    check, recorded = course().find(name), record(name, answer, 0)
    evidence = evidence_bytes.unpack(recorded)
    if evidence["state"] != "answered":
        reason = judge(name, recorded, 0, link_of=lambda _: "").cause
        return Why(say("{check}: {reason}", check=name, reason=reason))
    actual = {run["probe"]: run for run in evidence["runs"]}
    with np.errstate(all="ignore"):
        return kind_of(check).why(problems_of(name, 0), actual, reference_runs(name, 0))
