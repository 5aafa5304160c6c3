"""Functions and values: the catalogue's wrong functions, and results that are off in a way one recognises.

Of a value check neither the expected value nor a factor that would give it away is ever said.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.functions import leaves
from descentlab.checks.courses import KnownMistake, course
from descentlab.checks.recording.probes import FunctionProbe, ProbeRun
from descentlab.checks.recording.run_student import run_own_function, snapshot
from descentlab.checks.spec import FunctionCheck, ValueCheck, same_word
from descentlab.diagnosis import Explanation, explanation_of, function_facts, joined, of_entries
from descentlab.diagnosis.errors import IN_FUNCTIONS, NO_NUMBER, explain_error
from descentlab.sentences import Phrase, say, template

Results = dict[str, dict[str, Any]]
"""By the probe's name: each part of the result by its path."""
Relation = tuple[Phrase, str, Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]]
"""Words for "your number is …", a hint, and what it would be for this expected number and problem."""
Pair = tuple[Any, Any, Mapping[str, Any]]
"""An answer's part, the expected one, and the problem's numbers with the probe's name under ""."""
SIGNATURE = template("Compare the first line of your function with the stub's: how many arguments has it?")
FACTOR = template("Which factor is missing in your function, or enters twice?")
PLACE = template("Which number belongs in which place?")
COUNTING = template("Where does your counting start, and where does it end?")
Row = tuple[Phrase, str, Callable[[np.ndarray], np.ndarray]]
"""The same of a relation that asks nothing of the problem."""
# Looked for before factors that are numbers of the problem …
SIMPLE: tuple[Row, ...] = (
    (Phrase("minus"), template("Follow the signs from the first line to the last."), lambda w: -w),
    (Phrase("half"), FACTOR, lambda w: w / 2),
    (Phrase("twice"), FACTOR, lambda w: 2 * w),
)
# … and after them.
LATER: tuple[Row, ...] = (
    (Phrase("four times"), FACTOR, lambda w: 4 * w),
    (Phrase("a quarter of"), FACTOR, lambda w: w / 4),
    (Phrase("ten times"), FACTOR, lambda w: 10 * w),
    (Phrase("a tenth of"), FACTOR, lambda w: 0.1 * w),
    (Phrase("the root of"), template("Is there a square, or a root, too many?"), np.sqrt),
    (Phrase("the square of"), template("Is there a square, or a root, too few?"), np.square),
    (Phrase("one over"), template("Which quantity belongs in the numerator?"), lambda w: 1 / w),
    (Phrase("one minus"), template("Of which share is this the rest?"), lambda w: 1 - w),
    (Phrase("one more than"), COUNTING, lambda w: w + 1),
    (Phrase("one less than"), COUNTING, lambda w: w - 1),
    (Phrase("the absolute value of"), template("Which sign is lost on the way?"), np.abs),
    (Phrase("the transpose of"), template("Print the shapes: rows of what, columns of what?"), np.transpose),
    (Phrase("the reverse of"), template("In which order are the entries asked for?"), lambda w: w[::-1]),
)
# A number of the problem's as it enters a factor, in words and as a function.
FACTORS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("{}", lambda s: s),
    ("1/{}", lambda s: 1 / s),
    ("1 − {}", lambda s: 1 - s),
    ("1/(1 − {})", lambda s: 1 / (1 - s)),
    ("1 + {}", lambda s: 1 + s),
    ("1/(1 + {})", lambda s: 1 / (1 + s)),
    ("√{}", np.sqrt),
    ("1/√{}", lambda s: 1 / np.sqrt(s)),
    ("{}²", lambda s: s**2),
    ("1/{}²", lambda s: 1 / s**2),
    ("{}/2", lambda s: s / 2),
    ("2 {}", lambda s: 2 * s),
    ("2/{}", lambda s: 2 / s),
)
# With fewer digits than these a coincidence is likelier than a recognised relation.
EXACT = 1e-5


Runs = Mapping[str, ProbeRun]
Probes = Sequence[FunctionProbe]


def explain_function(
    check: FunctionCheck, probes: Probes, runs: Runs, expected_runs: Runs
) -> Explanation | None:
    """Why a function's results are what they are."""
    actual, expected = _by_part(runs), _by_part(expected_runs)
    return (
        _error(runs)
        or _nothing(runs)
        or _known(check, probes, runs, actual, expected)
        or _other_shape(check, runs, expected_runs)
        or _of_a_class(check, actual, expected)
        or _related(check, probes, actual, expected)
        or function_facts.by_facts(check, probes, runs, expected_runs)
    )


