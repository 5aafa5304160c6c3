"""Honest submissions keep what they earn beside those that take all they can."""

import os
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from autograde.sandbox import CellTask, Limits, Pool
from autograde.sandbox.cgroup import ControlGroup, NoGroupError
from sandbox.pools import BOXED, EVERY, pool_of, run_sources, texts

pytestmark = pytest.mark.slow

# Sixty busy processes, each in a session of its own: a scheduler that is fair to sessions is not fair to
# submissions. They end by themselves.
GREEDY = """
import os, time
for i in range(60):
    if os.fork() == 0:
        os.setsid()
        end = time.time() + 8
        while time.time() < end: pass
        os._exit(0)
"""
WAITS = "import time; time.sleep(5)"
HONEST = """
import time
begin = time.process_time()
while time.process_time() - begin < 1: pass
class SGD:
    def __init__(self, lr=0.01): self.lr = lr
    def update(self, params, grads):
        for k in params: params[k] -= self.lr * grads[k]
"""
CHECK = 'from descentlab import check\ncheck("sgd/update", SGD, points=5)'
TIGHT = Limits(cell_seconds=2, wall_seconds=120)


def honest(pool: Pool):
    return pool.submit_run([CellTask(HONEST), CellTask(CHECK, 99)], 2)


@pytest.mark.parametrize("tier", BOXED)
def test_honest_classmates_keep_exactly_their_grades_beside_two_greedy_submissions_a_core(tier):
    """Two jobs, as on two cores; a cell that needs half of its limit."""
    with pool_of(tier, jobs=2, limits=TIGHT) as pool:
        alone = honest(pool).result()
        assert (alone.flags, bool(alone.cells[1].evidence)) == ((), True)
        class_ = []
        for _ in range(4):
            class_ += [("greedy", pool.submit_run([CellTask(GREEDY), CellTask(WAITS)], 1))]
            class_ += [("honest", honest(pool))]
        results = [(who, future.result()) for who, future in class_]
    for who, result in results:
        if who == "honest":
            assert (result.flags, result.cells) == ((), alone.cells)
        else:
            assert set(result.flags) in ({"processes"}, {"timeout"}, {"processes", "timeout"})


@pytest.mark.parametrize("tier", BOXED)
def test_what_nobody_stops_costs_its_neighbour_nothing(tier):
    """As above, with a course that lets its students keep a thousand threads busy."""
    with pool_of(tier, jobs=2, limits=TIGHT) as pool:
        alone = honest(pool).result()
        loose = replace(TIGHT, busy_threads=1000, cell_seconds=60)
        greedy = pool.submit_run([CellTask(GREEDY), CellTask("import time; time.sleep(6)")], 1, loose)
        beside = [honest(pool).result() for _ in range(2)]
        assert greedy.result().flags == ()
    assert [(result.flags, result.cells) for result in beside] == [((), alone.cells)] * 2


@pytest.mark.parametrize("tier", EVERY)
def test_who_keeps_too_many_threads_busy_is_stopped_and_flagged(tier):
    with pool_of(tier) as pool:
        greedy = run_sources(pool, "print('first')", GREEDY, WAITS)
        four = GREEDY.replace("range(60)", "range(4)").replace("+ 8", "+ 4")
        modest = run_sources(pool, four, WAITS)
    assert greedy.flags == ("processes",)
    assert texts(greedy)[0] == "first\n"
    assert modest.flags == ()


LOOP = "while True: pass"


def shares_processors(group: ControlGroup) -> bool:
    """Whether its processes together weigh as much as those of any other group."""
    weight = "cpu.weight" if group.version == 2 else "cpu.shares"
    return "cpu" in group.folders and (group.folders["cpu"] / weight).exists()


def test_a_box_has_a_share_of_the_processors_however_many_processes_it_has():
    """One busy process in a group, thirty in another: theirs is not thirty times the processor time."""
    try:
        groups = [ControlGroup.create(), ControlGroup.create()]
    except NoGroupError as reason:
        pytest.skip(f"not run: no control group to share processors by: {reason}")
    started = []
    try:
        if not offered():
            pytest.skip("not run: the control groups of this machine have no cpu controller for this user")
        assert all(shares_processors(group) for group in groups)
        program = [
            "python3",
            "-c",
            f"import os; os.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}})\n{LOOP}",
        ]
        for group, count in zip(groups, (1, 30), strict=True):
            words = group.joining(program)
            started.append([psutil.Popen(words, start_new_session=True) for _ in range(count)])
        while (used := [sum(sum(one.cpu_times()[:2]) for one in those) for those in started])[1] < 1.5:
            time.sleep(0.1)
        assert used[0] > used[1] / 4
    finally:
        for process in [one for those in started for one in those]:
            process.kill()
            process.wait()
        for group in groups:
            group.remove()


def offered() -> bool:
    """Whether a group for a share of the processors could be made here."""
    root = Path("/sys/fs/cgroup")
    if (root / "cpu").exists():
        return os.access(root / "cpu", os.W_OK)
    return "cpu" in (root / "cgroup.subtree_control").read_text().split()
