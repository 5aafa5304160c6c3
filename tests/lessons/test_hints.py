"""`hint`: up to three for each check, one more at each call, none of them the answer."""

import re

import pytest
from lesson import LESSONS, is_stub
from support import CATALOGUE

from descentlab import hint
from descentlab.exercises import all_checks
from verdicts.notebook import showing
from verdicts.recording import evidence_outbox

SHORTEST = 6  # characters of a line that would give something away


@pytest.fixture(autouse=True)
def new_kernel(monkeypatch):
    monkeypatch.setattr(showing, "_asked", showing.Counter())


def squeezed(text):
    return "".join(text.split()).lower()


def solution_lines(lesson):
    """What the released notebook does not show, a line each."""
    for cell in filter(is_stub, lesson.solved.cells):
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, flags=re.S):
            yield from (line.partition("  # ")[0].strip().rstrip(":,") for line in region.splitlines())


SOLUTIONS = {squeezed(line) for lesson in LESSONS for line in solution_lines(lesson)}


@pytest.mark.parametrize("name", all_checks())
def test_every_check_has_one_to_three_hints_none_of_them_a_line_of_a_solution(name):
    found = CATALOGUE.hints(name)
    assert 1 <= len(found) <= 3, (
        f"{name}: write its hints below its heading in src/descentlab/exercises/<lesson>/withheld/mistakes.md"
    )
    assert len(set(found)) == len(found)
    for text in found:
        assert 30 <= len(text) <= 300
        told = [line for line in SOLUTIONS if len(line) >= SHORTEST and line in squeezed(text)]
        assert not told, f"{name}: {text!r} tells {told}"
        returned = [line.removeprefix("return") for line in SOLUTIONS if line.startswith("return")]
        assert not [line for line in returned if len(line) >= 12 and line in squeezed(text)]


def test_there_are_no_hints_for_a_check_that_is_not():
    assert {section.name for section in CATALOGUE.check_sections if section.hints} == set(all_checks())


def test_each_call_shows_one_more_and_the_last_says_where_to_read(capsys):
    count = len(CATALOGUE.hints("adam/update"))
    for call in range(1, count + 2):
        hint("adam/update")
        lines = capsys.readouterr().out.splitlines()
        numbered = [line for line in lines if line.startswith("Hint ")]
        assert len(numbered) == min(call, count)
        assert numbered[-1].startswith(f"Hint {min(call, count)} of {count}: ")
        assert (lines[-1] == "That is the last hint. Read again: 06-adam, bias correction") == (call >= count)


def test_two_checks_count_apart(capsys):
    hint("adam/update")
    hint("sgd/update")
    assert capsys.readouterr().out.count("Hint 1 of") == 2


@pytest.mark.parametrize("odd", ["adam/updat", "", None, 3])
def test_a_name_that_no_check_has_is_one_line(odd, capsys):
    hint(odd)
    assert capsys.readouterr().out.count("\n") == 1


def test_while_grading_none_is_shown(monkeypatch, capsys):
    monkeypatch.setattr(evidence_outbox, "is_grading", lambda: True)
    hint("adam/update")
    assert capsys.readouterr().out == "adam/update: not shown while grading\n"
