"""Facts about a function's wrong results that have no name: their form, and where they are wrong."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from verdicts import agreement
from verdicts.comparing.differences import FunctionMessages, argument_change
from verdicts.courses import ENGINE, course_of
from verdicts.diagnosis import Explanation, catalogue, explanation_of, formula_tables
from verdicts.inline import FIRST, LATER, OTHER
from verdicts.recording.evidence_bytes import AGAIN
from verdicts.recording.probes import FunctionProbe, Runs
from verdicts.spec import FunctionCheck, ValueCheck
from verdicts.values import called, first, is_of, leaves, plain, same, shown
from verdicts.values.kind import frozen, has_names
from verdicts.values.numbers import at, first_place
from verdicts.values.rows import entries, parts_of

ByPath = dict[str, Any]
"""Each part of a result by its path."""


class ComparedPart(NamedTuple):
    """A part of an expected result, and the answer's value for it."""

    example: str
    path: str
    actual: Any
    """None if there is none."""
    expected: Any

    @property
    def are_numbers(self) -> bool:
        return is_of("array", self.actual, self.expected)

    @property
    def have_one_shape(self) -> bool:
        return self.are_numbers and self.actual.shape == self.expected.shape


class FunctionCase:
    """One wrong answer to a function's or a value's check, part by part with the expected one."""

    def __init__(
        self,
        check: FunctionCheck | ValueCheck,
        probes: Sequence[FunctionProbe],
        runs: Runs,
        expected: Runs,
    ) -> None:
        self.check, self.probes, self.again = check, probes, runs.get(AGAIN, {})
        self.runs = {name: run for name, run in runs.items() if name != AGAIN}
        self.reference = course_of(check).reference(check)
        self.messages = FunctionMessages(check)
        self.parts = self.messages.parts
        self.data = {probe.name: probe.data for probe in probes}
        self.results = {name: run.get("result") for name, run in self.runs.items()}
        self.expected_results = {name: run["result"] for name, run in expected.items()}
        self.actual, self.expected = (
            {name: dict(leaves(result)) for name, result in results.items()}
            for results in (self.results, self.expected_results)
        )
        self._compare()
        self.wrong = {place.example for place in self.wrong_places}
        self.first_wrong = next((place.example for place in self.wrong_places), "")
        self.whole_expected = self.expected_split  # which `only` leaves as it is
        # A notebook's own check may be of a subject in which nobody has met an array.
        self.has_arrays = check.course != ENGINE or any(
            is_of("array", value) for data in self.data.values() for value in data.values()
        )

    def _compare(self) -> None:
        """Put each expected part beside the answer's."""
        self.actual_split, self.expected_split = (
            {name: self.split(parts) for name, parts in results.items()}
            for results in (self.actual, self.expected)
        )
        self.places = [
            ComparedPart(name, path, self.actual.get(name, {}).get(path), expected)
            for name, parts in self.expected.items()
            for path, expected in parts.items()
        ]
        self.wrong_places = [
            place for place in self.places if not self.is_right(place.actual, place.expected)
        ]

    def is_right(self, actual: Any, expected: Any) -> bool:
        """Whether a part earns its points."""
        return self.messages.is_right(actual, expected)

    def is_number(self, value: Any) -> bool:
        """Whether it is a finite number, or an array of finite numbers."""
        return agreement.is_array(value) and bool(np.isfinite(value).all())

    def part(self, path: str) -> str:
        """The part's name in words."""
        return self.messages.part(path) or "result"

    def several(self, numbers: np.ndarray) -> str:
        """What several numbers are called."""
        return f"an array of shape {numbers.shape}" if self.has_arrays else "a list"

    @property
    def wrong_parts(self) -> list[str]:
        """The paths of the parts that are wrong in any example: of a row of named numbers, each number's."""
        paths: dict[str, None] = {}
        for place in self.wrong_places:
            if place.actual is None or not self.is_everywhere(place.path):
                continue
            if not (place.have_one_shape and place.actual.shape[:1] == (len(self.parts),)):
                paths[place.path] = None
                continue
            for index, pair in enumerate(zip(place.actual, place.expected, strict=True)):
                if not self.is_right(*map(np.asarray, pair)):
                    paths[f"{place.path}[{index}]"] = None
        shapes = {place.path: np.shape(place.actual) == np.shape(place.expected) for place in self.places}
        return sorted(paths, key=lambda path: shapes.get(path, True))

    def is_everywhere(self, path: str) -> bool:
        """Whether each expected result has this part: in a notebook's own check keys may be what is computed."""
        return self.check.course != ENGINE or all(path in parts for parts in self.expected.values())

    def only(self, examples: Collection[str], path: str) -> Self:
        """The same answer, of which only these examples and this part are looked at."""
        part = copy(self)
        part.probes = [probe for probe in self.probes if probe.name in examples]
        part.actual, part.expected = (
            {name: {path: split[name][path]} for name in examples if path in split.get(name, {})}
            for split in (self.actual_split, self.expected_split)
        )
        part._compare()
        return part

    def split(self, parts: ByPath) -> ByPath:
        """A result's parts with each number of a short row, and each named row, as an additional one."""
        split = dict(parts)
        for path, value in parts.items():
            if is_of("array", value) and value.ndim and value.size <= 4:
                split |= {f"{path}{at(i)}": np.asarray(item) for i, item in np.ndenumerate(value)}
            if is_of("array", value) and value.ndim > 1 and len(value) == len(self.parts):
                split |= {f"{path}[{i}]": row for i, row in enumerate(value)}
        return split

    def parts_of(self, result: Any) -> ByPath:
        """The parts of another result of these, likewise."""
        return self.split(dict(leaves(result)))