def explain_value(check: ValueCheck, runs: Runs, expected_runs: Runs) -> Explanation | None:
    """Why a value is what it is."""
    actual, expected = _by_part(runs), _by_part(expected_runs)
    return _known_value(check, actual) or _value(check, actual, expected)


def _by_part(runs: Runs) -> Results:
    return {name: dict(leaves(run.get("result"))) for name, run in runs.items()}


def _error(runs: Mapping[str, ProbeRun]) -> Explanation | None:
    for name, run in runs.items():
        error = run.get("error")
        if isinstance(error, Mapping):
            return explain_error(error, say(name), IN_FUNCTIONS) or _unknown_error(error)
    return None


def _unknown_error(error: Mapping[str, Any]) -> Explanation:
    """Python's own words stand in the verdict; of a result nothing is said, as there is none."""
    hint = NO_NUMBER if error.get("line") else SIGNATURE
    return Explanation("", "", say(hint), say("ends with {error}", error=error.get("type", "?")))


def _nothing(runs: Mapping[str, ProbeRun]) -> Explanation | None:
    results = [run.get("result") for run in runs.values()]
    if not results or not all(isinstance(r, Mapping) and r.get("odd") == "NoneType" for r in results):
        return None
    return explanation_of(
        "function/returns-nothing",
        cause="your function returns nothing",
        hint="Does every way through your function end in a `return`, and not in a `print`?",
        symptom="the result is None on every probe",
    )


def _other_shape(
    check: FunctionCheck, runs: Mapping[str, ProbeRun], expected_runs: Mapping[str, ProbeRun]
) -> Explanation | None:
    """An array where one number is asked for; rows of different lengths where one array is."""
    for name, expected in expected_runs.items():
        actual, asked = runs.get(name, {}).get("result"), expected["result"]
        if not isinstance(asked, np.ndarray):
            continue
        if isinstance(actual, np.ndarray) and actual.ndim and not asked.ndim:
            return explanation_of(
                "function/array-for-number",
                cause="Your function returns an array of shape {shape}; one number is asked for.",
                hint="Which entry of it is the answer? `x[0]` is one entry; `float(x[0])` is a plain number.",
                symptom="an array of shape {shape} in place of a number",
                shape=actual.shape,
            )
        parts = actual if isinstance(actual, list) else []
        lengths = [len(part) for part in parts if isinstance(part, np.ndarray) and part.ndim]
        if len(set(lengths)) > 1:
            return _ragged(check, lengths, asked.shape)
    return None


def _ragged(check: FunctionCheck, lengths: Sequence[int], shape: tuple[int, ...]) -> Explanation:
    counts = _both([str(length) for length in lengths])
    return explanation_of(
        "function/ragged",
        cause="Your {parts} have {counts} rows: they must be equally long, to make an array of shape "
        "{shape}.",
        hint="Which of them holds the start? Count what one step adds to each list.",
        symptom="rows of different lengths: {counts}",
        parts=_both(check.parts),
        counts=counts,
        shape=shape,
    )


# ------------------------------------------------------------------------------------------- catalogue


def _known(
    check: FunctionCheck, probes: Probes, runs: Runs, actual: Results, expected: Results
) -> Explanation | None:
    # Where the answer is wrong first: most entries end there.
    probes = sorted(
        probes,
        key=lambda probe: _same_parts(actual.get(probe.name), expected[probe.name], check.rtol),
    )
    entries = [
        entry
        for entry in course().mistakes(check.name)
        if _does_the_same(entry, probes, runs, actual, check.rtol)
    ]
    if not entries:
        return None
    return of_entries(entries, say("Your numbers are those of {mistakes}.", mistakes=joined(entries)))


def _does_the_same(
    entry: KnownMistake, probes: Probes, runs: Mapping[str, ProbeRun], actual: Results, rtol: float
) -> bool:
    function = entry.make()
    # One probe at a time: most entries end at the first.
    for probe in probes:
        name = probe.name
        run = run_own_function(function, probe)
        if "error" in run or not _same_parts(actual.get(name), dict(leaves(run.get("result"))), rtol):
            return False
        if not _same_arguments(runs[name].get("args"), run.get("args")):
            return False
    return True


