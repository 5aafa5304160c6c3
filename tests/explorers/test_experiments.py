"""The other explorers: their numbers are the theory's, and nothing that a student writes breaks them."""

import json
import re

import numpy as np
import pytest
from drawing import draw, marks
from explorer_rules import (
    BROKEN,
    SGD,
    AdaGrad,
    Adam,
    BreaksOff,
    Endless,
    Momentum,
    Stub,
    floor,
    radius,
    slopes,
    unkind,
    unkind_slope,
)

from descentlab.explorers.bias import Bias, read_gradients, written
from descentlab.explorers.gradient_check import GradientCheck
from descentlab.explorers.noise import Noise
from descentlab.explorers.picture import Dots, Height, shapes
from descentlab.explorers.rotation import Rotation
from descentlab.explorers.stability import Stability, factor_per_step
from descentlab.explorers.widget import Explorer
from descentlab.figures.style import MARKERS
from descentlab.objectives import descend, quadratic
from descentlab.registry import RULES


def stability(rule=Momentum, theory=radius, goal=None):
    return Stability(rule, theory, (0.1, 2.0), goal=goal)


LONE = written([1, *9 * [0]])
GROWING = written(1.11 ** np.arange(50))


def bias(rule=Adam, grads=LONE, silence=0, goal=None):
    return Bias(rule, read_gradients(grads), silence=silence, goal=goal)


def noise(rule=SGD, theory=floor, goal=None, **settings):
    return Noise(rule, theory=theory, goal=goal, **settings)


def rotation(rule=AdaGrad, goal=None, **settings):
    return Rotation(rule, goal=goal, **settings)


def gradient_check(given=slopes, goal=None):
    return GradientCheck(given, unkind, unkind_slope, goal=goal)


ALL = [stability, bias, noise, rotation, gradient_check]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_every_explorer_has_a_picture_words_and_a_start_that_is_a_preset(make):
    explorer = Explorer(make())
    assert len(explorer.still()["text/plain"]) > 40
    json.dumps(explorer.scene, allow_nan=False)
    json.dumps(explorer.frame, allow_nan=False)
    assert explorer.frame["presets"][0]["label"] == "as at first"


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_every_preset_can_be_drawn_and_the_first_one_leads_back(make):
    experiment = make()
    first = {control.name: control.read(None) for control in experiment.controls if control.returns}

    def picture(values):
        moving = draw(experiment, **values).marks
        return [panel.parts(those) for panel, those in zip(experiment.panels, moving, strict=True)]

    begin = picture({})
    for values in experiment.presets.values():
        assert picture(values) != begin or values.items() <= first.items()
    assert picture(first) == begin


@pytest.mark.parametrize(("make", "number"), [(stability, 1), (rotation, 0), (rotation, 1)])
def test_a_circle_is_a_circle(make, number):
    x, y = make().panels[number].pixels([0, 1], [0, 1])
    assert x[1] - x[0] == pytest.approx(y[0] - y[1])


# --- the plane of η and μ


def test_the_measured_factor_agrees_with_the_theory_at_the_point():
    scene = draw(stability(), at=(0.5, 0.5))  # η = 1, μ = 0.5: √μ
    assert "multiplies the distance by about 0.706. The theory says 0.707: stable." in scene.status


@pytest.mark.parametrize(("lr", "momentum"), [(0.1, 0.9), (0.02, 0.5), (1.0, 0.8), (1.2, 0.0)])
def test_the_measured_factor_is_the_spectral_radius(lr, momentum):
    valley = quadratic([1.0, 1.0])
    measured = factor_per_step(np.linalg.norm(descend(Momentum(lr, momentum), valley, 200), axis=1))
    assert measured == pytest.approx(radius(lr, momentum, 1.0), abs=0.01)


def test_beyond_the_edge_the_path_runs_away_and_the_theory_says_so():
    scene = draw(stability(), at=(0.9, 0.5))
    assert "unstable" in scene.status


def test_the_goal_is_a_factor_measured_on_the_students_class():
    assert draw(stability(goal=0.7), at=(1.3358 / 2, 0.4026)).reached == (True,)
    assert draw(stability(goal=0.7), at=(0.5, 0.9)).reached == (False,)


def test_a_run_that_breaks_off_reaches_no_goal():
    scene = draw(stability(rule=BreaksOff, goal=0.7), at=(1.3358 / 2, 0.4026))
    assert "enough" in scene.status
    assert scene.reached == (False,)


def test_a_class_without_momentum_is_refused_in_one_line():
    with pytest.raises(TypeError, match="needs a class with the arguments lr and momentum"):
        stability(SGD)


def test_a_theory_that_fails_leaves_the_measurement():
    scene = draw(stability(theory=lambda lr, momentum, curvature: 1 / 0))
    assert "The theory stops with ZeroDivisionError" in scene.status
    assert stability(theory=lambda lr, momentum, curvature: float("nan")).panels[0].still == ()
    assert "multiplies the distance" in scene.status


