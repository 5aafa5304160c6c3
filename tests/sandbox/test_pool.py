"""What the pool promises the grader, with submissions that behave and that do not."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from autograde.sandbox import CellTask, Limits, Pool, SandboxError
from autograde.sandbox.staging import Stage


def of_the_box(box) -> list[int]:
    """The processes that bubblewrap has started, seen from outside."""
    pid = box.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def texts(result) -> list[str]:
    return ["".join(o.get("text", "") for o in cell.outputs) for cell in result.cells]


def test_cells_share_one_namespace_and_stop_nowhere_for_an_error(run):
    result = run("x = 1", "1/0", "print(x + 1)")
    assert result.flags == ()
    assert [o["output_type"] for o in result.cells[1].outputs] == ["error"]
    assert texts(result)[2] == "2\n"
    assert result.tier >= 2
    assert result.cpu_seconds > 0


def test_evidence_comes_with_the_armed_cell_only_and_is_about_its_seed(run):
    rule = "class SGD:\n    def __init__(self, lr=0.1): self.lr = lr\n    def update(self, params, grads):\n"
    rule += "        for k in params: params[k] -= self.lr * grads[k]"
    check = "from descentlab import check\ncheck('sgd/update', SGD, points=5)"
    result = run(rule, check, (check, 11), (check, 11), (check, 12), ("1", 13))
    evidence = [cell.evidence for cell in result.cells]
    assert evidence[0] is evidence[1] is evidence[5] is None
    assert json.loads(evidence[2])["check"] == "sgd/update"
    assert evidence[2] == evidence[3] != evidence[4]


def test_an_endless_loop_is_stopped_and_later_cells_are_not_reached(run):
    result = run("print('first')", "while True: pass", "print('never')", cell_seconds=0.5)
    assert result.flags == ("timeout",)
    assert texts(result) == ["first\n", "", ""]
    assert "0.5 seconds" in result.cells[1].outputs[0]["evalue"]
    assert result.cells[2].outputs == []


@pytest.mark.parametrize(
    "source", ["import time; time.sleep(60)", "10**10**8", "import signal; signal.pause()"]
)
def test_waiting_and_uninterruptible_work_are_stopped_too(run, source):
    assert run(source, cell_seconds=0.5).flags == ("timeout",)


def test_memory_is_bounded_for_one_process(run):
    result = run("import numpy as np\na = np.ones(25 * 2**27)", "print('on')")
    assert result.flags == ("memory",)
    assert texts(result)[1] == "on\n"


def test_memory_is_bounded_for_many_processes_together(run):
    hog = "import os, time\nfor i in range(8):\n"
    hog += "    if os.fork() == 0:\n        b = b'x' * 2**27; time.sleep(20)\n"
    assert run(hog + "time.sleep(20)", memory_bytes=512 * 2**20).flags == ("memory",)


def test_a_fork_bomb_is_stopped_and_leaves_nothing(run):
    result = run("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", cell_seconds=10)
    assert result.flags == ("processes",)
    listing = "import os; print(len([n for n in os.listdir('/proc') if n.isdigit()]))"
    assert texts(run(listing)) == ["2\n"]


def test_threads_are_bounded(run):
    bomb = (
        "import threading, time\nfor i in range(500): threading.Thread(target=time.sleep, args=(30,)).start()"
    )
    result = run(bomb, "import time; time.sleep(10)")
    assert "processes" in result.flags


@pytest.mark.parametrize(
    "way", ["os._exit(0)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"]
)
def test_a_process_that_ends_itself_keeps_what_it_had_shown(run, way):
    result = run("print('shown')", f"import os\n{way}", "print('never')")
    assert result.flags == ("died",)
    assert texts(result) == ["shown\n", "", ""]


def test_output_is_cut_and_said_so(run):
    result = run("for i in range(3 * 10**4): print('x' * 100)", "print('next')", output_bytes=2**20)
    assert "output-limit" in result.flags
    assert len(json.dumps(result.cells[0].outputs)) <= 2**20
    assert run("print('next')").flags == ()


@pytest.mark.parametrize(
    "flood", ["print('x' * 2**24)", "for i in range(9999): display(i)", "display('y' * 2**22)"]
)
def test_too_much_output_never_hides_an_error_or_a_result(run, flood):
    """nbgrader gives full points to a test cell that shows nothing."""
    flood = f"from IPython.display import display\n{flood}\n"
    result = run(flood + "assert False, 'wrong'", "assert False", flood + "2.5", "3.5", output_bytes=2**20)
    assert result.flags == ("output-limit",)
    last = [cell.outputs[-1] for cell in result.cells]
    assert [last[0]["evalue"], last[1]["ename"]] == ["wrong", "AssertionError"]
    assert [last[2]["data"]["text/plain"], last[3]["data"]["text/plain"]] == ["2.5", "3.5"]


def test_files_are_bounded_in_size_and_number(run):
    fill = "f = open('/tmp/big', 'wb')\nwhile True: f.write(b'x' * 2**20)"
    assert [o["ename"] for o in run(fill).cells[0].outputs] == ["OSError"]
    many = "import os, time\nfor i in range(10**7): os.close(os.open(f'/tmp/{i}', os.O_CREAT))"
    assert run(many).flags == ("disk",)


@pytest.mark.parametrize(
    "leave",
    [
        "open('/tmp/left', 'w').write('x')",
        "open('/dev/shm/left', 'w').write('x')",
        "import os; os.makedirs('/tmp/a/b/c'); os.chmod('/tmp/a/b', 0); os.chmod('/tmp/a', 0)",
        "import os; p = '/tmp'\nfor i in range(1500):\n    os.mkdir('d'); os.chdir('d')",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    if os.fork() == 0: time.sleep(99)\n    os._exit(0)",
        "import os, numpy, random, matplotlib; numpy.random.seed(5); random.seed(5); os.nice(3)\n"
        "matplotlib.rcParams['font.size'] = 99; numpy.set_printoptions(precision=1)",
        "import builtins, json; builtins.len = None; json.dumps = None",
        "import os; os.environ['LEFT'] = 'x'; os.chdir('/')",
    ],
)
def test_nothing_remains_for_the_next_submission(run, leave):
    look = (
        "import os, random, matplotlib, numpy as np\n"
        "print(sorted(os.listdir('/tmp')), os.listdir('/tmp/work'), os.listdir('/dev/shm'), os.getcwd(),\n"
        "      random.random(), np.random.rand(), matplotlib.rcParams['font.size'], np.array([1 / 3]),\n"
        "      len([n for n in os.listdir('/proc') if n.isdigit()]), 'LEFT' in os.environ)"
    )
    before = texts(run(look, seed=7))
    run(leave)
    assert texts(run(look, seed=7)) == before


def test_random_numbers_follow_the_submission_s_seed(run):
    draw = "import random, numpy as np; print(random.random(), np.random.rand(), hash('a'))"
    assert texts(run(draw, seed=1)) == texts(run(draw, seed=1)) != texts(run(draw, seed=2))


def test_the_references_the_judge_and_the_grader_are_not_there(run):
    result = run(
        "from descentlab.rules import Adam",
        "import descentlab.checks.judging",
        "import descentlab.diagnosis",
        "import autograde.grading",
        "import gc, sys\n[m for m in sys.modules if 'judging' in m or 'diagnosis' in m or '.rules' in m]",
    )
    names = [cell.outputs[0].get("ename") for cell in result.cells[:4]]
    assert names == ["ModuleNotFoundError"] * 4
    assert "not there while grading" in result.cells[0].outputs[0]["evalue"]
    assert result.cells[4].outputs[0]["data"]["text/plain"] == "[]"


@pytest.mark.needs("bubblewrap")
def test_results_do_not_depend_on_the_number_of_jobs():
    tasks = [CellTask("import numpy as np; print(np.random.rand(), {'b', 'a', 'c'})")]
    with Pool(jobs=1) as one, Pool(jobs=3) as three:
        alone = [one.submit_run(tasks, seed).result().cells for seed in range(6)]
        together = [future.result().cells for future in [three.submit_run(tasks, seed) for seed in range(6)]]
    assert alone == together


@pytest.mark.needs("bubblewrap")
def test_a_box_that_is_killed_is_replaced_and_the_submission_run_again():
    with Pool(jobs=1) as pool:
        pool.submit_run([CellTask("1")], 0).result()
        for process in of_the_box(next(iter(pool._boxes))):
            os.kill(process, signal.SIGKILL)
        assert texts(pool.submit_run([CellTask("print('again')")], 0).result()) == ["again\n"]


@pytest.mark.needs("bubblewrap")
def test_closing_the_pool_ends_what_runs():
    pool = Pool(jobs=1)
    future = pool.submit_run([CellTask("print(1)")], 0)
    future.result()
    future = pool.submit_run([CellTask("import time; time.sleep(100)")], 0)
    [zygote] = of_the_box(next(iter(pool._boxes)))
    pool.close()
    assert future.cancelled() or isinstance(future.exception(timeout=10), SandboxError)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{zygote}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{zygote}").exists()


def test_without_isolation_the_same_protocol_works():
    with Pool(jobs=1, isolation="none", limits=Limits(cell_seconds=5)) as pool:
        result = pool.submit_run([CellTask("print(1)"), CellTask("while True: pass")], 0).result()
        assert (texts(result), result.flags, result.tier) == (["1\n", ""], ("timeout",), 0)
        assert pool.submit_run([CellTask("import os; os.fork(); 1")], 0).result().flags == ()


def test_odd_settings_are_refused_in_one_line():
    with pytest.raises(ValueError, match="at least one job"):
        Pool(jobs=0)
    with pytest.raises(ValueError, match="isolation is one of"):
        Pool(isolation="docker")


def test_nothing_of_the_kernel_s_settings_can_be_opened_for_writing(run):
    look = (
        "import os\n"
        "found = [os.path.join(top, f) for top, _, files in os.walk('/proc/sys') for f in files]\n"
        "print(len(found) > 99, [f for f in found if os.access(f, os.W_OK)])"
    )
    assert texts(run(look)) == ["True []\n"]


def test_what_a_killed_grader_left_is_removed_and_what_is_in_use_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, used = Stage(), Stage()
    killed._lock.close()  # as the kernel does when its process ends
    (tmp_path / "autograde-stage-of-nobody").mkdir()
    Stage().close()
    assert not killed.folder.exists()
    assert (used.folder / "site/descentlab/__init__.py").exists()
    used.close()
    assert [path.name for path in tmp_path.iterdir()] == ["autograde-stage-of-nobody"]