def _same_parts(actual: Mapping[str, Any] | None, expected: Mapping[str, Any], rtol: float) -> bool:
    same = actual is not None and actual.keys() == expected.keys()
    return same and all(_close(actual[path], expected[path], rtol) for path in expected)


def _same_arguments(actual: Any, expected: Any) -> bool:
    """Arguments changed, or left, alike; how much is a matter of rounding."""
    return _same_parts(dict(leaves(actual)), dict(leaves(expected)), agreement.RTOL)


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
    return bool(agreement.same(actual, expected, agreement.relative(expected, rtol)).all())


def _known_value(check: ValueCheck, actual: Results) -> Explanation | None:
    entries = []
    for entry in course().mistakes(check.name):
        wrong = dict(leaves(snapshot(entry.make())))
        if _same_parts(actual.get("value"), wrong, max(check.rtol, agreement.RTOL)):
            entries.append(entry)
    if not entries:
        return None
    return of_entries(entries, say("Your value is that of {mistakes}.", mistakes=joined(entries)))


# ---------------------------------------------------------------------------------- the student's classes


def _of_a_class(check: FunctionCheck, actual: Results, expected: Results) -> Explanation | None:
    """The rows of one class of the student's are wrong, the others right: the class is, not the function."""
    wrong = [
        criterion
        for criterion in check.criteria
        if not all(_same_parts(actual.get(name), expected[name], check.rtol) for name in criterion.probes)
    ]
    rows = [criterion for criterion in wrong if criterion.follows]
    if len(rows) != 1 or any(rows[0].name not in other.needs for other in wrong if not other.follows):
        return None
    row = rows[0].name
    section = course().find(rows[0].follows).section
    return Explanation(
        "function/follows-from-a-class",
        say(
            "Only what your class {row} makes is wrong. Your function is right; the mistake is in the class, "
            "and follows from lesson {lesson}.",
            row=row,
            lesson=section.partition(",")[0],
        ),
        say(
            'Put check("{check}", {row}) into a new cell: it knows that class\'s mistakes by name.',
            check=rows[0].follows,
            row=row,
        ),
        say("only the row {row} is wrong", row=row),
        section,
    )


# ------------------------------------------------------------------------------------------- relations


def _related(check: FunctionCheck, probes: Probes, actual: Results, expected: Results) -> Explanation | None:
    """One relation between an answer's part and the expected one: on every probe, or wherever it is wrong."""
    if actual.keys() != expected.keys():
        return None
    problems = {probe.name: dict(_numbers(probe.data)) for probe in probes}
    actual, expected = _split(actual), _split(expected)
    paths = next(iter(expected.values())).keys()
    for path in paths:
        pairs = [
            (actual[name].get(path), expected[name].get(path), problems[name] | {"": name})
            for name in expected
        ]
        wrong = [pair for pair in pairs if not _close(pair[0], pair[1], check.rtol)]
        if not wrong or not all(_comparable(actual, expected) for actual, expected, _ in wrong):
            continue
        relation = _relation(check, expected, path, pairs)
        if relation is not None:
            return _explained(check, path, *relation, everywhere=True)
        relation = _relation(check, expected, path, wrong)
        if relation is not None:
            return _explained(check, path, *relation, everywhere=False)
    return None


def _relation(
    check: FunctionCheck, expected: Results, path: str, pairs: list[Pair]
) -> tuple[Phrase, str] | None:
    """The words and the hint of the first relation that holds for all pairs."""
    if not all(
        isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray) for actual, expected, _ in pairs
    ):
        return None
    count = sum(actual.size for actual, _, _ in pairs)
    for words, hint, relation in _relations(expected, path, [data for _, _, data in pairs]):
        loose = check.rtol > EXACT and not words.endswith(("half", "twice", "minus"))
        if loose or (count < 2 and words not in ("half", "twice", "minus")):
            continue
        if all(_holds(actual, expected, data, relation, check.rtol) for actual, expected, data in pairs):
            return words, hint
    return None


def _split(results: Results) -> Results:
    """With each number of a short row as a part of its own besides the row."""
    split = {}
    for name, by_path in results.items():
        split[name] = dict(by_path)
        for path, value in by_path.items():
            if isinstance(value, np.ndarray) and value.ndim == 1 and len(value) <= 4:
                split[name] |= {f"{path}[{i}]": np.asarray(item) for i, item in enumerate(value)}
    return split


