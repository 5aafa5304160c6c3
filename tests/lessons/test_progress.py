"""`descentlab.progress()`: which checks pass in this copy of the course."""

import json

import pytest
from student_answers import answer_to

from descentlab import check, predict, progress
from verdicts.notebook import start_page
from verdicts.notebook.course_copy import FILE, LAST, lines, note
from verdicts.notebook.start_page import START
from verdicts.recording import evidence_outbox

SGD = answer_to("sgd/update", "SGDInPlace")


class Uphill(SGD):
    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]


def state(name):
    return next(line for line in lines() if line.check == name)


def test_a_check_that_passes_is_noted_for_all_lessons_of_the_copy(copy, monkeypatch):
    assert state("sgd/update").earned is None
    check("sgd/update", SGD, points=5)
    assert state("sgd/update").passed
    (copy / "06-adam").mkdir()
    monkeypatch.chdir(copy / "06-adam")
    assert state("sgd/update").passed


def test_a_check_gives_its_score_where_the_current_folder_is_gone(copy, capsys):
    (copy / "01-sgd").rmdir()
    assert check("sgd/update", SGD, points=5) == 5
    progress()
    assert "cannot be read: No such file or directory" in capsys.readouterr().out


def test_on_a_full_disk_nothing_half_written_stays(copy, monkeypatch):
    note("a", 1, 2)

    def write_half(path, text, encoding):
        path.write_bytes(text[: len(text) // 2].encode(encoding))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", write_half)
    note("a", 2, 2)
    assert {path.name for path in (copy / FILE.parent).iterdir()} == {FILE.name, LAST.name}
    assert json.loads((copy / FILE).read_text()) == {"a": [1.0, 2.0]}


def test_the_best_score_is_kept(copy):
    check("sgd/update", Uphill, points=5)
    assert not state("sgd/update").passed
    check("sgd/update", SGD, points=5)
    check("sgd/update", Uphill, points=5)
    assert state("sgd/update").passed


def test_every_check_of_the_course_is_listed_with_what_to_do_about_it(copy, capsys):
    check("sgd/update", SGD, points=5)
    progress()
    said = capsys.readouterr().out
    assert "01-sgd" in said
    assert "adam/update" in said or "adam/weight-sum" in said


def lesson_with(folder, *cells):
    folder.mkdir(exist_ok=True)
    rows = [{"id": name, "cell_type": "code", "source": [source]} for name, source in cells]
    (folder / "lesson.ipynb").write_text(json.dumps({"cells": rows}))


def row_of_the_lesson(shown):
    (data,) = shown
    (row,) = [row for row in data["text/markdown"].split("\n") if "01-sgd" in row]
    return row


def test_a_lesson_has_its_points_a_bar_and_a_link_to_the_next_open_check(copy, shown):
    lesson_with(
        copy / "01-sgd",
        ("a1", 'check("sgd/update", SGD, points=5)'),
        ("b2", 'check("sgd/best-steps", best_steps, points=3)'),
        ("c3", 'check("sgd/noise-floor", noise_floor, points=2)'),
    )
    note("sgd/update", 5.0, 5.0)
    progress()
    row = row_of_the_lesson(shown)
    assert "█████░░░░░" in row or "5 of" in row
    assert "](lesson.ipynb#cell-id=" in row
    assert "sgd/update" not in row


def test_half_points_are_shown(copy, shown):
    lesson_with(
        copy / "01-sgd",
        ("a1", 'check("sgd/update", SGD, points=5)'),
        ("b2", 'check("sgd/noise-floor", noise_floor, points=2.5)'),
    )
    note("sgd/update", 1.0, 2.0)
    note("sgd/noise-floor", 0.75, 2.5)
    progress()
    assert "3.25 of 7.5" in row_of_the_lesson(shown)


def test_the_start_page_follows_to_the_lesson_of_the_last_check_or_guess(copy, monkeypatch):
    lesson_with(copy / "01-sgd", ("a", 'check("sgd/update", SGD, points=5)'))
    lesson_with(copy / "06-adam", ("x", 'check("adam/update", Adam, points=5)'))
    page = copy / START
    start_page.follow()
    assert not page.exists(), "only `autograde lab` begins a page"
    start_page.write()
    assert "**Start here: [01 " in page.read_text()
    monkeypatch.chdir(copy / "06-adam")
    check("adam/update", Uphill, points=5)
    start_page.follow()
    assert "**Continue here: [06 " in page.read_text()
    monkeypatch.chdir(copy / "01-sgd")
    predict("sgd/which", "Which?", guess=1)
    start_page.follow()
    assert "**Continue here: [01 " in page.read_text()


@pytest.mark.parametrize(
    ("old", "new"),
    [("<!--", "My note.\n\nA second one.\n<!--"), ("gradient descent", "GRADIENT descent"), ("<!--", "")],
    ids=["above the mark", "in the text", "the mark is gone"],
)
def test_notes_on_the_start_page_outlive_its_next_version(copy, old, new):
    lesson_with(copy / "01-sgd", ("a", 'check("sgd/update", SGD, points=5)'))
    page = copy / START
    start_page.write()
    edited = page.read_text().replace(old, new)
    page.write_text(edited)
    note("sgd/update", 2.0, 5.0)
    start_page.write()
    assert page.read_text().endswith(edited)
    page.write_text(f"Above.\n\n{page.read_text()}\nBelow.\n")
    note("sgd/update", 5.0, 5.0)
    start_page.write()
    text = page.read_text()
    assert text.startswith("Above.\n\n# descentlab\n")
    assert text.endswith(f"{edited}\nBelow.\n")
    assert text.count("Every check passes") == 1, "only its own part is written again"
    assert "2 of 5" not in text


def test_a_start_page_that_cannot_be_read_stays_as_it_is(copy):
    page = copy / START
    page.write_bytes("Ma pensée".encode("latin-1"))
    note("sgd/update", 5.0, 5.0)
    start_page.write()
    assert page.read_bytes() == "Ma pensée".encode("latin-1")


def test_the_start_page_says_how_to_go_on_and_how_to_see_the_latest_points(copy):
    start_page.write()
    text = " ".join((copy / START).read_text().split())
    assert "select the cell where you stopped and choose *Run → Run All Above Selected Cell*" in text
    assert (
        "If a cell shows `[*]` and nothing runs, the kernel has ended or is stuck: choose *Kernel →" in text
    )
    assert "close this tab and open START.md again" in text


def test_the_start_page_says_which_points_are_of_the_core_and_which_of_more(copy):
    head = (
        "**20 points**, 9 of them in the core and 3 for an answer in words · the core takes about 60 minutes"
    )
    more = "\n# More\n\n## A Deeper (40 min)"
    lesson_with(copy / "01-sgd", ("t", head), ("a", 'check("sgd/update", SGD, points=5)'), ("m", more))
    start_page.write()
    text = (copy / START).read_text()
    assert "| 60 min, 9 points | 40 min, 11 points | 0 of 5 |" in text
    assert "Points for\nanswers in words are given by a person and not counted here." in text


def test_the_link_leads_from_another_lessons_folder(copy, monkeypatch):
    lesson_with(copy / "06-adam", ("x", 'check("adam/update", Adam, points=5)'))
    assert state("adam/update").link == "../06-adam/lesson.ipynb#cell-id=x"
    assert state("adam/update").points == 5


def test_a_lesson_without_an_open_check_says_so(copy, shown):
    for line in lines():
        if line.lesson == "01-sgd":
            note(line.check, 1.0, 1.0)
    progress()
    (row,) = [row for row in shown[0]["text/plain"].split("\n") if "01-sgd" in row]
    assert "██████████" in row
    assert "✓ all pass" in row


@pytest.mark.parametrize("content", ["", "[]", '{"cells": 3}', '{"cells": [{}]}', '{"cells": [3]}'])
def test_a_notebook_that_cannot_be_read_costs_its_links_alone(copy, content):
    (copy / "01-sgd/lesson.ipynb").write_text(content)
    assert state("sgd/update").link == ""


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"sgd/update": 1}',
        '{"sgd/update": [1' + "0" * 400 + ", 2]}",
        '{"sgd/update": ["a", 2]}',
        "\0",
    ],
)
def test_a_spoiled_file_counts_as_empty_and_is_replaced(copy, content):
    (copy / FILE).parent.mkdir()
    (copy / FILE).write_text(content)
    assert state("sgd/update").earned is None
    note("sgd/update", 5.0, 5.0)
    assert state("sgd/update").passed


def test_nothing_is_noted_where_it_cannot_be_written(copy):
    (copy / FILE.parent).write_text("a file where the folder should be")
    note("sgd/update", 5.0, 5.0)
    assert state("sgd/update").earned is None


def test_grading_writes_nothing(copy, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    note("sgd/update", 5.0, 5.0)
    monkeypatch.setattr(evidence_outbox, "is_grading", lambda: True)
    monkeypatch.delenv("NBGRADER_EXECUTION")
    check("sgd/update", SGD, points=5)
    assert not (copy / FILE).exists()


def test_the_file_holds_scores_and_nothing_else(copy):
    check("sgd/update", SGD, points=5)
    assert json.loads((copy / FILE).read_text()) == {"sgd/update": [5.0, 5.0]}


def test_a_check_in_a_cell_of_ones_own_counts_by_its_share_of_the_lessons_points(copy):
    lesson_with(copy / "01-sgd", ("a", 'check("sgd/update", SGD, points=5)'))
    note("sgd/update", 1.0, 1.0)
    assert (state("sgd/update").earned, state("sgd/update").points) == (5, 5)
    note("sgd/update", 2.0, 5.0)
    assert state("sgd/update").passed
