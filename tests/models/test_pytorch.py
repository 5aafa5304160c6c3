"""Our net stepped by Adam is PyTorch's, number by number."""

import numpy as np

from descentlab.models import Net, binary_cross_entropy, pytorch_adam
from descentlab.rules import Adam

RUN = pytorch_adam()
NET = Net((10, 50, 1), binary_cross_entropy)
ROUNDING = 1e-14  # measured: 1.7e-16 after 200 steps


def distance(rule) -> float:
    params, furthest = RUN.start(), 0.0
    for step in range(1, 201):
        x, t = RUN.batch(step)
        assert x.shape == (32, 10)
        assert t.shape == (32, 1)
        rule.update(params, NET.gradients(params, x, t))
        for key, array in RUN.iterates.get(step, {}).items():
            furthest = max(furthest, float(np.abs(params[key] - array).max()))
    return furthest


def test_two_hundred_steps_of_adam_equal_pytorch_number_by_number():
    assert distance(Adam(lr=0.001)) < ROUNDING


def test_the_comparison_sees_another_epsilon():
    assert distance(Adam(lr=0.001, eps=1.1e-8)) > ROUNDING


def test_the_first_loss_equals_pytorch():
    assert abs(NET.loss(RUN.start(), *RUN.batch(1)) - RUN.losses[0]) < ROUNDING


def test_the_recorded_run_is_the_one_described():
    assert sorted(RUN.iterates) == [0, 1, 2, 3, 4, 5, 8, 10, 20, 30, 50, 100, 150, 200]
    assert RUN.iterates[0]["W1"].shape == (10, 50)
    assert 0 <= RUN.t.min() < RUN.t.max() <= 1
    assert len(RUN.losses) == 200


def test_a_start_is_a_copy_each_time():
    RUN.start()["b2"] += 1
    assert np.array_equal(RUN.start()["b2"], RUN.iterates[0]["b2"])
