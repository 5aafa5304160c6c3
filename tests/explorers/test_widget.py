"""The widget under all explorers: what it sends, what it answers, what it leaves without a browser."""

import json
from base64 import b64decode
from xml.etree import ElementTree

import pytest
from explorer_rules import Adam, Momentum

from descentlab.explorers import widget
from descentlab.explorers.paths import Paths
from descentlab.explorers.widget import Explorer


def explorer_of(rules=Momentum, objective=None, steps=40, goal=None, **settings):
    return Explorer(Paths(rules, objective, steps, goal, None, None, None, settings))


def test_a_move_is_answered_by_another_picture_with_its_number():
    explorer = explorer_of()
    before = explorer.scene
    explorer.asked = {"by": "me", "n": 7, "at": {"lr": 3}}
    assert (explorer.scene["by"], explorer.scene["n"]) == ("me", 7)
    assert explorer.scene["panels"] != before["panels"]
    assert explorer.scene["status"] != before["status"]


def test_what_is_sent_is_json_and_small():
    explorer = explorer_of([Momentum, Adam], steps=200, goal=1e-6)
    explorer.asked = {"by": "me", "n": 1, "at": {}}
    assert len(json.dumps(explorer.scene, allow_nan=False)) < 40_000
    assert len(json.dumps(explorer.frame, allow_nan=False)) < 100_000


ODD = [None, "x", [], {"lr": "fast"}, {"lr": -1}, {"lr": 10**9}, {"lr": 0.5}, {"lr": True}, {"unknown": 1}]
ODD += [
    {"start": [2, float("nan")]},
    {"start": ["a", "b"]},
    {"start": "ab"},
    {"step": None},
    {"objective": 99},
]


@pytest.mark.parametrize("sent", ODD, ids=str)
def test_odd_messages_change_nothing_but_the_number(sent):
    explorer = explorer_of()
    first = explorer.scene["status"]
    explorer.asked = {"by": "me", "n": 1, "at": sent}
    assert explorer.scene["n"] == 1
    assert explorer.scene["status"] == first


def test_a_fault_while_drawing_is_said_and_the_last_picture_stays(monkeypatch):
    explorer = explorer_of()
    before = explorer.scene["panels"]
    monkeypatch.setattr(explorer._experiment, "draw", lambda at, seconds: 1 / 0)
    explorer.asked = {"by": "me", "n": 1, "at": {}}
    assert explorer.scene["status"] == "This could not be drawn: ZeroDivisionError: division by zero"
    assert explorer.scene["panels"] == before


def test_without_a_browser_there_is_a_picture_with_words():
    data, metadata = explorer_of(goal=1e-6).still()
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert data["text/plain"].startswith("The path of Momentum. Step 40: θ = (0.961, 0.232)")
    assert "Goal: f less than 1e-06" in data["text/plain"]
    picture = ElementTree.fromstring(data["text/html"].partition("</style>")[2]).find("img")
    assert picture.get("alt") == data["text/plain"]
    assert b64decode(picture.get("src").partition(",")[2]) == data["image/png"]


def test_the_picture_without_a_browser_is_the_same_each_time():
    first, second = (explorer_of().still()[0] for _ in range(2))
    assert first["image/png"] == second["image/png"]
    assert first["text/plain"] == second["text/plain"]


class Shell:
    """A kernel's shell as far as an explorer looks at it."""

    def __init__(self):
        self.execution_count = 0
        self.cell = "a"

    @property
    def parent_header(self):
        return {"metadata": {"cellId": self.cell}}


@pytest.fixture
def shell(monkeypatch):
    found = Shell()
    monkeypatch.setattr(widget, "get_ipython", lambda: found)
    monkeypatch.setattr(widget, "display", lambda *args, **kwargs: None)
    monkeypatch.setattr(widget, "_shown", {})
    return found


def run(shell, cell, times=1):
    shell.cell = cell
    shell.execution_count += 1
    for _ in range(times):
        widget.show(Paths(Momentum, None, 5, None, None, None, None, {}))
    return widget._shown[cell][1]


def test_running_a_cell_again_closes_its_earlier_explorers_and_no_others(shell):
    first, other = run(shell, "a", times=2), run(shell, "b")
    again = run(shell, "a")
    assert [explorer.comm is None for explorer in first] == [True, True]
    assert [explorer.comm is None for explorer in (*other, *again)] == [False, False]
