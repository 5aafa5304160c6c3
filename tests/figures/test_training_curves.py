"""Loss and accuracy of training runs, beside each other."""

from dataclasses import replace

import pytest

from descentlab import figures
from descentlab.figures import training
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
    monkeypatch.setattr(training, "show", lambda fig, alt: shown.append((fig, alt)))
    return shown


def test_each_run_is_drawn_by_epoch_in_its_rules_colour_and_marker_validation_hollow(drawn):
    figures.training_curves(RUNS, title="Adam learns")
    losses, accuracies = drawn[0][0].axes
    solid, dotted = losses.lines[:2]
    assert (solid.get_xdata().tolist(), solid.get_ydata().tolist()) == ([1, 2], [1.5, 0.5])
    assert dotted.get_ydata().tolist() == [1.6, 0.75]
    assert [line.get_ydata().tolist() for line in accuracies.lines[:2]] == [[0.6, 0.9], [0.55, 0.8]]
    assert solid.get_color() == dotted.get_color() == RULES["Adam"].color
    assert (solid.get_linestyle(), solid.get_marker()) == ("-", RULES["Adam"].marker)
    assert (dotted.get_linestyle() != "-", dotted.get_marker()) == (True, RULES["Adam"].marker)
    assert (solid.get_markerfacecolor(), dotted.get_markerfacecolor()) == (RULES["Adam"].color, "white")
    assert dotted.get_linewidth() < solid.get_linewidth()
    assert (losses.get_yscale(), losses.get_ylabel(), accuracies.get_ylabel()) == ("log", "loss", "accuracy")


def test_no_training_line_is_dotted_whatever_its_label(drawn):
    """The legend says: dotted and hollow is validation."""
    labels = ["batches of 7", "SGD", "SGD, η = 1.5", "RMSprop"]
    figures.training_curves(dict.fromkeys(labels, RUNS["Adam"]), title="all alike")
    for ax in drawn[0][0].axes:
        training_lines, validation_lines = ax.lines[::2], ax.lines[1::2]
        assert {line.get_linestyle() for line in training_lines} == {"-"}
        assert "" not in {line.get_marker() for line in training_lines}
        markers = [[line.get_marker() for line in lines] for lines in (training_lines, validation_lines)]
        assert markers[0] == markers[1], "a validation line and its run have one marker"
        assert {line.get_markerfacecolor() for line in validation_lines} == {"white"}
        assert "-" not in {line.get_linestyle() for line in validation_lines}


def test_of_many_runs_only_the_training_loss_and_the_validation_accuracy_are_drawn(drawn):
    labels = [f"batches of {size}" for size in range(5)]
    figures.training_curves(dict.fromkeys(labels, RUNS["Adam"]), title="all alike")
    fig, (losses, accuracies) = drawn[0][0], drawn[0][0].axes
    assert [line.get_ydata().tolist() for line in losses.lines] == [[1.5, 0.5]] * 5
    assert [line.get_ydata().tolist() for line in accuracies.lines] == [[0.55, 0.8]] * 5
    assert (losses.get_ylabel(), accuracies.get_ylabel()) == ("training loss", "validation accuracy")
    assert [text.get_text() for text in fig.legends[0].get_texts()] == labels


def test_the_words_give_the_last_losses_and_accuracies_and_name_what_diverged(drawn):
    figures.training_curves(RUNS, title="Adam learns")
    assert drawn[0][1] == (
        "Adam learns. Adam: loss 0.5 in training and 0.75 in validation after 2 epochs, accuracy 90.0% and "
        "80.0%. SGD diverged in the first epoch."
    )


def test_the_loss_may_have_a_plain_axis_and_the_words_be_given(drawn):
    figures.training_curves(RUNS, title="Adam learns", alt="In words.", log=False)
    assert drawn[0][0].axes[0].get_yscale() == "linear"
    assert drawn[0][1] == "In words."


def test_the_ticks_of_a_short_axis_of_losses_are_plain_numbers(drawn):
    low = {
        "Adam": [replace(FIRST, number=n, loss=0.6 - 0.1 * n, valid_loss=0.7 - 0.1 * n) for n in (1, 2, 3)]
    }
    figures.training_curves(low, title="Adam learns")
    ax = drawn[0][0].axes[0]
    drawn[0][0].canvas.draw()
    said = {label.get_text() for label in ax.get_yticklabels(which="both")}
    assert {"0.3", "0.4", "0.5", "0.6"} <= said
    assert not any("×" in text or "times" in text for text in said)
