"""How a wrong function depends on its arguments: other arguments that explain its numbers, and varied examples.

A check of a function records each example again with one argument changed (`verdicts.recording.probes.VariedProbe`).
A sentence compares how the answer's result changes with how the expected one does. It gives ratios, not a formula.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import combinations, islice
from typing import Any, NamedTuple

import numpy as np

from verdicts import agreement
from verdicts.comparing.differences import error_text, expected_result
from verdicts.diagnosis import Explanation, explanation_of
from verdicts.diagnosis.formula_tables import FOLDER, formulas
from verdicts.diagnosis.function_facts import FunctionCase, listed
from verdicts.recording.probes import ProbeRun, VariedProbe
from verdicts.sentences import rows
from verdicts.values import is_of
from verdicts.values.numbers import distinct_texts

# With fewer digits than these a coincidence is likelier than the relation.
MAX_RTOL = 1e-5
OTHER_ARGUMENT = "function/other-argument"
MOST_SENTENCES = 2
MOST_SUBSTITUTIONS = 2_000
# An argument may become so much larger or smaller than those of the examples: further away a reference need not end.
MOST_APART = 100.0

SUBSTITUTES = dict(formulas("substitutes", "in_symbols"))
"""What may stand in place of an argument, or multiply a number; the words are templates of its name."""
CONSTANT = SUBSTITUTES["an argument that is used or not"]


def other_arguments(case: FunctionCase) -> Explanation | None:
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
        for words, names, change in islice(_substitutions(case, path), MOST_SUBSTITUTIONS):
            # Where a ratio is all that counts, another argument explains it as well; arguments alone come first.
            if len(chosen) == 2 or (chosen and not len(names) == len(chosen[0][1]) == 1):
                break
            is_new = not chosen or names != chosen[0][1]
            if is_new and all(_gives(case, is_alike, name, path, change, numbers[name]) for name in order):
                chosen.append((words, names))
        if chosen:
            return explanation_of(
                OTHER_ARGUMENT,
                cause="Your {part} is what the right formula gives with {words}.",
                hint="Check each place where your lines use {names}.",
                symptom="the expected {part} for {words}",
                part=case.part(path),
                words=", or with ".join(words for words, _ in chosen),
                names=listed(dict.fromkeys(_code(name) for _, names in chosen for name in names)),
            )
    return None


Substitution = Callable[[Mapping[str, Any]], dict[str, Any]]


def _substitutions(case: FunctionCase, path: str) -> Iterator[tuple[str, list[str], Substitution]]:
    """Yield each substitution, then two arguments exchanged, then two substitutions at once; with their names.

    What does not depend on an argument can only hold a constant in its place.
    """
    data = case.probes[0].data
    used = {name for name in data if _depends(case, name, path)}
    single = {name: list(_substitutes(name, value, name in used)) for name, value in data.items()}
    for name, substitutes in single.items():
        yield from ((words, [name], change) for words, change in substitutes)
    numbers = [name for name, value in data.items() if is_plain(value)]
    for one, other in combinations(filter(used.__contains__, numbers), 2):
        words = f"{_code(one)} and {_code(other)} exchanged"
        yield words, [one, other], lambda d, a=one, b=other: {a: d[b], b: d[a]}
    if len(numbers) < len(data):
        return  # a reference that works on arrays may be slow
    for one, other in combinations(numbers, 2):
        for first, change in single[one]:
            for second, change_too in single[other]:
                words = f"{first}, and {second}"
                yield words, [one, other], lambda d, f=change, g=change_too: f(d) | g(d)


def _depends(case: FunctionCase, name: str, path: str) -> bool:
    """Whether the answer's part changes with an argument, or no example shows whether it does."""
    shown = [
        (case.parts_of(run.get("result")).get(path), case.actual_split[probe.base].get(path))
        for probe, run in case.varied
        if probe.argument == name and "error" not in run and probe.base in case.actual_split
    ]
    return not shown or not all(np.array_equal(new, old) for new, old in shown)


def _substitutes(name: str, value: Any, is_used: bool) -> Iterator[tuple[str, Substitution]]:
    table: Sequence[tuple[Any, ...]] = ()
    if is_plain(value):
        table = [*SUBSTITUTES["a number"], *CONSTANT] if is_used else CONSTANT
    elif is_used and is_of("array", value) and value.ndim:
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


# ------------------------------------------------------------------------------------ special arguments


def right_where(case: FunctionCase, path: str) -> Explanation | None:
    """The special arguments with which a part that is wrong in general is right."""
    by_words = defaultdict(list)
    for probe, run in case.special if case.check.rtol <= MAX_RTOL else ():
        by_words[probe.special].append((probe, run))
    chosen = [words for words, several in by_words.items() if _is_right(case, path, several)][:MOST_SENTENCES]
    if not chosen:
        return None
    return Explanation(
        "",
        f"Your {case.part(path)} is right where {', and where '.join(chosen)}.",
        "Which factor or term makes no difference there? Look at each place where your lines use this argument, or should.",
        "right with special arguments",
    )