@pytest.mark.parametrize(("place", "momentum"), [((0.3, 0.5), 0.5), ((0.9, 0.9), 0.9), ((0.4, 0.0), 0.0)])
def test_the_roots_are_measured_on_the_students_path(place, momentum):
    roots = draw(stability(), at=place).marks[1]
    for curvature, dots in zip((0.1, 2.0), roots, strict=True):
        coefficients = [1, -(1 + momentum - 2 * place[0] * curvature), momentum]
        expected = np.roots(coefficients if momentum else coefficients[:2])
        actual = np.asarray(dots.x) + 1j * np.asarray(dots.y)
        assert np.sort_complex(actual) == pytest.approx(np.sort_complex(expected + 0j), abs=1e-4)


def test_a_rule_without_a_linear_step_has_no_roots():
    class Signed(Momentum):
        def update(self, params, grads):
            params["theta"] = params["theta"] - self.lr * np.cbrt(grads["theta"])

    assert all(len(dots.x) == 0 for dots in draw(stability(Signed)).marks[1])


# --- running means


def test_gradients_are_numbers_with_commas():
    assert read_gradients("1, -0.5 2e-1; 0").tolist() == [1, -0.5, 0.2, 0]


@pytest.mark.parametrize("text", ["", "one", "1..2", "1 +", "nan", "1e999", written(61 * [1])])
def test_what_are_no_gradients_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"is not a number: write|at most 60|finite"):
        read_gradients(text)


def test_a_sequence_that_cannot_be_read_leaves_the_last_one():
    experiment = bias()
    good = draw(experiment, grads="1, 2")
    bad = draw(experiment, grads="1, two")
    assert "'two' is not a number" in bad.status
    assert good.status in bad.status


def test_the_longest_steps_are_those_of_the_lesson():
    constant = draw(bias(grads=written(40 * [1]))).status
    assert "Without correction it would be 6.569 η" in constant
    assert "The longest step of Adam is 1.000 η" in constant
    lone = draw(bias(silence=5000, grads="1"))
    assert "is 3.15" in lone.status
    worst = draw(bias(silence=5000, grads=GROWING, goal=7))
    assert "is 7.24" in worst.status
    assert worst.reached == (True,)


def test_the_goal_is_a_line_until_it_is_reached_then_the_longest_step_there_can_be():
    experiment = bias(silence=5000, goal=7)

    def lines(scene):
        heights = [mark for mark in marks(scene, Height, 2) if mark.height is not None]
        return [mark.label for mark in heights if "bound" in mark.label or "goal" in mark.label]

    assert lines(draw(experiment)) == ["goal: 7"]
    assert lines(draw(experiment, grads=GROWING)) == ["bound: 7.27"]
    assert lines(draw(experiment, grads=LONE)) == ["bound: 7.27"]
    assert lines(draw(bias())) == ["bound: 7.27"]


def test_calls_are_counted_after_the_silence_and_the_axis_says_so():
    experiment = bias()
    first, silent = draw(experiment), draw(experiment, silence=100)
    assert [scene.panels[0].x.label for scene in (first, silent)] == ["call", "call after the silence"]
    assert "at call 1." in first.status
    assert "at call 1 after the silence." in silent.status
    titles = [panel.title for panel in silent.panels]
    assert titles == ["largest |g| = 1", "", ""]


def test_the_axis_is_as_long_as_the_gradients():
    experiment = bias()
    calls = draw(experiment).panels[0].x
    assert (calls.high, [text for _, text in calls.ticks]) == (12.5, ["2", "4", "6", "8", "10", "12"])
    assert draw(experiment, grads=GROWING).panels[0].x.high == len(read_gradients(GROWING)) + 2.5


def test_the_axis_of_steps_grows_to_the_longest_step():
    experiment = bias(silence=5000, goal=7)
    assert draw(experiment).panels[2].y.high == 10
    scene = draw(experiment, beta1=0.0)
    assert "is 31.5" in scene.status
    assert 31.6 < scene.panels[2].y.high < 64
    assert draw(experiment).panels[2].y.high == 10


# --- noise


def test_where_there_is_no_floor_the_theory_has_no_number():
    scene = draw(noise(goal=0.02), lr=10.0)
    assert "The theory says: no floor, SGD diverges." in scene.status
    assert not re.search(r"says -?[\d.]", scene.status)


@pytest.mark.parametrize(("lr", "batch"), [(0.1, 1), (0.5, 1), (0.5, 16)])
def test_the_measured_floor_is_the_theorys(lr, batch):
    scene = draw(noise(lr=lr), batch=batch)
    measured, theory = map(float, re.findall(r"(?:half: |says )([\d.]+\d)", scene.status))
    assert measured == pytest.approx(theory, rel=0.1)


def test_the_goal_wants_a_floor_that_is_low_and_reached_in_time():
    experiment = noise(goal=0.02)
    assert draw(experiment, lr=0.5).reached == [False]
    assert draw(experiment, lr=0.001).reached == [False]
    assert draw(experiment, lr=0.1, batch=64).reached == [True]


