"""What a verdict says of a function's arguments, from examples with one of them changed."""

from types import SimpleNamespace

import numpy as np
import pytest

from descentlab.exercises import all_checks
from verdicts.courses import find
from verdicts.diagnosis import dependence, function_facts
from verdicts.judging import judge, run
from verdicts.recorders import add_varied, record
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import argument_names, probe, varied_probes
from verdicts.spec import FunctionCheck


def floor(lr, curvature, sigma, batch):
    return lr * sigma**2 / (batch * curvature * (2 - lr * curvature))


LARGEST_SIGMA = max(problem.data["sigma"] for problem in find("sgd/noise-floor").draw(0))


def test_a_changed_argument_earns_and_costs_nothing():
    def raises_beyond_the_examples(lr, curvature, sigma, batch):
        if sigma > LARGEST_SIGMA:
            raise ValueError("too noisy")
        return floor(lr, curvature, sigma, batch)

    assert run("sgd/noise-floor", raises_beyond_the_examples).passed


def test_a_result_that_evidence_cannot_hold_costs_nothing_where_an_argument_is_changed(monkeypatch):
    def many(lr, curvature, sigma, batch):
        return ["x"] * 400 if sigma > LARGEST_SIGMA else floor(lr, curvature, sigma, batch)

    monkeypatch.setattr(evidence_bytes, "MAX_VALUES", 300)
    assert run("sgd/noise-floor", many).passed
    assert run("sgd/noise-floor", lambda *_: many(1.0, 1.0, LARGEST_SIGMA + 1, 1)).status == "odd-evidence"


def test_a_loop_that_does_not_end_for_a_changed_argument_is_named_with_it():
    def endless(lr, curvature, sigma, batch):
        while sigma > LARGEST_SIGMA:
            pass
        return lr

    verdict = run("sgd/noise-floor", endless)
    assert "When `sigma` doubles, your function fails: your code did not finish" in verdict.cause
    assert all("did not finish" not in criterion.message for criterion in verdict.criteria)


def test_evidence_that_would_be_too_large_leaves_the_changed_arguments_out(monkeypatch):
    evidence = record("sgd/noise-floor", lambda *_: 1.0, 0)
    monkeypatch.setattr(evidence_bytes, "MAX_BYTES", len(evidence) + 100)
    assert (
        evidence_bytes.unpack(add_varied(evidence, "sgd/noise-floor", lambda *_: 1.0, 0))["state"]
        == "answered"
    )


def test_a_run_of_an_argument_that_no_check_changes_is_ignored():
    evidence = evidence_bytes.unpack(record("sgd/noise-floor", lambda *_: 1.0, 0))
    forged = evidence_bytes.pack(evidence | {"varied": [{"probe": "a made-up one", "result": np.array(1.0)}]})
    assert judge("sgd/noise-floor", forged, 0).notes == ()


def test_numbers_double_or_go_half_way_to_their_bound():
    problem = probe("p", lr=0.1, momentum=0.8, batch=3, rows=5, none=0.0, again=0.1)
    bounds = {"momentum": 1.0, "batch": "rows", "again": 0.2}
    data = [v.data for v in varied_probes(problem, bounds)]
    assert [{k: d[k] for k in d if d[k] != problem.data[k]} for d in data] == [
        {"lr": 0.2},
        {"momentum": pytest.approx(0.9)},
        {"batch": 4},
        {"rows": 10},
        {"again": 0.2},
    ]


def test_arrays_change_at_their_ends_and_tables_get_a_row():
    problem = probe("p", x=np.ones((2, 3)), t=np.ones((2, 1)))
    changed = [v.data for v in varied_probes(problem, {})]
    assert [(d["x"].sum(), d["t"].sum()) for d in changed] == [(7, 2), (7, 2), (6, 3), (6, 3), (9, 3)]


FUNCTIONS = [check for check in all_checks().values() if isinstance(check, FunctionCheck)]


@pytest.mark.parametrize("check", FUNCTIONS, ids=lambda check: check.name)
def test_every_check_of_a_function_changes_arguments_but_those_made_from_answers_or_that_its_data_do_not_hold(
    check,
):
    dicts_alone = all(isinstance(argument, dict) for argument in check.draw(0)[0].args)
    is_named = any(argument_names(check.draw(0)[0]))
    assert bool(check.varied(0)) == (not check.drawn_outside and not dicts_alone and is_named)


def larger(data):
    return max(data["a"], data["b"])


EXAMPLES = (probe("one", a=0.5, b=0.3), probe("other", a=0.2, b=0.4))
ANSWERS = {
    "without a": (lambda a, b: b, ""),
    "with a squared": (lambda a, b: max(a**2, b), "`a`² instead of `a`"),
}


@pytest.mark.parametrize(("answer", "words"), ANSWERS.values(), ids=ANSWERS)
def test_an_argument_that_the_answer_does_not_use_is_not_said_to_be_used(answer, words, monkeypatch):
    """In both examples a² is below b, so an answer that is b alone has the numbers of a formula with a²."""
    monkeypatch.setattr(
        function_facts, "course_of", lambda check: SimpleNamespace(reference=lambda check: larger)
    )

    def runs_of(function, probes):
        return {one.name: {"probe": one.name, "result": np.array(function(**one.data))} for one in probes}

    check = FunctionCheck(name="x/larger", probes=lambda rng: EXAMPLES, section="x")
    varied = [one for example in EXAMPLES for one in varied_probes(example, {})]
    shown = list(zip(varied, runs_of(answer, varied).values(), strict=True))
    case = function_facts.FunctionCase(
        check, EXAMPLES, runs_of(answer, EXAMPLES), runs_of(max_of, EXAMPLES), shown
    )
    found = dependence.other_arguments(case)
    said = f"Your result is what the right formula gives with {words}."
    assert (found.cause if found else "") == (said if words else "")


def max_of(a, b):
    return max(a, b)
