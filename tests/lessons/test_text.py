"""What lessons say and do not run: the numbers to check oneself by, and lesson 04's part E on dense inputs."""

import re
from pathlib import Path

import numpy as np
import pytest
from support import table_beside

from descentlab import rules
from descentlab.rules import Adam, Momentum

SOLUTIONS = Path(__file__).parents[2] / "solutions"
BY_HAND = table_beside(__file__, "by_hand.toml")


def steps(rule, *gradients):
    """How far each call moves θ."""
    params, places = {"θ": np.zeros(1)}, [0.0]
    for gradient in gradients:
        rule.update(params, {"θ": np.array([gradient], float)})
        places.append(params["θ"].item())
    return np.diff(places)


@pytest.mark.parametrize("lesson", BY_HAND)
def test_the_numbers_to_check_oneself_by_are_those_of_the_rules(lesson):
    says, makes = BY_HAND[lesson].values()
    (page,) = (SOLUTIONS / lesson).glob("*.md")
    assert says in page.read_text("utf-8")
    numbers = re.findall(r"[-+]?[\d.]*\d", says.replace("−", "-"))
    made = eval(f"[{makes}]", {"rules": rules, "steps": steps, "cumsum": np.cumsum})
    assert [round(float(one), len(n.partition(".")[2])) for one, n in zip(made, numbers, strict=True)] == [
        *map(float, numbers)
    ]


def rare_loss(rule):
    """The mean loss of the rare classes after 300 calls: Zipf's law, Gaussian inputs, a softmax."""
    rng, classes, inputs, rows = np.random.default_rng(0), 100, 400, 2000
    law = 1 / np.arange(1, classes + 1)
    t, x = rng.choice(classes, rows, p=law / law.sum()), rng.normal(size=(rows, inputs)) / np.sqrt(inputs)
    rare = (np.bincount(t, minlength=classes) <= 10)[t]
    params, at = {"W": np.zeros((inputs, classes))}, (np.arange(rows), t)
    for _ in range(300):
        z = np.exp(x @ params["W"])
        p = z / z.sum(axis=1, keepdims=True)
        losses = -np.log(p[at])
        p[at] -= 1
        rule.update(params, {"W": x.T @ p / rows})
    return losses[rare].mean()


@pytest.mark.slow
def test_where_inputs_are_dense_tuned_momentum_learns_rare_classes_too():
    at_first = np.log(100)
    assert rare_loss(Momentum(300)) < 0.01 * at_first
    assert rare_loss(Adam(0.1)) < 0.01 * at_first
