"""Training runs beside each other: loss on the left, accuracy on the right, epoch by epoch.

Of many runs only the training loss and the validation accuracy are drawn: nobody can follow 24 lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from descentlab.figures.figure_layout import dress, make_logarithmic, show, wrapped
from descentlab.figures.style import looks
from descentlab.sentences import say, template

SIZE = (8.0, 3.6)
CROWD = 4
"""With more runs than these each half has one line a run."""
INK = "#555555"
TRAINING = {"linestyle": "-", "linewidth": 1.6}
"""Of every run: a dash of its own would look like a validation line."""
VALIDATION = {"linestyle": (0, (1, 1.5)), "markerfacecolor": "white", "linewidth": 1.4}


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

    Of more than `CROWD` runs: the loss on the training rows, the accuracy on the validation rows.

    Args:
        runs: label → what `train` returned; a label that begins with a rule's name gets that rule's colour.
            A run that diverged at once has no epoch, and is only named.
        title: what was found, with the measured number in it.
        alt: a text alternative; made from the title and the last epochs unless given.
        log: whether the axis of the loss is logarithmic.
    """
    fig = Figure(figsize=SIZE, layout="constrained")
    losses, accuracies = fig.subplots(1, 2)
    crowded = len(runs) > CROWD
    names = (say("training loss"), say("validation accuracy")) if crowded else (say("loss"), say("accuracy"))
    dress(losses, say("epoch"), names[0], "", SIZE[0] / 2)
    dress(accuracies, say("epoch"), names[1], "", SIZE[0] / 2)
    if log:
        make_logarithmic(losses, "y")
    for (label, epochs), look in zip(runs.items(), looks(runs), strict=True):
        if crowded:
            _draw(losses, label, epochs, look | TRAINING, "loss")
            _draw(accuracies, label, epochs, look | TRAINING, "valid")
            continue
        for ax, train, valid in ((losses, "loss", "valid_loss"), (accuracies, "train", "valid")):
            _draw(ax, label, epochs, look | TRAINING, train)
            _draw(ax, None, epochs, look | VALIDATION, valid)
    fig.suptitle(wrapped(title, SIZE[0]), x=0.01, ha="left", fontsize=11)
    fig.legend(handles=_legend(losses, crowded), loc="outside right center", fontsize=9)
    show(fig, alt or _in_words(title, runs))


def _draw(ax: Axes, label: str | None, epochs: Sequence[EpochLike], look: dict, name: str) -> None:
    numbers = [epoch.number for epoch in epochs]
    every = max(1, len(numbers) // 8)
    line = {"markersize": 4.5, "markevery": every, **look}
    ax.plot(numbers, [getattr(epoch, name) for epoch in epochs], label=label, **line)


def _legend(ax: Axes, crowded: bool) -> list[Line2D]:
    """The runs, then what solid and dotted lines are, if there are both."""
    lines, _ = ax.get_legend_handles_labels()
    if crowded:
        return lines
    return [
        *lines,
        Line2D([], [], color=INK, label=say("training"), marker="o", markersize=4.5, **TRAINING),
        Line2D(
            [],
            [],
            color=INK,
            label=say("validation (hollow)"),
            marker="o",
            markersize=4.5,
            **VALIDATION,
        ),
    ]


def _in_words(title: str, runs: Mapping[str, Sequence[EpochLike]]) -> str:
    said = [_run_in_words(label, epochs) for label, epochs in runs.items()]
    return " ".join([title.rstrip(".") + ".", *said])


def _run_in_words(label: str, epochs: Sequence[EpochLike]) -> str:
    if not epochs:
        return say("{label} diverged in the first epoch.", label=label)
    sentence = template(
        "{label}: loss {loss} in training and {valid_loss} in validation after {count} epochs, accuracy "
        "{train} and {valid}."
    )
    last = epochs[-1]
    shares = {"train": f"{last.train:.1%}", "valid": f"{last.valid:.1%}"}
    losses = {"loss": f"{last.loss:.3g}", "valid_loss": f"{last.valid_loss:.3g}"}
    return say(sentence, label=label, count=last.number, **losses, **shares)
