"""Training runs, a column each: loss above, accuracy below, epoch by epoch, the other runs grey behind."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from descentlab.figures.figure_layout import dress, make_logarithmic, show, wrapped
from descentlab.figures.style import SOLID, looks
from descentlab.sentences import say

SIZE = (8.0, 4.4)
NAME = 9
"""Font size of a run's name above its column."""
LETTERS = 76
"""Of such a name in the width of the figure."""
INK = "#555555"
TRAINING = {"linestyle": SOLID, "linewidth": 1.8}
"""Of every run: a dash of its own would look like a validation line."""
VALIDATION = {"linestyle": (0, (1, 1.5)), "markerfacecolor": "white", "linewidth": 1.4}
BEHIND = {"color": "#d4d4d4", "linewidth": 1.0, "zorder": 1.5}
"""Of the other runs: enough to compare with, too faint to be followed by mistake."""
MARKED = 6
"""Markers on a line, about."""


class EpochLike(Protocol):
    """What is drawn of an epoch: see `descentlab.models.Epoch`."""

    number: int
    loss: float
    valid_loss: float
    train: float
    valid: float


def training_curves(
    runs: Mapping[str, Sequence[EpochLike]], *, title: str, alt: str | None = None, log: bool = True
) -> None:
    """Loss and accuracy of each run, on the training rows and, dotted and hollow, on the validation rows.

    A run has a column of its own, so that it can be followed where all of them cross; grey behind it are the
    other runs on the training rows. The axes of a row are the same.

    Args:
        runs: label → what `train` returned; a label that begins with a rule's name gets that rule's colour.
            A run that diverged at once has no epoch, and is only named.
        title: what was found, with the measured number in it.
        alt: a text alternative; made from the title and the last epochs unless given.
        log: whether the axis of the loss is logarithmic.
    """
    fig = Figure(figsize=SIZE, layout="constrained")
    rows = fig.subplots(2, len(runs), sharex=True, sharey="row", squeeze=False)
    for row, said, (train, valid) in zip(
        rows, (say("loss"), say("accuracy")), (("loss", "valid_loss"), ("train", "valid")), strict=True
    ):
        for ax, label, look in zip(row, runs, looks(runs), strict=True):
            dress(ax, "", said if ax is row[0] else "", "", SIZE[0])
            for other, epochs in runs.items():
                if other != label:
                    _plot(ax, epochs, train, BEHIND)
            _draw(ax, runs[label], look, train, valid)
    for ax, label in zip(rows[0], runs, strict=True):
        ax.set_title(textwrap.fill(label, max(8, round(LETTERS / len(runs)))), loc="left", fontsize=NAME)
    if log:
        make_logarithmic(rows[0][0], "y")
    for ax in rows[1]:
        ax.set_xlabel(say("epoch"))
    rows[1][0].xaxis.get_major_locator().set_params(integer=True, nbins=4)
    fig.suptitle(wrapped(title, SIZE[0]), x=0.01, ha="left", fontsize=11)
    fig.legend(handles=_legend(len(runs)), loc="outside lower center", ncols=3, fontsize=NAME)
    show(fig, alt or _in_words(title, runs))


def _draw(ax: Axes, epochs: Sequence[EpochLike], look: dict, train: str, valid: str) -> None:
    if not epochs:
        ax.text(0.5, 0.5, say("diverged"), transform=ax.transAxes, ha="center", color=INK, fontsize=NAME)
        return
    line = {"markersize": 4, "markevery": max(1, len(epochs) // MARKED), **look}
    _plot(ax, epochs, train, line | TRAINING)
    _plot(ax, epochs, valid, line | VALIDATION)


def _plot(ax: Axes, epochs: Sequence[EpochLike], name: str, look: dict) -> None:
    ax.plot([epoch.number for epoch in epochs], [getattr(epoch, name) for epoch in epochs], **look)


def _legend(count: int) -> list[Line2D]:
    """What solid, dotted and, with more than one run, grey lines are."""
    dot = {"color": INK, "marker": "o", "markersize": 4.5}
    lines = [
        Line2D([], [], label=say("training"), **dot, **TRAINING),
        Line2D([], [], label=say("validation (dotted, hollow)"), **dot, **VALIDATION),
    ]
    others = Line2D([], [], label=say("the other runs, training"), **BEHIND)
    return [*lines, others] if count > 1 else lines


def _in_words(title: str, runs: Mapping[str, Sequence[EpochLike]]) -> str:
    return " ".join([title.rstrip(".") + ".", *(_run_in_words(*run) for run in runs.items())])


def _run_in_words(label: str, epochs: Sequence[EpochLike]) -> str:
    if not epochs:
        return say("{label} diverged in the first epoch.", label=label)
    return say(
        "{label}: loss {last.loss:.3g} in training and {last.valid_loss:.3g} in validation after {last.number} "
        "epochs, accuracy {last.train:.1%} and {last.valid:.1%}.",
        label=label,
        last=epochs[-1],
    )
