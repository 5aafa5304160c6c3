"""A step of a plain rule makes no more than two temporary arrays of its parameter's size."""

import tracemalloc

import numpy as np
import pytest

from descentlab.rules import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, RMSpropGraves


@pytest.mark.parametrize("rule", [SGD, Momentum, Nesterov, AdaGrad, RMSprop, RMSpropGraves, Adam])
def test_a_step_needs_two_temporaries_at_most(rule):
    size = 200_000  # above the size from which NumPy re-uses the temporaries of an expression
    params, grads = {"x": np.ones(size)}, {"x": np.full(size, 0.1)}
    r = rule()
    tracemalloc.start()
    try:
        r.update(params, grads)  # makes the state, which is no temporary
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        r.update(params, grads)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (peak - before) / params["x"].nbytes < 2.1
