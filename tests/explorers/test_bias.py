"""The moving averages of Adam: their numbers are the lesson's, and nothing that a student writes breaks them."""

import numpy as np
import pytest
from drawing import draw, drawables
from explorer_rules import BROKEN, Adam, Endless, Stub

from descentlab.explorers.bias import Bias, read_gradients, written
from descentlab.explorers.picture import Height, shapes
from descentlab.figures.style import MARKERS
from descentlab.registry import RULES

LONE = written([1, *9 * [0]])
GROWING = written(1.11 ** np.arange(50))


def bias(rule=Adam, grads=LONE, silence=0, goal=None):
    return Bias(rule, read_gradients(grads), silence=silence, goal=goal)


def test_every_preset_can_be_drawn_and_the_first_values_lead_back():
    experiment = bias()
    first = {control.name: control.read(None) for control in experiment.controls}

    def picture(values):
        moving = draw(experiment, **values).drawables
        return [panel.parts(those) for panel, those in zip(experiment.panels, moving, strict=True)]

    begin = picture({})
    assert all(picture(values) != begin for values in experiment.presets.values())
    assert picture(first) == begin


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
    assert worst.reached
    assert draw(bias(grads="-2, -2")).status.endswith("√v̂\xa0=\xa02.")


def test_the_goal_is_a_line_until_it_is_reached_then_the_longest_step_there_can_be():
    experiment = bias(silence=5000, goal=7)

    def lines(scene):
        heights = [drawable for drawable in drawables(scene, Height, 2) if drawable.height is not None]
        return [
            drawable.label for drawable in heights if "bound" in drawable.label or "goal" in drawable.label
        ]

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


def test_an_empty_stub_is_not_caught():
    with pytest.raises(NotImplementedError):
        draw(bias(Stub))


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
