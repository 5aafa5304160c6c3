"""Which wrong results are equal, which tell nothing, and who reads a name that a class gave them."""

import json

import numpy as np
import pytest

from verdicts.diagnosis.catalogue import TextError
from verdicts.diagnosis.common_mistakes import (
    alike,
    masked,
    named,
    read_names,
    results_line,
    results_of,
    row_of,
)
from verdicts.inline import CHECKS, CheckDefinition, problem_of
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import pack
from verdicts.values import carried

PROBLEMS = [{"x": float(x)} for x in (1, 2, -3, 0.5)]
PUBLIC = [(problem_of(one), carried(one["x"] ** 2)) for one in PROBLEMS]
RESULTS = [3.0, -7.5, 11.0, 0.25]


def defined(**words):
    return CheckDefinition.read("own/f", False, example=PROBLEMS[0], **words)


def digests(*results, **words):
    return alike(defined(**words), PUBLIC, [*map(carried, results)])


def are_equal(some, others, **words):
    return bool({*digests(*some, **words)} & {*digests(*others, **words)})


@pytest.mark.parametrize("seed", range(50))
def test_results_within_the_tolerance_are_equal_and_those_twenty_times_as_far_apart_are_not(seed):
    rng = np.random.default_rng(seed)
    some = rng.normal(0, 10.0 ** rng.integers(-3, 6), 4)
    scale = np.abs(some).max()
    assert are_equal(some, some * (1 + 1e-14 * rng.normal(size=4)))
    one_further = [some[0] + 0.9e-9 * abs(some[0]), *some[1:]]
    assert are_equal(some, one_further)
    assert not are_equal(some, [*some[:3], some[3] + 2e-8 * scale])
    assert not are_equal([some, *RESULTS[1:]], [some + 2e-8 * scale, *RESULTS[1:]])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.0, -0.0),
        ([0.0, 1.0], [1e-17, 1.0]),
        ([0.0, 2.0], [-1e-16, 2.0 - 1e-15]),
        (1, 1.0),
        ([1, 2], np.array([1.0, 2.0])),
        ((1.0, "a"), [1.0, "a"]),
        (0.1 + 0.2, 0.3),
        (np.nan, np.nan),
        (-np.inf, -np.inf),
        (1 + 2j, 1 + 2j * (1 + 1e-14)),
        ({"a": 0.1 + 0.2}, {"a": 0.3}),
        (2**80, 2**80),
    ],
)
def test_equal_results_of_other_types_or_last_digits_are_equal(one, other):
    assert are_equal([one, *RESULTS[1:]], [other, *RESULTS[1:]])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, -1.0),
        ([1.0, 2.0], [2.0, 1.0]),
        ([1.0], 1.0),
        (np.nan, np.inf),
        (1.0, "1.0"),
        ("a", "b"),
        (1 + 2j, 1 - 2j),
        (2**80, 2**80 + 1),
        (10_000_000, 10_000_001),
        ({"a": 1.0}, {"b": 1.0}),
        (None, 0.0),
        ([], 0.0),
    ],
)
def test_other_results_are_not(one, other):
    assert not are_equal([one, *RESULTS[1:]], [other, *RESULTS[1:]])


def test_the_checks_own_tolerance_decides_also_an_absolute_one():
    assert are_equal([10.0, *RESULTS[1:]], [10.05, *RESULTS[1:]], rtol=0.01)
    assert are_equal([1e-4, *RESULTS[1:]], [3e-4, *RESULTS[1:]], atol=1e-3)
    assert not are_equal([10.0, *RESULTS[1:]], [10.05, *RESULTS[1:]], rtol=1e-4)


def ended_in(error):
    return results_of({"problem 1": {"error": {"type": error, "message": error}}}, PUBLIC)[0]


def test_an_error_counts_by_its_type():
    ended = [ended_in("ValueError"), ended_in("KeyError")]
    one, other, same = (
        alike(defined(), PUBLIC, [result, *map(carried, RESULTS[1:])]) for result in (*ended, ended[0])
    )
    assert one == same
    assert not {*one} & {*other}
    assert results_of({}, PUBLIC) == results_of({"problem 1": {}}, PUBLIC)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ([1.0, 4.0, 9.0, 0.25], "right on everybody's problems"),
        ([1.0, 4.0, 9.0, 0.25 * (1 + 1e-12)], "right on everybody's problems"),
        ([None] * 4, "one value everywhere"),
        ([7.0] * 4, "one value everywhere"),
        ([1.0, 2.0, -3.0, 0.5], "the argument x, unchanged"),
    ],
)
def test_results_that_tell_nothing_are_no_mistake(results, said):
    assert digests(*results) == (said,)