def _fact(words: str, hint: str, **values: object) -> Explanation:
    """The explanation of these templates, without an id."""
    return explanation_of("", cause=words, hint=hint, symptom="wrong, without a name", **values)


# ----------------------------------------------------------------------------------------- another form


def returns_nothing(case: FunctionCase) -> Explanation | None:
    """No result on any probe."""
    results = case.results.values()
    if not results or not all(called(result) == "None" for result in results):
        return None
    return Explanation(
        "function/returns-nothing",
        "your function returns nothing",
        "Does every way through your function end in a `return`, and not in a `print`? `dict.update`, `list.sort` and the "
        "like return nothing, too.",
        "the result is None on every probe",
    )


def other_shape(case: FunctionCase) -> Explanation | None:
    """Too many or too few results; an array instead of a number; rows of different lengths instead of an array."""
    for name, expected in case.expected_results.items():
        actual = case.results.get(name)
        shape = getattr(expected, "shape", ())[1:]
        is_one = bool(shape) and getattr(actual, "shape", ()) == shape
        wanted, got = len(case.parts), 1 if is_one else _count(actual)
        if wanted and got not in (0, wanted) and (is_one or _count(expected) == wanted):
            return explanation_of(
                "function/other-count",
                cause=f"Your function returns one {'array' if is_one else 'number'}; {{wanted}} results are asked for: {{parts}}."
                if got == 1
                else "Your function returns {got} results; {wanted} are asked for: {parts}.",
                hint=COMPARE_RETURN,
                symptom="{got} results instead of {wanted}",
                got=got,
                wanted=wanted,
                parts=listed(case.parts),
            )
        if not is_of("array", expected):
            continue
        if is_of("array", actual) and actual.ndim and not expected.ndim:
            return explanation_of(
                "function/array-for-number",
                cause="Your answer is a list or an array; it should be one number."
                if isinstance(case.check, ValueCheck)
                else "Your function returns {several}; it should return one number.",
                hint="Is one entry of it the answer (`x[0]`), or their sum, or the largest?",
                symptom="{several} instead of a number",
                several=case.several(actual),
            )
        parts = actual if is_of("list", actual) else []
        lengths = [len(part) for part in parts if is_of("array", part) and part.ndim]
        if len(set(lengths)) > 1 and case.has_arrays:
            return explanation_of(
                "function/ragged",
                cause="Your {parts} have different numbers of rows ({counts}): they must be equally long, to make an "
                "array of shape {shape}.",
                hint="Count what stands in each list before the loop, and what one turn of the loop adds to it.",
                symptom="rows of different lengths: {counts}",
                parts=listed(case.parts),
                counts=listed(map(str, lengths)),
                shape=expected.shape,
            )
    return None


