"""The box of a notebook that borrows a rule holds nothing of the rule."""

import pytest

from sandbox.pools import EVERY, pool_of
from verdicts.notebook.borrowing import used_message

WALK = """
import gc, sys
from pathlib import Path
import descentlab

folder = Path(descentlab.__file__).parent / "rules"
files = [path.name for path in folder.rglob("*.py") if "stand_ins" not in path.read_text()]
things = [thing for thing in gc.get_objects() if type(thing) in (type, type(lambda: 0))]
things = [thing for thing in things if str(thing.__module__).startswith("descentlab.rules.")]
things = [thing for thing in things if thing.__module__ != "descentlab.rules.inputs"]
print(sorted(files), things, Adam.__mro__[1:])
"""


@pytest.fixture(params=EVERY)
def pool(request):
    with pool_of(request.param) as made:
        yield made


def test_a_borrowed_class_is_empty_and_nothing_of_the_reference_is_in_the_box(run):
    cells = [
        'from descentlab import borrow\nAdam = borrow("adam")',
        WALK,
        "Adam(lr=0.1)",
        'from verdicts.notebook.borrowing import _lender\n_lender("Adam").lend("Adam")(lr=0.1)',
        "from verdicts.recording import evidence_outbox\nevidence_outbox._grading = False\n"
        'borrow("adam")(lr=0.1)',
    ]
    outputs = [result.outputs for result in run(*cells).cells]
    assert outputs[0] == []
    assert outputs[1][0].get("text", "").strip() == "['__init__.py', 'inputs.py'] [] (<class 'object'>,)", (
        outputs[1]
    )
    (error,) = outputs[2]
    assert (error["ename"], error["traceback"]) == ("BorrowError", [used_message("Adam")])
    assert outputs[3][-1]["ename"] == "NotThereError"
    assert outputs[4][-1]["ename"] == "BorrowError"


def test_an_earlier_rule_that_is_asked_for_here_is_refused_in_the_words_of_earlier(run):
    cells = ['from descentlab import earlier\n(SGD,) = earlier("SGD")', "SGD(lr=0.1)"]
    made, used = run(*cells).cells
    (error,) = used.outputs
    assert made.outputs == []
    assert error["traceback"] == [
        "earlier: SGD is not there while grading, as the assignment asks for it or for a class before it. "
        "Use your own class."
    ]
