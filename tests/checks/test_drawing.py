"""The problems that each student gets of a check that a notebook defines."""

import datetime
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from support import table_beside

from verdicts.inline import CHECKS, CheckDefinition, make_check
from verdicts.judging import judge
from verdicts.judging.examiners import make_known
from verdicts.recorders import record
from verdicts.recording.evidence_bytes import pack, unpack
from verdicts.solving import solved
from verdicts.values.arguments import decoded


@pytest.fixture(autouse=True)
def no_check_is_known(monkeypatch):
    monkeypatch.setattr(CHECKS, "known", {})


def defined(example, is_generated=False, **words):
    return CheckDefinition.read("own/f", is_generated, example=example, **words)


def said_of(definition, solution, draws=None, seed=1):
    task = definition.packed(solve=seed).encode()
    return unpack(solved("own/f", solution, task, {}, {"draws": draws}))


def know(definition, solution):
    """Make the check one that has problems of this solution."""
    said = said_of(definition, solution)
    make_known(definition, [*zip(said["problems"], said["results"], strict=True)])


def drawn(definition, solution, draws=None, seed=1):
    """The problems of one student."""
    said = said_of(definition, solution, draws, seed)
    assert "problems" in said, said
    problems = said["problems"]
    assert problems, said["failed"]
    assert len({pack(problem) for problem in problems}) == len(problems), "one student meets each but once"
    return problems


def test_an_example_in_which_nothing_varies_goes_to_everybody_and_no_problem_is_drawn_around_it():
    definition = defined([{"values": [1.0, 2.5]}, {"values": []}, {"values": None}, {"values": "ash"}])
    values = [problem["values"] for problem in drawn(definition, lambda values: len(values or ""))]
    assert values[1:4] == [[], None, "ash"]
    assert [len(one) for one in values[4:]] == [2] * 8


def test_whole_numbers_are_drawn_near_those_of_the_example():
    example = {"n": 100, "m": -7, "k": 0, "yes": True, "of": np.array([30, 50])}
    problems = drawn(defined(example), lambda n, m, k, yes, of: n + m)
    assert all(50 <= one["n"] <= 200 and -14 <= one["m"] <= -4 for one in problems)
    assert {(one["k"], one["yes"]) for one in problems} == {(0, True)}
    assert len({one["n"] for one in problems}) > 4
    assert len({tuple(one["of"].tolist()) for one in problems}) > 4


def test_whole_numbers_stay_where_the_solution_fails_on_others():
    problems = drawn(defined({"xs": [1.0, 2.0, 3.0], "k": -3}), lambda xs, k: xs[k])
    assert {one["k"] for one in problems} <= {-3, -2}


def test_dates_are_drawn_within_a_year_of_the_example():
    days = drawn(defined({"at": datetime.date(2024, 2, 29)}), lambda at: at + datetime.timedelta(1))
    found = {datetime.date.fromisoformat(one["at"]["date"][0]) for one in days}
    assert len(found) == len(days)
    assert all(abs(one - datetime.date(2024, 2, 29)) <= datetime.timedelta(365) for one in found)


def test_a_class_that_fails_when_it_is_called_alone_gives_no_result():
    class Counts:
        made = 0

        def __init__(self):
            Counts.made += 1

        def step(self, x):
            return x / (Counts.made % 3)

    assert "ZeroDivisionError" in said_of(defined({"x": 2.0}, method="step"), Counts)["failed"]


@pytest.mark.parametrize("many", [5, 6])
def test_six_different_problems_are_enough_and_five_are_not(many):
    def draws(rng):
        yield from ({"n": int(n)} for n in rng.permutation(many))

    said = said_of(defined({"n": 0}, True), lambda n: n * n, draws)
    assert len(said.get("problems", ())) == (6 if many == 6 else 0)
    assert ("failed" in said) == (many == 5)


def test_of_a_small_domain_students_share_problems_but_none_gets_one_twice():
    def draws(rng):
        while True:
            yield {"n": int(rng.integers(12))}

    each = [drawn(defined({"n": 3}, True), lambda n: n * n, draws, seed) for seed in range(4)]
    assert len({pack({"of": one}) for one in each}) == 4


def test_a_function_stays_the_same_in_one_objects_life():
    def falls(t):
        return t

    def swings(t):
        return -t

    definition = defined({"f": [falls, swings], "t": 2.0}, method="step", calls=3)
    for number, called in enumerate(("falls", "swings")):
        problem = definition.around(number)
        assert {problem[name]["function"] for name in problem if name.startswith("f")} == {called}


def test_each_problem_counts_for_the_example_around_which_it_is_drawn():
    definition = defined([{"x": [1.0]}, {"x": []}, {"x": [1.0, 2.0]}])
    problems = drawn(definition, lambda x: sum(x))
    for some in (problems, problems[:6]):  # of a student, and those in the notebook
        check = make_check(definition, [(problem, None) for problem in some])
        lengths = {f"problem {n}": len(problem["x"]) for n, problem in enumerate(some, 1)}
        of = {one.name: {lengths[name] for name in one.probes} for one in check.criteria[:3]}
        assert of == {"like example 1": {1}, "like example 3": {2}, "like example 2": {0}}
        assert sum(len(one.probes) for one in check.criteria) == len(some)
    assert check.criteria[2].needs == ("like example 1",), "what everybody gets earns nothing alone"