def test_each_batch_of_a_goal_is_a_part_of_it_and_is_remembered():
    experiment = Noise(SGD, theory=floor, goal=0.02, batches=(1, 4))
    explorer = Explorer(experiment)
    place = {control.name: control.nearest for control in experiment.controls}
    for number, (lr, batch, done) in enumerate([(0.03, 1, [0]), (0.5, 1, [0]), (0.06, 4, [0, 1])]):
        sent = {"lr": place["lr"](lr), "batch": place["batch"](batch)}
        explorer.asked = {"by": "me", "n": number, "at": sent}
        assert explorer.scene["done"] == done


# --- a turned bowl


def test_sgd_does_not_notice_the_turn_and_adagrad_does():
    assert "the same as that at 0°." in draw(rotation(SGD), angle=45.0).status
    experiment = rotation(AdaGrad, goal=100)
    scene = draw(experiment, angle=45.0)
    assert scene.reached == (True,)
    assert draw(experiment, angle=0.0).reached == (False,)


def test_a_ratio_of_rounding_reaches_no_goal_and_neither_does_another_rate():
    experiment = rotation(AdaGrad, goal=1e6, lr=1.5)
    assert draw(experiment, angle=45.0).reached == (True,)
    fast = draw(experiment, angle=45.0, lr=10.0)
    assert fast.reached == (False,)
    assert float(re.search(r"([\d.e+-]+) times", fast.status)[1]) < 1e12
    slow = draw(experiment, angle=45.0, lr=3.0)
    assert slow.reached == (False,)
    assert "The goal counts at the first learning rate" in slow.status


def test_scaled_by_its_own_sums_an_adagrad_bowl_is_rounder_until_it_is_turned():
    def flatness(angle):
        line = draw(rotation(AdaGrad, lr=1.5), angle=angle).marks[1][0]
        radii = np.hypot(line.x, line.y)
        return radii.max() / radii.min()

    assert flatness(0.0) < 2.6
    assert flatness(45.0) == pytest.approx(np.sqrt(20), rel=0.02)


# --- the distance h


def test_the_errors_are_those_of_the_lesson():
    scene = draw(gradient_check(goal=1e-10))
    assert "forward: relative error 0.0012. central: relative error 1.3e-06" in scene.status
    assert scene.reached == (False,)


def test_the_point_of_the_task_is_on_top_and_no_ring_hides_it():
    dots = marks(draw(gradient_check()), Dots)
    assert [mark.open for mark in dots] == [True, True, False]
    assert dots[-1].y == pytest.approx([1.3e-6], rel=0.05)  # the central one, where the complex one is too
    assert dots[1].y == pytest.approx(dots[-1].y, rel=0.05)
    assert dots[-1].size + 1 < dots[0].size < dots[1].size


def test_the_best_distance_reaches_the_goal_and_too_small_a_one_does_not():
    experiment = gradient_check(goal=2e-10)
    distances = experiment.controls[0].values
    reached = [h for h in distances if draw(experiment, h=h).reached == (True,)]
    assert reached
    assert 1e-8 < min(reached) < max(reached) < 1e-4


def test_no_place_of_the_slider_is_without_a_value_and_another_function_says_so():
    experiment = gradient_check()
    for theta in experiment.controls[1].values[:: len(experiment.controls[1].values) - 1]:
        assert np.isfinite(unkind(theta))
        assert "nan" not in draw(experiment, at=theta, h=0.1).status
    outside = GradientCheck(slopes, np.log, lambda t: 1 / t, at=0.5)
    assert "f has no value at θ = -0.3" in draw(outside, at=-0.3).status


def test_slopes_that_fail_are_said():
    assert "stops with ZeroDivisionError" in draw(gradient_check(lambda f, theta, h: 1 / 0)).status
    assert "relative error" not in draw(gradient_check(lambda f, theta, h: 5)).status


def test_an_empty_stub_is_not_caught():
    def stub(*args):
        raise NotImplementedError

    for make, answer in ((gradient_check, stub), (bias, Stub), (noise, Stub), (rotation, Stub)):
        with pytest.raises(NotImplementedError):
            draw(make(answer))
    with pytest.raises(NotImplementedError):
        draw(stability(theory=stub))


@pytest.mark.parametrize("broken", [*BROKEN, Endless], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("make", [noise, rotation], ids=lambda make: make.__name__)
def test_a_broken_class_gets_a_sentence(make, broken):
    assert broken.__name__ in draw(make(broken), seconds=0.2).status


@pytest.mark.parametrize("broken", [*BROKEN, Endless], ids=lambda cls: cls.__name__)
def test_a_broken_adam_gets_a_sentence(broken):
    class Broken(Adam):
        update = broken.update
        calls = 0

    assert "Broken" in draw(bias(Broken), seconds=0.2).status


@pytest.mark.parametrize("marker", [*MARKERS, *(rule.marker for rule in RULES.values())], ids=str)
def test_every_marker_of_the_figures_is_a_shape_around_its_point(marker):
    middle = np.zeros(1)
    assert shapes(marker, middle, middle, 5).startswith("M0.0,0.0m")
    assert shapes(marker, middle, middle, 5) != shapes(marker, middle, middle, 3)
