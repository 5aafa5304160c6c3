"""The hostile suite holds on this machine, covers the whole list, and can fail."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.entries.entry import Entry, Person
from autograde.grading.grade_class import ClassOutcome as Graded
from autograde.grading.terminal import show_outcome
from autograde.sandbox import Pool
from autograde.selftest.hostile import (
    attacked_class,
    boxes,
    forging,
    notebook_files,
    readers,
    secrets,
    suite,
)
from autograde.selftest.hostile.attack import (
    CHECK,
    PRELUDE,
    RIGHT,
    Attack,
    AttackSubmission,
    Elsewhere,
    NotCovered,
)

LEAST_ATTACKS = 291  # a suite that lost its attacks holds, too
SLOW = ("resources", "tricks", "class")


def test_a_case_of_the_class_leaves_the_command_in_its_folder(tmp_path, monkeypatch):
    """A file that is named relative to it is written there."""
    monkeypatch.chdir(tmp_path)
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    model = tmp_path / "model.ipynb"
    attacked_class.nbformat.write(attacked_class.honest(), model)
    (attack,) = (attack for attack in notebook_files.ATTACKS if attack.name == "a socket")
    attack.make(deep, model)
    assert (Path.cwd(), (deep / attacked_class.NOTEBOOK).is_socket()) == (tmp_path, True)


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(
    "group",
    [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in suite.GROUPS],
)
def test_no_attack_gets_through(group: str):
    attacks = suite.GROUPS[group]
    outcomes = suite.Suite(attacks).run()
    broken = [
        f"{outcome.attack.name}: {outcome.seen}" for outcome in outcomes if outcome.state == suite.BROKEN
    ]
    assert broken == []
    assert len(outcomes) == len(attacks)


def test_every_attack_has_a_name_of_its_own():
    names = [attack.name for attack in suite.ATTACKS]
    assert len(set(names)) == len(names) >= LEAST_ATTACKS


def test_a_case_that_is_held_elsewhere_names_a_test_that_exists():
    for attack in suite.ATTACKS:
        if isinstance(attack, Elsewhere):
            path, _, name = attack.test.partition("::")
            assert f"def {name}(" in (ROOT / path).read_text(), attack.test


def test_a_case_that_is_not_covered_says_why():
    assert all(len(attack.reason) > 20 for attack in suite.ATTACKS if isinstance(attack, NotCovered))


# The suite itself: each way in which success would be seen is seen.
SEEN = {
    "a word of the attack's": Attack("", (PRELUDE, "breach('x')")),
    "a trace that the next one finds": Attack("", ("1",), then=(PRELUDE, "breach('y')")),
    "points for a wrong answer": Attack("", (RIGHT, CHECK), "wrong"),
    "points lost by a right answer": Attack("", ("SGD = None", CHECK), "right"),
    "a flag": Attack("", ("import os; os._exit(0)",)),
    "a run that should have been stopped": Attack("", ("1",), stopped=True),
    "a text in memory": Attack(
        "", ("x = 'one half' + 'and another'", forging._scan("one half", "and another"))
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", SEEN)
def test_success_would_be_seen_by(how: str, pool: Pool):
    assert suite.Attacked(pool).outcome(SEEN[how]).state == suite.BROKEN


@pytest.mark.slow
def test_success_would_be_seen_by_a_changed_classmate(pool: Pool, monkeypatch):
    honest = iter(pool.submit_run(boxes.tasks((source,)), 0).result() for source in ("1", "2"))
    attacked = suite.Attacked(pool)
    monkeypatch.setattr(attacked, "_honest", lambda: next(honest))
    outcome = attacked.outcome(Attack("", ("1",)))
    assert (outcome.state, "honest" in outcome.seen) == (suite.BROKEN, True)


def test_without_isolation_the_machine_is_seen():
    [attack] = [
        attack
        for attack in secrets.ATTACKS
        if isinstance(attack, Attack) and attack.name == "D-Bus, X11, docker, ssh-agent"
    ]
    with Pool(jobs=1, isolation="none") as unprotected:
        outcome = suite.Attacked(unprotected).outcome(attack)
    assert outcome.state == (suite.BROKEN if any(Path("/run").iterdir()) else suite.HELD)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        "<p onclick=x>",
        "<a href=' java\nscript:x'>",
        "<img src='https://example.org/p.png'>",
        "<iframe>",
        "<meta http-equiv=refresh content=0>",
        "<svg>",
        "<form>",
        "<link rel=stylesheet href=x>",
    ],
)
def test_success_would_be_seen_by_active_content(page: str):
    assert attacked_class.active_content(f"<html><body>{page}</body></html>")


def test_a_page_without_active_content_is_left_alone():
    head = "<meta charset='utf-8'><style>p{}</style>"
    page = f"<html><head>{head}</head><body><img src='data:image/png;base64,AA'>"
    assert attacked_class.active_content(page) == []


@pytest.mark.slow
def test_success_would_be_seen_by_a_status_or_points():
    attack = AttackSubmission("", lambda folder, model: None, "graded", 0.0)
    assert "points" in suite._graded_wrongly(attack, Entry(Person("s"), "hw", "graded", 5.0, 5.0))
    assert "status" in suite._graded_wrongly(attack, Entry(Person("s"), "hw", "failed", 5.0))
    assert "missing" in suite._graded_wrongly(attack, None)


def test_text_from_a_submission_cannot_turn_a_line_of_the_table():
    escapes = readers.ESCAPES
    result = Entry(
        Person(f"s{escapes}"), "hw", "graded", 5.0, 5.0, flags=("died",), notes=(f"note {escapes}",)
    )
    shown = io.StringIO()
    show_outcome(Graded([result]), "hw", Console(file=shown, force_terminal=False, width=200))
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown.getvalue()) == []


@pytest.mark.slow
@pytest.mark.needs("bubblewrap")
def test_selftest_prints_a_table_and_ends_with_its_verdict():
    result = CliRunner().invoke(app, ["selftest", "--only", "sleeping", "--only", "a language model"])
    assert result.exit_code == 0, result.output
    assert "sleeping" in result.output
    assert "1 holds, 1 not covered" in result.output


def test_selftest_says_that_no_attack_has_such_a_name():
    result = CliRunner().invoke(app, ["selftest", "--only", "sleeping", "--only", "dancing"])
    assert result.exit_code == 2
    assert "no attack has 'dancing' in its name" in result.output
