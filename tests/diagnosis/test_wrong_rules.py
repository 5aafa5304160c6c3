"""What a verdict on a wrong rule is built on: facts, what is remembered, errors; and what must not be said."""

import numpy as np
import pytest
from student_answers import Rule, answer_to

from descentlab.rule_diagnosis.causes import strange_shape
from descentlab.rule_diagnosis.edit_search import AnswerPath
from descentlab.rule_diagnosis.probe_table import ProbeTable
from verdicts.courses import find
from verdicts.diagnosis.exceptions import explain_error
from verdicts.judging import judge, run
from verdicts.judging.display import as_html, as_text
from verdicts.recorders import record
from verdicts.recording import evidence_bytes

NESTED = answer_to("momentum/update", "nested_loop")
Forgets = answer_to("momentum/update", "local_velocity")


def test_facts_are_shown_in_text_and_page():
    verdict = run("momentum/update", NESTED)
    for fact in verdict.facts:
        assert fact in as_text(verdict, 5)
        assert fact.split('"')[0] in as_html(verdict, 5)


@pytest.mark.parametrize("odd", [None, 3, [], [3] * 6, [{"v": {"W": "text"}}] * 6, [{"v": [1, 2]}] * 6, {}])
def test_evidence_may_say_anything_of_what_is_remembered(odd):
    evidence = evidence_bytes.unpack(record("momentum/update", NESTED, 0))
    for one in evidence["runs"]:
        one["remembered"] = odd
        one["calls"] = list(one["calls"])
    verdict = judge("momentum/update", evidence_bytes.pack(evidence), 0)
    assert verdict.status == "answered"
    assert not any("remember" in fact for fact in verdict.facts)


def test_what_is_remembered_is_bounded():
    class Hoards(Rule):
        def __init__(self, lr, **hyper):
            super().__init__(lr, **hyper)
            vars(self).update({f"a{n}": np.zeros(10_000) for n in range(500)})
            self.words, self.deep = "x" * 10**6, {"a": {"b": [np.zeros(9)] * 99}}

        def update(self, params, grads):
            pass

    plain = len(record("momentum/update", Rule, 0))
    assert len(record("momentum/update", Hoards, 0)) < plain + 100_000


def test_what_is_remembered_earns_nothing():
    class Pretends(Forgets):
        def __init__(self, lr, **hyper):
            super().__init__(lr, **hyper)
            self.memory, self.stores, self.counts, self.t = True, True, True, 6

    verdicts = [run("momentum/update", answer) for answer in (Forgets, Pretends)]
    assert verdicts[0].criteria == verdicts[1].criteria


def test_an_error_text_made_to_be_slow_is_cut_before_it_is_searched():
    # Uncut, the search for this would take hours.
    text = "ufunc " * 60_000 + "did not contain a loop" * 10_000
    assert explain_error({"type": "TypeError", "message": text}, "call 1") is None


@pytest.mark.parametrize("message", ["no shapes here", "shapes (3,2) (4,)", "shape (4,) and ()"])
def test_shapes_of_parameters_are_not_called_strange(message):
    assert not strange_shape({"message": message})


@pytest.mark.parametrize(("moved", "enough"), [(19, False), (20, True)])
def test_few_numbers_do_not_tell_one_mistake_from_another(moved, enough):
    table = ProbeTable(find("sgd/update").draw(0))
    path = np.broadcast_to(table.start, (6, *table.start.shape)).copy()
    path[np.unravel_index(range(moved), path.shape)] += 1.0
    assert AnswerPath(table, path).tells_enough is enough
