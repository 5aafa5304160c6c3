"""Nine frameworks, as recorded: the course's rules and forms have their numbers, and docs/frameworks.md says so."""

import re
from functools import partial
from math import floor, log10

import golden_runs
import numpy as np
import pytest
from support import ROOT
from variants import SAME_AT_CONSTANT_RATE, VARIANTS

import descentlab.rules as rules
from descentlab.registry import HYPERPARAMETERS, RULES

# What computes each recorded rule: a rule of the course, or a form of it by its id.
COMPUTED_BY = {
    "SGD": "torch sgd, keras sgd, tensorflow sgd, optax sgd, chainer sgd, lasagne sgd, dlfs sgd, dlfs_2016 sgd",
    "Momentum": "keras momentum, chainer momentum, lasagne momentum, dlfs momentum, dlfs_2016 momentum",
    "Nesterov": "keras nesterov, lasagne nesterov, dlfs nesterov",
    "AdaGrad": "torch adagrad, chainer adagrad, dlfs adagrad, dlfs_2016 adagrad",
    "RMSprop": "torch rmsprop, tensorflow rmsprop_legacy, optax rmsprop_eps_outside, chainer rmsprop, "
    "dlfs rmsprop, dlfs_2016 rmsprop",
    "RMSpropGraves": "keras rmsprop_centered_momentum, optax rmsprop_centered_momentum, "
    "chainer rmsprop_centered_momentum",
    "Adam": "torch adam, optax adam, autograd adam",
    "AdamW": "torch adamw, optax adamw",
    "momentum-rate-outside": "torch momentum, optax momentum, tensorflow momentum, chainer momentum_lr_outside",
    "momentum-averaged": "autograd momentum_averaged",
    "momentum-dampened": "torch momentum_dampening",
    "nesterov-rate-outside": "torch nesterov, optax nesterov, tensorflow nesterov",
    "nesterov-new-velocity": "chainer nesterov_new_velocity, dlfs_2016 nesterov",
    "adagrad-eps-inside": "lasagne adagrad",
    "adagrad-from-0.1-eps-inside": "keras adagrad, optax adagrad",
    "adagrad-from-0.1-no-eps": "tensorflow adagrad",
    "rmsprop-eps-inside": "keras rmsprop, optax rmsprop, lasagne rmsprop, chainer rmsprop_eps_inside",
    "rmsprop-from-1": "autograd rmsprop",
    "rmsprop-from-1-eps-inside": "tensorflow rmsprop",
    "rmsprop-centered": "torch rmsprop_centered, tensorflow rmsprop_legacy_centered",
    "rmsprop-centered-eps-inside": "keras rmsprop_centered, optax rmsprop_centered",
    "rmsprop-centered-from-1": "tensorflow rmsprop_centered",
    "graves-eps-outside": "torch rmsprop_centered_momentum",
    "graves-from-1": "tensorflow rmsprop_centered_momentum",
    "graves-not-centered": "keras rmsprop_momentum, optax rmsprop_momentum, "
    "tensorflow rmsprop_legacy_momentum, lasagne rmsprop+apply_momentum",
    "graves-not-centered-eps-outside": "torch rmsprop_momentum",
    "graves-not-centered-from-1": "tensorflow rmsprop_momentum",
    "graves-not-centered-nesterov": "lasagne rmsprop+apply_nesterov_momentum",
    "adam-eps-hat": "keras adam, tensorflow adam, chainer adam, lasagne adam, dlfs adam, dlfs_2016 adam",
    "adam-amsgrad": "torch amsgrad",
    "adam-amsgrad-corrected": "optax amsgrad",
    "adam-amsgrad-eps-hat": "keras amsgrad, chainer amsgrad, lasagne amsgrad",
    "adam-adamax": "keras adamax, lasagne adamax",
    "adam-adamax-eps-in-max": "torch adamax, optax adamax",
    "adam-nadam": "optax nadam",
    "adam-nadam-torch": "torch nadam",
    "adam-nadam-keras": "keras nadam",
    "adamw-eps-hat": "keras adamw",
    "adamw-decay-without-rate": "chainer adamw",
}
RECORDED = {tuple(pair.split()): form for form, pairs in COMPUTED_BY.items() for pair in pairs.split(", ")}


def rule_of(form):
    return VARIANTS[form].rule if form in VARIANTS else form


def factory(form, hyper):
    """What builds a rule of the course, or a form of it, with a framework's hyperparameters."""
    make = VARIANTS[form].factory if form in VARIANTS else getattr(rules, form)
    return partial(make, **golden_runs.course_hyper(rule_of(form), hyper))


@pytest.mark.parametrize("form", COMPUTED_BY)
def test_a_rule_and_a_form_take_the_recorded_steps_of_the_frameworks_that_compute_them_so(form):
    for framework, name in (key for key, by in RECORDED.items() if by == form):
        made = factory(form, golden_runs.recorded(framework, name)["hyper"])
        golden_runs.compare(made, framework, name)


def test_every_recorded_rule_is_compared_and_every_form_is_recorded():
    assert set(VARIANTS) < set(COMPUTED_BY) <= {*RULES, *VARIANTS}
    assert set(RECORDED) == {(f, r) for f, part in golden_runs.FRAMEWORKS.items() for r in part["rules"]}


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
    return {h.name: HYPER[h.name] for h in RULES[rule].hyper}


