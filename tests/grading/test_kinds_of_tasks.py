"""Tasks of many subjects: their checks are released, right answers get all points, and wrong ones a sentence."""

import re
from copy import deepcopy
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograde.entries.answer_key import Solution, Solved
from autograde.errors import UsageError
from autograde.pipeline.defining import try_checks
from verdicts.inline import CHECKS, CheckDefinition
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import pack, unpack
from verdicts.solving import solved
from verdicts.values.arguments import decoded

TEXT = Path(__file__).with_name("tasks.md").read_text(encoding="utf-8")
NAMES: dict = {}
exec(TEXT.partition("```python\n")[2].partition("\n```")[0], NAMES)
CODE = re.compile(r"`([^`]*)`")
TASKS = {
    name: [CODE.findall(line) for line in (said, *answers.strip().splitlines())]
    for name, said, answers in re.findall(r"^## (.+)\n(.+)\n([^#]*)", TEXT, re.MULTILINE)
}


def solved_of(said):
    """What a solver reads of a box's evidence."""
    return Solved(
        said.get("problems", ()), said.get("results", ()), said.get("origins", ()), said.get("failed", "")
    )


def released(name, seeds=(7,)):
    """The definition of a task, and the problems of some students with what the solution gives."""
    solution, example, draw, words = (eval(code, NAMES) for code in TASKS[name][0])
    drawn = {"draws": draw and (lambda rng: (draw(rng) for _ in count()))}
    text = CheckDefinition.read("own/f", draw is not None, example=example, **words).packed()

    def solve(notebook, asked):
        definition = CheckDefinition.of_text(solver.solutions["own"].definitions["f"])
        tasks = (definition.packed(solve=seed).encode() for _, seed in asked)
        return [solved_of(unpack(solved("own/f", solution, task, {}, drawn))) for task in tasks]

    solver = SimpleNamespace(solutions={"own": Solution((), {}, {"f": text})}, solve=solve)
    assert [*try_checks(solver, "own")], name
    definition = CheckDefinition.of_text(solver.solutions["own"].definitions["f"])
    return definition, solve("own", [("f", seed) for seed in seeds])


def judged(definition, student, answer):
    make_known(definition.asking(student.problems, student.origins), student.pairs)
    return judge("own/f", record("own/f", answer, 0), 0)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_released_and_its_answers_get_what_they_deserve(name, monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})
    definition, (student,) = released(name)
    for answer, share, said in [(TASKS[name][0][0], "1", ""), *TASKS[name][1:]]:
        verdict = judged(definition, student, eval(answer, NAMES))
        told = "\n".join(
            (verdict.cause, verdict.numbers, *verdict.facts, *(one.message for one in verdict.criteria))
        )
        assert said in told
        assert verdict.fraction == pytest.approx(float(share)), told
        assert verdict.notes == ()


@pytest.mark.parametrize("name", TASKS)
def test_the_same_problems_come_first_for_everybody_and_then_enough_that_are_a_students_own(
    name, monkeypatch
):
    monkeypatch.setattr(CHECKS, "known", {})
    definition, students = released(name, range(7, 13))
    many = len(definition.examples) + len(definition.shared)
    first, *others = [[pack(dict(problem)) for problem in student.problems] for student in students]
    different = {problem for some in (first, *others) for problem in some}
    assert many == 8 or 3 * many <= len(different) < 24
    for student, problems in zip(students, (first, *others), strict=True):
        assert problems[:many] == first[:many]
        assert not {*problems[many:]} & {*first[:many]}
        assert len({*problems[many:]}) >= min(8, len(different) - many)
        make_known(definition.asking(student.problems, student.origins), student.pairs)
        for criterion in CHECKS.known["own/f"].criteria:
            numbers = [int(probe.removeprefix("problem ")) for probe in criterion.probes]
            assert not numbers or criterion.needs or sum(number > many for number in numbers) >= 2


@pytest.mark.parametrize(
    "name", ["yes for one in seven", "one of three words", "a place or None", "words", "a sum"]
)
def test_who_looks_up_what_everybody_gets_and_guesses_the_rest_earns_next_to_nothing(name, monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})
    definition, students = released(name, range(25))
    solution = eval(TASKS[name][0][0], NAMES)
    public = students[0].problems[: len(definition.examples) + len(definition.shared)]
    known = [[decoded(value) for value in problem.values()] for problem in public]
    guesses = {repr(result): given for given, result in zip(known, students[0].results, strict=False)}
    for guess in guesses.values():

        def looked_up(*given, guess=guess):
            return solution(*(given if repr([*given]) in map(repr, known) else deepcopy(guess)))

        earned = [judged(definition, student, looked_up).fraction for student in students]
        assert np.mean(earned) < 0.15


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
        return [solved_of(unpack(solved(f"own/{of}", solutions[of], task, {}, {}))) for of, task in tasks]

    solver = SimpleNamespace(solutions={"own": Solution((), {}, texts)}, solve=solve)
    with pytest.raises(UsageError) as refused:
        [*try_checks(solver, "own")]
    lines = str(refused.value).splitlines()
    assert [line.partition(": own/")[0] for line in lines] == [f"cell {name!r}" for name in solutions]
    assert "give a second example" in lines[0]
    assert "the solution fails: ZeroDivisionError: division by zero" in lines[1]
    assert "parts= has 2 names, and the result 3 parts" in lines[2]
    assert [of for of, _ in asked_at_all].count("fails") == 1, "it is not asked again"
