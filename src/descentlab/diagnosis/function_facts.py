"""What can be said of a function whose results have no name: their form, and where they are wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing import at, kind_of
from descentlab.checks.comparing.functions import leaves
from descentlab.checks.recording.probes import SHAPES, FunctionProbe, ProbeRun
from descentlab.checks.spec import FunctionCheck, same_word
from descentlab.diagnosis import Explanation, explanation_of
from descentlab.sentences import say, say_named, template

Runs = Mapping[str, ProbeRun]


class Fact(NamedTuple):
    """What was computed, and where it sends a student."""

    words: str
    hint: str


def fact_of(words: str, *, hint: str, **values: object) -> Fact:
    """The fact of these templates, each said with those of the values that it names."""
    return Fact(say_named(words, values), say_named(hint, values))


def by_facts(
    check: FunctionCheck, probes: Sequence[FunctionProbe], runs: Runs, expected: Runs
) -> Explanation:
    """What was computed, and where to look."""
    fact = (
        _form(runs, expected)
        or _odd(runs, expected)
        or _axes(runs, expected, probes)
        or _no_number(runs, expected)
        or _complex(runs, expected)
        or _digits(check, runs, expected)
        or _constant(runs, expected)
        or _examples(check, runs, expected)
    )
    if fact is None:
        return _changed()
    return Explanation("", "", fact.hint, say("wrong, without a name"), facts=(fact.words,))


def _changed() -> Explanation:
    """All results right: an argument was changed."""
    return explanation_of(
        "function/changes-its-argument",
        hint="`a[k] *= …`, `a[k] /= …` and `a += …` write into the caller's arrays. Which line of yours "
        "makes a new array, and which one writes into an old one?",
        symptom="all results are right; an argument is not what it was",
    )


def _form(runs: Runs, expected: Runs) -> Fact | None:
    """A result of another kind than is asked for: a tuple for a dict, other keys."""
    for name, run in expected.items():
        actual, asked = runs.get(name, {}).get("result"), run["result"]
        if not isinstance(asked, Mapping):
            continue
        keys = ", ".join(f'"{key}"' for key in asked)
        if not isinstance(actual, Mapping) or "odd" in actual:
            is_row = isinstance(actual, list) or (isinstance(actual, np.ndarray) and actual.ndim)
            kind = say("a tuple, a list or an array") if is_row else kind_of(actual)
            words = say(
                "Your function returns {kind}; a dict with the keys {keys} is asked for.",
                kind=kind,
                keys=keys,
            )
        elif actual.keys() != asked.keys():
            own = ", ".join(f'"{key}"' for key in actual)
            sentence = template("Your dict has the keys {own}; asked for are {keys}.")
            if not own:
                sentence = template("Your dict has no key that is text; asked for are {keys}.")
            words = say(sentence, own=own, keys=keys)
        else:
            continue
        return Fact(words, say("Compare your `return` with what the stub says is returned."))
    return None


def _odd(runs: Runs, expected: Runs) -> Fact | None:
    """A text, or an object, where a number is asked for."""
    for _, path, own, asked in _places(runs, expected):
        if own is not None and not isinstance(own, np.ndarray) and isinstance(asked, np.ndarray):
            return fact_of(
                "Your result{place} is {kind}; numbers of Python's or NumPy's own kinds are asked for.",
                hint="Print the type of what you return, and of each thing that it is made of. Which line of "
                "yours makes it so?",
                place=path,
                kind=kind_of(own),
            )
    return None


def _axes(runs: Runs, expected: Runs, probes: Sequence[FunctionProbe]) -> Fact | None:
    """An array of another shape, and which argument has an axis of that length."""
    for probe in probes:
        actual = dict(leaves(runs.get(probe.name, {}).get("result")))
        for path, asked in leaves(expected[probe.name]["result"]):
            own = actual.get(path)
            if not isinstance(own, np.ndarray) or own.shape == getattr(asked, "shape", own.shape):
                continue
            words = say(
                "Your result{place} has the shape {own}; {asked} is asked for.",
                place=path,
                own=own.shape,
                asked=asked.shape,
            )
            lengths = [*_lengths(probe, own, asked)][:1]
            return Fact(" ".join([words, *lengths]), _of_an_axis(own, asked))
    return None


def _lengths(probe: FunctionProbe, own: np.ndarray, expected: np.ndarray) -> Iterator[str]:
    """Of which arguments the strange axes are."""
    for name, value in probe.data.items():
        for axis, length in enumerate(value.shape if isinstance(value, np.ndarray) else ()):
            if length in own.shape and length not in expected.shape:
                yield say(
                    "{length} is the length of axis {axis} of {name}.", length=length, axis=axis, name=name
                )


def _of_an_axis(own: np.ndarray, expected: np.ndarray) -> str:
    if own.ndim == expected.ndim and own.size > expected.size and 1 in expected.shape:
        return say(
            "Print the shapes of the two arrays that meet in your line. NumPy stretches an axis of length 1, "
            "and puts one where there is none."
        )
    return say("Along which axis does your line sum, average or loop, and which one should be left?")


def _no_number(runs: Runs, expected: Runs) -> Fact | None:
    """The first NaN or infinity."""
    for name in expected:
        for path, own in leaves(runs.get(name, {}).get("result")):
            if not isinstance(own, np.ndarray) or own.dtype.kind != "f" or np.isfinite(own).all():
                continue
            index = tuple(int(i) for i in np.argwhere(~np.isfinite(own))[0])
            return fact_of(
                "Your result{place} is {value} in the example “{example}”.",
                hint="Print each part of your line there: which is the first that is no number? A division "
                "by zero, a root or logarithm of what is not positive, `exp` of a large number?",
                place=f"{path}{at(index)}",
                value=float(own[index]),
                example=say(name),
            )
    return None


def _complex(runs: Runs, expected: Runs) -> Fact | None:
    """A complex number in place of a real one."""
    for name, path, own, _ in _numbers(runs, expected):
        if own.dtype.kind == "c":
            return fact_of(
                "Your result{place} is complex in the example “{example}”; a real number is asked for.",
                hint="Which line of yours makes it complex, and which part of it is asked for?",
                place=path,
                example=say(name),
            )
    return None


def _digits(check: FunctionCheck, runs: Runs, expected: Runs) -> Fact | None:
    """All numbers right to six digits, where more are asked for."""
    numbers = [(own, asked) for _, _, own, asked in _numbers(runs, expected)]
    parts = sum(len(dict(leaves(run["result"]))) for run in expected.values())
    if check.rtol >= agreement.SIX_DIGITS or len(numbers) < parts:
        return None
    if not all(_nearly(*each) for each in numbers) or all(_is_right(*each, check) for each in numbers):
        return None
    return fact_of(
        "Your numbers agree with the expected ones to six digits, and more are asked for.",
        hint="Is something rounded, kept in float32, typed in with few digits, or broken off too early?",
    )


def _nearly(own: np.ndarray, asked: np.ndarray) -> bool:
    if own.shape != asked.shape or own.dtype.kind not in "fiu":
        return False
    own = own.astype(float)
    return bool(agreement.within(own, asked, agreement.SIX_DIGITS * np.abs(asked)).all())


def _numbers(runs: Runs, expected: Runs) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """Of each example that is asked for: its name, a place, your numbers there and the expected ones."""
    for name, path, own, asked in _places(runs, expected):
        if isinstance(own, np.ndarray) and isinstance(asked, np.ndarray):
            yield name, path, own, asked


def _places(runs: Runs, expected: Runs) -> Iterator[tuple[str, str, Any, Any]]:
    """As `_numbers`, of whatever kind; yours is None where there is nothing at the place."""
    for name, run in expected.items():
        own = dict(leaves(runs.get(name, {}).get("result")))
        for path, asked in leaves(run["result"]):
            yield name, path, own.get(path), asked


def _constant(runs: Runs, expected: Runs) -> Fact | None:
    """The same numbers in every example, where other ones are asked for in each."""
    own = [dict(leaves(runs.get(name, {}).get("result"))) for name in expected]
    asked = [dict(leaves(run["result"])) for run in expected.values()]
    numbers = bool(own) and all(isinstance(value, np.ndarray) for value in own[0].values())
    if len(own) < 2 or not own[0] or not numbers or not _all_equal(own) or _all_equal(asked):
        return None
    return fact_of(
        "Your function gives the same numbers in every example.",
        hint="Which of its arguments do your lines use? What must each of them change in the result?",
    )


def _all_equal(results: Sequence[Mapping[str, Any]]) -> bool:
    first, *others = results
    return all(
        other.keys() == first.keys() and all(np.array_equal(other[path], first[path]) for path in first)
        for other in others
    )


def _examples(check: FunctionCheck, runs: Runs, expected: Runs) -> Fact | None:
    """In which examples, and in which parts, the results are wrong, and by which factors they are off."""
    wrong: dict[str, set[str]] = {}
    ratios: dict[str, dict[str, str]] = {}
    for name, path, actual, asked in _places(runs, expected):
        for part, own, right in _parts(check, path, actual, asked):
            if not _is_right(own, right, check):
                wrong.setdefault(part, set()).add(name)
                ratios.setdefault(name, {})[part] = _ratio(own, right)
    if not wrong:
        return None
    words = filter(None, [_which(wrong, expected), _how_far(ratios)])
    return Fact(" ".join(words), _question(wrong, ratios, expected))


def _parts(check: FunctionCheck, path: str, own: Any, expected: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each part by its name, yours and the expected one."""
    named = isinstance(expected, np.ndarray) and expected.ndim == 1 and len(expected) == len(check.parts) > 0
    if named and isinstance(own, np.ndarray) and own.shape == expected.shape:
        yield from ((say(part), own[n], expected[n]) for n, part in enumerate(check.parts))
    else:
        yield path.removeprefix('["').removesuffix('"]'), own, expected