def test_problems_of_an_earlier_release_count_for_the_examples_around_which_they_were_drawn():
    definition = defined([{"x": [1.0]}, {"x": [1.0, 2.0]}])
    said = said_of(definition, lambda x: sum(x))
    newer = replace(definition, shared=[(1, {"x": [3.0, 4.0]}), (0, {"x": [5.0]}), (1, {"x": [6.0, 7.0]})])
    check = make_check(
        newer.asking(said["problems"], said["origins"]), [(problem, None) for problem in said["problems"]]
    )
    for number, criterion in enumerate(check.criteria[:2], 1):
        lengths = {len(probe.args[0]) for probe in check.draw(0) if probe.name in criterion.probes}
        assert lengths == {number}


def test_what_everybody_gets_is_never_one_of_a_students_own_problems():
    def draws(rng):
        while True:
            yield {"n": int(rng.integers(9))}

    definition = replace(defined({"n": 0}, True), shared=[(1, {"n": 4}), (1, {"n": 7})], least=6)
    for seed in range(20):
        numbers = [one["n"] for one in drawn(definition, lambda n: n * n, draws, seed)]
        assert numbers[:3] == [0, 4, 7]
        assert sorted(numbers[3:]) == [1, 2, 3, 5, 6, 8]


def test_examples_beside_a_generator_are_ideas_of_their_own_which_earn_nothing_alone():
    definition = defined([{"n": 3}, {"n": 0}], True, parts=("one", "two"))
    check = make_check(definition, [({"n": n}, None) for n in range(8)])
    assert [(one.name, len(one.probes), one.needs) for one in check.criteria] == [
        ("one, as drawn", 6, ()),
        ("two, as drawn", 6, ()),
        ("one, like example 1", 1, ("one, as drawn",)),
        ("two, like example 1", 1, ("two, as drawn",)),
        ("one, like example 2", 1, ("one, as drawn",)),
        ("two, like example 2", 1, ("two, as drawn",)),
    ]
    assert all(one.probes != other.probes for one, other in pairwise(check.criteria[1::2]))


def functions(many):
    """Locked functions with other names."""
    made = [lambda t, k=k: k + t for k in range(many)]
    for number, function in enumerate(made):
        function.__name__ = f"f{number}"
    return made


def test_each_of_ten_functions_is_asked_for_each_student():
    definition = defined({"f": functions(10), "t": 2.0})
    turns = [definition.around(number)["f"]["function"] for number in range(10)]
    assert sorted(turns) == [f"f{number}" for number in range(10)]
    names = {function.__name__: function for function in functions(10)}
    cells = [f"def f{number}(t):\n    return {number} + t".splitlines() for number in range(10)]
    problems = drawn(replace(definition, cells=cells), lambda f, t: f(t))
    assert {problem["f"]["function"] for problem in problems} == names.keys()


ARGUMENTS = table_beside(__file__, "arguments.toml")


def alike(value, other):
    if isinstance(value, np.ndarray):
        return value.dtype == other.dtype and value.shape == other.shape
    if isinstance(value, list | tuple):
        return type(value) is type(other) and all(map(alike, value, other))
    if isinstance(value, dict):
        return value.keys() == other.keys() and all(alike(value[key], other[key]) for key in value)
    return type(value) is type(other)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_argument_arrives_with_the_types_of_the_example_and_so_do_those_drawn_near_it(name):
    value = eval(ARGUMENTS[name])
    definition = CheckDefinition.of_text(defined({"x": value}).packed())
    example = decoded(definition.around(0)["x"])
    both = (sorted(one, key=repr) if name == "a set" else one for one in (example, value))
    assert len({*map(repr, both)}) == 1
    for seed in range(5):
        near = unpack(pack(dict(definition.around(0, np.random.default_rng(seed)))))["x"]
        assert alike(value, decoded(near))


def test_parts_weigh_what_the_teacher_says_and_a_changed_argument_costs_a_fifth():
    def right(xs):
        return sum(xs), max(xs)

    def changes(xs):
        xs.sort()
        return sum(xs), max(xs)

    definition = defined([{"xs": [2.0, 1.0]}, {"xs": [0.5]}], parts={"mean": 2, "sigma": 1})
    know(definition, right)
    for answer, share in (
        (right, 1),
        (lambda xs: (sum(xs), min(xs)), (2 + 2 + 1) / 6),
        (lambda xs: (sum(xs), 0.0), 2 / 3),
        (lambda xs: (0.0, max(xs)), 1 / 3),
        (changes, 0.8),
        (lambda xs: right(xs) if xs[1:] else xs[1], 0.5 * 0.8),
    ):
        verdict = judge("own/f", record("own/f", answer, 0), 0)
        assert verdict.fraction == pytest.approx(share), verdict.criteria


def test_a_class_may_return_the_array_that_it_goes_on_changing():
    class Sums:
        def __init__(self):
            self.total = np.zeros(2)

        def add(self, x):
            self.total += x
            return self.total

    class Copies(Sums):
        def add(self, x):
            return super().add(x).copy()

    know(defined({"x": np.array([1.0, 2.0])}, method="add", calls=3), Copies)
    assert judge("own/f", record("own/f", Sums, 0), 0).passed
