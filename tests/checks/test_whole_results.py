"""What is kept of a result is whole, or a note of its size; nothing is judged in part."""

from collections import defaultdict

import numpy as np
import pytest

from verdicts.comparing.differences import not_compared
from verdicts.inline import CHECKS, STUBS, CheckDefinition, Pairs
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import pack, unpack
from verdicts.recording.run_student import snapshot

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def no_check_is_known(monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})


def judged(right, answer, *examples, **words):
    """The verdict on a function whose results should be those of another one."""
    definition = CheckDefinition.read("own/f", False, example=[*examples], **words)
    pairs: Pairs = [
        (problem, snapshot(right(**given)))
        for problem, given in zip(definition.examples, examples, strict=True)
    ]
    make_known(definition, pairs, STUBS)
    return judge("own/f", record("own/f", answer, 0), 0)


def counts(text):
    return {letter: text.count(letter) for letter in LETTERS}


def words(n):
    return [f"word {k}" for k in range(n)]


RIGHT = [
    (counts, lambda text: {letter: text.count(letter) for letter in reversed(LETTERS)}, {"text": "a fox"}),
    (counts, lambda text: defaultdict(int, counts(text)), {"text": "a fox"}),
    (words, lambda n: np.array([f"word {k}" for k in range(n)]), {"n": 400}),
    (words, lambda n: tuple(map(np.str_, words(n))), {"n": 30}),
    (lambda n: [k * 2**31 for k in range(n)], lambda n: np.arange(n, dtype=np.uint64) * 2**31, {"n": 40}),
    (lambda n: [1, 2 * n], lambda n: np.array([1, 2 * n], np.uint16), {"n": 4}),
    (lambda n: {"none": {}, "n": n}, lambda n: {"n": n, "none": {}}, {"n": 4}),
    (lambda n: "ab " * n, lambda n: "ab " * n, {"n": 600}),
]


@pytest.mark.parametrize(("right", "answer", "example"), RIGHT)
def test_a_right_result_is_right_in_any_order_of_keys_and_in_any_container(right, answer, example):
    assert judged(right, answer, example).passed


WRONG = [
    (counts, lambda text: counts(text) | {"z": 1}, {"text": "a fox"}, '"z": yours 1, expected 0'),
    (counts, lambda text: dict([*counts(text).items()][:20]), {"text": "a"}, '"u": nothing, expected a number'),
    (words, lambda n: words(n)[:16], {"n": 25}, "[16]: nothing, expected 'word 16'"),
    (words, lambda n: words(n + 2), {"n": 25}, "[25]: an unexpected extra value"),
    (words, lambda n: words(1000), {"n": 25}, "a list of length 1000 with more than 500 numbers and short texts, expected a list of length 25"),
    (words, lambda n: set(words(n)), {"n": 25}, "a set, expected a list of length 25"),
    (words, lambda n: [words(n)], {"n": 25}, "[0]: a list, expected 'word 0'"),
    (lambda n: {"a": {"b": n}}, lambda n: {"a": {}, 'a"]["b': n}, {"n": 4}, '"a": a dict, expected'),
    (lambda n: {"a\nb": n}, lambda n: {"a\nb": n + 1}, {"n": 4}, r'"a\nb": yours 5, expected 4'),
    (lambda n: "ab " * n, lambda n: "ab " * n + "c", {"n": 400}, "expected 'ab ab "),
    (lambda n: "ab " * n, lambda n: "ab " * 1000, {"n": 4}, "a text of 3000 characters, expected 'ab ab ab ab '"),
    (lambda n: n, lambda n: 2**70, {"n": 4}, "a whole number of 71 bits, expected a number"),
    (lambda n: {"a": {}, "n": n}, lambda n: {"n": n}, {"n": 4}, '"a": nothing, expected a dict of length 0'),
    (lambda n: {"n": n}, lambda n: {"n": n, "a": {}}, {"n": 4}, '"a": an unexpected extra value'),
    (lambda n: {}, lambda n: [], {"n": 4}, "expected a dict of length 0"),
    (lambda n: {"n": n}, lambda n: {"n": n, 3: 1}, {"n": 4}, "a dict with the key 3, expected a dict of length 1"),
    (lambda n: {"n": n, "of": {"it": "x"}}, lambda n: {"n": n, "of": {"it": "x", "odd": 1}}, {"n": 4}, "\"of\": a dict with the key 'odd', expected a dict of length 1"),
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
    with pytest.raises(TypeError, match="an argument of problem 1 is not kept whole: a list of length 600"):
        judged(lambda xs: len(xs), lambda xs: len(xs), {"xs": words(600)})


def test_of_a_dict_with_many_keys_those_that_differ_are_shown_first():
    verdict = judged(counts, lambda text: dict(reversed([*counts(text).items()][:-1])), {"text": "fox"})
    assert verdict.cause.startswith('The keys of your dict: "y", "x", "w"')
    assert 'Expected: "z", "a", "b", "c"' in verdict.cause
    assert '"n", "o", ….' in verdict.cause


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
        ({"a": ["b", 1], "c": {}}, ""),
        ({"a": [None]}, 'nothing at ["a"][0]'),
        (["x" * 800] * 24, "a list of length 24 with more than 500 numbers and short texts"),
        ([[[[[[["a", 1]]]]]]], "a list inside 6 others at [0][0][0][0][0][0]"),
        (2j, "the complex number 2j"),
        ([1j, "a"], "the complex number 1j at [0]"),
        (np.zeros((1,) * 9), "a ndarray of float64 of shape (1, 1, 1, 1, 1, 1, 1, 1, 1)"),
        (np.array([2**64 - 1], np.uint64), "a ndarray of uint64 of shape (1,)"),
        ({"a": "?\ud800"}, 'a text of 2 characters with a surrogate at ["a"]'),
        ({"\udfff": 1}, "a dict with the key '\\udfff'"),
        ({"k" * 301: 1}, "a dict with the key 'k"),
        ({("a", 1): 1}, "a dict with the key ('a', 1)"),
    ],
)
def test_of_a_result_that_no_check_compares_it_is_said_what_and_where(result, what):
    said = not_compared(snapshot(result))
    assert said.startswith(what)
    assert bool(said) is bool(what)
