"""Functions and values: the catalogue's wrong functions, and recognisable relations to the right result.

Messages of a value check never show the expected value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.results import leaves
from descentlab.checks.courses import KnownMistake, course
from descentlab.checks.recording.probes import FunctionProbe, Runs
from descentlab.checks.recording.run_student import run_own, snapshot
from descentlab.checks.spec import FunctionCheck, ValueCheck, same_word
from descentlab.diagnosis import Explanation, explanation_of, function_facts, joined, of_entries
from descentlab.diagnosis.errors import HINTS_FOR_FUNCTIONS, UNKNOWN_ERROR_HINT, explain_error
from descentlab.diagnosis.function_facts import FunctionCase, Results, listed
from descentlab.sentences import Phrase, say


def explain_function(
    check: FunctionCheck, probes: Sequence[FunctionProbe], runs: Runs, expected: Runs
) -> Explanation | None:
    """Explain a function's wrong results."""
    case = FunctionCase(check, probes, runs, expected)
    return next(filter(None, (row(case) for row in ROWS)), None)


def explain_value(check: ValueCheck, runs: Runs, expected: Runs) -> Explanation | None:
    """Explain a wrong value."""
    case = FunctionCase(check, (), runs, expected)
    rtol = max(case.check.rtol, agreement.RTOL)
    entries = [
        entry
        for entry in course().mistakes(case.check.name)
        if _same_parts(case.own.get("value"), dict(leaves(snapshot(entry.make()))), rtol)
    ]
    return _named(entries, "Your value is that of {mistakes}.")


def _error(case: FunctionCase) -> Explanation | None:
    """An exception; an unknown one is left to Python's words in the verdict."""
    for name, run in case.runs.items():
        error = run.get("error")
        if isinstance(error, Mapping):
            return explain_error(error, say(name), HINTS_FOR_FUNCTIONS) or explanation_of(
                "",
                hint=UNKNOWN_ERROR_HINT if error.get("line") else SIGNATURE_HINT,
                symptom="ends with {error}",
                error=error.get("type", "?"),
            )
    return None


SIGNATURE_HINT = "Compare the first line of your function with the stub's: how many arguments has it?"

# ------------------------------------------------------------------------------------------- catalogue


def _known(case: FunctionCase) -> Explanation | None:
    # Start where the answer is first wrong: most entries fail there.
    probes = sorted(case.probes, key=lambda probe: probe.name not in case.wrong)
    entries = [entry for entry in course().mistakes(case.check.name) if _does_the_same(entry, probes, case)]
    return _named(entries, "Your numbers are those of {mistakes}.")


def _named(entries: Sequence[KnownMistake], sentence: str) -> Explanation | None:
    return of_entries(entries, say(sentence, mistakes=joined(entries))) if entries else None


def _does_the_same(entry: KnownMistake, probes: Sequence[FunctionProbe], case: FunctionCase) -> bool:
    function = entry.make()
    # One probe at a time: most entries fail at the first.
    for probe in probes:
        run = run_own(function, probe)
        result = dict(leaves(run.get("result")))
        if "error" in run or not _same_parts(case.own.get(probe.name), result, case.check.rtol):
            return False
        # Compares only whether arguments are changed; how much is a matter of rounding.
        arguments = dict(leaves(case.runs[probe.name].get("args")))
        if not _same_parts(arguments, dict(leaves(run.get("args"))), agreement.RTOL):
            return False
    return True


def _same_parts(actual: Mapping[str, Any] | None, expected: Mapping[str, Any], rtol: float) -> bool:
    same = actual is not None and actual.keys() == expected.keys()
    return same and all(_close(actual[path], expected[path], rtol) for path in expected)


def _close(actual: Any, expected: Any, rtol: float) -> bool:
    if isinstance(actual, str) and isinstance(expected, str):
        return same_word(actual, expected)
    if not isinstance(actual, np.ndarray) or not isinstance(expected, np.ndarray):
        return type(actual) is type(expected) and not isinstance(expected, np.ndarray)
    if actual.shape != expected.shape or actual.dtype.kind not in "fiub" or expected.dtype.kind not in "fiub":
        return False
    if actual.ndim and actual.dtype.kind != expected.dtype.kind:
        return False
    actual, expected = actual.astype(float), expected.astype(float)
    return bool(agreement.same(actual, expected, agreement.result_tolerance(expected, rtol)).all())