@pytest.mark.parametrize("form", VARIANTS)
def test_a_form_parts_from_the_courses_rule(form):
    variant = VARIANTS[form]
    hyper = course(variant.rule)
    plain = getattr(rules, variant.rule)
    constant = np.abs(path(variant.factory(**hyper)) - path(plain(**hyper))).max()
    changed = np.abs(path(variant.factory(**hyper), True) - path(plain(**hyper), True)).max()
    assert (constant < 1e-14) == (form in SAME_AT_CONSTANT_RATE)
    assert changed > 1e-4


def test_no_two_forms_give_the_same_numbers():
    for rule in {variant.rule for variant in VARIANTS.values()}:
        forms = {form: variant.factory for form, variant in VARIANTS.items() if variant.rule == rule}
        paths = {form: path(factory(**course(rule)), True) for form, factory in forms.items()}
        for one in paths:
            for other in paths:
                assert one == other or np.abs(paths[one] - paths[other]).max() > 1e-5, (one, other)


# The page. `python tests/rules/test_frameworks.py` prints its tables.

PAGE = ROOT / "docs/frameworks.md"
ON_PAGE = [rule for rule in RULES if rule in COMPUTED_BY]
TITLES = {
    "torch": "PyTorch", "optax": "Optax", "keras": "Keras", "tensorflow": "TensorFlow 1", "chainer": "Chainer",
    "lasagne": "Lasagne", "autograd": "autograd", "dlfs": "DLFS", "dlfs_2016": "DLFS 2016",
}  # fmt: skip
# How the forms that a table shows differ from the course's.
WORDS = {
    "momentum-rate-outside": "η multiplies the velocity",
    "momentum-averaged": "an average: g enters with 1 − μ; η multiplies the velocity",
    "nesterov-rate-outside": "η multiplies the whole step",
    "nesterov-new-velocity": "the new velocity where the old one belongs",
    "adagrad-eps-inside": "√(h + ε)",
    "adagrad-from-0.1-eps-inside": "√(h + ε), h starts at 0.1",
    "adagrad-from-0.1-no-eps": "√h, h starts at 0.1",
    "rmsprop-eps-inside": "√(h + ε)",
    "rmsprop-from-1": "h starts at 1",
    "rmsprop-from-1-eps-inside": "√(h + ε), h starts at 1",
    "graves-eps-outside": "√(n − a²) + ε; η multiplies the velocity",
    "graves-from-1": "n starts at 1",
    "graves-not-centered": "√(n + ε), nothing subtracted",
    "adam-eps-hat": "√v + ε before v is corrected",
    "adamw-eps-hat": "√v + ε before v is corrected",
    "adamw-decay-without-rate": "decay not times η; √v + ε before v is corrected",
}
NOT_SHOWN = {  # switches, and what another row of the same framework says
    ("chainer", "momentum_lr_outside"), ("optax", "rmsprop_eps_outside"), ("chainer", "rmsprop_eps_inside"),
    ("keras", "rmsprop_momentum"), ("optax", "rmsprop_momentum"), ("tensorflow", "rmsprop_legacy_momentum"),
}  # fmt: skip


def first_digit(form, framework, name):
    """The first digit in which ten steps of a framework differ from the course's rule; "=" if none does."""
    record = golden_runs.recorded(framework, name)
    start = np.array(golden_runs.DOCUMENT["tasks"]["quad"]["start"])
    ours = golden_runs.iterates(factory(rule_of(form), record["hyper"])(), "quad")
    theirs = record["iterates"]["quad"]
    share = max(np.abs((np.array(theirs[t]) - start) / (ours[t] - start) - 1).max() for t in ours)
    return str(max(1, floor(-log10(share)) + 1)) if share > 1e-12 else "="


def defaults(framework, call):
    """The arguments of a call with their defaults; a name alone has none, or its default is "off"."""
    found = {}
    for record in golden_runs.FRAMEWORKS[framework]["rules"].values():
        for name, value in record["hyper"].items():
            if record["call"] == call and not isinstance(value, bool):
                has = name not in record["not_default"] or framework == "autograd"  # its decorator hides them
                found[name] = f"{name} {value}" if has else found.get(name, name)
    return found


def table(rule):
    lines = ["| | call | defaults | form | digit |", "|---|---|---|---|---|"]
    for framework, title in TITLES.items():
        for (of, name), form in RECORDED.items():
            shown = of == framework and (form == rule or (form in WORDS and rule_of(form) == rule))
            repeated = of == "dlfs_2016" and form != "nesterov-new-velocity"
            if shown and not repeated and (of, name) not in NOT_SHOWN:
                record = golden_runs.recorded(of, name)
                known = defaults(of, record["call"])
                asked = ", ".join(known[k] for k in record["hyper"] if k in known)
                cells = [
                    title,
                    f"`{record['call']}`",
                    asked,
                    WORDS.get(form, ""),
                    first_digit(form, of, name),
                ]
                lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


@pytest.mark.parametrize("rule", ON_PAGE)
def test_the_page_has_the_recorded_names_defaults_forms_and_digits(rule):
    sections = dict(re.findall(r"^## (\w+)$\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.M | re.S))
    assert table(rule) in sections[rule]


if __name__ == "__main__":
    for rule in ON_PAGE:
        print(f"## {rule}\n\n{table(rule)}\n")
