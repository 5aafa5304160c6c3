"""Muon against the numbers of PyTorch's own; tools/record_pytorch.py says what the file holds."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from descentlab.rules import AdamW, Muon
from descentlab.rules.muon import iterated

with np.load(Path(__file__).with_name("pytorch_muon.npz")) as file:
    RECORDED = dict(file)
CASES = [*product(("wide", "tall"), range(2), range(2), range(3))]
DECAYS, SCALES, STEPS = (0.0, 0.1), ("rms", "shape", "none"), (1, 5, 20)


def moved(shape, decay, nesterov, scale):
    """How far our matrix is from its start after each of STEPS."""
    start, *gradients = RECORDED[shape]
    rule = Muon(0.05, weight_decay=DECAYS[decay], nesterov=bool(nesterov), scale=SCALES[scale])
    params, places = {"W": start.copy()}, []
    for gradient in gradients:
        rule.update(params, {"W": gradient})
        places.append(params["W"] - start)
    return np.array([places[step - 1] for step in STEPS])


@pytest.mark.parametrize("case", CASES)
def test_a_matrix_moves_as_under_pytorchs_muon_computed_in_float64(case):
    shape, *places = case
    theirs = RECORDED[f"{shape}_64"][tuple(places)] - RECORDED[shape][0]
    assert np.abs(moved(*case) - theirs).max() < 1e-9 * np.abs(theirs).max()


@pytest.mark.parametrize("case", CASES)
def test_a_matrix_moves_to_five_percent_as_under_pytorchs_muon_with_its_bfloat16(case):
    shape, *places = case
    theirs = RECORDED[f"{shape}_16"][tuple(places)] - RECORDED[shape][0]
    distances = np.linalg.norm(moved(*case) - theirs, axis=(1, 2))
    assert (distances < 0.05 * np.linalg.norm(theirs, axis=(1, 2))).all()


def test_anything_but_a_matrix_moves_as_under_adamw_with_a_rate_of_its_own():
    rng = np.random.default_rng(0)
    ours, theirs = ({"W": np.ones((2, 3)), "b": np.ones(3), "s": np.array(1.0)} for _ in range(2))
    muon, adamw = Muon(0.2, weight_decay=0.3, other_lr=0.05), AdamW(0.05, weight_decay=0.3)
    for _ in range(4):
        grads = {key: rng.normal(size=p.shape) for key, p in ours.items()}
        muon.update(ours, grads)
        adamw.update(theirs, grads)
    assert [np.array_equal(ours[key], theirs[key]) for key in "Wbs"] == [False, True, True]


def test_the_arrays_that_were_given_are_changed_and_no_others_take_their_place():
    params = {"W": np.ones((2, 3)), "b": np.ones(3)}
    held = dict(params)
    Muon().update(params, {key: np.ones_like(p) for key, p in params.items()})
    assert all(params[key] is held[key] and held[key].min() < 1 for key in params)


def test_singular_values_from_a_hundredth_of_the_norm_on_come_between_068_and_114():
    values = np.geomspace(1, 0.01, 7)
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(7, 7)))
    after = np.linalg.svd(iterated(turn @ np.diag(values) @ turn.T))[1]
    assert after.min() > 0.68
    assert after.max() < 1.14


def test_a_gradient_of_zeros_leaves_the_decay_alone():
    params = {"W": np.ones((2, 3))}
    Muon(0.1, weight_decay=0.5).update(params, {"W": np.zeros((2, 3))})
    assert params["W"] == pytest.approx(np.full((2, 3), 0.95))


def test_an_unknown_scale_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match="one of rms, shape, none; got 'spectral'"):
        Muon(scale="spectral")
