"""What a run looks like on a terminal of any width."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from autograde.entries.entry import CellScore, ClassOutcome, Entry, Person
from autograde.entries.wording import what_happened
from autograde.grading import terminal
from autograde.grading.terminal import Progress, show_outcome

NAMES = ("alice", "a" * 128, "李" * 64, "maria.gonzalez-smith@uni.example")
REASON = "adam.ipynb is not JSON: Expecting value at line 1"


def shown(width: int) -> list[str]:
    """The lines of a table of long ids, each with a score of its own."""
    results = [
        Entry(Person(name), "06-adam", "graded", 100.0, float(10 + place)) for place, name in enumerate(NAMES)
    ]
    results.append(
        Entry(Person("zoe"), "06-adam", "needs-review", 100.0, None, flags=("malformed",), notes=(REASON,))
    )
    console = Console(file=io.StringIO(), width=width)
    show_outcome(ClassOutcome(results), "06-adam", console)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 120, 300])
def test_no_id_hides_a_score_a_status_or_a_reason(width):
    lines = shown(width)
    for place, name in enumerate(NAMES):
        [line] = [line for line in lines if f"{10 + place} / 100" in line]
        assert line.startswith(name[:3])
        assert "graded" in line
    assert any("– / 100" in line and "needs-review" in line for line in lines)
    text = " ".join(" ".join(lines).split())
    assert all(word in text for word in ("cannot", "JSON:", "Expecting"))
    table = lines[: next(at for at, line in enumerate(lines) if line.startswith("4 graded"))]
    assert all(cell_len(line.rstrip()) <= width for line in table)


def test_who_sent_nothing_and_which_tests_are_the_students_own_word_is_said_once_below_the_table():
    test = CellScore("half", 2.0, 2.0, self_reported=True)
    graded = [
        Entry(
            Person(name), "06-adam", "graded", 5.0, 4.0, cells=(test, CellScore("why", 2.0, 3.0, manual=True))
        )
        for name in "ab"
    ]
    missing = [Entry(Person(name), "06-adam", "missing", 5.0, None) for name in ("yan", "zoe")]
    console = Console(file=io.StringIO(), width=120)
    show_outcome(ClassOutcome(graded, missing=missing), "06-adam", console)
    said = console.file.getvalue()
    assert said.count("not submitted") == said.count("zoe") == said.count("self-reported") == 1
    assert "mean 4 of the 5 points" in said


def test_an_id_is_shown_whole_where_there_is_room():
    assert any(line.startswith("maria.gonzalez-smith@uni.example ") for line in shown(120))
    assert any(line.startswith("a" * 128 + " ") for line in shown(400))


RIGHT = CellScore("r", 2.0, 2.0, check="adam/r")
EMPTY = [CellScore(str(n), 0.0, 2.0, check=f"adam/{n}", fails="not answered") for n in range(3)]
WRONG = CellScore("a", 0.0, 2.0, check="adam/x", fails="the value", sentence="It is 3, which is too large.")
TESTS = (CellScore("mean", 0.0, 2.0), CellScore("median", 2.0, 2.0), CellScore("why", 0.0, 3.0, manual=True))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((EMPTY[0], RIGHT, *EMPTY[1:]), "adam/0, adam/1, adam/2: not answered"),
        (TESTS, "tests that give less than all points: mean"),
        ((WRONG, EMPTY[1]), "adam/x: It is 3, which is too large; adam/1: not answered"),
    ],
    ids=["alike are said once", "an ordinary test is named", "no known mistake is a sentence"],
)
def test_what_is_wrong_is_said_of_the_answers_that_it_is_wrong_in(cells, said):
    result = Entry(Person("s"), "hw", "graded", 8.0, 2.0, cells=cells)
    assert "; ".join(what_happened(result)) == said


def test_notes_say_why_a_submission_was_not_graded_and_stay_out_of_a_graded_ones_line():
    failed, graded = (
        Entry(Person("s"), "06-adam", status, 20.0, None, notes=("a note",))
        for status in ("failed", "graded")
    )
    assert "a note" in what_happened(failed)
    assert "a note" not in what_happened(graded)


def test_the_time_left_is_said_until_the_last_one_is_done(monkeypatch):
    monkeypatch.setattr(terminal, "PLAIN_EVERY", 0.0)
    console = Console(file=io.StringIO(), width=200)
    watcher = Progress(console).watcher()
    watcher.begin(2, 0, ClassOutcome([]))
    for name in ("s01", "s02"):
        watcher.done(Entry(Person(name), "06-adam", "graded", 10.0, 1.0))
    lines = console.file.getvalue().splitlines()
    assert [line.partition(", about")[0] for line in lines] == ["grading 2 submissions …", "1 of 2"]
    assert lines[-1].endswith("s left unless one reaches its limits")


def test_who_still_runs_is_said_each_time_and_the_rest_once():
    console = Console(file=io.StringIO(), width=200)
    waits = Progress(console).watcher().waits
    waits(["s07", "s08"])
    waits(["s07"])
    said = console.file.getvalue()
    assert "still in the sandbox: s07, s08\n" in said
    assert "still in the sandbox: s07\n" in said
    assert said.count("Ctrl-C loses nothing that was graded") == 1
