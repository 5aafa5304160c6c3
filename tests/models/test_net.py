"""Backprop by hand agrees with central differences, the losses with their definitions."""

import numpy as np
import pytest

from descentlab.models import Net, binary_cross_entropy, softmax_cross_entropy, squared_error

RNG = np.random.default_rng(3)
X = RNG.standard_normal((6, 10))
NETS = {
    "regression 10-20-1": (Net((10, 20, 1), squared_error), RNG.standard_normal((6, 1))),
    "logits 10-50-1": (Net((10, 50, 1), binary_cross_entropy), RNG.random((6, 1))),
    "classes with L2": (Net((10, 7, 4), softmax_cross_entropy, l2=0.3), RNG.integers(0, 4, 6)),
    "two hidden layers": (Net((10, 8, 6, 1), binary_cross_entropy, l2=0.1), RNG.integers(0, 2, (6, 1))),
}


def central_differences(net, params, t, h=1e-5):
    grads = {key: np.zeros_like(array) for key, array in params.items()}
    for key, array in params.items():
        for i in np.ndindex(array.shape):
            kept = array[i]
            array[i] = kept + h
            above = net.loss(params, X, t)
            array[i] = kept - h
            grads[key][i] = (above - net.loss(params, X, t)) / (2 * h)
            array[i] = kept
    return grads


@pytest.mark.parametrize("name", NETS)
def test_gradients_agree_with_central_differences_for_every_key(name):
    net, t = NETS[name]
    params = net.start(np.random.default_rng(0))
    for key in params:
        params[key] += 0.1 * RNG.standard_normal(params[key].shape)
    measured, exact = central_differences(net, params, t), net.gradients(params, X, t)
    assert exact.keys() == params.keys()
    for key in params:
        assert exact[key].shape == params[key].shape
        np.testing.assert_allclose(exact[key], measured[key], rtol=1e-6, atol=1e-8, err_msg=key)


def test_gradients_leave_the_parameters_and_the_data_alone():
    net, t = NETS["classes with L2"]
    params = net.start(np.random.default_rng(0))
    before = {key: array.copy() for key, array in params.items()}, X.copy(), t.copy()
    net.gradients(params, X, t)
    assert all(np.array_equal(params[key], before[0][key]) for key in params)
    assert np.array_equal(before[1], X)
    assert np.array_equal(before[2], t)


def test_the_start_has_the_shapes_of_the_sizes_and_zero_biases():
    params = Net((10, 20, 1), squared_error).start(np.random.default_rng(0))
    assert {key: array.shape for key, array in params.items()} == {
        "W1": (10, 20), "b1": (20,), "W2": (20, 1), "b2": (1,)
    }  # fmt: skip
    assert not params["b1"].any()
    assert np.abs(params["W1"]).max() <= np.sqrt(6 / 30)
    assert params["W1"].std() > 0.1


@pytest.mark.parametrize("loss", [squared_error, binary_cross_entropy])
def test_a_target_that_would_broadcast_is_refused_with_both_shapes(loss):
    with pytest.raises(ValueError, match=r"\(5, 1\).*\(5,\)"):
        loss(np.zeros((5, 1)), np.zeros(5))


def test_class_numbers_of_a_wrong_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(5, 3\).*\(5,\).*\(5, 1\)"):
        softmax_cross_entropy(np.zeros((5, 3)), np.zeros((5, 1), int))


def test_binary_cross_entropy_is_its_definition_where_that_can_be_computed():
    z, t = RNG.standard_normal((4, 1)), RNG.random((4, 1))
    s = 1 / (1 + np.exp(-z))
    assert binary_cross_entropy(z, t)[0] == pytest.approx(-np.mean(t * np.log(s) + (1 - t) * np.log(1 - s)))


def test_huge_logits_give_finite_losses_and_slopes():
    z = np.array([[1e4], [-1e4]])
    with np.errstate(all="raise", under="ignore"):
        loss, slope = binary_cross_entropy(z, np.array([[0.0], [1.0]]))
        assert loss == pytest.approx(1e4)
        np.testing.assert_allclose(slope, [[0.5], [-0.5]])
        loss, slope = softmax_cross_entropy(np.array([[1e4, -1e4]]), np.array([1]))
    assert loss == pytest.approx(2e4)
    np.testing.assert_allclose(slope, [[1, -1]])
