"""A search goes on beside the notebook: what a student sees meanwhile, and what is left of it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from test_where import children, in_a_cell, weight_sum

from verdicts.notebook import showing
from verdicts.notebook.check_cell import check
from verdicts.notebook.showing import LOOKING
from verdicts.repair import beside
from verdicts.repair.child import Child

SLEEPS = "if {} < 0:\n        import time\n        time.sleep(1000)\n    return 3 * beta"
"""A change waits for ever."""


def floor_that_sleeps():
    line = SLEEPS.format("lr")
    return in_a_cell(f"def noise_floor(lr, curvature, beta, batch):\n    {line}\n")


@pytest.fixture(autouse=True)
def front_end(monkeypatch):
    monkeypatch.setattr(showing, "in_front_end", lambda: True)
    yield
    for name in ("adam/weight-sum", "sgd/best-lr", "sgd/noise-floor"):
        beside.end(name)
    beside.wait()


def looks(shown):
    """Whether each verdict that is shown says that its place is looked for."""
    return [LOOKING in one["text/plain"] for one in shown if "points" in one["text/plain"]]


def test_the_verdict_is_shown_at_once_and_the_place_in_the_same_output(shown):
    with beside._changed:  # nothing can be shown meanwhile
        check("adam/weight-sum", weight_sum())
        assert looks(shown) == [True]
    beside.wait()
    assert looks(shown) == [False]
    assert "look at the sign" in shown[0]["text/plain"]
    assert LOOKING not in shown[0]["text/html"]


def test_what_the_student_changes_meanwhile_is_not_seen_by_the_search_nor_counted_as_its_memory(
    shown, monkeypatch
):
    monkeypatch.setattr("verdicts.repair.child.MORE_BYTES", 30 << 20)
    one, large = [1], np.ones(8 << 20)  # 64 MB
    check("sgd/noise-floor", floor_that_sleeps())
    check("adam/weight-sum", weight_sum("return one[0] + beta**t * large[0]", one=one, large=large))
    one[0], large[:] = 7, 3
    beside.end("sgd/noise-floor")
    beside.wait()
    assert "look at the sign" in shown[-2]["text/plain"]


def test_one_search_runs_and_the_others_wait_in_their_order(shown):
    check("sgd/noise-floor", floor_that_sleeps())
    check("adam/weight-sum", weight_sum())
    time.sleep(0.5)  # enough for that search, if it ran
    assert looks(shown) == [True, True]
    beside.end("sgd/noise-floor")
    beside.wait()
    assert looks(shown) == [False, False]
    assert "look at the sign" in shown[-2]["text/plain"]


def test_while_too_many_wait_the_next_check_does_too(shown, monkeypatch):
    monkeypatch.setattr(beside, "MOST_WAITING", 0)
    monkeypatch.setattr("verdicts.repair.child.WALL_SECONDS", 1)
    check("sgd/noise-floor", floor_that_sleeps())
    check("adam/weight-sum", weight_sum())
    assert looks(shown)[0] is False


def test_only_the_same_check_run_again_ends_a_search_and_leaves_one_process(shown):
    before = children()
    for _ in range(3):
        check("adam/weight-sum", weight_sum(SLEEPS.format("t")))
    beside.wait(1)
    assert looks(shown) == [False, False, True]
    assert len(children() - before) == 1
    check("adam/weight-sum", weight_sum("return 1 - beta**t"))
    beside.wait()
    assert looks(shown) == [False] * 4
    assert children() <= before


def test_a_check_in_a_loop_leaves_no_process_and_a_place(shown):
    before = children()
    for _ in range(25):
        check("adam/weight-sum", weight_sum())
    beside.wait()
    assert children() <= before
    assert "look at the sign" in shown[-2]["text/plain"]


@pytest.mark.parametrize("answer", [lambda beta, t: 1, weight_sum("return 1 + bet**t")])
def test_where_no_place_is_looked_for_nothing_says_so(shown, answer):
    check("adam/weight-sum", answer)
    assert looks(shown) == [False]


def test_an_interrupt_of_the_notebook_reaches_no_search():
    child = Child(lambda tell: tell(str(os.getpgid(0))), {})
    (group,) = child.lines()
    child.end()
    assert int(group) == child.number != os.getpgid(0)


KERNEL = """
import os, sys, time
from verdicts.repair import beside
from verdicts.repair.child import Child
child = Child(lambda tell: [tell("runs"), time.sleep(100)], {})
print(child.number, flush=True)
if sys.argv[1] == "running":
    print(next(child.lines()), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an alarm ends it after a minute")
@pytest.mark.parametrize("state", ["waiting", "running"])
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "pass"])
def test_a_kernel_that_ends_leaves_no_process(state, end):
    done = subprocess.run([sys.executable, "-c", KERNEL + end, state], capture_output=True, text=True)
    number = done.stdout.split()[0]
    deadline = time.monotonic() + 30
    while Path(f"/proc/{number}/stat").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{number}/stat").exists()