MOST_PARTS = 16
"""So many of a result's wrong parts are explained."""
MOST_EXAMPLES = 5
"""So many right and wrong ones are named."""
COMPARE_RETURN = "Compare your `return` with what the stub says is returned."


def _count(result: Any) -> int:
    """How many results were returned: of a row or a list its entries; 0 for an array of more axes, or no numbers."""
    if is_of("array", result):
        return (1, result.size)[result.ndim] if result.ndim < 2 else 0
    return len(result) if is_of("list", result) else 0


def listed(words: Iterator[str] | Sequence[str]) -> str:
    """The words, with commas."""
    return ", ".join(words) or "entries"


def other_calls(case: FunctionCase) -> Explanation | None:
    """Which calls of an object are right, and whether a second object changes that."""
    expected = case.expected_results.get(case.first_wrong)
    run = case.runs.get(case.first_wrong, {})
    if not (has_names(expected) and FIRST in expected and "result" in run):
        return None
    calls = [expected[FIRST], *expected[LATER].values()]
    given = [run["result"].get(FIRST), *(run["result"].get(LATER) or {}).values()]
    right = [case.is_right(one, other) for one, other in zip(given, calls, strict=True)]
    alone = case.is_right(run.get("alone"), calls[-1])
    of_another = case.is_right(run["result"].get(OTHER), expected[OTHER])
    if not right[0] or (all(right) and of_another):
        return None
    shares = "What do the two objects share: an attribute of the class, a global name, a list as a default argument?"
    if (alone and not right[-1]) or all(right):
        return _fact(
            "Alone your object is right; with a second one in between, {what}.",
            shares,
            what="the second one is not" if all(right) else f"call {right.index(False) + 1} is not",
        )
    if not of_another:
        return _fact("The first call of your object is right, that of a second one is not.", shares)
    return _fact(
        "Call 1 is right, call {number} is not.",
        "What must the object keep from one call to the next, and which line changes it?",
        number=right.index(False) + 1,
    )


# What the right entries are, where a result has them otherwise, and a question.
ALMOST = (
    ("from the last to the first", lambda mine, right: mine == right[::-1], "At which end does your loop begin, or put each?"),
    ("in another order", lambda mine, right: Counter(mine) == Counter(right), "In which order are they asked for?"),
    ("but some more than once", lambda mine, right: len(mine) > len(right), "When is one there already?"),
    ("but some not often enough", lambda mine, right: len(mine) < len(right), "Is each to be there once, or as often as it comes?"),
)  # fmt: skip


def almost(case: FunctionCase) -> Explanation | None:
    """Lists or texts with the right entries, but in another order, or not as often."""
    wrong = [name for name in case.expected if name in case.wrong and case.results.get(name) is not None]
    rows = [
        tuple(frozen(plain(results[name])) for results in (case.results, case.expected_results))
        for name in wrong
    ]
    types = {type(one) for row in rows for one in row}
    # Of two different entries the order is right by chance.
    if types not in ({tuple}, {str}) or max(len({*right}) for _, right in rows) <= 2:
        return None
    if len(rows) < len(case.wrong) or any({*mine} != {*right} for mine, right in rows):
        return None
    for words, holds, hint in ALMOST:
        if all(holds(mine, right) for mine, right in rows):
            return _fact(
                "{where} your result has the right {entries}, {how}.",
                hint,
                where="In every example" if len(wrong) == len(case.expected) else "Wherever it is wrong,",
                entries="entries" if tuple in types else "characters",
                how=words,
            )
    return None


def another_kind(case: FunctionCase) -> Explanation | None:
    """A list or a dict for something else, or with other entries, which the first difference names."""
    for name, expected in case.expected_results.items():
        actual = case.results.get(name)
        found = None if actual is None else first(actual, expected, case.messages.rules)
        if not found or found.path:
            continue
        arrays = is_of("array", *found[2:]) and not found.words
        if (arrays and found.actual.ndim != found.expected.ndim) or any(
            not is_of("array", one) and parts_of(one) for one in found[2:]
        ):
            return Explanation("", "", COMPARE_RETURN, "a result of another kind")
    return None


