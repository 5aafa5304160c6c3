"""Tasks of many subjects: their checks are released, right answers get all points, and wrong ones a sentence."""

import math
from collections import Counter
from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from autograde.course.solutions import Solution, Solved
from autograde.grading.defining import try_checks
from verdicts.inline import CHECKS, STUBS, CheckDefinition
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import unpack
from verdicts.solving import solved

LETTERS = list("abcdefghijklmnopqrstuvwxyz ")
TREES = ["ash", "birch", "cedar", "elm", "fir", "hazel"]


def forever(draw):
    return lambda rng: (draw(rng) for _ in count())


def text(rng):
    return {"text": " ".join(rng.choice(TREES, 25).tolist())}


def letters(rng):
    return {"text": "".join(rng.choice(LETTERS, 200).tolist())}


def few(rng):
    return {"xs": rng.integers(0, 5, 8).tolist()}


def two_sets(rng):
    return {"a": rng.integers(0, 9, 6).tolist(), "b": rng.integers(0, 9, 6).tolist()}


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def place(words, w):
    return words.index(w) if w in words else None


def placed(words, w):
    return words.index(w) if w in words else -1


def words_and_one(rng):
    return {"words": rng.choice(TREES, 3, replace=False).tolist(), "w": str(rng.choice(TREES))}


def counts(text):
    return {c: text.count(c) for c in text}


def too_high(text):
    return {c: text.count(c) + (c > "q") for c in text}


def root_of(error):
    def root(x):
        if x < 0:
            raise error("no")
        return x**0.5

    return root


def bill(prices):
    for price in prices:
        print(price)


TASKS = {
    "words": (lambda text: text.split(), {"text": "ash fir"}, text, [
        (lambda text: text.split()[:16], 0, "16 entries, expected 25; the first missing is [16], '"),
        (lambda text: text.split(" "), 1, ""),
    ]),
    "counts of letters": (counts, {"text": "ab a"}, letters, [
        (lambda text: {c: text.count(c) for c in sorted(set(text))}, 1, ""),
        (lambda text: Counter(text), 1, ""),
        (too_high, 0, ", expected "),
        (lambda text: counts(text.replace(" ", "")), 0, "your dict lacks the key ' '"),
    ]),
    "counts by number": (lambda xs: {x: xs.count(x) for x in xs}, {"xs": [3, 1, 3]}, few, [
        (lambda xs: dict.fromkeys(xs, 1), 0, "(xs = [3, 1, 3]), [3]: yours 1, expected 2"),
    ]),
    "a sum": (lambda values: sum(values), [{"values": [1.0, 2.5]}, {"values": []}], None, [
        (lambda values: values[0] + sum(values[1:]), 0.4, "IndexError"),
    ]),
    "leap years": (is_leap, {"year": 1900}, lambda rng: {"year": int(rng.integers(1583, 2500))}, [
        (lambda year: year % 4 == 0, 0, "(year = 1900): yours True, expected False"),
        (lambda year: 1.0 * is_leap(year), 0, "you return the number 0, expected False"),
    ]),
    "a common multiple": (lambda a, b: math.lcm(a, b), {"a": 1234567, "b": 7654321}, None, [
        (lambda a, b: math.lcm(a, b) + 1, 0, ": yours 9449772114008, expected 9449772114007"),
    ]),
    "a factorial": (lambda n: math.factorial(n), {"n": 30}, lambda rng: {"n": int(rng.integers(400))}, [
        (lambda n: math.factorial(n) + 1, 0, "yours 265252859812191058636308480000001"),
    ]),
    "what two sets share": (lambda a, b: set(a) & set(b), {"a": [1, 2, 3], "b": [2, 3]}, two_sets, [
        (lambda a, b: sorted(set(a) & set(b)), 0, "you return [2, 3], expected {2, 3}"),
        (lambda a, b: set(a) | set(b), 0, "1 is one too many"),
    ]),
    "a date": (lambda n: date(2024, 2, 1) + timedelta(n), {"n": 30}, None, [
        (lambda n: date(2024, 2, 1) + timedelta(n + 1), 0, "yours 2024-03-03, expected 2024-03-02"),
    ]),
    "a place or None": (place, {"words": ["a", "b"], "w": "c"}, words_and_one, [
        (placed, 0, "(words = ['a', 'b'], w = 'c'): you return the number -1, expected None"),
    ]),
    "a graph": (lambda g: sorted(g[1]), {"g": {1: [20, 30], 2: [10]}}, None, [
        (lambda g: sorted(g[2]), 0, "entries, expected"),
    ]),
    "a list in order": (lambda xs: xs.sort(), {"xs": [3.5, 1.5, 2.0]}, None, [
        (lambda xs: xs.sort(key=float), 1, ""),
        (lambda xs: sorted(xs), 0, '(xs = [3.5, 1.5, 2]), "xs"[0]: yours 3.5, expected 1.5'),
        (lambda xs: xs.sort(reverse=True), 0, '"xs"[0]: yours 3.5, expected 1.5'),
    ]),
    "a root": (lambda x: math.sqrt(x), [{"x": 4.0}, {"x": -4.0}], None, [
        (root_of(UnicodeError), 1, ""),
        (root_of(KeyError), 0.5, "(x = -4): KeyError: 'no', in your line `raise error(\"no\")`, expected a ValueError"),
        (root_of(NotImplementedError), 0, ""),
        (root_of(MemoryError), 0.5, "MemoryError"),
        (lambda x: abs(x) ** 0.5, 0.5, "(x = -4): nothing was raised, expected a ValueError"),
        (lambda x: math.nan if x < 0 else x**0.5, 0.5, "nothing was raised, expected a ValueError"),
        (lambda x: root_of(ValueError)(-1), 0.5, "ValueError: no"),
    ]),
    "a bill": (bill, {"prices": [2.5, 4.0]}, None, [
        (lambda prices: print(*map(str, prices), "", sep=" \n"), 1, ""),
        (lambda prices: print(*prices), 0, "yours '2.5 4.0', expected '2.5\\n4.0'"),
        (lambda prices: "\n".join(map(str, prices)), 0, "yours '', expected '2.5"),
    ]),
}  # fmt: skip

WORDS = {
    "a list in order": {"changes": "xs"},
    "a root": {"raises": ValueError},
    "a bill": {"prints": True},
}


def released(name):
    """The definition of a task, and its problems for one student with what the solution gives."""
    solution, example, draw, _ = TASKS[name]
    drawn = {"draws": draw and forever(draw)}
    definition = CheckDefinition.read("own/f", draw is not None, example=example, **WORDS.get(name, {}))

    def solve(notebook, asked):
        found = (
            unpack(solved("own/f", solution, definition.packed(solve=seed).encode(), {}, drawn))
            for _, seed in asked
        )
        return [Solved(one["problems"], one.get("results", ()), one.get("failed", "")) for one in found]

    solver = SimpleNamespace(solutions={"own": Solution((), {}, {"f": definition.packed()})}, solve=solve)
    assert [*try_checks(solver, "own")], name
    return definition, solve("own", [("f", 7)])[0].pairs


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_released_and_its_answers_get_what_they_deserve(name, monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})
    definition, pairs = released(name)
    for answer, fraction, said in [(TASKS[name][0], 1, ""), *TASKS[name][3]]:
        make_known(definition, pairs, STUBS)
        verdict = judge("own/f", record("own/f", answer, 0), 0)
        told = "\n".join((verdict.cause, verdict.numbers, *(one.message for one in verdict.criteria)))
        assert said in told
        assert verdict.fraction == pytest.approx(fraction), told
        assert verdict.notes == ()
