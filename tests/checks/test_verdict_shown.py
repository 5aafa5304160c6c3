"""A verdict on the screen: the cause, the hint, the table; a picture."""

import base64
import json
from html import escape, unescape
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from student_answers import Rule, answer_to

from autograde.pages.clean import clean_html
from descentlab import check, rules
from descentlab.rule_diagnosis.compared_paths import paths_of
from verdicts.judging import display, run
from verdicts.judging.verdict import CriterionResult, Verdict

Plain = answer_to("adam/update", "AdamPlain")
StoresHats = answer_to("adam/update", "StoresHats")


class Fails(Plain):
    def update(self, params, grads):
        raise ValueError("<b>no</b>")


@pytest.fixture
def shown(monkeypatch):
    found = []
    monkeypatch.setattr("IPython.display.display", lambda data, **rest: found.append((data, rest)))
    return found


def test_the_mark_is_followed_by_the_cause_the_numbers_and_the_hint():
    lines = display.as_text(run("adam/update", StoresHats), 5).splitlines()
    assert lines[0] == "✗ adam/update: 2 of 5 points"
    assert "stores the corrected averages" in lines[1]
    assert lines[2].startswith("Call 2, ")
    assert lines[3].startswith("Hint: ")
    assert [line[0] for line in lines if line[0] in "✓✗–"] == list("✗✓✗––✓")


def test_what_was_not_looked_at_yet_is_neither_right_nor_wrong():
    verdict = run("adam/update", Fails)
    first, *others = display.rows_of(verdict)
    assert first[0] == "✗"
    assert {mark for mark, _, _ in others} == {"–"}
    assert others[0][2] == "not looked at until “the first step” is right"
    assert [result.name for result in verdict.criteria if result.wrong] == ["the first step"]


def marks_of(check, answer):
    return {name: mark for mark, name, _ in display.rows_of(run(check, answer))}


class AsksAnArray(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            if not self.h.get(k):
                self.h[k] = np.zeros(np.shape(g))
            self.h[k] += g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


class Spoils(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            params[k] -= self.lr * g
            g *= 2


def test_gradients_that_an_error_kept_out_of_sight_are_neither_right_nor_wrong():
    marks = marks_of("adagrad/update", AsksAnArray)
    assert (marks["the first step"], marks["gradients left as they were"]) == ("✓", "–")
    assert marks_of("sgd/update", Spoils)["gradients left as they were"] == "✗"


def test_the_page_says_the_same_as_the_text_and_its_styles_are_jupyterlabs_colors_alone():
    verdict = run("adam/update", StoresHats)
    html = display.as_html(verdict, 5)
    cells, aligned = html.count("<td"), html.count(f"<td {display.ALIGN_LEFT}>")
    assert cells == aligned == 3 * len(verdict.criteria)
    for words in (verdict.cause, verdict.numbers, verdict.hint.split("?")[0], verdict.section):
        assert escape(words) in html
    for tag in ("<script", "<style", "<svg", "<img", "onclick"):
        assert tag not in html
    bare = html.replace(f" {display.ALIGN_LEFT}", "").replace(display.FRAME_BY_SIGN["✗"], "<div>")
    assert clean_html(html) == unescape(bare)


@pytest.mark.parametrize(("front_end", "shows"), [(True, {}), (False, {"text/plain": "2"})])
def test_the_number_that_nbgrader_reads_is_not_shown_in_a_front_end(front_end, shows, monkeypatch):
    score = check("adam/update", StoresHats, points=5)
    monkeypatch.setattr("verdicts.notebook.cells.in_front_end", lambda: front_end)
    assert DisplayFormatter().format(score)[0] == shows


def test_a_wrong_rule_gets_a_picture_with_words_for_those_who_cannot_see_it(shown):
    check("adam/update", StoresHats, points=5)
    _, (picture, rest) = shown
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    alt = rest["metadata"]["image/png"]["alt"]
    assert "yours ends at" in alt
    assert picture["text/plain"] == alt


def test_the_words_of_the_picture_say_where_each_path_ends():
    paths = run("adam/update", StoresHats).picture
    yours, expected = paths.in_words().split("yours ends at ")[1].split(", the expected one at ")
    for text, path in ((yours, paths.actual), (expected, paths.expected)):
        assert text.strip(".") == f"({path[-1][0]:.3g}, {path[-1][1]:.3g})"
    assert yours != expected


def test_the_picture_shows_the_two_entries_that_part_most_for_their_size():
    """Entry 3 is wrong by its whole range, 0.02; entry 1 by a hundredth of its own, 10."""
    start = np.array([0.0, 5.0, 0.0])
    probe = SimpleNamespace(name="main", start={"w": start})
    rows = [[(5.0, 5.4, 0.0), (10.1, 5.8, 0.0)], [(5.0, 5.5, 0.01), (10.0, 6.0, 0.02)]]
    runs = [{"main": {"calls": [{"params": {"w": np.array(row)}} for row in calls]}} for calls in rows]
    paths = paths_of([probe], *runs)
    assert paths.entries == (2, 1)
    assert paths.expected == ((0.0, 5.0), (0.01, 5.5), (0.02, 6.0))
    assert paths.actual == ((0.0, 5.0), (0.0, 5.4), (0.0, 5.8))
    runs[0]["main"]["calls"][1]["params"]["w"][1] = 500
    assert paths_of([probe], *runs) is None, "the expected path would look like a line"


def test_a_nan_comes_with_numpys_warning_and_without_a_picture_of_another_case():
    verdict = run("adam/update", answer_to("adam/update", "AdamNoBrackets"))
    assert verdict.facts[-1] == "NumPy warned: invalid value encountered in sqrt."
    assert verdict.picture is None


def test_a_right_rule_a_function_and_a_value_get_none(shown):
    check("adam/update", Plain)
    check("momentum/ball", lambda m, c, h: (1.0, 1.0))
    check("sgd/best-lr", 0.1)
    assert all("image/png" not in data for data, _ in shown)


def test_a_verdict_is_plain_data():
    kept = json.dumps(run("adam/update", StoresHats).as_data(), allow_nan=False)
    assert json.loads(kept)["mistake"] == "adam/stores-the-hats"


def test_the_reference_and_what_inherits_from_it_are_told_that_they_are_not_there_while_grading(shown):
    words = "This is the reference itself. It is not there when your work is graded"
    for answer, told in ((rules.Adam, True), (type("Mine", (rules.Adam,), {}), True), (Plain, False)):
        assert check("adam/update", answer) == 1
        assert (words in shown[0][0]["text/plain"]) is told
        shown.clear()


def test_points_are_given_to_a_hundredth():
    """One idea of three, of 5 points: neither 1.7 nor 1.6666666666666667."""
    criteria = tuple(CriterionResult(name, name == "one", "", 1.0) for name in ("one", "two", "three"))
    verdict = Verdict("adam/update", "answered", criteria, "")
    assert verdict.points(5) == 1.67
    assert display.headline(verdict, 5).endswith("1.67 of 5 points")


def test_names_from_code_look_like_code():
    shown = display.mimebundle(run("matrix/scale", lambda inputs, outputs, rms: rms * outputs**0.5), 1.0)
    assert "<code>inputs</code>" in shown["text/html"]
    assert "`inputs`" in shown["text/plain"]
