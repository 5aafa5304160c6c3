"""The widget of every explorer: the browser sends moves, Python answers with a picture."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import numpy as np
import traitlets
from IPython.display import display

from descentlab.explorers.controls import Control, Settings
from descentlab.explorers.picture import Drawable, Panel, svg
from descentlab.explorers.running import FIRST_SECONDS, MOVE_SECONDS
from verdicts.canvas import embedded
from verdicts.notebook.predictions import PAGES

HERE = Path(__file__).parent
VIEW = "application/vnd.jupyter.widget-view+json"
WORDS = {
    "play": "play",
    "pause": "pause",
    "back": "one step back",
    "forward": "one step forward",
    "silent": "Python does not answer: it is busy, or it was restarted. Then run this cell again.",
}
"""The browser's own texts."""
AS_AT_FIRST = "as at first"
MOST_SCENES = 60
"""Pictures along the slider of an explorer on a page without Python."""
# Hidden at first, so that a new explorer does not jump. Where JupyterLab only reports that a widget's model was
# not found, the page says what to do, also to a screen reader.
PAGE = """<style>
@keyframes explorer-late {{ from {{ max-height: 0; opacity: 0 }} }}
.jp-OutputArea-child:has(+ * [data-explorer="{id}"]) > .jupyter-widgets:not(:has(*)) {{
  visibility: hidden; font-size: 0 }}
.jp-OutputArea-child:has(+ * [data-explorer="{id}"]) > .jupyter-widgets:not(:has(*))::after {{
  visibility: visible; font-size: 14px;
  content: "To move this picture, run its cell again." }}
</style>
<div data-explorer="{id}" style="overflow: hidden; animation: explorer-late 1.5s step-end">
{picture}
<p aria-hidden="true">{numbers}</p></div>"""


BrowserMessage = dict[str, Any]
"""A message to or from the browser."""


@dataclass
class Scene:
    """One picture: the moving drawables of each panel, the sentences, the table of the rule's state."""

    drawables: Sequence[Sequence[Drawable]]
    said: Sequence[str | None]
    """Sentences; empty ones count for nothing."""
    reached: bool = False
    """Whether the goal is reached now."""
    table: Sequence[tuple[str, Sequence[float], float]] = ()
    """Rows of a name, a number for each coordinate, and the largest such number on the whole path."""
    columns: Sequence[str] = ()
    """The table's column heads."""
    panels: Sequence[Panel] | None = None
    """The panels, if they differ from the first ones."""
    page: str = ""
    """The picture as HTML, in the place of panels."""

    @property
    def status(self) -> str:
        """The sentences as one text."""
        return " ".join(filter(None, self.said))


class Experiment:
    """The definition of an explorer."""

    title: str
    controls: Sequence[Control]
    panels: Sequence[Panel]
    presets: Mapping[str, Mapping[str, Any]] = {}
    """Buttons: the values each sets, by a control's name (a pair for a point). The first one resets all."""
    aim = ""
    """The goal in words, such as "f < 1e-6 in 40 steps"; it stays reached."""
    bound = np.nan
    """The number that the goal is to get past; no number is past NaN."""

    def draw(self, at: Settings, seconds: float) -> Scene:
        """The scene at these values of the controls, with a time limit for the student's code."""


