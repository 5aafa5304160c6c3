"""Nine frameworks, as recorded: the course's rules and forms have their numbers, and docs/frameworks.md says so."""

import re
from functools import partial
from math import floor, log10

import golden_runs
import numpy as np
import pytest
from forms import FORMS
from support import ROOT

from descentlab.registry import HYPERPARAMETERS, RULES

RECORDED = {tuple(pair.split()): form for form in FORMS.values() for pair in form.computed_by.split(", ")}
OTHERS = [form for form in FORMS.values() if form.name != form.rule]
# The numbers part from the course's only when the rate changes.
SAME_AT_CONSTANT_RATE = {"momentum-rate-outside", "nesterov-rate-outside"}


def factory(form, hyper):
    """What builds a rule of the course, or a form of it, with a framework's hyperparameters."""
    return partial(form.make, **golden_runs.course_hyper(form.rule, hyper))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_rule_and_a_form_take_the_recorded_steps_of_the_frameworks_that_compute_them_so(form):
    for framework, name in (key for key, by in RECORDED.items() if by == form):
        made = factory(form, golden_runs.recorded(framework, name)["hyper"])
        golden_runs.compare(made, framework, name)


def test_every_recorded_rule_is_compared():
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


def course(form, **changes):
    """A form's path with the course's names of hyperparameters."""
    return path(form.make(**{h.name: HYPER[h.name] for h in RULES[form.rule].hyper}), **changes)


@pytest.mark.parametrize("form", OTHERS, ids=lambda form: form.name)
def test_a_form_parts_from_the_courses_rule_and_from_its_other_forms(form):
    plain = FORMS[form.rule]
    constant = np.abs(course(form) - course(plain)).max()
    assert (constant < 1e-14) == (form.name in SAME_AT_CONSTANT_RATE)
    for other in (plain, *OTHERS):
        if other.rule == form.rule and other != form:
            gap = course(form, changed_rate=True) - course(other, changed_rate=True)
            assert np.abs(gap).max() > (1e-4 if other == plain else 1e-5), other.name


# The page. `python tests/rules/test_frameworks.py` prints its tables.

PAGE = ROOT / "docs/frameworks.md"
ON_PAGE = [rule for rule in RULES if rule in FORMS]
NOT_SHOWN = {*map(tuple, golden_runs.NOT_SHOWN)}
"""Switches, and what another row of the same framework says."""


def first_digit(form, framework, name):
    """The first digit in which ten steps of a framework differ from the course's rule; "=" if none does."""
    record = golden_runs.recorded(framework, name)
    start = np.array(golden_runs.DOCUMENT["tasks"]["quad"]["start"])
    ours = golden_runs.iterates(factory(FORMS[form.rule], record["hyper"])(), "quad")
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
    for framework, title in golden_runs.TITLES.items():
        for (of, name), form in RECORDED.items():
            shown = of == framework and form.rule == rule and (form.words or form.name == rule)
            repeated = of == "dlfs_2016" and form.name != "nesterov-new-velocity"
            if shown and not repeated and (of, name) not in NOT_SHOWN:
                record = golden_runs.recorded(of, name)
                known = defaults(of, record["call"])
                asked = ", ".join(known[k] for k in record["hyper"] if k in known)
                cells = [
                    title,
                    f"`{record['call']}`",
                    asked,
                    form.words,
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
