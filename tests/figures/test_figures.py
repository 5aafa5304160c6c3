"""Figures: one look per rule, labels, a text alternative."""

import numpy as np
import pytest

from descentlab import figures
from descentlab.figures import shown
from descentlab.figures.style import OTHERS, RULES, looks
from descentlab.objectives import bowl

OKABE_ITO = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
PATH = np.array([[-7.0, 2.0], [-6.0, -1.0], [-5.0, 0.5]])


@pytest.fixture
def page(monkeypatch):
    """What a cell would show: a list of (data, metadata)."""
    found = []
    monkeypatch.setattr(shown, "display", lambda data, metadata, raw: found.append((data, metadata)))
    return found


def test_every_rule_has_a_colour_of_okabe_and_ito_and_a_dash_or_marker_of_its_own():
    import descentlab.rules as rules

    assert set(RULES) == {name for name in rules.__all__ if name[0].isupper()}
    colors, _dashes, markers = zip(*RULES.values(), strict=True)
    assert len(set(colors)) == len(set(markers)) == len(RULES)
    assert set(colors) | set(OTHERS) <= OKABE_ITO


def test_a_label_gets_the_look_of_the_rule_it_begins_with():
    first, second, centred = looks(["SGD, η = 0.1", "Adam", "RMSpropGraves"])
    assert first["color"] == RULES["SGD"][0]
    assert second["marker"] == RULES["Adam"][2]
    assert centred["color"] == RULES["RMSpropGraves"][0]


def test_lines_of_one_figure_can_be_told_apart_without_colour():
    labels = ["SGD, 0.1", "SGD, 0.5", "SGD, 0.95", "Adam", "mine", "yours", "theory"]
    seen = {(str(look["linestyle"]), look["marker"]) for look in looks(labels)}
    assert len(seen) == len(labels)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.trajectories(bowl, {"SGD": PATH}, title="it arrives"),
        lambda: figures.trajectories(bowl, {"SGD": PATH, "Adam": PATH}, title="it arrives", panels=True),
        lambda: figures.loss_curves(bowl, {"SGD": PATH}, title="it arrives"),
        lambda: figures.curves({"SGD": [3, 2, 1]}, xlabel="a", ylabel="b", title="it arrives"),
    ],
)
def test_every_figure_is_a_png_whose_text_alternative_holds_the_finding(page, draw):
    draw()
    ((data, metadata),) = page
    assert data["image/png"].startswith(b"\x89PNG")
    assert "it arrives" in data["text/plain"]
    assert "SGD" in data["text/plain"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_a_path_that_ran_away_is_still_drawn(page):
    path = np.array([[-7.0, 2.0], [1e300, -1e300], [np.inf, np.nan]])
    figures.trajectories(bowl, {"SGD": path}, title="away")
    figures.loss_curves(bowl, {"SGD": path}, title="away")
    assert len(page) == 2


def test_axes_have_labels_and_the_title_is_broken_into_lines():
    _, ax = figures.canvas(xlabel="step", ylabel="loss", title="a long finding " * 8)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")
    assert "\n" in ax.get_title(loc="left")


def test_a_figure_without_words_is_refused(page):
    fig, _ = figures.canvas(xlabel="step", ylabel="loss", title="found")
    with pytest.raises(ValueError, match="text alternative"):
        figures.show(fig, alt=" ")
    assert page == []
