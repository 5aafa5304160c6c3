"""Lesson 04, part E: what it says of dense inputs, which it does not run."""

import numpy as np

from descentlab.rules import Adam, Momentum


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


def test_where_inputs_are_dense_tuned_momentum_learns_rare_classes_too():
    at_first = np.log(100)
    assert rare_loss(Momentum(300)) < 0.01 * at_first
    assert rare_loss(Adam(0.1)) < 0.01 * at_first