def no_number(case: FunctionCase) -> Explanation | None:
    """A text, or an object, instead of a number."""
    for _, path, actual, expected in case.places:
        if actual is not None and not is_of("array", actual) and is_of("array", expected):
            kind, hint = shown(actual), "Print the type of what you return, and of each part of it."
            if is_of("str", actual) and expected.dtype.kind == "b":
                hint = "Write True or False, without quotes."
            elif is_of("str", actual):
                hint = "A number in quotes is a text. Write it without quotes, and with a point, not a comma."
            elif "generator" in kind:
                hint = "A generator computes nothing by itself: put `sum(…)` or `list(…)` around it, or use `return` instead of `yield`."
            elif "function" in kind:
                hint = "This is the function itself: call it, with its arguments in parentheses."
            return _fact(
                "Your {part} is {kind}; it should be {wanted}.",
                hint,
                part=case.part(path),
                kind=kind,
                wanted=called(expected),
            )
    return None


def other_axes(case: FunctionCase) -> Explanation | None:
    """An array of another shape, and the argument that has an axis of that length."""
    for place in case.places:
        name, path, actual, expected = place
        if not place.are_numbers or actual.shape == expected.shape or (path and not case.has_arrays):
            continue
        if not expected.ndim:
            return _fact(
                "Your {part} is {several}; it should be one number, or one True or False.",
                "Which entry of it is the answer? Or which function makes one of them: `sum`, `max`, `any`, `all`?",
                part=case.part(path),
                several=case.several(actual),
            )
        if (
            actual.ndim == expected.ndim
            and sorted(map(abs, np.subtract(actual.shape, expected.shape)))[-1:] == [1]
            and actual.shape[1:] == expected.shape[1:]
        ):
            return _fact(
                "Your result{place} has one {row} too few: {actual}; it should have {expected}."
                if len(actual) < len(expected)
                else "Your result{place} has one {row} too many: {actual}; it should have {expected}.",
                "Count them by hand for the smallest example: do the first and the last belong to the result?",
                row="row" if actual.ndim > 1 else "entry",
                place=path,
                actual=len(actual),
                expected=len(expected),
            )
        if not case.has_arrays:
            continue
        lengths = (
            f"{length} is the length of axis {axis} of {argument}."
            for argument, value in case.data[name].items()
            for axis, length in enumerate(getattr(value, "shape", ()))
            if length in actual.shape and length not in expected.shape
        )
        return _fact(
            "Your result{place} has the shape {actual}; {expected} is asked for. {length}",
            "Print the shapes of the two arrays that meet in your line. NumPy stretches an axis of length 1, "
            "and puts one where there is none."
            if actual.ndim == expected.ndim and actual.size > expected.size and 1 in expected.shape
            else "Along which axis does your line sum, average or loop, and which one should be left?",
            place=path,
            actual=actual.shape,
            expected=expected.shape,
            length=next(lengths, ""),
        )
    return None


# ---------------------------------------------------------------------------------------- other numbers


def not_finite(case: FunctionCase) -> Explanation | None:
    """The first NaN or infinity."""
    for name in case.expected:
        for path, actual in case.actual.get(name, {}).items():
            if not agreement.is_array(actual, "f") or np.isfinite(actual).all():
                continue
            index = first_place(~np.isfinite(actual))
            return _fact(
                "Your result{place} is {value} in the example “{example}”.",
                "Print each part of your line for this example: which is the first that is not a number? A division by zero, "
                "a root or logarithm of what is not positive, `exp` of a large number?",
                place=f"{path}{at(index)}",
                value=float(actual[index]),
                example=name,
            )
    return None


# What the ratios of all results to the expected ones lie between, in words.
ROUGH_FACTORS = dict(formula_tables.formulas("rough"))["factors"]