def test_nor_are_errors_alone_and_half_of_the_results_may_be_right():
    assert alike(defined(), PUBLIC, [ended_in("KeyError")] * 4) == ("an error everywhere",)
    assert len(digests(1.0, 4.0, -9.0, -0.25)) == 2


def test_a_value_is_compared_as_a_value():
    value = CheckDefinition.read("own/v", False, rtol=0.01)
    public = [({}, carried(5.0))]
    assert len(alike(value, public, [carried(7.0)])) == 2
    assert alike(value, public, [carried(5.01)]) == ("right on everybody's problems",)


# ------------------------------------------------------------------------------------------- names

PACKED = defined().packed(solved=PUBLIC)
ROW = row_of(
    "own/f", "KTRA", "a sum without σ", "Where is σ?", results_line(PUBLIC, [*map(carried, RESULTS)])
)


def read(tmp_path, text, packed=PACKED):
    file = tmp_path / "hw1.md"
    file.write_text(text, encoding="utf-8")
    return read_names(file, [packed])["own/f"]


def test_who_has_the_results_reads_the_name_and_nobody_else(tmp_path):
    (row,) = read(tmp_path, ROW)
    held = masked((row,))
    found = named(held, digests(*(np.array(RESULTS) * (1 + 1e-13))))
    assert (found.id, found.hint) == ("KTRA", "Where is σ?")
    assert found.cause == "Your results are those of a sum without σ."
    for one in row[1]:
        assert named(held, [one]) == found
    assert named(held, digests(3.0, -7.5, 11.0, 0.26)) is None
    assert not any(word in json.dumps(held) for word in ("KTRA", "sum", "σ", "Where", *row[1]))


def test_a_row_whose_results_are_right_by_now_or_of_other_problems_names_nothing(tmp_path):
    right = [(problem, carried(result)) for (problem, _), result in zip(PUBLIC, RESULTS, strict=True)]
    other = [(problem_of({"x": 8.0}), carried(64.0)), *PUBLIC[1:]]
    for solved in (right, other):
        ((entry, digests),) = read(tmp_path, ROW, defined().packed(solved=solved))
        assert (entry.what, digests) == ("a sum without σ", ())
        assert masked(((entry, digests),)) == {}


MALFORMED = {
    ROW.replace("own/f", "own/g"): "own/g is no check of this assignment",
    ROW.partition("\n\n")[2]: "stands before the first check",
    ROW + ROW: "two mistakes have this id",
    ROW + ROW.replace("KTRA", "AAAA"): "has the name or the results of 'KTRA': keep one of them",
    ROW + "## AAAA\n\na sum without σ\n\n- Results: {}\n": "has the name or the results of 'KTRA'",
    ROW.replace("- Results", "- Result"): "unknown field 'Result'",
    ROW.replace("Results: {", "Results: "): "its results are not as `autograde mistakes` writes them",
    ROW.replace('"results":[', '"results":[1,'): "its results are not as `autograde mistakes` writes them",
    ROW.partition("- Results")[0]: "needs a code block with the wrong lines",
    ROW.replace("a sum without σ\n", ""): "its first paragraph is missing",
}


@pytest.mark.parametrize("text", MALFORMED, ids=[*map(str, range(len(MALFORMED)))])
def test_a_malformed_file_is_refused_in_one_line_that_names_the_place(tmp_path, text):
    with pytest.raises(TextError, match="section") as refused:
        read(tmp_path, text)
    assert MALFORMED[text] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_forged_evidence_gets_the_name_that_it_imitates_and_no_points(tmp_path, monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})
    (row,) = read(tmp_path, ROW)
    definition = defined().asking([problem for problem, _ in PUBLIC], [0] * 4)
    make_known(definition, PUBLIC, public=PUBLIC, names=masked((row,)))
    wrong = dict(zip([one["x"] for one in PROBLEMS], RESULTS, strict=True))
    evidence = json.loads(record("own/f", wrong.get, 0))
    verdict = judge("own/f", pack(evidence), 0)
    assert (verdict.mistake, verdict.fraction, verdict.alike) == ("KTRA", 0, row[1])
    for run in evidence["runs"]:
        run["result"] = {"odd": "list", "held": 3}
    assert judge("own/f", pack(evidence), 0).fraction == 0
    make_known(definition, PUBLIC, names=masked((row,)))
    verdict = judge("own/f", record("own/f", wrong.get, 0), 0)
    assert (verdict.mistake, verdict.alike) == (None, ()), "its problems are of an earlier release"