def _comparable(actual: Any, expected: Any) -> bool:
    return (
        isinstance(actual, np.ndarray)
        and isinstance(expected, np.ndarray)
        and actual.dtype.kind in "fiu"
        and expected.dtype.kind in "fiu"
        and bool(np.isfinite(actual).all())
        and bool(np.any(expected))
    )


def _holds(
    actual: np.ndarray, expected: np.ndarray, data: Mapping[str, Any], relation: Any, rtol: float
) -> bool:
    with np.errstate(all="ignore"):
        try:
            related = np.asarray(relation(expected, data), float)
        except (LookupError, ValueError, TypeError, ArithmeticError):
            return False
    return related.shape == actual.shape and _close(actual, related, max(rtol, agreement.HANDED_ON))


def _numbers(data: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The single numbers of a problem, and the lengths of its arrays."""
    for key, value in data.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield str(key), float(value)
        elif isinstance(value, np.ndarray) and value.ndim and len(value) > 1:
            yield f"len({key})", float(len(value))


def _relations(expected: Results, path: str, problems: list[Mapping[str, float]]) -> Iterator[Relation]:
    """Every relation that is looked for, the likelier ones first."""
    for words, hint, made in SIMPLE:
        yield words, hint, lambda w, d, made=made: made(w)
    for name in problems[0]:
        for text, factor in FACTORS:
            words = Phrase("{factor} times", factor=text.format(course().symbols.get(name, name)))
            yield words, FACTOR, lambda w, d, n=name, f=factor: w * f(d[n])
    for words, hint, made in LATER:
        yield words, hint, lambda w, d, made=made: made(w)
    for other in next(iter(expected.values())):
        if other != path:
            words = Phrase("the expected {part}, not", part=other)
            yield words, PLACE, lambda w, d, o=other: expected[d[""]][o]


def _explained(check: FunctionCheck, path: str, words: str, hint: str, everywhere: bool) -> Explanation:
    names = {f"[{place}]": say(name) for place, name in enumerate(check.parts)}
    part = names.get(path, path) or say("number")
    if words == "the reverse of":
        cause = say("Your {parts} are in the other order.", parts=_both(check.parts))
    elif everywhere:
        cause = say(
            "In every example your {part} is {relation} the expected one.",
            part=part,
            relation=words.translated(),
        )
    else:
        cause = say(
            "Wherever your {part} is wrong, it is {relation} the expected one.",
            part=part,
            relation=words.translated(),
        )
    return Explanation(
        f"function/{'-'.join(words.split())}",
        cause,
        say(hint),
        say(
            "{part} = {relation} the expected one, to {rtol}",
            part=path or say("the result"),
            relation=words.translated(),
            rtol=f"{max(check.rtol, agreement.HANDED_ON):g}",
        ),
    )


def _both(parts: Sequence[str]) -> str:
    if not parts:
        return say("entries")
    return reduce(lambda one, other: say("{one} and {other}", one=one, other=other), map(say, parts))


def _value(check: ValueCheck, actual: Results, expected: Results) -> Explanation | None:
    """A value's relation, in words that do not give the value away."""
    actual, expected = actual.get("value", {}).get(""), expected["value"].get("")
    if (
        not isinstance(expected, np.ndarray)
        or not _comparable(actual, expected)
        or actual.shape != expected.shape
    ):
        return None
    with np.errstate(all="ignore"):
        ratios = np.ravel(actual.astype(float) / expected)
    ratio = agreement.common_value(ratios, EXACT)
    if ratio is None:
        return None
    simple = (-1.0, 2.0, 0.5, 4.0, 0.25, 10.0, 0.1, 100.0, 0.01, np.pi, 1 / np.pi)
    rtol = max(check.rtol, agreement.RTOL)
    if rtol > 2e-3 or not any(agreement.within(ratio / s, 1.0, rtol) for s in simple):
        return None
    return explanation_of(
        "value/simple-factor",
        cause="Your value is a simple factor away from the answer.",
        hint="Go through the formula once more: is something counted twice, left out, or given in "
        "another unit?",
        symptom="the value is {ratio} times the expected one",
        ratio=f"{ratio:.6g}",
    )