def rough_factor(case: FunctionCase) -> Explanation | None:
    """The same sign, one factor, or nearly the same simple factor, wherever the results are wrong."""
    wrong = case.wrong_places
    if len(wrong) < 2 or not all(place.have_one_shape for place in wrong):
        return None
    ratios = np.hstack([np.ravel(place.actual / place.expected) for place in wrong])
    near = min(max(0.005, 10 * case.check.rtol), 0.2)
    nearly = ("is nearly right", lambda x: abs(x - 1) <= near)
    is_so = next((words for words, holds, *_ in (nearly, *ROUGH_FACTORS) if holds(ratios).all()), "")
    factor = agreement.common_value(ratios)
    if np.iscomplexobj(ratios) or not (is_so or factor):
        return None
    return _fact(
        "In every example your {part} {is_so}."
        if len(wrong) == len(case.places)
        else "Wherever your {part} is wrong, it {is_so}.",
        "Which small part is missing, or too much: a term, an ε, a rounding, the step of a search?"
        if is_so == nearly[0]
        else "Follow the signs and the factors from the first line to the last.",
        part=case.part(case.places[0].path),
        is_so=is_so or f"is {factor:.4g} times the expected one",
    )


def few_digits(case: FunctionCase) -> Explanation | None:
    """All numbers right to six digits, but more are required."""
    if case.check.rtol >= agreement.SIX_DIGITS or not case.wrong or not all(map(_is_near, case.places)):
        return None
    return _fact(
        "Your numbers agree with the expected ones to six digits, and more are asked for.",
        "Is something rounded, kept in float32, typed in with few digits, or broken off too early?",
    )


def _is_near(place: ComparedPart) -> bool:
    actual, expected = place.actual, place.expected
    return (
        place.have_one_shape
        and {actual.dtype.kind, expected.dtype.kind} <= set("fiu")
        and agreement.within(actual.astype(float), expected, agreement.SIX_DIGITS * np.abs(expected)).all()
    )


def same_everywhere(case: FunctionCase) -> Explanation | None:
    """The same numbers in every example, although other ones are expected in each."""
    actual = [case.results.get(name) for name in case.expected]
    numbers = [value for _, value in leaves(actual[0])]
    if not numbers or not all(map(case.is_number, numbers)):
        return None
    if not _all_equal(actual) or _all_equal([*case.expected_results.values()]):
        return None
    return _fact(
        "Your function gives the same numbers in every example.",
        "Is something made once that each call, or each round of a loop, should make anew? Which of the arguments "
        "do your lines use?",
    )


def _all_equal(results: Sequence[Any]) -> bool:
    return all(same_parts(result, results[0]) for result in results)


def same_parts(actual: Any, expected: Any, is_same: Callable[[Any, Any], bool] = same) -> bool:
    """Whether two results have the same parts, and the parts are the same in this sense."""
    mine, right = dict(leaves(actual)), dict(leaves(expected))
    return mine.keys() == right.keys() and all(is_same(mine[path], right[path]) for path in right)


def same_rows(case: FunctionCase) -> Explanation | None:
    """Results of which all rows are equal wherever they are wrong, where the expected ones differ."""
    parts = [place for place in case.places if place.example in case.wrong]
    whole = [
        ComparedPart(name, "", case.results.get(name), case.expected_results[name]) for name in case.wrong
    ]
    for wrong in (parts, whole):
        if wrong and all(map(_has_equal_rows, wrong)):
            return _fact(
                "All rows of your {part} are equal.",
                "Is it one list or array that every row shows, and that changes later? `x.copy()` makes a new one.",
                part=case.part(wrong[0].path),
            )
    return None


def _has_equal_rows(place: ComparedPart) -> bool:
    mine, right = (
        [frozen(plain(row)) for row in entries(one) or ()] for one in (place.actual, place.expected)
    )
    return len(mine) > 1 and len({*mine}) == 1 < len({*right}) and type(mine[0]) is type(right[0]) is tuple


def other_result_again(case: FunctionCase) -> Explanation | None:
    """Another result in a second call with the same arguments."""
    before, now = (run.get("result") for run in (case.runs.get(case.probes[0].name, {}), case.again))
    if before is None or now is None or same_parts(now, before) or case.is_right(now, before):
        return None
    return _fact(
        "Called again with the same arguments, your function gives another result.",
        "What does it keep from the earlier calls: a list as a default argument, a global name, an object "
        "made outside? Or does it draw random numbers?",
    )


