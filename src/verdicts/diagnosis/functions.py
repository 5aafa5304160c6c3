"""Functions and values: the catalogue's wrong functions, and recognizable relations to the right result.

Messages of a value check never show the expected value.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from verdicts import agreement
from verdicts.courses import course_of
from verdicts.diagnosis import (
    Explanation,
    exceptions,
    explanation_of,
    formula_tables,
    function_facts,
    of_entries,
    other_arguments,
)
from verdicts.diagnosis.catalogue import Mistake, mistakes_of
from verdicts.diagnosis.function_facts import FunctionCase, listed, same_parts
from verdicts.recording.probes import FunctionProbe, ProbeRun, Runs
from verdicts.recording.run_student import Call, run_trusted
from verdicts.sentences import capital
from verdicts.spec import FunctionCheck, ValueCheck, same_word
from verdicts.values import carried, is_of, kind_of, plain, same
from verdicts.values.outcomes import RAISED


def explain(
    check: FunctionCheck | ValueCheck,
    probes: Sequence[FunctionProbe],
    runs: Runs,
    expected: Runs,
) -> Explanation | None:
    """Explain a wrong value, or a function's wrong results."""
    causes = VALUE_CAUSES if isinstance(check, ValueCheck) else CAUSES
    return _first(causes, FunctionCase(check, probes, runs, expected))


def _error(case: FunctionCase) -> Explanation | None:
    """An exception; an unknown one is left to Python's words in the verdict."""
    for name, run in case.runs.items():
        if "error" in run and kind_of(case.expected_results[name]) is not RAISED:
            error = run["error"]
            hint = exceptions.UNKNOWN_ERROR_HINT if error.get("line") else SIGNATURE_HINT
            unknown = Explanation("", "", hint, f"ends with {error.get('type', '?')}")
            return exceptions.explain_error(error, name) or unknown
    return None


SIGNATURE_HINT = "Compare the first line of your function with the stub's: how many arguments has it?"

# ------------------------------------------------------------------------------------------- catalogue


def _known(case: FunctionCase) -> Explanation | None:
    # Start where the answer is first wrong: most entries fail there.
    probes = sorted(case.probes, key=lambda probe: probe.name not in case.wrong)
    seen = {run.get("slip", "") for name, run in case.runs.items() if name in case.wrong}
    return of_entries(
        [
            entry
            for entry in mistakes_of(case.check)
            if seen == {entry.id} or _does_the_same(entry, probes, case)
        ]
    )


def _known_value(case: FunctionCase) -> Explanation | None:
    close, value = partial(_close, rtol=max(case.check.rtol, agreement.RTOL)), case.results.get("value")
    entries = [entry for entry in mistakes_of(case.check) if same_parts(value, carried(entry.make()), close)]
    return of_entries(entries, "Your value is that of")


def _does_the_same(entry: Mistake, probes: Sequence[FunctionProbe], case: FunctionCase) -> bool:
    # One probe at a time: most entries fail at the first.
    for probe in probes:
        mine, run = case.runs.get(probe.name, {}), _run_of(entry, probe, case.check.call)
        # Of the arguments only whether they are changed; how much is a matter of rounding.
        if "error" in run or not all(
            same_parts(mine.get(key), run.get(key), partial(_close, rtol=rtol))
            for key, rtol in (("result", case.check.rtol), ("args", agreement.RTOL))
        ):
            return False
    return True


@lru_cache(maxsize=1000)
def _run_of(entry: Mistake, probe: FunctionProbe, call: Call) -> ProbeRun:
    """What a known mistake does on a probe, cached for all answers: do not change it."""
    return run_trusted(entry.make(), probe, call)


def _close(actual: Any, expected: Any, rtol: float) -> bool:
    if is_of("str", actual, expected):
        return same_word(plain(actual), plain(expected))
    if not agreement.is_array(actual, "fiub") or not agreement.is_array(expected, "fiub"):
        return actual is not None and expected is not None and same(actual, expected)
    if actual.shape != expected.shape or (actual.ndim and actual.dtype.kind != expected.dtype.kind):
        return False
    actual, expected = actual.astype(float), expected.astype(float)
    return bool(agreement.same(actual, expected, agreement.result_tolerance(expected, rtol)).all())


# ------------------------------------------------------------------------------------------- relations


class Relation(NamedTuple):
    """A way in which a number of an answer depends on the expected one."""

    key: str
    """The last part of a mistake's id."""
    words: str
    """Continue "your number is …"."""
    hint: str
    of: Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]
    """The number that this relation makes of an expected one; the problem's numbers, and under "" the parts expected."""
    off_by: str = ""
    """What a single number that is so is off by: it does not say what it should be. Empty: that is not looked for."""