def _is_right(own: Any, expected: Any, check: FunctionCheck) -> bool:
    if isinstance(expected, str) or not isinstance(own, np.ndarray | np.generic):
        return isinstance(own, str) and isinstance(expected, str) and same_word(own, expected)
    own, expected = np.asarray(own), np.asarray(expected)
    if own.shape != expected.shape or own.dtype.kind not in "fiub":
        return False
    own, expected = own.astype(float), expected.astype(float)
    return bool(agreement.within(own, expected, agreement.relative(expected, check.rtol, check.atol)).all())


def _ratio(own: Any, expected: Any) -> str:
    """Your number over the expected one; empty where there is no single one, or it rounds to 1."""
    try:
        with np.errstate(all="ignore"):
            ratio = agreement.common_value(np.ravel(np.asarray(own, float) / np.asarray(expected, float)))
    except (TypeError, ValueError):
        return ""
    words = "" if ratio is None else f"{ratio:.4g}×"
    return "" if words == "1×" else words


def _which(wrong: Mapping[str, set[str]], expected: Runs) -> str:
    """The examples that are wrong and those that are right."""
    bad = set().union(*wrong.values())
    names = ", ".join(say(name) for name in expected if name in bad)
    good = ", ".join(say(name) for name in expected if name not in bad)
    part = next(iter(wrong))
    if len(wrong) == 1 and part:
        words = say("Your {part} is wrong in: {names}.", part=part, names=names)
    else:
        words = say("Wrong in: {names}.", names=names)
    return f"{words} {say('Right in: {names}.', names=good)}" if good else words


