"""The widget under all explorers: what it sends, what it answers, what it leaves without a browser."""

import json
from base64 import b64decode
from xml.etree import ElementTree

import pytest
from drawing import draw

from descentlab.explorers.paths import Paths
from descentlab.explorers.picture import svg
from descentlab.explorers.widget import Explorer
from descentlab.rules import Momentum


def explorer_of(**kind):
    return Explorer(Paths(Momentum, lr=0.1, **kind))


def ask(explorer, at, number=1):
    """Send what a front end sends when somebody moves."""
    explorer.asked = {"by": "me", "n": number, "at": at}


def test_a_move_is_answered_by_another_picture_with_its_number():
    explorer = explorer_of()
    before = explorer.scene
    ask(explorer, {"lr": 3}, 7)
    assert (explorer.scene["by"], explorer.scene["n"]) == ("me", 7)
    assert explorer.scene["panels"] != before["panels"]
    assert explorer.scene["status"] != before["status"]


def test_what_is_sent_is_json_and_small():
    explorer = explorer_of(steps=200, goal=1e-6)
    ask(explorer, {})
    assert len(json.dumps(explorer.scene, allow_nan=False)) < 40_000
    assert len(json.dumps(explorer.frame, allow_nan=False)) < 100_000


ODD = [
    None,
    "x",
    [],
    {"lr": "fast"},
    {"lr": -1},
    {"lr": 10**9},
    {"lr": 0.5},
    {"lr": True},
    {"step": 41},
    {"step": None},
    {"unknown": 1},
    {"start": [2, float("nan")]},
    {"start": ["a", "b"]},
    {"start": "ab"},
]


@pytest.mark.parametrize("sent", ODD, ids=str)
def test_odd_messages_change_nothing_but_the_number(sent):
    explorer = explorer_of()
    first = explorer.scene["status"]
    ask(explorer, sent)
    assert explorer.scene["n"] == 1
    assert explorer.scene["status"] == first


def test_a_fault_while_drawing_is_said_and_the_last_picture_stays(monkeypatch):
    explorer = explorer_of()
    before = explorer.scene["panels"]
    monkeypatch.setattr(explorer._experiment, "draw", lambda at, seconds: 1 / 0)
    ask(explorer, {})
    assert explorer.scene["n"] == 1
    assert explorer.scene["status"] == "This could not be drawn: ZeroDivisionError: division by zero"
    assert explorer.scene["panels"] == before


def test_a_goal_stays_reached():
    explorer = explorer_of(goal=1)
    for sent in ({}, {"lr": 0}):
        ask(explorer, sent)
        assert explorer.scene["reached"]


def test_without_a_browser_there_is_a_picture_with_words_the_same_each_time():
    first, second = (explorer_of(goal=1e-6).still() for _ in range(2))
    assert first["text/plain"].startswith("The path of Momentum. Step 40: θ = (0.961, 0.232)")
    assert "Goal: f less than 1e-06" in first["text/plain"]
    images = []
    for data in (first, second):
        picture = ElementTree.fromstring(data["text/html"].partition("</style>")[2]).find("img")
        assert picture.get("alt") == data["text/plain"]
        images.append(b64decode(picture.get("src").partition("svg+xml;base64,")[2]))
    assert images[0] == images[1]


def test_the_still_picture_holds_every_panel_and_no_color_of_the_page():
    experiment = Paths(Momentum, goal=1e-6)
    text, width = svg(experiment.panels, draw(experiment).drawables)
    image = ElementTree.fromstring(text)
    assert [child.tag.rpartition("}")[2] for child in image] == ["rect", "g", "g"]
    assert float(image.get("width")) == width >= sum(panel.frame["size"][0] for panel in experiment.panels)
    assert {"step", "f − minimum"} <= {
        element.text for element in image.iter() if element.tag.endswith("text")
    }
    assert "var(" not in text
    assert "nan" not in text


def test_what_a_page_without_python_gets_is_small():
    assert len(explorer_of(steps=200).alone()) < 500_000


def test_on_a_page_without_python_a_goal_is_reached_only_where_the_rule_reaches_it():
    experiment = Paths(Momentum, lr=0.1, steps=40, goal=0.01)
    sent = Explorer(experiment).alone().rpartition('", {')[2].removesuffix(");</script>")
    data = json.loads("{" + sent)
    values = experiment.controls[0].values
    reached = [draw(experiment, lr=values[place]).reached for place in data["places"]]
    assert [scene["reached"] for scene in data["scenes"]] == reached
    assert not reached[0]
    assert not reached[-1]
    assert any(reached)