RELATIONS = [
    Relation(line.key, line.words, hint, lambda w, _, of=line.of: of(w), line.off_by)
    for hint, lines in formula_tables.formulas("relations")
    for line in lines
]
MOST_FIRST = 3
"""The first so many are tried before factors that are numbers of the problem."""
FIRST_RELATIONS = RELATIONS[:MOST_FIRST]
FACTOR_HINT = FIRST_RELATIONS[-1].hint
TERM_HINT = "Which term is missing in your lines, or is there once too often?"


def _off_by(case: FunctionCase) -> Explanation | None:
    """The simple relation of a single number to the expected one, or its rounding."""
    actual, expected = case.places[0].actual, case.places[0].expected
    if not all(case.is_number(one) and not np.shape(one) for one in (actual, expected)):
        return None
    for relation in RELATIONS:
        if relation.off_by and _holds(relation, actual, expected, {}, case.check.rtol):
            return Explanation("function/off-by", relation.off_by, relation.hint, relation.words)
    if any(float(f"{expected:.{digits}g}") == actual for digits in (2, 3, 4)):
        return Explanation(
            "function/rounded",
            "Your number is right, but has too few digits.",
            "How many digits are asked for?",
            "rounded",
        )
    return None


def _changed_argument(case: FunctionCase) -> Explanation | None:
    """A changed argument; after what explains the numbers, if that is known."""
    changed = function_facts.changed_argument(case)
    exact = _first(EXACT_CAUSES, case) if changed and case.wrong else None
    return replace(exact, facts=(changed.cause,)) if exact else changed


def _exchanged(case: FunctionCase) -> Explanation | None:
    """Two results in the other order."""
    if len(case.parts) != 2 or not all(
        place.are_numbers and place.actual.shape == (2,) and case.is_right(place.actual[::-1], place.expected)
        for place in case.places
    ):
        return None
    return Explanation(
        "function/exchanged",
        f"Your {listed(case.parts)} are in the other order.",
        "In which order are the two results expected?",
        "both numbers right, in the other order",
    )


def _by_part(case: FunctionCase) -> Explanation | None:
    """What explains the wrong parts of the results: in all examples, or else for each criterion."""
    found: list[tuple[str, Explanation]] = []
    for path in case.wrong_parts[: function_facts.MOST_PARTS]:
        whole = case.only(case.expected, path)
        explained = _first(EXACT_CAUSES, whole)
        of_path = [("", explained)] if explained else _by_criterion(case, path)
        loose = None if of_path else _loose(whole)
        found += [("", loose)] if loose else of_path
    return _combined(found)


def _by_criterion(case: FunctionCase, path: str) -> list[tuple[str, Explanation]]:
    """What explains this part in the examples of each criterion, and its name; empty if it is nothing exact."""
    parts = [
        (criterion.name, case.only(criterion.probes, path))
        for criterion in case.check.criteria
        if not criterion.of_arguments and not case.wrong.isdisjoint(criterion.probes)
    ]
    exact = [_first(EXACT_CAUSES, part) for _, part in parts]
    if not any(exact):
        return []
    explained = ((name, known or _loose(part)) for (name, part), known in zip(parts, exact, strict=True))
    return [(name, each) for name, each in explained if each]


def _loose(case: FunctionCase) -> Explanation | None:
    """What is odd about this part, although nothing explains it exactly."""
    odd = _first(ODD_CAUSES, case)
    causes = function_facts.zeros, function_facts.rough_factor, function_facts.not_finite
    return odd or _combined([("", each) for cause in causes if (each := cause(case))])


def _combined(found: Sequence[tuple[str, Explanation]]) -> Explanation | None:
    """The first two explanations with different sentences as one."""
    different = {each.cause: (name, each) for name, each in reversed(found)}
    chosen = [*reversed(different.values())][:2]
    if not chosen:
        return None
    sentences = (f"{name}: {each.cause}" if name else each.cause for name, each in chosen)
    return replace(chosen[0][1], cause=" ".join(map(capital, sentences)))


def _first(causes: Iterable[Callable], case: FunctionCase) -> Explanation | None:
    return next(filter(None, (cause(case) for cause in causes)), None)