def _how_far(ratios: Mapping[str, Mapping[str, str]]) -> str:
    if not _each_has_one(ratios):
        return ""
    shares = "; ".join(
        ", ".join(f'"{part}" {factor}' for part, factor in of_parts.items())
        if _differ(of_parts)
        else next(iter(of_parts.values()))
        for of_parts in ratios.values()
    )
    return say("Yours over the expected: {shares}.", shares=shares)


def _each_has_one(ratios: Mapping[str, Mapping[str, str]]) -> bool:
    return all(factor for of_parts in ratios.values() for factor in of_parts.values())


def _differ(of_parts: Mapping[str, str]) -> bool:
    return len(set(of_parts.values())) > 1


def _question(wrong: Mapping[str, set[str]], ratios: Mapping[str, Mapping[str, str]], expected: Runs) -> str:
    arrays = (each for each in ratios.values() if each.keys() <= SHAPES.keys())
    if _each_has_one(ratios) and any(map(_differ, arrays)):
        return say(
            "Each array is off by a factor of its own. Which number of yours is made anew for each, and is "
            "one number for all of them asked for? Work it out by hand for two entries, 3 and 4."
        )
    if len(set().union(*wrong.values())) < len(expected):
        return say(
            "Compare the arguments of a right example with those of a wrong one: which of them is zero, one, "
            "negative, or alone in the right ones? Which part of your line does it switch off?"
        )
    if _each_has_one(ratios):
        return say(
            "Take an example and double one argument at a time. Does your number change as the formula "
            "says? The first argument for which it does not leads to the line."
        )
    return say("Work the first entry of the smallest example out by hand, beside a print of each line.")
