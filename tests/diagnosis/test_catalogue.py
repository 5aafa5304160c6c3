"""The catalogue: each entry is rejected and recognized; a malformed file is refused with one line."""

import json
from pathlib import Path

import numpy as np
import pytest
from student_answers import rule
from support import CATALOGUE, mistake

from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from descentlab.rule_diagnosis.edit_sets import single_edits
from descentlab.rule_diagnosis.equal_forms import formulas
from verdicts.diagnosis.catalogue import Catalogue, TextError
from verdicts.judging import run

RULES = {name: check.rule for name, check in all_checks().items() if isinstance(check, RuleCheck)}


@pytest.mark.parametrize("check", all_checks())
def test_each_entry_is_rejected_and_recognised_as_itself(check):
    for entry in CATALOGUE.mistakes(check):
        if not entry.edits:
            verdict = run(check, entry.make(), 0)
            assert not verdict.passed
            assert verdict.mistake in (entry.id, entry.group), f"{entry.id}: {verdict.cause}"
            assert verdict.hint


@pytest.mark.parametrize("check", RULES)
def test_the_search_finds_each_edit_that_an_entry_names(check):
    known = {edit.effect(form) for form in formulas(RULES[check]) for edit in single_edits(form)}
    named = [edit for entry in CATALOGUE.mistakes(check) for edit in entry.edits]
    assert set(named) <= known
    assert len(set(named)) == len(named), "two entries for one edit"


def without_correction(self, params, grads):
    for k, g in grads.items():
        m, v = self.averages(k, g)
        params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


def test_an_edit_with_an_entry_has_the_entrys_id_and_words():
    entry, verdict = mistake("adam/no-correction"), run("adam/update", rule(without_correction))
    assert entry.edits
    assert (verdict.mistake, verdict.hint) == (entry.id, entry.hint)
    assert entry.what in verdict.cause


def test_a_group_has_members_of_one_check():
    for entry in CATALOGUE.all_mistakes:
        assert entry.check in all_checks()
        if entry.group and not entry.group.startswith(("error/", "behavior/")):
            members = {e.check for e in CATALOGUE.all_mistakes if entry.group in (e.group, e.id)}
            assert members == {entry.check}


def test_an_answer_to_a_later_question_is_told_to_the_teacher_alone():
    def velocity_first(self, params, grads):
        for k, g in grads.items():
            params[k] += self.momentum**2 * self.velocity(k, g) - (1 + self.momentum) * self.lr * g

    verdict = run("nesterov/update", rule(velocity_first))
    assert verdict.mistake == "nesterov/velocity-first"
    for word in ("new velocity", "before that line", "Deep Learning from Scratch"):
        assert word in verdict.symptom
        assert word not in verdict.cause + verdict.hint


ENTRY = "# sgd/update\n\n## sgd/x\n\nit\n\n```python\nx = 1\n```\n\n- Hint: Why?\n"


@pytest.mark.parametrize(
    ("old", "new", "section", "said"),
    json.loads(Path(__file__).with_name("malformed.json").read_text(encoding="utf-8")),
)
def test_a_malformed_file_is_refused_by_file_and_section(tmp_path, old, new, section, said):
    file = tmp_path / "sgd/withheld/mistakes.md"
    file.parent.mkdir(parents=True)
    file.write_text(ENTRY.replace(old, new))
    with pytest.raises(TextError, match=said) as refused:
        _ = Catalogue(lambda name: [file]).all_mistakes
    assert str(refused.value).startswith(f"sgd/withheld/mistakes.md, section {section!r}: ")
