"""A figure with sliders: a function of the lesson draws it anew at each move."""

import pytest
from drawing import draw
from IPython.core.interactiveshell import InteractiveShell

from descentlab import figures
from descentlab.explorers.figure import FigureExperiment
from descentlab.explorers.widget import Explorer


@pytest.fixture(autouse=True)
def shell():
    """A place where what is displayed can be captured."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def rising_line(slope=0.5, way="up"):
    print("drawing")
    figures.curves({"line": [0, slope]}, xlabel="x", ylabel="y", title=f"{way} by {slope:g}")


def rising(**values):
    return FigureExperiment(rising_line, **{"slope": (0.0, 1.0, 0.1), "way": ["up", "down"]} | values)


def test_sliders_hold_every_step_and_begin_at_the_defaults():
    slope, way = rising().controls
    assert slope.values == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    assert (slope.read(None), way.read(None)) == (0.5, "up")
    assert way.texts == ["up", "down"]


def test_a_move_draws_the_figure_again_and_says_its_title(capsys):
    scene = draw(rising(), slope=0.3, way="down")
    assert scene.status == "down by 0.3."
    assert 'alt="down by 0.3. y against x' in scene.page
    assert capsys.readouterr().out == ""


def test_without_a_browser_there_is_the_first_figure_and_its_values():
    explorer = Explorer(rising())
    still = explorer.still()
    assert still["text/plain"] == "rising line. up by 0.5. slope: 0.5. way: up."
    assert explorer.scene["page"] in still["text/html"]
    assert explorer.alone() == ""


def test_a_function_without_a_figure_and_a_default_that_is_no_value_are_refused():
    with pytest.raises(ValueError, match="nothing shows no figure: end it with one"):
        draw(FigureExperiment(nothing, slope=[1]))
    with pytest.raises(ValueError, match=r"slope begins at .*, which is none of its values"):
        rising(slope=[1, 2])


def nothing(slope=1):
    pass
