"""Each variant gives the recorded numbers of the frameworks it names, and not the course's."""

import golden_runs
import numpy as np
import pytest

import descentlab.rules as rules
from descentlab.registry import HYPERPARAMETERS, RULES
from descentlab.variants.frameworks import FRAMEWORKS
from descentlab.variants.table import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.id)
def test_a_variant_gives_the_recorded_iterates_of_its_examples(variant):
    for framework, rule in variant.examples:
        assert compared_steps(variant, framework, rule) >= 20


def compared_steps(variant, framework, rule):
    compared = 0
    for case in golden_runs.cases(framework, rule):
        dampening = case["hyper"].get("momentum")
        more = {"dampening": dampening, "initial_accumulator_value": 0.1, "momentum_decay": 0.004}
        hyper = golden_runs.course_hyper(variant.rule, case["hyper"], more)
        if hyper is not None and case["task"] in ("quad", "multi"):  # all tasks: test_like_frameworks
            made = variant.factory(**hyper)
            compared += golden_runs.compare(made, framework, case)["golden steps compared"]
    return compared


def path(rule, changed_rate=False):
    rng = np.random.default_rng(3)
    params = {"a": np.array([1.0, -2.0, 0.5])}
    points = []
    for t in range(6):
        if changed_rate and t == 3:
            rule.lr = rule.lr / 4
        rule.update(params, {"a": rng.normal(size=3)})
        points.append(params["a"].copy())
    return np.array(points)


# ε is not 0.1: there h from 0.1 without ε and h from 0 with ε inside the root are the same numbers.
HYPER = {"lr": 0.07, "momentum": 0.8, "decay": 0.93, "beta1": 0.85, "beta2": 0.97, "eps": 0.15}
HYPER |= {name: 0.03 for name in HYPERPARAMETERS if name not in HYPER}


def course(rule):
    plain = getattr(rules, rule)
    return {name: value for name, value in HYPER.items() if name in vars(plain())}


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda n: n.id)
def test_a_variant_parts_from_the_courses_rule(variant):
    hyper = course(variant.rule)
    plain = getattr(rules, variant.rule)
    constant = np.abs(path(variant.factory(**hyper)) - path(plain(**hyper))).max()
    changed = np.abs(path(variant.factory(**hyper), True) - path(plain(**hyper), True)).max()
    assert (constant < 1e-14) == variant.same_at_constant_rate
    assert changed > 1e-4


def test_no_two_variants_give_the_same_numbers():
    for rule in {variant.rule for variant in VARIANTS}:
        paths = {n.id: path(n.factory(**course(rule)), True) for n in VARIANTS if n.rule == rule}
        for one in paths:
            for other in paths:
                assert one == other or np.abs(paths[one] - paths[other]).max() > 1e-5, (one, other)


def test_every_framework_rule_that_departs_is_named():
    """A variant that a framework has and the list has not would be called a mistake."""
    listed = {example for variant in VARIANTS for example in variant.examples}
    ours = {row.recorded[0] for row in RULES.values() if row.recorded}
    for framework, home in FRAMEWORKS.items():
        for rule, (make, chosen) in home.RULES.items():
            if rule not in ours:
                continue
            required = {"learning_rate": 0.01} if framework in ("optax", "tensorflow", "lasagne") else {}
            departs = make(**(required | chosen)).differences
            assert bool(departs) == ((framework, rule) in listed), (framework, rule, departs)
