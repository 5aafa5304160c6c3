"""explore: the student's own path, at any settings, whatever the student's class does."""

import numpy as np
import pytest
from drawing import draw, drawables
from explorer_rules import BROKEN, SGD, Adam, BreaksOff, Endless, Momentum, Slow, Stub, Talks

from descentlab.explorers.controls import settings_of, sliders_of, towards_one
from descentlab.explorers.paths import Paths, explore
from descentlab.explorers.picture import INK, Arrow, Axis, Curve, Dots, Panel, Words, polyline
from descentlab.objectives import bowl, descend, quadratic, saddle


def paths(rule=Momentum, objective=bowl, **kind):
    return Paths(rule, objective, **kind)


def test_the_line_is_the_path_of_the_students_class():
    (line,) = drawables(draw(paths(lr=0.3, momentum=0.5)), Curve)
    assert np.array_equal(np.transpose([line.x, line.y]), descend(Momentum(0.3, 0.5), bowl, 40))


def ends(arrow):
    """The points from which and to which an arrow leads."""
    return list(zip(arrow.x, arrow.y, strict=True))


def test_a_moved_start_moves_the_path():
    (line,) = drawables(draw(paths(SGD), start=(0.75, 0.5)), Curve)
    assert (line.x[0], line.y[0]) == (4.0, 0.0)


def test_the_first_start_is_the_objectives_own_to_the_last_digit():
    (line,) = drawables(draw(paths(SGD, saddle)), Curve)
    assert (line.x[0], line.y[0]) == tuple(saddle.start)


def test_stepping_back_parts_the_path_in_walked_and_still_to_come():
    scene = draw(paths(), step=10)
    ahead, walked, *_ = drawables(scene, Curve)
    assert (len(walked.x), len(ahead.x)) == (11, 31)
    assert scene.status.startswith("Step 10: ")


def test_the_state_is_shown_by_the_students_own_names():
    rows = {name: numbers for name, numbers, _ in draw(paths(Adam, lr=0.3), step=1).table}
    assert list(rows) == ["g", "step", "m", "v"]
    assert rows["g"] == pytest.approx([-0.7, 4.0])
    assert rows["v"] == pytest.approx([0.00049, 0.016])


def test_sliders_come_from_the_constructors_signature():
    assert [slider.name for slider in sliders_of(Adam, {})] == ["lr", "beta1", "beta2", "eps"]
    assert [slider.values[slider.initial] for slider in sliders_of(Adam, {})] == [0.001, 0.9, 0.999, 1e-8]


def test_a_number_sets_where_a_slider_begins():
    (begins,) = sliders_of(SGD, {"lr": 0.95})
    assert begins.values[begins.initial] == 0.95


def test_a_constructor_without_defaults_or_with_other_arguments_gets_sliders_for_its_numbers():
    class Bare:
        def __init__(self, lr, momentum, name="x", nesterov=False, clip=np.inf):
            pass

    assert settings_of(Bare) == {"lr": 0.1, "momentum": 0.9}
    assert settings_of(object) == {}


def test_decays_come_ever_closer_to_one_but_never_reach_it():
    values = towards_one()
    assert values[0] == 0.0
    assert 0.9998 < values[-1] < 1
    assert np.all(np.diff(values) > 0)


@pytest.mark.parametrize(("broken", "sentence"), BROKEN.items(), ids=lambda x: getattr(x, "__name__", ""))
def test_a_broken_class_gets_a_sentence_and_a_picture(broken, sentence):
    scene = draw(paths(broken, goal=1e-6))
    assert sentence in scene.status
    assert not scene.reached


def test_a_path_that_runs_away_is_cut_and_said():
    scene = draw(paths(SGD, lr=5.0, steps=200))
    assert "SGD diverges: |θ| is" in scene.status
    (line,) = drawables(scene, Curve)
    assert len(line.x) < 60
    assert np.isfinite(line.y).all()


def test_a_slow_class_is_cut_off_and_the_part_that_was_walked_is_shown():
    scene = draw(paths(Slow, steps=200), seconds=0.3)
    assert "Slow is slow: " in scene.status
    assert 2 <= len(drawables(scene, Curve)[0].x) <= 8


def test_a_class_that_never_comes_back_is_stopped():
    assert "Endless does not come back at step 1 and was stopped" in draw(paths(Endless), seconds=0.2).status


def test_what_the_students_class_prints_is_kept_away(capsys):
    draw(paths(Talks))
    assert capsys.readouterr().out == ""


def test_an_empty_stub_is_not_caught():
    with pytest.raises(NotImplementedError):
        draw(paths(Stub))


def test_a_goal_is_reached_by_the_last_step():
    assert not draw(paths(goal=1e-6, steps=30)).reached
    assert draw(paths(goal=1e-6, steps=30, lr=1.3358, momentum=0.4026)).reached


def test_a_rule_that_breaks_off_below_the_goal_has_not_reached_it():
    assert not draw(paths(BreaksOff, goal=1e-4, steps=30, lr=1.3358, momentum=0.4026)).reached
    assert draw(paths(Momentum, goal=1e-4, steps=25, lr=1.3358, momentum=0.4026)).reached


