"""What holds for every input: relations between rules, symmetries, shapes, precision, isolation."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from descentlab import rules
from descentlab.registry import RULES
from descentlab.rules import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, RMSpropGraves

PLAIN = [getattr(rules, name) for name in RULES]
every_rule = pytest.mark.parametrize("rule", PLAIN)
quick = settings(max_examples=40, deadline=None, derandomize=True)

# Away from overflow, and far enough from zero that an ε of 1e-8 does not rule.
numbers = st.floats(-1e3, 1e3).filter(lambda x: x == 0 or abs(x) > 1e-3)
rates = st.floats(1e-4, 1.0)
shapes = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def of_shape(shape):
    return arrays(float, shape, elements=numbers)


@st.composite
def problems(draw, steps=4):
    """Parameters of any shapes, 0-d and empty ones too, and gradients for some steps."""
    keys = draw(st.lists(st.sampled_from("Wbsxyz"), min_size=1, max_size=3, unique=True))
    params = {k: draw(of_shape(draw(shapes))) for k in keys}
    grads = [{k: draw(of_shape(p.shape)) for k, p in params.items()} for _ in range(steps)]
    return params, grads


def run(rule, params, grads):
    """The parameters after all steps, from copies of the first."""
    moved = {k: p.copy() for k, p in params.items()}
    for g in grads:
        rule.update(moved, g)
    return moved


def assert_equal(one, other):
    assert one.keys() == other.keys()
    for k in one:
        np.testing.assert_array_equal(one[k], other[k])


def assert_close(one, other, rtol=1e-11, atol=0.0):
    for k in one:
        scale = np.max(np.abs(one[k]), initial=1.0)
        np.testing.assert_allclose(one[k], other[k], rtol=rtol, atol=atol + rtol * scale)


# Relations between rules


@quick
@given(problems(), rates)
def test_momentum_and_nesterov_without_momentum_are_sgd(problem, lr):
    plain = run(SGD(lr), *problem)
    assert_equal(run(Momentum(lr, momentum=0.0), *problem), plain)
    assert_equal(run(Nesterov(lr, momentum=0.0), *problem), plain)


# Symmetries


@quick
@given(problems(), rates, st.sampled_from([2.0**-6, 0.5, 4.0, 1024.0]))
def test_a_scaled_gradient_takes_the_same_path_where_the_rule_divides_by_its_size(problem, lr, c):
    params, grads = problem
    scaled = [{k: c * g[k] for k in g} for g in grads]
    with np.errstate(invalid="ignore"):
        for rule in (AdaGrad, RMSprop, RMSpropGraves, Adam):  # a power of two scales without rounding
            assert_equal(run(rule(lr, eps=0.0), params, scaled), run(rule(lr, eps=0.0), params, grads))
    for rule in (SGD, Momentum, Nesterov):  # here the rate takes the scale up
        assert_equal(run(rule(lr), params, scaled), run(rule(c * lr), params, grads))


@every_rule
@quick
@given(problem=problems())
def test_key_order_does_not_matter(rule, problem):
    params, grads = problem
    backwards = {k: params[k] for k in reversed(params)}
    turned = [{k: g[k] for k in sorted(g)} for g in grads]
    assert_equal(run(rule(), params, grads), {k: run(rule(), backwards, turned)[k] for k in params})


@every_rule
@quick
@given(problem=problems())
def test_arrays_are_moved_one_by_one_and_entry_by_entry(rule, problem):
    """One flat array of everything takes the same steps as the arrays apart."""
    params, grads = problem
    whole = {"all": np.concatenate([p.ravel() for p in params.values()])}
    flat = [{"all": np.concatenate([g[k].ravel() for k in params])} for g in grads]
    apart = run(rule(), params, grads)
    joined = run(rule(), whole, flat)["all"]
    np.testing.assert_array_equal(np.concatenate([p.ravel() for p in apart.values()]), joined)


# Isolation and precision


@every_rule
@quick
@given(problem=problems())
def test_parameters_keep_identity_shape_and_kind_and_gradients_their_values(rule, problem):
    params, grads = problem
    held, before = dict(params), copy.deepcopy(grads)
    r = rule()
    for g in grads:
        r.update(params, g)
    for k in held:
        assert params[k] is held[k]
        assert (params[k].dtype, params[k].shape) == (float, held[k].shape)
    for g, was in zip(grads, before, strict=True):
        assert_equal(g, was)


@every_rule
@quick
@given(one=problems(), other=problems())
def test_instances_used_in_turn_go_their_own_ways(rule, one, other):
    a, b = rule(), rule()
    here = {k: p.copy() for k, p in one[0].items()}
    there = {k: p.copy() for k, p in other[0].items()}
    for g, h in zip(one[1], other[1], strict=True):
        a.update(here, g)
        b.update(there, h)
    assert_equal(here, run(rule(), *one))
    assert_equal(there, run(rule(), *other))


@every_rule
def test_a_view_is_moved_in_place_and_its_neighbours_are_not(rule):
    start, *grads = np.random.default_rng(0).normal(size=(4, 4, 6))
    board = start.copy()
    view = board[::2, 1::3].T
    assert not view.flags.c_contiguous
    r = rule()
    for g in grads:
        r.update({"x": view}, {"x": g[::2, 1::3].T})
    packed = run(rule(), {"x": start[::2, 1::3].T.copy()}, [{"x": g[::2, 1::3].T.copy()} for g in grads])
    np.testing.assert_array_equal(board[::2, 1::3].T, packed["x"])
    board[::2, 1::3] = start[::2, 1::3]
    np.testing.assert_array_equal(board, start)


@every_rule
@quick
@given(problem=problems())
def test_float32_stays_float32_and_near_float64(rule, problem):
    params, grads = problem
    small = {k: p.astype(np.float32) for k, p in params.items()}
    few = [{k: v.astype(np.float32) for k, v in g.items()} for g in grads]
    r = rule()
    for g in few:
        r.update(small, g)
    wide = run(rule(), {k: p.astype(np.float32).astype(float) for k, p in params.items()}, few)
    for k in small:
        assert small[k].dtype == np.float32
        if small[k].ndim:  # NumPy 1 computes with 0-d arrays in float64
            states = [state[k] for state in vars(r).values() if isinstance(state, dict)]
            assert all(state.dtype == np.float32 for state in states)
    if rule is not RMSpropGraves:  # n − a² loses the digits that float32 has not
        assert_close(small, wide, rtol=2e-5)
