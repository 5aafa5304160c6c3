"""A figure of the course, drawn anew by the lesson's own function at each move."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from IPython.utils.capture import capture_output

from descentlab.explorers.controls import Settings, Slider, linear
from descentlab.explorers.widget import Experiment, Scene, explorer


class FigureExperiment(Experiment):
    """The figure that `draw` shows, with a slider for each of its arguments, which begins at the default.

    `lr=(0.0, 1.0, 0.01)`: from 0 to 1 in steps of 0.01; a list: these values, numbers or texts.

    Raises:
        ValueError: `draw` shows no figure, or a default is none of the values.
    """

    panels = ()

    def __init__(self, draw: Callable[..., None], **values: Sequence[Any]) -> None:
        self.show, self.title = draw, draw.__name__.replace("_", " ")
        parameters = inspect.signature(draw).parameters
        self.controls = [_slider(name, given, parameters[name].default) for name, given in values.items()]

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The figure at these values; what it says is its title."""
        with capture_output() as seen:
            self.show(**at)
        if not seen.outputs:
            raise ValueError(f"{self.show.__name__} shows no figure: end it with one, as figures.curves(…)")
        data = seen.outputs[-1].data
        return Scene((), [data["text/plain"].partition(". ")[0] + "."], page=data["text/html"])


def _slider(name: str, values: Sequence[Any], first: Any) -> Slider:
    if isinstance(values, tuple):
        low, high, step = values
        values = [round(value, 9) for value in linear(low, high, round((high - low) / step))]
    if first not in values:
        raise ValueError(f"{name} begins at {first}, which is none of its values")
    return Slider(name, name, list(values).index(first), tuple(values))


explore_figure = explorer(FigureExperiment)