def _related(case: FunctionCase) -> Explanation | None:
    """The relation between an answer's part and the expected one, on every probe or wherever it is wrong."""
    actual, expected, rtol = case.actual_split, case.expected_split, case.check.rtol
    numbers = {
        probe.name: {**_numbers(probe.data), "": case.whole_expected[probe.name]} for probe in case.probes
    }
    for path in next(iter(expected.values()), ()) if rtol < COARSE else ():
        pairs = [
            (actual.get(name, {}).get(path), parts.get(path), numbers[name])
            for name, parts in expected.items()
        ]
        wrong = [pair for pair in pairs if not _close(*pair[:2], rtol)]
        constant = len(pairs) > 1 and agreement.are_equal([pair[1] for pair in pairs])
        if not wrong or not all(
            case.is_number(yours) and agreement.is_array(right) and np.any(right) for yours, right, _ in wrong
        ):
            continue
        for chosen, sentence in (
            (pairs, "In every example your {part} is {relation} the expected one."),
            (wrong, "Wherever your {part} is wrong, it is {relation} the expected one."),
        ):
            sure = rtol <= other_arguments.MAX_RTOL and sum(np.size(pair[0]) for pair in chosen) > 1
            for relation in _relations(case, path, chosen[0][2]):
                if ((sure and not constant) or relation in FIRST_RELATIONS) and all(
                    _holds(relation, *pair, rtol) for pair in chosen
                ):
                    return explanation_of(
                        f"function/{relation.key}",
                        cause=sentence,
                        hint=relation.hint,
                        symptom="{part} = {relation} the expected one, to {rtol}",
                        part=case.part(path),
                        relation=relation.words,
                        rtol=f"{max(rtol, agreement.HANDED_ON):g}",
                    )
    return None


COARSE = 0.1  # with a larger tolerance, one number is half of another, and nearly right, too often by chance


def _relations(case: FunctionCase, path: str, numbers: Mapping[str, Any]) -> Iterator[Relation]:
    """Yield the relations to try, likelier ones first; `numbers`: those of any problem."""
    symbols = {name: course_of(case.check).symbols.get(name, f"`{name}`") for name in filter(None, numbers)}
    parts = {
        other: case.part(other)
        for other in next(iter(case.whole_expected.values()))
        if not other.startswith(path)
    }
    yield from FIRST_RELATIONS
    for name, symbol in symbols.items():
        for text, factor, formula, *_ in other_arguments.SUBSTITUTES["a factor"]:
            yield Relation(
                f"times-{formula.replace('x', name)}",
                f"{text.format(symbol)} times",
                FACTOR_HINT,
                lambda w, d, n=name, f=factor: w * f(d[n]),
            )
    yield from RELATIONS[MOST_FIRST:]
    for other, part in parts.items():
        hint = "Which number belongs in which place?"
        yield Relation(
            f"other-part{other}", f"the expected {part}, not", hint, lambda w, d, o=other: d[""][o]
        )
    terms = {"1": ("1", lambda _: 1.0)} | {n: (symbol, lambda d, n=n: d[n]) for n, symbol in symbols.items()}
    for other, part in parts.items():
        if not part.startswith("["):
            terms[f"part{other}"] = f"the expected {part}", lambda d, o=other: d[""][o]
    for key, (term, value) in terms.items():
        yield Relation(f"plus-{key}", f"{term} more than", TERM_HINT, lambda w, d, v=value: w + v(d))
        yield Relation(f"minus-{key}", f"{term} less than", TERM_HINT, lambda w, d, v=value: w - v(d))


def _holds(relation: Relation, actual: Any, expected: Any, numbers: Mapping[str, Any], rtol: float) -> bool:
    with np.errstate(all="ignore"):
        try:
            related = np.asarray(relation.of(expected, numbers), float)
        except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError):
            return False
    return np.shape(actual) == related.shape and _close(actual, related, max(rtol, agreement.HANDED_ON))


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    """The single numbers of a problem, and the lengths of its arrays."""
    numbers = {key: float(v) for key, v in data.items() if other_arguments.is_plain(v)}
    return numbers | {
        f"len({key})": float(len(v)) for key, v in data.items() if is_of("array", v) and v.ndim and len(v) > 1
    }


ODD_CAUSES = function_facts.other_axes, function_facts.few_digits, function_facts.on_a_grid
EXACT_CAUSES = (_related, other_arguments.explain)
VALUE_CAUSES = (
    _known_value,
    function_facts.no_number,
    function_facts.other_shape,
    _off_by,
    function_facts.lesson_hint,
)
CAUSES = (
    _error,
    function_facts.returns_nothing,
    _known,
    function_facts.other_shape,
    _changed_argument,
    function_facts.other_result_again,
    function_facts.other_calls,
    _exchanged,
    function_facts.almost,
    function_facts.another_kind,
    function_facts.same_everywhere,
    function_facts.same_rows,
    _by_part,
    function_facts.no_number,
    function_facts.other_axes,
    function_facts.not_finite,
    function_facts.wrong_parts,
    function_facts.wrong_examples,
    function_facts.lesson_hint,
)
"""The explanations to try, in order: the first that applies is used."""