def _is_right(case: FunctionCase, path: str, several: Sequence[tuple[VariedProbe, ProbeRun]]) -> bool:
    """Whether a part is right in at least three problems that share no other argument, and not by its nature.

    One of the arguments, zeros, or one number everywhere, is what many wrong functions give there.
    """
    kept: list[tuple[VariedProbe, Any]] = []
    constant = {
        name
        for name in several[0][0].free
        if agreement.are_equal([probe.data[name] for probe in case.probes])
    }
    for probe, run in several:
        expected = _expected(case, probe.data).get(path)
        if not agreement.is_array(expected, "f"):
            continue
        if not case.is_right(case.parts_of(run.get("result")).get(path), expected):
            return False
        is_alike = any(_shared(probe, other.data) - constant for other, _ in kept)
        given = any(np.array_equal(np.ravel(expected), np.ravel(value)) for value in probe.data.values())
        if np.any(expected) and not given and not is_alike:
            kept.append((probe, expected))
    wrong = {place.example for place in case.wrong_places}
    return (
        len(kept) > 2
        and not agreement.are_equal([result for _, result in kept])
        and any(
            probe.base in wrong and _shared(probe, case.data[probe.base]) == probe.free for probe, _ in kept
        )
    )


def _shared(probe: VariedProbe, data: Mapping[str, Any]) -> Set[str]:
    """The arguments that are as in the example and the same in other data."""
    return {name for name in probe.free if np.array_equal(probe.data[name], data[name])}


# ------------------------------------------------------------------------------------- varied examples


class Reaction(NamedTuple):
    """What a varied example showed of one argument."""

    argument: str
    change: str
    """The clause after "when"."""
    of_an_entry: bool
    """Whether it changes one entry of an array."""
    example: str
    """The example's name, if it is not the first wrong one."""
    part: str
    actual: float
    """The answer's result over that of the example."""
    expected: float

    @property
    def names(self) -> tuple[tuple[str, str] | None, ...]:
        """The names of both factors."""
        return _name_of(self.actual), _name_of(self.expected)


def reactions(case: FunctionCase) -> Explanation | None:
    """How the answer's result changes with an argument, where that is not as expected."""
    found = [*_reactions(case)]
    errors = [each for each in found if not isinstance(each, Reaction)]
    wrong = [each for each in found if isinstance(each, Reaction)]
    by_argument: dict[str, Reaction] = {}
    # A result that an argument does not change at all says most.
    for each in sorted(wrong, key=lambda each: (each.names[0] != UNCHANGED, not all(each.names))):
        # An array's entry tells only where it makes no difference to one of the two results.
        if UNCHANGED in each.names or not each.of_an_entry:
            by_argument.setdefault(each.argument, each)
    chosen = [*by_argument.values()][:MOST_SENTENCES]
    if not chosen and not errors:
        return None
    names = listed([_code(each.argument) for each in chosen])
    return Explanation(
        "",
        " ".join([*errors[:1], *map(_sentence, chosen)]),
        "Call your function with such an argument in a cell of its own."
        if not chosen
        else f"Which of your lines should use {names}?"
        if all(each.names[0] == UNCHANGED for each in chosen)
        else f"Check each place where your lines use {names}: its sign, its factor, its power. Is one missing?"
        if all(all(each.names) for each in chosen)
        else "Call your function before and after such a change, and print each part of your lines. Which part should "
        "change more, or less?",
        "another dependence on an argument than expected",
    )


def _reactions(case: FunctionCase) -> Iterator[Reaction | str]:
    """Yield what each varied example shows that is not as expected; an exception as a sentence."""
    for probe, run in case.varied:
        change = probe.change.format(name=_code(probe.argument))
        expected = _expected(case, probe.data)
        if "error" in run:  # the right function may fail there, too
            if expected:
                yield f"When {change}, your function fails: {error_text(run['error'])}."
            continue
        actual = case.parts_of(run.get("result"))
        for path, old in case.expected[probe.base].items():
            before = case.actual.get(probe.base, {}).get(path)
            ratios = _ratios(actual.get(path), before, expected.get(path), old)
            if ratios is None or case.is_right(before, old):
                continue
            if not agreement.within(*ratios, 0.02 * abs(ratios[1])):
                example = "" if probe.base == case.first_wrong else probe.base
                of_an_entry = is_of("array", probe.data[probe.argument])
                yield Reaction(probe.argument, change, of_an_entry, example, case.part(path), *ratios)


def _expected(case: FunctionCase, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parts of the expected result; empty where the reference has none: outside its range."""
    try:
        return case.parts_of(expected_result(case.check, case.reference, data))
    except Exception:
        return {}


def _ratios(new: Any, old: Any, expected_new: Any, expected_old: Any) -> list[float] | None:
    """The factors by which both results changed as a whole.

    None if there are none: a result of zero, or entries that change by different factors.
    """
    arrays = (new, old, expected_new, expected_old)
    if not all(map(agreement.is_array, arrays)):
        return None
    if len({a.shape for a in arrays}) > 1 or not np.all(old) or not np.all(expected_old):
        return None
    ratios = [agreement.common_value(np.ravel(each)) for each in (new / old, expected_new / expected_old)]
    return None if None in ratios else ratios


NAMED_RATIOS = [
    (float(number), float(near), (does, should)) for number, near, does, should in rows(FOLDER / "ratios.txt")
]
UNCHANGED = NAMED_RATIOS[0][-1]


def _name_of(ratio: float) -> tuple[str, str] | None:
    """What a result does that changes by this factor, and what it should do; None for a factor without a name."""
    for number, most, words in NAMED_RATIOS:
        if agreement.within(ratio, number, most):
            return words
    return None


def _sentence(reaction: Reaction) -> str:
    multiplied = "is multiplied by {ratio}", "should be multiplied by {ratio}"
    actual, expected = (name or multiplied for name in reaction.names)
    texts = distinct_texts(reaction.actual, reaction.expected, digits=3)
    where = f" in “{reaction.example}”" if reaction.example else ""
    does = actual[0].format(ratio=texts[0])
    should = expected[1].format(ratio=texts[1])
    return f"When {reaction.change}{where}, your {reaction.part} {does}; it {should}."
