"""What is kept of a result is whole, or a note of its size; nothing is judged in part."""

import re
from pathlib import Path

import pytest
from support import table_beside

from verdicts.comparing.differences import not_compared
from verdicts.inline import CHECKS, CheckDefinition, Pairs
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import pack, unpack
from verdicts.values import carried

NOT_COMPARED = table_beside(__file__, "not_compared.toml")


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
    make_known(definition, pairs)
    return judge("own/f", record("own/f", answer, 0), 0)


VALUES = Path(__file__).with_name("values.md").read_text(encoding="utf-8")
NAMES: dict = {}
exec(VALUES.partition("```python\n")[2].partition("\n```")[0], NAMES)
counts, words = NAMES["counts"], NAMES["words"]


def lines_of(heading):
    """The lines of values.md under a heading, each with its code in order."""
    rest = VALUES.partition(f"## {heading}\n")[2]
    return [re.findall(r"`([^`]+)`", line) for line in rest.partition("\n## ")[0].splitlines() if line]


@pytest.mark.parametrize("line", lines_of("Right"), ids=" ".join)
def test_a_right_result_is_right_in_any_order_of_keys_and_in_any_container(line):
    right, answer, example = (eval(code, NAMES) for code in line)
    verdict = judged(right, answer, example)
    assert verdict.passed, verdict.cause


@pytest.mark.parametrize("line", lines_of("Wrong"), ids=" ".join)
def test_what_differs_anywhere_or_is_not_kept_is_wrong_with_its_place_or_size(line):
    right, answer, example = (eval(code, NAMES) for code in line[:3])
    verdict = judged(right, answer, example, rtol=0)
    assert verdict.fraction == 0
    assert not verdict.notes
    assert line[3] in verdict.criteria[0].message


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


@pytest.mark.parametrize("name", NOT_COMPARED)
def test_of_a_result_that_no_check_compares_it_is_said_what_and_where(name):
    result, what = map(eval, NOT_COMPARED[name])
    said = not_compared(carried(result))
    assert said.startswith(what)
    assert bool(said) is bool(what)
