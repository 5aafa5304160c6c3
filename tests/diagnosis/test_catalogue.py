"""Each entry of the catalogue is rejected, and recognised by its own numbers as itself or its named group."""

import re
import sys

import pytest

from descentlab.checks import run
from descentlab.exercises import all_checks
from descentlab.exercises import catalogue as module
from descentlab.exercises.catalogue import catalogue, mistake

ENTRIES = catalogue()
SEEDS = (0, 7)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_an_entry_is_rejected_and_recognised_as_itself(entry):
    for seed in SEEDS:
        verdict = run(entry.check, entry.make(), seed)
        assert not verdict.passed
        assert verdict.mistake, verdict.cause
        assert verdict.mistake in (entry.id, entry.group), verdict.cause
        assert verdict.hint
        assert verdict.symptom


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_an_entry_says_what_it_is_in_words_and_in_code(entry):
    for words in (entry.what, entry.why, entry.symptom, entry.hint):
        assert words.strip()
    assert entry.why.endswith((".", "”"))
    assert entry.hint.rstrip().endswith((".", "?"))
    assert entry.code.startswith(("class ", "def ") if callable(entry.answer) else "")
    assert entry.code
    assert entry.id.split("/")[0] == entry.check.split("/")[0]
    assert entry.check in all_checks()


@pytest.mark.parametrize("entry", [e for e in ENTRIES if callable(e.answer)], ids=lambda e: e.id)
def test_the_code_that_a_page_shows_is_recognised_too(entry):
    """A row's `lambda` is shown as a `def`, or as the method of a class."""
    names = dict(vars(sys.modules[entry.answer.__module__]))
    exec(entry.code, names)
    shown = names[re.match(r"(?:class|def) (\w+)", entry.code)[1]]
    answer = shown() if shown.__name__.startswith("make_") else shown
    assert run(entry.check, answer).mistake in (entry.id, entry.group)


def test_a_group_has_members_of_one_check():
    for entry in ENTRIES:
        if entry.group and not entry.group.startswith(("error/", "behaviour/")):
            members = {e.check for e in ENTRIES if e.group == entry.group or e.id == entry.group}
            assert members == {entry.check}


def test_an_answer_to_a_later_question_is_told_to_the_instructor_alone():
    (entry,) = [e for e in ENTRIES if e.id == "nesterov/velocity-first"]
    verdict = run(entry.check, entry.make())
    assert verdict.mistake == entry.id
    for word in ("new velocity", "before that line", "Deep Learning from Scratch"):
        assert word in verdict.symptom
        assert word not in verdict.cause + verdict.hint


def test_an_entry_like_another_has_its_words_and_says_only_its_own():
    one, other = mistake("nesterov/old-point-not-copied"), mistake("nesterov/is-momentum")
    for field in ("what", "symptom", "hint", "group", "experiment"):
        assert getattr(one, field) == getattr(other, field)
    assert one.why != other.why
    assert one.answer is not other.answer


def test_an_entry_like_none_that_there_is_is_refused(monkeypatch):
    rows = [{"id": "sgd/new", "check": "sgd/update", "answer": 1, "like": "sgd/gone"}]
    monkeypatch.setattr(module, "_collected", rows)
    with pytest.raises(ValueError, match="sgd/new is like sgd/gone"):
        module.catalogue.__wrapped__()
