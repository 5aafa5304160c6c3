"""A check after a cell that failed says that it judges what an earlier run of it made."""

import pytest
from test_unanswered import run

RIGHT = (
    "class SGD:\n"
    "    def __init__(self, lr):\n"
    "        self.lr = lr\n"
    "    def update(self, params, grads):\n"
    "        for k in params:\n"
    "            params[k] -= self.lr * grads[k]\n"
)
CHECK = 'check("sgd/update", SGD, points=5)'
EARLIER = "this judges SGD of an earlier run"


def said(*cells):
    *_, outputs = run("from descentlab import check", *cells)
    return outputs[0].data["text/plain"]


@pytest.mark.parametrize(
    "failed",
    [
        RIGHT.replace("update(self, params, grads):", "update(self, params, grads)"),
        "import nowhere\n" + RIGHT,
    ],
    ids=["slip of syntax", "exception before the class"],
)
def test_a_check_after_a_cell_that_failed_says_whose_class_it_judges(failed):
    assert EARLIER in said(RIGHT, failed, CHECK)


def test_a_cell_that_failed_after_its_class_was_made_is_no_earlier_run():
    assert EARLIER not in said(RIGHT, RIGHT + "\nSGD(0.1).nothing", CHECK)


def test_a_cell_that_was_mended_is_no_earlier_run():
    assert EARLIER not in said(RIGHT, "import nowhere\n" + RIGHT, RIGHT, CHECK)


def test_an_answer_before_whose_cell_another_failed_is_its_own():
    assert EARLIER not in said(RIGHT, "import nowhere", CHECK)