# ---------------------------------------------------------------------------------- the student's classes


def _wrong_class(case: FunctionCase) -> Explanation | None:
    """Blame the student's class, not the function, if only the rows of one class are wrong."""
    criteria = case.check.criteria
    wrong = [each for each in criteria if not case.wrong.isdisjoint(each.probes)]
    rows = [criterion for criterion in wrong if criterion.follows]
    if len(rows) != 1 or any(rows[0].name not in other.needs for other in wrong if not other.follows):
        return None
    section = course().find(rows[0].follows).section
    explained = explanation_of(
        "function/follows-from-a-class",
        cause="Only what your class {row} makes is wrong. Your function is right; the mistake is in the class, "
        "and follows from lesson {lesson}.",
        hint='Put check("{check}", {row}) into a new cell: it knows that class\'s mistakes by name.',
        symptom="only the row {row} is wrong",
        row=rows[0].name,
        check=rows[0].follows,
        lesson=section.partition(",")[0],
    )
    return replace(explained, section=section)


# ------------------------------------------------------------------------------------------- relations


class Relation(NamedTuple):
    """A way in which a number of an answer depends on the expected one."""

    words: Phrase
    """Continue "your number is …"."""
    hint: str
    of: Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]
    """The number that this relation makes of an expected one; the problem's numbers, and under "" the probe's name."""


FACTOR_HINT = "Which factor is missing in your function, or enters twice?"
# Tried before factors that are numbers of the problem …
FIRST_RELATIONS = (
    Relation(Phrase("minus"), "Follow the signs from the first line to the last.", lambda w, _: -w),
    Relation(Phrase("half"), FACTOR_HINT, lambda w, _: w / 2),
    Relation(Phrase("twice"), FACTOR_HINT, lambda w, _: 2 * w),
)
# … and after them.
LAST_RELATIONS = (
    Relation(Phrase("the root of"), "Is there a square, or a root, too many?", lambda w, _: np.sqrt(w)),
    Relation(Phrase("the square of"), "Is there a square, or a root, too few?", lambda w, _: w**2),
    Relation(Phrase("one over"), "Which quantity belongs in the numerator?", lambda w, _: 1 / w),
    Relation(Phrase("one minus"), "Of which share is this the rest?", lambda w, _: 1 - w),
    Relation(Phrase("the absolute value of"), "Which sign is lost on the way?", lambda w, _: np.abs(w)),
    Relation(
        Phrase("the transpose of"),
        "Print the shapes: rows of what, columns of what?",
        lambda w, _: w.T,
    ),
    Relation(Phrase("the reverse of"), "In which order are the entries asked for?", lambda w, _: w[::-1]),
)
# A number of the problem as a factor, in words and as a function.
FACTORS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("{}", lambda s: s),
    ("1/{}", lambda s: 1 / s),
    ("1 − {}", lambda s: 1 - s),
    ("1/(1 − {})", lambda s: 1 / (1 - s)),
    ("√{}", np.sqrt),
    ("1/√{}", lambda s: 1 / np.sqrt(s)),
)
SINGLE_NUMBER_RELATIONS = ("minus", "half", "twice")
"""Recognised in a single number, and in measurements too."""
# With fewer digits than these a coincidence is likelier than the relation.
MAX_RTOL_OF_RELATIONS = 1e-5


def _related(case: FunctionCase) -> Explanation | None:
    """The relation between an answer's part and the expected one, on every probe or wherever it is wrong."""
    if case.own.keys() != case.asked.keys():
        return None
    own, asked = _split(case.own), _split(case.asked)
    numbers = {probe.name: {**_numbers(probe.data), "": probe.name} for probe in case.probes}
    for path in next(iter(asked.values())):
        pairs = [(own[name].get(path), asked[name].get(path), numbers[name]) for name in asked]
        wrong = [pair for pair in pairs if not _close(*pair[:2], case.check.rtol)]
        if not wrong or not all(_is_comparable(*pair[:2]) for pair in wrong):
            continue
        for chosen, sentence in ((pairs, IN_EVERY_EXAMPLE), (wrong, WHERE_WRONG)):
            sure = case.check.rtol <= MAX_RTOL_OF_RELATIONS and sum(np.size(pair[0]) for pair in chosen) > 1
            for relation in _relations(asked, path, chosen[0][2]):
                if (sure or relation.words in SINGLE_NUMBER_RELATIONS) and all(
                    _holds(relation, *pair, case.check.rtol) for pair in chosen
                ):
                    return _explained(case.check, path, relation, sentence)
    return None