class Explorer(anywidget.AnyWidget):
    """Sliders, pictures and a sentence for one experiment."""

    _esm = HERE / "widget.js"
    _css = HERE / "widget.css"
    frame = traitlets.Dict().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True, echo_update=False)
    """From the browser: {"by": which view, "n": a number that grows, "at": {control's name: its place}}."""
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._controls = {control.name: control for control in experiment.controls}
        self._panels = experiment.panels
        self._id = uuid4().hex
        self._reached = False
        self._first = experiment.draw(self._read({}), FIRST_SECONDS)
        super().__init__(frame=self._frame(), scene=self._message(self._first, {}))
        self.observe(self._answer, "asked")

    def _frame(self) -> BrowserMessage:
        experiment, controls = self._experiment, self._controls
        presets = {AS_AT_FIRST: {name: control.initial for name, control in controls.items()}}
        for label, values in experiment.presets.items():
            presets[label] = {name: controls[name].nearest(value) for name, value in values.items()}
        return {
            "id": self._id,
            "title": experiment.title,
            "words": WORDS,
            "controls": [control.for_browser() for control in controls.values()],
            "presets": [{"label": label, "at": at} for label, at in presets.items()],
            "panels": [panel.frame for panel in experiment.panels],
            "aim": experiment.aim,
        }

    def _read(self, sent: BrowserMessage) -> BrowserMessage:
        return {name: control.read(sent.get(name)) for name, control in self._controls.items()}

    def _answer(self, change: BrowserMessage) -> None:
        asked = change["new"]
        try:
            at = self._read(_who(asked)["at"])
            self.scene = self._message(self._experiment.draw(at, MOVE_SECONDS), asked)
        except (Exception, KeyboardInterrupt) as error:
            # A callback's traceback is not shown anywhere: report the error, and keep the last picture.
            words = f"This could not be drawn: {type(error).__name__}: {error}"
            self.scene = {**self.scene, "status": words[:300], **_who(asked)}

    def _message(self, scene: Scene, asked: BrowserMessage) -> BrowserMessage:
        panels = scene.panels or self._experiment.panels
        pairs = enumerate(zip(panels, self._panels, strict=True))
        frames = {str(i): new.frame for i, (new, old) in pairs if new is not old}
        self._panels = panels
        self._reached |= bool(scene.reached)
        return {
            **_who(asked),
            "panels": [
                panel.parts(drawables) for panel, drawables in zip(panels, scene.drawables, strict=True)
            ],
            "frames": frames,
            "status": scene.status,
            "reached": self._reached,
            "table": [
                {"name": name, "texts": [f"{x:.3g}" for x in numbers], "sizes": _sizes(numbers, largest)}
                for name, numbers, largest in scene.table
            ],
            "columns": scene.columns,
            "page": scene.page,
        }

    def still(self) -> dict[str, str]:
        """The first picture and its words, for readers without a kernel, by MIME type.

        The words are what the picture says, the values of its sliders, and the goal.
        """
        settings = [
            f"{control['label']}: {control['texts'][control['initial']]}."
            for control in self.frame["controls"]
            if control["kind"] == "slider"
        ]
        numbers, aim = " ".join([self._first.status, *settings]), self._experiment.aim
        words = " ".join([f"{self._experiment.title}.", numbers, *([f"Goal: {aim}."] if aim else [])])
        picture = self._first.page
        if not picture:
            image, width = svg(self._first.panels or self._experiment.panels, self._first.drawables)
            picture = embedded(image.encode(), words, width, "svg+xml")
        page = PAGE.format(id=self._id, picture=picture, numbers=escape(numbers))
        return {"text/html": page, "text/plain": words}

    def alone(self) -> str:
        """HTML below the still picture that moves it along its first slider without Python; may be empty.

        It holds the scene at each place of the slider. Empty where the picture is a page, or its panels change.
        """
        if self._first.page or self._first.panels:
            return ""
        slider = self.frame["controls"][0]
        count = len(slider["texts"])
        every = -(-count // MOST_SCENES)
        places = range(count)[slider["initial"] % every :: every]
        drawn = [self._experiment.draw(self._read({slider["name"]: at}), MOVE_SECONDS) for at in places]
        # Nobody has moved yet: a goal that is reached at one place is not reached at the next.
        scenes = [self._message(scene, {}) | {"reached": bool(scene.reached)} for scene in drawn]
        data = {"frame": self.frame, "places": [*places], "scenes": scenes}
        script = (HERE / "page.js").read_text("utf-8")
        call = f"alone({json.dumps(self._id)}, {json.dumps(data)});".replace("</", "<\\/")
        return f'<style>{self._css}</style><script type="module">{self._esm}{script}{call}</script>'

    def _repr_mimebundle_(self, **_kwargs: Any) -> tuple[BrowserMessage, BrowserMessage]:
        """The widget only: its picture is a separate output."""
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": "", VIEW: view}, {}


def _who(asked: BrowserMessage) -> BrowserMessage:
    at = asked.get("at")
    return {"by": asked.get("by"), "n": asked.get("n"), "at": at if isinstance(at, dict) else {}}


def _sizes(numbers: Sequence[float], largest: float) -> list[float]:
    return [round(max(-1.0, min(1.0, x / largest)), 3) if largest > 0 and x == x else 0.0 for x in numbers]


def explorer(experiment: Callable[..., Experiment]) -> Callable[..., None]:
    """A function that makes such an experiment and displays it, with the experiment's arguments and docstring.

    Its still picture follows as a separate output, hidden while the explorer is alive: in one output JupyterLab
    would prefer a widget whose kernel is gone.
    """

    @wraps(experiment, updated=())
    def explore(*args: Any, **kwargs: Any) -> None:
        widget = Explorer(experiment(*args, **kwargs))
        display(widget)
        still = widget.still()
        if os.environ.get(PAGES):
            still["text/html"] += widget.alone()
        display(still, raw=True)

    return explore
