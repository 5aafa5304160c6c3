"""Tasks of many subjects: their checks are released, right answers get all points, and wrong ones a sentence."""

import re
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograde.entries.answer_key import Solution, Solved
from autograde.errors import UsageError
from autograde.pipeline.defining import try_checks
from verdicts.inline import CHECKS, CheckDefinition
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import unpack
from verdicts.solving import solved

TEXT = Path(__file__).with_name("tasks.md").read_text(encoding="utf-8")
NAMES: dict = {}
exec(TEXT.partition("```python\n")[2].partition("\n```")[0], NAMES)
CODE = re.compile(r"`([^`]*)`")
TASKS = {
    name: [CODE.findall(line) for line in (said, *answers.strip().splitlines())]
    for name, said, answers in re.findall(r"^## (.+)\n(.+)\n([^#]*)", TEXT, re.MULTILINE)
}


def released(name):
    """The definition of a task, and its problems for one student with what the solution gives."""
    solution, example, draw, words = (eval(code, NAMES) for code in TASKS[name][0])
    drawn = {"draws": draw and (lambda rng: (draw(rng) for _ in count()))}
    definition = CheckDefinition.read("own/f", draw is not None, example=example, **words)

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
    for answer, share, said in [(TASKS[name][0][0], "1", ""), *TASKS[name][1:]]:
        make_known(definition, pairs)
        verdict = judge("own/f", record("own/f", eval(answer, NAMES), 0), 0)
        told = "\n".join(
            (verdict.cause, verdict.numbers, *verdict.facts, *(one.message for one in verdict.criteria))
        )
        assert said in told
        assert verdict.fraction == pytest.approx(float(share)), told
        assert verdict.notes == ()


def test_a_release_says_at_once_of_each_check_why_it_is_refused():
    solutions = {"zero": lambda n: 0 * n, "fails": lambda n: n / 0, "parts": lambda n: (n, n + 1, 2 * n)}
    words = {"parts": {"parts": ("n", "next")}}
    texts = {
        name: CheckDefinition.read(f"own/{name}", False, example={"n": 30}, **words.get(name, {})).packed()
        for name in solutions
    }
    asked_at_all = []

    def solve(notebook, asked):
        asked_at_all.extend(asked)
        tasks = ((of, CheckDefinition.of_text(texts[of]).packed(solve=seed).encode()) for of, seed in asked)
        found = [unpack(solved(f"own/{of}", solutions[of], task, {}, {})) for of, task in tasks]
        return [
            Solved(one.get("problems", ()), one.get("results", ()), one.get("failed", "")) for one in found
        ]

    solver = SimpleNamespace(solutions={"own": Solution((), {}, texts)}, solve=solve)
    with pytest.raises(UsageError) as refused:
        [*try_checks(solver, "own")]
    lines = str(refused.value).splitlines()
    assert [line.partition(": own/")[0] for line in lines] == [f"cell {name!r}" for name in solutions]
    assert "give a second example" in lines[0]
    assert "the solution fails: ZeroDivisionError: division by zero" in lines[1]
    assert "parts= has 2 names, and the result 3 parts" in lines[2]
    assert [of for of, _ in asked_at_all].count("fails") == 1, "it is not asked again"
