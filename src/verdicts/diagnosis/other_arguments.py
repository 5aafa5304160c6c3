"""Other arguments with which the right function gives a wrong function's numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, islice
from typing import Any

import numpy as np

from verdicts.comparing.differences import expected_result
from verdicts.diagnosis import Explanation, explanation_of
from verdicts.diagnosis.formula_tables import formulas
from verdicts.diagnosis.function_facts import FunctionCase, listed
from verdicts.recording.probes import ProbeData
from verdicts.values import is_of, same

# With fewer digits than these a coincidence is likelier than the relation.
MAX_RTOL = 1e-5
MOST_SUBSTITUTIONS = 2_000
# An argument may become so much larger or smaller than those of the examples: further away a reference need not end.
MOST_APART = 100.0

SUBSTITUTES = dict(formulas("substitutes", "in_symbols"))
"""What may stand in place of an argument, or multiply a number; the words are templates of its name."""


def explain(case: FunctionCase) -> Explanation | None:
    """The other arguments with which the expected function gives the answer's numbers, in every example."""
    if case.check.rtol > MAX_RTOL:
        return None
    actual, expected = case.actual_split, case.expected_split
    is_alike = cache(lambda name: _like([data[name] for data in case.data.values()]))
    for path in next(iter(expected.values()), ()):
        numbers = {
            name: parts[path]
            for name, parts in actual.items()
            if path in expected.get(name, {}) and case.is_number(parts.get(path))
        }
        wrong = [name for name in numbers if not case.is_right(numbers[name], expected[name][path])]
        if len(numbers) < max(2, len(expected)) or not any(np.any(numbers[name]) for name in wrong):
            continue
        order = sorted(numbers, key=lambda name: name not in wrong)
        chosen: list[tuple[str, list[str]]] = []
        for words, names, change in islice(_substitutions(case), MOST_SUBSTITUTIONS):
            # Where a ratio is all that counts, another argument explains it as well; arguments alone come first.
            if len(chosen) == 2 or (chosen and not len(names) == len(chosen[0][1]) == 1):
                break
            is_new = not chosen or names != chosen[0][1]
            gives = is_new and all(
                _gives(case, is_alike, name, path, change, numbers[name]) for name in order
            )
            if gives and any(_matters(case, case.data[name], names, path, change) for name in order):
                chosen.append((words, names))
        if chosen:
            return explanation_of(
                "function/other-argument",
                cause="Your {part} is what the right formula gives with {words}.",
                hint="Check each place where your lines use {names}.",
                symptom="the expected {part} for {words}",
                part=case.part(path),
                words=", or with ".join(words for words, _ in chosen),
                names=listed(dict.fromkeys(_code(name) for _, names in chosen for name in names)),
            )
    return None


Substitution = Callable[[Mapping[str, Any]], dict[str, Any]]


def _substitutions(case: FunctionCase) -> Iterator[tuple[str, list[str], Substitution]]:
    """Yield each substitution, then two arguments exchanged, then two substitutions at once; with their names."""
    data = case.probes[0].data
    single = {name: list(_substitutes(name, value)) for name, value in data.items()}
    for name, substitutes in single.items():
        yield from ((words, [name], change) for words, change in substitutes)
    numbers = [name for name, value in data.items() if is_plain(value)]
    for one, other in combinations(numbers, 2):
        words = f"{_code(one)} and {_code(other)} exchanged"
        yield words, [one, other], lambda d, a=one, b=other: {a: d[b], b: d[a]}
    if len(numbers) < len(data):
        return  # a reference that works on arrays may be slow
    for one, other in combinations(numbers, 2):
        for first, change in single[one]:
            for second, change_too in single[other]:
                words = f"{first}, and {second}"
                yield words, [one, other], lambda d, f=change, g=change_too: f(d) | g(d)


def _substitutes(name: str, value: Any) -> Iterator[tuple[str, Substitution]]:
    table: Sequence[tuple[Any, ...]] = ()
    if is_plain(value):
        table = SUBSTITUTES["a number"]
    elif is_of("array", value) and value.ndim:
        table = SUBSTITUTES["an array"]
    for text, of, *_ in table:
        symbol = _code(name)
        words = f"{text.replace('{}', symbol)} instead of {symbol}"
        yield words, lambda d, f=of: {name: f(d[name])}


def _code(name: str) -> str:
    return f"`{name}`"


def is_plain(value: Any) -> bool:
    """Whether a value is one plain number."""
    return type(value) in (int, float, np.float64)


def _like(values: Sequence[Any]) -> Callable[[Any], bool]:
    """What says whether an argument has the signs of these, and is about as large; a count may be zero."""
    numbers = np.concatenate([np.ravel(value) for value in values])
    low, high = numbers.min(), numbers.max()
    sizes = np.abs(numbers[numbers != 0])
    smallest, largest = (sizes.min(), sizes.max()) if sizes.size else (np.nan, np.nan)
    may_be_zero = np.isfinite(smallest) and (numbers.dtype.kind == "i" or low <= 0 <= high)

    def is_alike(value: Any) -> bool:
        tried = np.ravel(value)
        near = (np.abs(tried) <= MOST_APART * largest) & (np.abs(tried) >= smallest / MOST_APART)
        signs = ((tried > 0) & (high > 0)) | ((tried < 0) & (low < 0))
        return bool((((tried == 0) & may_be_zero) | (near & signs)).all())

    return is_alike


def _gives(
    case: FunctionCase,
    is_alike: Callable[[str], Callable[[Any], bool]],
    example: str,
    path: str,
    change: Substitution,
    actual: np.ndarray,
) -> bool:
    data = case.data[example]
    try:
        changed = change(data)
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return False
    if not all(is_alike(name)(value) for name, value in changed.items()):
        return False
    got = _expected(case, {**data, **changed}).get(path)
    return case.is_number(got) and np.shape(got) == np.shape(actual) and case.is_right(actual, got)


def _matters(
    case: FunctionCase, data: ProbeData, names: Sequence[str], path: str, change: Substitution
) -> bool:
    """Whether the expected part depends on each number as it is changed, and not only on the others; a constant need not."""
    data = {**data, **change(data)}
    given = _expected(case, data).get(path)
    return all(
        not is_plain(data[name])
        or data[name] in (0, 1)
        or not same(_expected(case, {**data, name: 1.01 * data[name]}).get(path), given)
        for name in names
    )


def _expected(case: FunctionCase, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parts of the expected result; empty where the reference has none: outside its range."""
    try:
        return case.parts_of(expected_result(case.check, case.reference, data))
    except Exception:
        return {}