IN_EVERY_EXAMPLE = "In every example your {part} is {relation} the expected one."
WHERE_WRONG = "Wherever your {part} is wrong, it is {relation} the expected one."
OTHER_ORDER = "Your {parts} are in the other order."


def _relations(asked: Results, path: str, numbers: Mapping[str, Any]) -> Iterator[Relation]:
    """Yield the relations to try, likelier ones first; `numbers`: those of any problem."""
    yield from FIRST_RELATIONS
    for name in filter(None, numbers):
        for text, factor in FACTORS:
            words = Phrase("{factor} times", factor=text.format(course().symbols.get(name, name)))
            yield Relation(words, FACTOR_HINT, lambda w, d, n=name, f=factor: w * f(d[n]))
    yield from LAST_RELATIONS
    for other in next(iter(asked.values())):
        if other != path:
            words = Phrase("the expected {part}, not", part=other)
            hint = "Which number belongs in which place?"
            yield Relation(words, hint, lambda w, d, o=other: asked[d[""]][o])


def _split(results: Results) -> Results:
    """The results with each number of a short row as an additional part."""
    split = {}
    for name, by_path in results.items():
        split[name] = dict(by_path)
        for path, value in by_path.items():
            if isinstance(value, np.ndarray) and value.ndim == 1 and len(value) <= 4:
                split[name] |= {f"{path}[{i}]": np.asarray(item) for i, item in enumerate(value)}
    return split


def _is_comparable(own: Any, asked: Any) -> bool:
    arrays = (own, asked)
    if not all(isinstance(array, np.ndarray) and array.dtype.kind in "fiu" for array in arrays):
        return False
    return bool(np.isfinite(own).all() and np.any(asked))


def _holds(relation: Relation, own: Any, asked: Any, numbers: Mapping[str, Any], rtol: float) -> bool:
    with np.errstate(all="ignore"):
        try:
            related = np.asarray(relation.of(asked, numbers), float)
        except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError):
            return False
    return np.shape(own) == related.shape and _close(own, related, max(rtol, agreement.HANDED_ON))


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    """The single numbers of a problem, and the lengths of its arrays."""
    numbers = {key: float(v) for key, v in data.items() if type(v) in (int, float, np.float64)}
    arrays = {key: v for key, v in data.items() if isinstance(v, np.ndarray) and v.ndim}
    return numbers | {f"len({key})": float(len(array)) for key, array in arrays.items() if len(array) > 1}


def _explained(check: FunctionCheck, path: str, relation: Relation, sentence: str) -> Explanation:
    names = {f"[{place}]": say(name) for place, name in enumerate(check.parts)}
    return explanation_of(
        f"function/{'-'.join(relation.words.split())}",
        cause=OTHER_ORDER if relation.words == "the reverse of" else sentence,
        hint=relation.hint,
        symptom="{path} = {relation} the expected one, to {rtol}",
        part=names.get(path, path) or say("number"),
        parts=listed(check.parts),
        path=path or say("the result"),
        relation=relation.words.translated(),
        rtol=f"{max(check.rtol, agreement.HANDED_ON):g}",
    )


ROWS: tuple[Callable[[FunctionCase], Explanation | None], ...] = (
    _error,
    function_facts.returns_nothing,
    _known,
    function_facts.other_shape,
    _wrong_class,
    _related,
    function_facts.other_keys,
    function_facts.no_number,
    function_facts.other_axes,
    function_facts.not_finite,
    function_facts.few_digits,
    function_facts.same_everywhere,
    function_facts.wrong_examples,
    function_facts.changed_argument,
)
"""The explanations to try, in order: the first that applies is used."""
