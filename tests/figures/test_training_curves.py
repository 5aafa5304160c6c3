"""Loss and accuracy of training runs, beside each other."""

from dataclasses import replace

import pytest

from descentlab import figures
from descentlab.figures import plots
from descentlab.models import Epoch
from descentlab.registry import RULES

FIRST = Epoch(1, loss=1.5, valid_loss=1.6, train=0.6, valid=0.55, best=True, test=0.5)
RUNS = {
    "Adam": [FIRST, replace(FIRST, number=2, loss=0.5, valid_loss=0.75, train=0.9, valid=0.8)],
    "SGD": [],
}


@pytest.fixture
def drawn(monkeypatch):
    shown = []
    monkeypatch.setattr(plots, "show", lambda fig, alt: shown.append((fig, alt)))
    return shown


def own_lines(ax):
    """A panel's lines for its own run: those with a marker. The others are behind."""
    return [line for line in ax.lines if line.get_marker() not in ("", "None")]


def test_each_run_is_drawn_by_epoch_in_its_rules_color_and_marker_validation_hollow(drawn):
    figures.training_curves(RUNS, title="Adam learns")
    losses, _, accuracies, _ = drawn[0][0].axes
    solid, dotted = own_lines(losses)
    assert (solid.get_xdata().tolist(), solid.get_ydata().tolist()) == ([1, 2], [1.5, 0.5])
    assert dotted.get_ydata().tolist() == [1.6, 0.75]
    assert [line.get_ydata().tolist() for line in own_lines(accuracies)] == [[0.6, 0.9], [0.55, 0.8]]
    assert solid.get_color() == dotted.get_color() == RULES["Adam"].color
    assert (solid.get_linestyle(), solid.get_marker()) == ("-", RULES["Adam"].marker)
    assert (dotted.get_linestyle() != "-", dotted.get_marker()) == (True, RULES["Adam"].marker)
    assert (solid.get_markerfacecolor(), dotted.get_markerfacecolor()) == (RULES["Adam"].color, "white")
    assert dotted.get_linewidth() < solid.get_linewidth()
    assert (losses.get_yscale(), losses.get_ylabel(), accuracies.get_ylabel()) == ("log", "loss", "accuracy")


LABELS = [
    *(f"batches of {size}" for size in range(4)),
    "SGD",
    "SGD, η = 1.5",
    "RMSprop, η = 0.0031623",
    "Adam",
]


def test_each_run_has_a_column_of_its_own_under_its_name_the_others_faint_behind_it(drawn):
    figures.training_curves(dict.fromkeys(LABELS, RUNS["Adam"]), title="all alike")
    losses, accuracies = drawn[0][0].axes[: len(LABELS)], drawn[0][0].axes[len(LABELS) :]
    assert [ax.get_title(loc="left").replace("\n", " ") for ax in losses] == LABELS
    for ax in losses + accuracies:
        own = own_lines(ax)
        behind = [line for line in ax.lines if line not in own]
        assert (len(own), len(behind)) == (2, len(LABELS) - 1)
        assert {line.get_color() for line in behind} == {plots.OTHER_RUNS["color"]}
        assert max(line.get_zorder() for line in behind) < min(line.get_zorder() for line in own)
    assert len({ax.get_ylim() for ax in losses}) == len({ax.get_ylim() for ax in accuracies}) == 1


@pytest.mark.parametrize("count", [1, 2, 6, 8])
def test_neither_names_nor_legend_cover_each_other(drawn, count):
    figures.training_curves(dict.fromkeys(LABELS[-count:], RUNS["Adam"]), title="all alike")
    fig = drawn[0][0]
    fig.canvas.draw()
    top, bottom = fig.axes[:count], fig.axes[count:]
    names = [ax.title if ax.title.get_text() else ax._left_title for ax in top]
    texts = [*names, *(ax.xaxis.label for ax in bottom), fig._suptitle, *fig.legends]
    boxes = [text.get_window_extent() for text in texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i]), texts[i]


def test_a_run_that_diverged_at_once_says_so_in_its_column(drawn):
    figures.training_curves(RUNS, title="Adam learns")
    _, diverged, _, diverged_too = drawn[0][0].axes
    for ax in (diverged, diverged_too):
        assert [text.get_text() for text in ax.texts] == ["diverged"]
        assert own_lines(ax) == []


def test_the_legend_speaks_of_other_runs_where_there_are_some(drawn):
    for runs in (RUNS, {"Adam": RUNS["Adam"]}):
        figures.training_curves(runs, title="Adam learns")
    assert [len(fig.legends[0].texts) for fig, _ in drawn] == [3, 2]


def test_the_words_give_the_last_losses_and_accuracies_and_name_what_diverged(drawn):
    figures.training_curves(RUNS, title="Adam learns")
    assert drawn[0][1] == (
        "Adam learns. Adam: loss 0.5 in training and 0.75 in validation after 2 epochs, accuracy 90.0% and "
        "80.0%. SGD diverged in the first epoch."
    )
