"""The race: every class at its best, paths whole, whatever a class does."""

import numpy as np
import pytest
from drawing import draw, marks
from explorer_rules import BROKEN, SGD, AdaGrad, Adam, Endless, Momentum, Stub

from descentlab.explorers.picture import Track
from descentlab.explorers.race import BEST, EQUAL, SURFACES, Race, best_rate, score
from descentlab.explorers.widget import Explorer
from descentlab.objectives import bowl, descend, quadratic


def test_the_tracks_are_the_paths_of_the_students_classes():
    experiment = Race([SGD, Momentum], steps=30)
    paths = marks(draw(experiment, rates=EQUAL, lr=0.1), Track)
    for track, rule in zip(paths, (SGD(0.1), Momentum(0.1)), strict=True):
        assert np.array_equal(np.transpose([track.x, track.y]), descend(rule, bowl, 30))


def test_the_browser_gets_every_step_at_once():
    explorer = Explorer(Race([SGD, Adam], steps=20))
    points = [part["p"] for part in explorer.scene["panels"][0] if "p" in part]
    assert [len(places) for places in points] == [2 * 21] * 2
    assert [len(racer["texts"]) for racer in explorer.scene["racers"]] == [21, 21]


@pytest.mark.parametrize("rule", [SGD, Momentum, AdaGrad, Adam])
def test_the_best_rate_beats_a_third_and_three_times_of_it(rule):
    best = best_rate(rule, bowl, 60)
    assert score(rule, bowl, best, 60) <= min(score(rule, bowl, factor * best, 60) for factor in (0.3, 3.0))


def test_the_best_rate_of_descent_on_a_round_bowl_is_one_over_the_curvature():
    round_bowl = quadratic([1.0, 1.0], start=(1.0, 1.0))
    assert best_rate(SGD, round_bowl, 20) == pytest.approx(1.0, rel=0.01)


def test_moving_the_slider_gives_all_its_rate():
    scene = draw(Race([SGD, Adam]), rates=BEST, lr=0.3)
    assert scene.put == {"rates": EQUAL}
    assert [racer.name for racer in scene.racers] == ["SGD, η = 0.3", "Adam, η = 0.3"]


def test_who_chooses_rates_with_a_place_of_the_slider_gets_those():
    race = Race([SGD, Adam])
    assert draw(race, rates=EQUAL, lr=0.3).put == {}
    assert draw(race, rates=BEST, lr=0.1).put == {}


@pytest.mark.parametrize("number", range(len(SURFACES)))
def test_on_every_surface_each_rule_at_its_best_ends_lower_than_it_starts(number):
    for racer in draw(Race([SGD, Momentum, AdaGrad, Adam]), surface=number).racers:
        assert racer.heights[-1] < racer.heights[0]


def test_another_surface_brings_its_own_start():
    scene = draw(Race([SGD]), surface=list(SURFACES).index("saddle"))
    assert (marks(scene, Track)[0].x[0], marks(scene, Track)[0].y[0]) == tuple(SURFACES["saddle"].start)


def test_a_rule_that_diverges_stops_and_is_last():
    scene = draw(Race([SGD, Adam], steps=60), rates=EQUAL, lr=3.0)
    sgd, adam = scene.racers
    assert sgd.texts[-1] == "diverged"
    assert adam.heights[-1] < sgd.heights[-1]
    assert "SGD diverges" in scene.status


@pytest.mark.parametrize("broken", [*BROKEN, Endless], ids=lambda cls: cls.__name__)
def test_a_broken_class_gets_a_sentence_and_the_others_run(broken):
    scene = draw(Race([broken, SGD], steps=10), seconds=0.4, rates=EQUAL, lr=0.1)
    assert broken.__name__ in scene.status
    assert len(marks(scene, Track)[1].x) == 11


def test_a_class_without_a_rate_is_refused_and_a_stub_is_not_caught():
    with pytest.raises(TypeError, match="object has no argument lr"):
        Race([object])
    with pytest.raises(NotImplementedError):
        draw(Race([Stub]))
