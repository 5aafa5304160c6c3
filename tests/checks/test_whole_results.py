"""What is kept of a result is whole, or a note of its size; nothing is judged in part."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import factorial
from typing import NamedTuple

import numpy as np
import pytest

from verdicts.comparing.differences import not_compared
from verdicts.inline import CHECKS, STUBS, CheckDefinition, Pairs
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import pack, unpack
from verdicts.values import carried

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def no_check_is_known(monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})


def judged(right, answer, *examples, **words):
    """The verdict on a function whose results should be those of another one."""
    definition = CheckDefinition.read("own/f", False, example=[*examples], **words)
    pairs: Pairs = [
        (problem, carried(right(**given)))
        for problem, given in zip(definition.examples, examples, strict=True)
    ]
    make_known(definition, pairs, STUBS)
    return judge("own/f", record("own/f", answer, 0), 0)


def counts(text):
    return {letter: text.count(letter) for letter in LETTERS}


def words(n):
    return [f"word {k}" for k in range(n)]


class Lies(list):
    def __iter__(self):
        return iter([2])


def in_itself(n):
    held = [n]
    held.append(held)
    return held


def roman(n):
    return {"a": {n: "x"}, 1: [n, None], (1, "b"): {n, "c"}, None: b"ab"}


@dataclass
class Point:
    x: int
    of: list


class Pair(NamedTuple):
    one: int
    other: str


def moment(n):
    return [date(2024, 2, n), datetime(2024, 2, n, 4, 5), time(n), timedelta(n, 3, 1)]


RIGHT = [
    (counts, lambda text: {letter: text.count(letter) for letter in reversed(LETTERS)}, {"text": "a fox"}),
    (counts, lambda text: defaultdict(int, counts(text)), {"text": "a fox"}),
    (counts, lambda text: Counter(counts(text)), {"text": "a fox"}),
    (words, lambda n: np.array([f"word {k}" for k in range(n)]), {"n": 400}),
    (words, lambda n: tuple(map(np.str_, words(n))), {"n": 1000}),
    (words, lambda n: deque(words(n)), {"n": 3}),
    (lambda n: [n] * n, lambda n: np.full(n, n), {"n": 5000}),
    (lambda n: (n, "b"), lambda n: Pair(n, "b"), {"n": 5}),
    (lambda n: [k * 2**31 for k in range(n)], lambda n: np.arange(n, dtype=np.uint64) * 2**31, {"n": 40}),
    (lambda n: [2**63, -n], lambda n: np.array([2**63, -n], object), {"n": 4}),
    (lambda n: 2**63 + n, lambda n: np.uint64(2**63 + n), {"n": 4}),
    (lambda n: [1, 2 * n], lambda n: np.array([1, 2 * n], np.uint16), {"n": 4}),
    (lambda n: [n * 1j, 2], lambda n: np.array([n * 1j, 2], np.complex64), {"n": 4}),
    (lambda n: {"none": {}, "n": n}, lambda n: {"n": n, "none": {}}, {"n": 4}),
    (roman, lambda n: dict(reversed(roman(n).items())), {"n": 4}),
    (lambda n: {1: n, 2: 0}, lambda n: {2.0: 0, True: n}, {"n": 4}),
    (lambda n: {1, n, "c"}, lambda n: frozenset(["c", n, 1.0]), {"n": 4}),
    (lambda n: {0.1 + 0.2, n}, lambda n: {0.3, n}, {"n": 4}),
    (lambda n: {(1, "b"), (n, "a")}, lambda n: {Pair(n, "a"), (1, "b")}, {"n": 4}),
    (lambda n: Point(n, [1]), lambda n: Point(np.int64(n), (1,)), {"n": 4}),
    (lambda n: [set(), {}, [], "", None], lambda n: (frozenset(), {}, (), "", None), {"n": 4}),
    (moment, moment, {"n": 4}),
    (lambda n: factorial(n), lambda n: factorial(n), {"n": 2000}),
    (lambda n: [None][n], lambda n: print(n), {"n": 0}),
    (lambda n: "ab " * n, lambda n: "ab " * n, {"n": 6000}),
    (lambda at: at + timedelta(1), lambda at: date(2024, 3, 1), {"at": date(2024, 2, 29)}),
    (lambda g: g[1][0] + len(g), lambda g: sum(g[1]) - 1, {"g": {1: [2, 3], "b": [1]}}),
    (lambda s, b, z: [len(s), b, z], lambda s, b, z: [len(s), b, z], {"s": {1, (2, "a")}, "b": b"x", "z": 1j}),
    (lambda w: w[0], lambda w: str(w[0]), {"w": np.array(["a", "b"])}),
    (lambda n: n + 1, lambda n: n + 1, {"n": 10**5000}),
]  # fmt: skip


@pytest.mark.parametrize(("right", "answer", "example"), RIGHT)
def test_a_right_result_is_right_in_any_order_of_keys_and_in_any_container(right, answer, example):
    verdict = judged(right, answer, example)
    assert verdict.passed, verdict.cause


WRONG = [
    (counts, lambda text: counts(text) | {"z": 1}, {"text": "a fox"}, '(text = \'a fox\'), "z": yours 1, expected 0'),
    (counts, lambda text: dict([*counts(text).items()][:20]), {"text": "a"}, "your dict lacks the keys 'u', 'v', 'w', …"),
    (counts, lambda text: dict([*counts(text).items()][1:]) | {"": 0}, {"text": "a"}, "your dict lacks the key 'a' and has the key '' too many"),
    (words, lambda n: words(n)[:16], {"n": 25}, "16 entries, expected 25; the first missing is [16], 'word 16'"),
    (words, lambda n: words(n + 2), {"n": 25}, "27 entries, expected 25; the first too many is [25], 'word 25'"),
    (words, lambda n: words(n)[1:], {"n": 2}, "[0]: yours 'word 1', expected 'word 0' (1 entries, expected 2)"),
    (words, lambda n: set(words(n)), {"n": 2}, "you return {'word 0', 'word 1'}, expected ['word 0', 'word 1']"),
    (words, lambda n: [words(n)], {"n": 2}, "[0]: yours is ['word 0', 'word 1'], expected the text 'word 0'"),
    (lambda n: [n] * 3, lambda n: [n, n], {"n": 2}, "2 entries, expected 3; the first missing is [2], 2"),
    (lambda n: [n] * 3, lambda n: [n, "b", n], {"n": 2}, "[1]: yours is the text 'b', expected the number 2"),
    (lambda n: [n] * 3, lambda n: n, {"n": 2}, "you return the number 2, expected [2, 2, 2]"),
    (lambda n: {"a": {"b": n}}, lambda n: {"a": {}, 'a"]["b': n}, {"n": 4}, "has the key 'a\"][\"b' too many"),
    (lambda n: {"a": {"b": n}}, lambda n: {"a": [n]}, {"n": 4}, "\"a\": yours is [4], expected {'b': 4}"),
    (lambda n: {"a\nb": n}, lambda n: {"a\nb": n + 1}, {"n": 4}, r'"a\nb": yours 5, expected 4'),
    (lambda n: {3: n}, lambda n: [0, 0, 0, n], {"n": 4}, "you return [0, 0, 0, 4], expected {3: 4}"),
    (lambda n: {3: n}, lambda n: {3: 1}, {"n": 4}, "[3]: yours 1, expected 4"),
    (lambda n: {3: n}, lambda n: {"3": n}, {"n": 4}, "lacks the key 3 and has the key '3' too many"),
    (lambda n: {"n": n, "of": {"it": "x"}}, lambda n: {"n": n, "of": {"it": "x", "odd": 1}}, {"n": 4}, "\"of\": your dict has the key 'odd' too many"),
    (lambda n: {"even": n, "odd": n}, lambda n: {"even": n, "odd": 1}, {"n": 4}, '"odd": yours 1, expected 4'),
    (lambda n: {"n": n}, lambda n: {"n": n, print: 1}, {"n": 4}, "a dict with the key <built-in function print>"),
    (lambda n: {}, lambda n: [], {"n": 4}, "you return [], expected {}"),
    (lambda n: "ab " * n, lambda n: "ab " * n + "c", {"n": 4000}, "from character 11993 on yours 'b ab ab c', expected 'b ab ab '"),
    (lambda n: n, lambda n: 2**70, {"n": 4}, "yours 1180591620717411303424, expected 4"),
    (lambda n: n, lambda n: 10**5000, {"n": 4}, "yours a whole number of 16610 bits, expected 4"),
    (lambda n: factorial(n), lambda n: factorial(n) + 1, {"n": 2000}, "it is off by 1"),
    (lambda n: factorial(n), lambda n: float(factorial(n)) * 2, {"n": 30}, "yours 5.30506e+32, expected 265252859812191058636308480000000"),
    (lambda n: [n, 2**53], lambda n: [n, 2**53 + 1], {"n": 4}, "[1]: yours 9007199254740993, expected 9007199254740992"),
    (lambda n: [0.5, 2**53 + n], lambda n: [0.5, 2**53], {"n": 1}, "[1]: yours 9007199254740992, expected 9007199254740993"),
    (lambda n: {2, n}, lambda n: [2, n], {"n": 3}, "you return [2, 3], expected {2, 3}"),
    (lambda n: {2, n}, lambda n: {2, n, 1}, {"n": 3}, "1 is one too many"),
    (lambda n: {2, n}, lambda n: {2, "3"}, {"n": 3}, "3 is missing, and '3' is one too many"),
    (lambda n: {2.0, n}, lambda n: {2.0, float("nan")}, {"n": 3}, "3 is missing, and nan is one too many"),
    (lambda n: date(2024, 3, n), lambda n: date(2024, 3, n + 1), {"n": 2}, "yours 2024-03-03, expected 2024-03-02"),
    (lambda n: date(2024, 3, n), lambda n: datetime(2024, 3, n), {"n": 2}, "you return 2024-03-02 00:00:00, expected 2024-03-02"),
    (lambda n: time(n), lambda n: time(n, tzinfo=UTC), {"n": 2}, "you return a time with a time zone, expected 02:00:00"),
    (lambda n: timedelta(n), lambda n: timedelta(n, 1), {"n": 2}, "yours 2 days, 0:00:01, expected 2 days, 0:00:00"),
    (lambda n: b"ab", lambda n: "ab", {"n": 2}, "you return the text 'ab', expected b'ab'"),
    (lambda n: print(), lambda n: -1, {"n": 2}, "you return the number -1, expected None"),
    (lambda n: [None], lambda n: [0], {"n": 2}, "[0]: yours is the number 0, expected None"),
    (lambda n: -1, lambda n: print(n), {"n": 2}, "you return None, expected the number -1"),
    (lambda n: 3, lambda n: "3", {"n": 2}, "you return the text '3', expected the number 3"),
    (lambda n: [n, 1j], lambda n: [n, 1], {"n": 2}, "[1]: yours 1, expected 0+1j"),
    (lambda n: Point(n, [1]), lambda n: Point(n, [2]), {"n": 2}, '"of"[0]: yours 2, expected 1'),
    (lambda n: Point(n, [1]), lambda n: {"x": n, "of": [1]}, {"n": 2}, "you return {'of': [1], 'x': 2}, expected Point(x=2, of=[1])"),
    (lambda n: n, lambda n: in_itself(n), {"n": 2}, "you return [2, [2, [2, [...]]]], expected the number 2"),
    (lambda n: "a", lambda n: "\ud800", {"n": 2}, "you return a str with half of a surrogate pair, expected the text 'a'"),
    (lambda n: [n], lambda n: range(n), {"n": 2}, "you return a range, expected [2]"),
    (lambda n: [n], lambda n: Lies([n]), {"n": 2}, "you return a Lies, expected [2]"),
    (lambda n: [n], lambda n: ["a"] * 10**6, {"n": 2}, "you return a list of length 1000000 with more than 20000 numbers and short texts"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "answer", "example", "said"), WRONG)
def test_what_differs_anywhere_or_is_not_kept_is_wrong_with_its_place_or_size(right, answer, example, said):
    verdict = judged(right, answer, example, rtol=0)
    assert verdict.fraction == 0
    assert not verdict.notes
    assert said in verdict.criteria[0].message


def test_an_argument_is_compared_to_its_end():
    def changes_the_last(xs):
        xs[-1] = "changed"
        return len(xs)

    examples = [{"xs": words(n)} for n in (30, 40)]
    verdict = judged(lambda xs: len(xs), changes_the_last, *examples)
    assert verdict.criteria[-1].message == "problem 1: your function changes xs[29]"


def test_an_argument_that_is_none_can_be_compared_and_one_that_is_not_kept_whole_is_no_students_fault():
    assert judged(lambda xs, y: len(xs), lambda xs, y: len(xs), {"xs": [1.0], "y": None}).passed
    with pytest.raises(TypeError, match="an argument of problem 1 is not kept whole: a list of length 30000"):
        judged(lambda xs: len(xs), lambda xs: len(xs), {"xs": words(30_000)})


def test_results_of_a_version_that_kept_a_part_wait_for_a_person():
    assert judged(counts, counts, {"text": "a fox"}).passed
    kept = unpack(record("own/f", counts, 0))
    verdict = judge("own/f", pack({key: part for key, part in kept.items() if key != "whole"}), 0)
    assert verdict.status == "not-judged"
    assert "grade it again" in verdict.cause


@pytest.mark.parametrize(
    ("result", "what"),
    [
        (3.5, ""),
        ({"a": ["b", 1, None], "c": {}, "d": {1j}, ("a", 1): {"k" * 301: date(2024, 1, 1)}}, ""),
        (["x" * 800_001], "a list of length 1 with more than 20000 numbers and short texts"),
        ([[[[[[[[[[[[["a", 1]]]]]]]]]]]]], f"a list inside 12 others at {'[0]' * 12}"),
        (np.zeros((1,) * 9), "a ndarray of float64 of shape (1, 1, 1, 1, 1, 1, 1, 1, 1)"),
        (np.array(["2024-01-01"], "datetime64[D]"), "a ndarray of datetime64[D] of shape (1,)"),
        ({"a": "?\ud800"}, 'a str with half of a surrogate pair at ["a"]'),
        ({"\udfff": 1}, "a dict with the key '\\udfff'"),
        ({("a", print): 1}, "a dict with the key ('a', <built-in function print>)"),
        ([print], "a builtin_function_or_method at [0]"),
    ],
)
def test_of_a_result_that_no_check_compares_it_is_said_what_and_where(result, what):
    said = not_compared(carried(result))
    assert said.startswith(what)
    assert bool(said) is bool(what)