def test_every_preset_shows_what_it_says():
    experiment = paths()
    said = {label: draw(experiment, **values).status for label, values in experiment.presets.items()}
    assert list(said) == ["diverges", "rings", "crawls"]
    assert "diverges" in said["diverges"]
    end = descend(Momentum(0.01, 0.0), bowl, 40)[-1]
    assert f"({end[0]:.3g}," in said["crawls"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: explore(SGD, lrr=1.0), "the constructor has no number 'lrr'; there are: lr"),
        (lambda: explore(SGD()), "give the class itself"),
        (lambda: explore(SGD, quadratic([1, 2, 3])), "a picture needs two"),
    ],
)
def test_a_wrong_call_ends_in_one_line(call, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence.replace("(", r"\(")):
        call()


def test_ticks_are_round_numbers_and_powers_of_ten():
    assert [text for _, text in Axis("f", 1e-6, 10.0, log=True).ticks] == ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]
    assert [text for _, text in Axis("x", 0.0, 1.0).ticks] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]


def test_a_line_breaks_at_nan_dots_outside_are_left_out_and_a_name_stands_beside_its_arrow():
    assert polyline(np.array([0, np.nan, 1]), np.zeros(3)) == "M0.0,0.0M1.0,0.0"
    panel = Panel("", "", Axis("", 0, 1), Axis("", 0, 1))
    dots, *_, name = panel.parts([Dots([0, 2], [0, 0], INK, "o", 3), Arrow((0, 0), (0, 1), INK, "v")])
    assert dots["d"].count("M") == 1
    assert name["m"] == "end"


def test_the_box_of_weight_decay_is_drawn():
    explorer = paths(SGD, quadratic([1, 2]), steps=20, lr=0.1, box=lambda lr: 10 * lr)
    assert not explorer.presets
    square = [drawable for drawable in drawables(draw(explorer), Curve) if len(drawable.x) == 5]
    assert [(max(drawable.x), max(drawable.y)) for drawable in square] == [(1.0, 1.0)]


def arrows_of(step, rule, lr):
    """The arrows of a step; those of a short one stand in the picture twice, then enlarged."""
    drawn = drawables(draw(paths(rule, step=step, lr=lr, momentum=0.9)), Arrow)
    return drawn[: len(drawn) // 2] if drawn[0].label == "" else drawn


def test_short_arrows_are_enlarged_alike_in_a_corner_with_their_names():
    explorer = paths(Momentum, step=3, lr=0.1, momentum=0.9)
    along, push, *enlarged = drawables(draw(explorer), Arrow)
    assert [arrow.label for arrow in (along, push, *enlarged)] == ["", "", "μv", "−ηg"]
    factors = [
        np.subtract(ends(large)[1], ends(large)[0]) / np.subtract(ends(small)[1], ends(small)[0])
        for small, large in zip((along, push), enlarged, strict=True)
    ]
    assert np.min(factors) > 2
    assert factors == pytest.approx(np.full((2, 2), factors[0][0]))
    panel = explorer.panels[0]
    small, large = (np.subtract(ends(arrow)[0], panel.value((0.5, 0.5))) for arrow in (along, enlarged[0]))
    assert (small * large < 0).all(), "in the corner farthest away"
    assert all(panel.x.holds(ends(arrow)[1][0]) and panel.y.holds(ends(arrow)[1][1]) for arrow in enlarged)


@pytest.mark.parametrize("step", [2, 3])
def test_a_step_with_a_velocity_is_drawn_as_the_old_velocity_and_the_push(step):
    along, push = arrows_of(step, Momentum, 0.1)
    *_, before, place = descend(Momentum(0.1, 0.9), bowl, steps=step)
    assert (ends(along)[0], ends(push)[1]) == (tuple(before), tuple(place))
    assert np.subtract(ends(push)[1], ends(push)[0]) == pytest.approx(-0.1 * bowl.gradient(before))


class StoredPoint(Momentum):
    """Nesterov's step for a rule whose parameters are the look-ahead point."""

    def update(self, params, grads):
        for k, g in grads.items():
            before = self.v.get(k, np.zeros_like(g))
            self.v[k] = self.momentum * before - self.lr * g
            params[k] += (1 + self.momentum) * self.v[k] - self.momentum * before


def test_of_a_stored_point_the_arrows_lead_from_the_ball_to_the_new_stored_point():
    ahead, push, again = arrows_of(3, StoredPoint, lr=0.3)
    path = descend(StoredPoint(0.3, 0.9), bowl, steps=3)
    assert (ends(ahead)[1], ends(push)[0], ends(push)[1]) == (tuple(path[2]), ends(ahead)[1], ends(again)[0])
    assert ends(again)[1] == tuple(path[3])


@pytest.mark.parametrize(("step", "named"), [(1, {"ball"}), (3, {"ball", "a"})])
def test_the_stored_point_has_a_name_once_it_is_not_the_ball(step, named):
    scene = draw(paths(StoredPoint, step=step, lr=0.3, momentum=0.9))
    assert {drawable.text.strip() for drawable in drawables(scene, Words)} & {"ball", "a"} == named