def on_a_grid(case: FunctionCase) -> Explanation | None:
    """Results that are all multiples of a number, where the expected ones are not."""
    actual, expected = [place.actual for place in case.places], [place.expected for place in case.places]
    if len(actual) < 2 or not all(map(case.is_number, actual + expected)):
        return None
    if len(np.unique(np.hstack([*map(np.ravel, actual)]))) < 2:
        return None
    for grid in (1.0, 0.5, 0.1, 0.01, 0.001):
        if _are_on(grid, actual) and not _are_on(grid, expected):
            return _fact(
                "Your {part} is a whole number in every example."
                if grid == 1
                else "Your {part} is a multiple of {grid} in every example.",
                "Is it a place in a list (`argmax`), a count, `//` or `int` instead of a division, or an array of whole "
                "numbers, which cuts off what is written into it?"
                if grid == 1
                else "Does something round it, does it count in steps that are too large, or is it drawn at random?",
                part=case.part(case.places[0].path),
                grid=grid,
            )
    return None


def _are_on(grid: float, several: Sequence[np.ndarray]) -> bool:
    steps = [numbers / grid for numbers in several]
    return all(agreement.within(each, np.round(each), 1e-9).all() for each in steps)


def changed_argument(case: FunctionCase) -> Explanation | None:
    """An argument that is not what it was: where the results are wrong, it may be why."""
    changes = (
        argument_change(probe, case.runs.get(probe.name))
        for probe in case.probes
        if case.check.course != ENGINE or any(one.of_arguments for one in case.check.criteria)
    )
    changed = next((change for change in changes if change and change.argument), None)
    if changed is None:
        return None
    return Explanation(
        "function/changes-its-argument",
        f"Your function changes {changed.argument}: what uses it next begins where the last use ended."
        if case.wrong
        else "",
        f"Which line writes into {changed.argument}, or into what it holds: `+=`, `a[k] = …`, a method such as `sort`? "
        "Let it write into a copy.",
        "an argument is not what it was",
    )


def zeros(case: FunctionCase) -> Explanation | None:
    """Results of zero where other numbers are expected."""
    wrong = [place for place in case.places if place.example in case.wrong and case.is_number(place.actual)]
    if not wrong or any(
        np.any(place.actual) or not (case.is_number(place.expected) and np.any(place.expected))
        for place in wrong
    ):
        return None
    return _fact(
        "Your {part} is 0 in: {examples}.",
        "Which factor of yours is 0 there? `//` and `int` round down, and a difference of equal numbers is 0.",
        part=case.part(wrong[0].path),
        examples=listed([place.example for place in wrong]),
    )


def wrong_parts(case: FunctionCase) -> Explanation | None:
    """The parts of the results that are wrong, next to those that are right."""
    wrong = case.wrong_parts
    paths = [f"[{place}]" for place in range(len(case.parts))] or filter(
        case.is_everywhere, next(iter(case.expected.values()))
    )
    right = [path for path in paths if path not in wrong]
    is_named = all(path and (case.parts or not path[1:2].isdigit()) for path in wrong)
    if not right or not wrong or not is_named or case.check.is_watched:
        return None
    return _fact(
        "Wrong: {wrong}. Right: {right}.",
        "Which of your lines make {wrong}, and not {right}?",
        wrong=listed(map(case.messages.part, wrong)),
        right=listed(map(case.messages.part, right)),
    )


def wrong_examples(case: FunctionCase) -> Explanation | None:
    """The examples that are wrong, and those that are right."""
    wrong = [name for name in case.expected if name in case.wrong]
    right = [name for name in case.expected if name not in case.wrong]
    if not wrong or not right:
        return None
    return Explanation(
        "",
        "",
        "Call your function with the arguments of a right example and of a wrong one, and print each part of "
        "your line. From which part on are the numbers wrong?",
        "wrong, without a name",
        facts=(f"Wrong in: {_examples(case, wrong)}. Right in: {_examples(case, right)}.",),
    )


def _examples(case: FunctionCase, names: Sequence[str]) -> str:
    """The first examples of these names, with what an own check is given in each."""
    said = {probe.name: probe.said or probe.name for probe in case.probes}
    more = len(names) - MOST_EXAMPLES
    return "; ".join(said[name] for name in names[:MOST_EXAMPLES]) + (f" and {more} more" if more > 0 else "")


def lesson_hint(case: FunctionCase) -> Explanation | None:
    """The first hint of the lesson."""
    hints = catalogue.catalogue_of(case.check).hints(case.check.name)
    return _fact("", hints[0]) if hints else None
