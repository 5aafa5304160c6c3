"""What the pool promises the grader, with submissions that behave and that do not."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
from support import has_ended, wait_for

from autograde.sandbox import CellTask, Limits, Pool, SandboxError, best_tier, program
from autograde.sandbox.allowed import allowed
from autograde.sandbox.program import inside
from autograde.sandbox.staging import Stage
from sandbox.pools import children, run_sources, texts


def test_cells_share_one_namespace_and_stop_nowhere_for_an_error(run):
    result = run("x = 1", "1/0", "print(x + 1)")
    assert result.flags == ()
    assert [o["output_type"] for o in result.cells[1].outputs] == ["error"]
    assert texts(result)[2] == "2\n"
    assert result.tier == best_tier().number >= 2
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


ENDLESS = {
    "a loop": "while True: pass",
    "a sleep": "import time; time.sleep(60)",
    "a program": "!sleep 60",
    "a subprocess": "import subprocess; subprocess.run(['sleep', '60'])",
    "an await": "import asyncio; await asyncio.sleep(60)",
    "output": "while True: print('x')",
    "a lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_a_cell_that_runs_too_long_is_interrupted_and_later_cells_are_run(run, what):
    result = run("print('first')", ENDLESS[what], "print('later')", cell_seconds=1)
    assert "timeout" in result.flags
    assert (texts(result)[0], texts(result)[2]) == ("first\n", "later\n")
    assert result.cells[1].outputs[-1]["evalue"] == "This cell was interrupted: it ran for 1 seconds."


DEAF = {
    "an interrupt caught": "import time\nwhile True:\n    try: time.sleep(60)\n    except: pass",
    "an interrupt ignored": "import signal; signal.signal(2, signal.SIG_IGN)\nwhile True: pass",
    "work that hears nothing": "sum(range(10**12))",
}


@pytest.mark.parametrize("how", DEAF)
def test_a_cell_that_ignores_the_interrupt_ends_the_notebook(run, how, monkeypatch):
    monkeypatch.setattr("autograde.sandbox.conversation.GRACE_SECONDS", 0.5)
    result = run("print('first')", DEAF[how], "print('never')", cell_seconds=0.5)
    assert result.flags == ("timeout",)
    assert texts(result) == ["first\n", "", ""]
    assert "0.5 seconds" in result.cells[1].outputs[0]["evalue"]
    assert result.cells[2].outputs == []


def test_an_interrupted_check_has_no_evidence_and_later_ones_have_theirs(run):
    rule = "class SGD:\n    def __init__(self, lr=0.1): self.lr = lr\n    def update(self, params, grads):\n"
    endless = rule + "        while True: pass"
    right = rule + "        for k in params: params[k] -= grads[k]"
    check = "from descentlab import check\ncheck('sgd/update', SGD, points=5)"
    keeps = f"{check}\nwhile True: pass"
    result = run(endless, (check, 1), right, (keeps, 2), (check, 3), cell_seconds=1)
    assert [cell.evidence is None for cell in result.cells] == [True, True, True, True, False]
    assert "interrupted" in result.cells[1].outputs[-1]["evalue"]


def test_no_interrupt_is_left_for_the_next_cell(run):
    late = "import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: print('caught')"
    whole = "time.sleep(0.3)\nprint('whole')"
    result = run(late, whole, late, whole, cell_seconds=0.5)
    assert texts(result) == ["caught\n", "whole\n", "caught\n", "whole\n"]
    assert [cell.outputs[-1]["output_type"] for cell in result.cells] == ["error", "stream"] * 2


def test_what_an_interrupted_cell_shows_later_does_not_hide_that_it_was_interrupted(run):
    first = "from IPython.display import display\nshown = display('a', display_id=True)\nwhile True: pass"
    result = run(first, "shown.update('b')", cell_seconds=0.5)
    assert "'b'" in result.cells[0].outputs[0]["data"]["text/plain"]
    assert "interrupted" in result.cells[0].outputs[-1]["evalue"]


def test_the_notebooks_own_limit_is_not_stretched_by_interrupts(run):
    result = run(*["while True: pass"] * 3, "print('never')", cell_seconds=1, wall_seconds=2.5)
    assert (result.flags, texts(result)[3]) == (("timeout",), "")
    assert result.seconds < 20


def test_the_fourth_endless_cell_ends_the_notebook(run):
    result = run(*["while True: pass"] * 4, "print('never')", cell_seconds=0.3)
    assert texts(result)[4] == ""
    assert [cell.outputs[-1]["evalue"].split(":")[0] for cell in result.cells[:4]] == [
        *["This cell was interrupted"] * 3,
        "This cell was stopped",
    ]


def test_memory_is_bounded_for_one_process(run):
    result = run("import numpy as np\na = np.ones(25 * 2**27)", "print('on')")
    assert result.flags == ("memory",)
    assert texts(result)[1] == "on\n"


def test_threads_are_bounded(run):
    bomb = (
        "import threading, time\nfor i in range(500): threading.Thread(target=time.sleep, args=(30,)).start()"
    )
    result = run(bomb, "import time; time.sleep(10)")
    assert "processes" in result.flags


def test_processor_time_is_bounded_for_many_processes_together(run):
    """None of the three reaches the limit alone."""
    burn = "import os, time\nfor i in range(3):\n    if os.fork() == 0:\n"
    burn += "        while time.process_time() < 2.2: pass\n        os._exit(0)\n"
    result = run(burn + "for i in range(3): os.wait()\nprint('went on')", cpu_seconds=3)
    assert (result.flags, texts(result)) == (("timeout",), [""])


@pytest.mark.parametrize(
    "way", ["os._exit(0)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"]
)
def test_a_process_that_ends_itself_keeps_what_it_had_shown(run, way):
    result = run("print('shown')", f"import os\n{way}", "print('never')")
    assert result.flags == ("died",)
    assert texts(result) == ["shown\n", "", ""]


WITH_A_LONE_SURROGATE = {
    "printed": "print('a\\ud83db')",
    "displayed": "display({'text/plain': 'a\\ud83db'}, raw=True)",
    "warned": "import warnings\nwarnings.warn('a\\ud83db')",
    "raised": "raise ValueError('a\\ud83db')",
}


@pytest.mark.parametrize("cell", WITH_A_LONE_SURROGATE.values(), ids=WITH_A_LONE_SURROGATE)
def test_a_character_that_no_file_can_hold_is_replaced_and_costs_nothing(run, cell):
    result = run("x = 1", cell, "x")
    assert result.flags == ()
    assert "a?b" in str(result.cells[1].outputs)
    assert result.cells[2].outputs[0]["data"] == {"text/plain": "1"}


@pytest.mark.parametrize(
    "flood",
    [
        "print('x' * 2**24)",
        "for i in range(3 * 10**4): print('x' * 100)",
        "for i in range(9999): display(i)",
        "display('y' * 2**22)",
    ],
)
def test_too_much_output_is_cut_and_never_hides_an_error_or_a_result(run, flood):
    """nbgrader gives full points to a test cell that shows nothing."""
    flood = f"from IPython.display import display\n{flood}\n"
    result = run(flood + "assert False, 'wrong'", "assert False", flood + "2.5", "3.5", output_bytes=2**20)
    assert result.flags == ("output-limit",)
    assert all(len(json.dumps(cell.outputs)) <= 2**20 for cell in result.cells)
    last = [cell.outputs[-1] for cell in result.cells]
    assert [last[0]["evalue"], last[1]["ename"]] == ["wrong", "AssertionError"]
    assert [last[2]["data"]["text/plain"], last[3]["data"]["text/plain"]] == ["2.5", "3.5"]


def test_a_file_is_bounded_in_size_and_nine_thousand_small_ones_are_not_too_many(run):
    fill = "f = open('/tmp/big', 'wb')\nwhile True: f.write(b'x' * 2**20)"
    refused, size = run(fill, "import os; os.path.getsize('/tmp/big')").cells
    assert [o["ename"] for o in refused.outputs] == ["OSError"]
    assert "File too large" in refused.outputs[0]["evalue"]
    assert size.outputs[0]["data"]["text/plain"] == str(Limits().disk_bytes)
    many = "import os, time\nfor i in range(9_000): os.close(os.open(f'/tmp/{i}', os.O_CREAT))\ntime.sleep(1)"
    assert run(many).flags == ()


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


def test_a_box_computes_as_the_machine_s_owner_wants_the_grader_to(monkeypatch):
    """OpenBLAS sums in another order on each kind of processor: a box of another mind rounds otherwise."""
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("OTHER_CORETYPE", "Haswell")
    look = "import os; print([name for name in os.environ if 'CORETYPE' in name])"
    with Pool(jobs=1) as pool:
        assert texts(run_sources(pool, look)) == ["['OPENBLAS_CORETYPE']\n"]


def test_random_numbers_follow_the_submission_s_seed(run):
    draw = "import random, numpy as np; print(random.random(), np.random.rand(), hash('a'))"
    assert texts(run(draw, seed=1)) == texts(run(draw, seed=1)) != texts(run(draw, seed=2))


@pytest.mark.parametrize("leave", ["exit()", "quit"])
def test_who_leaves_in_a_cell_sees_nothing_of_ours_and_the_cells_below_are_run(run, leave):
    result = run(leave, "print('below')")
    assert result.flags == ()
    assert [cell.outputs for cell in result.cells] == [
        [],
        [{"output_type": "stream", "name": "stdout", "text": "below\n"}],
    ]


def test_what_no_cell_needs_is_not_loaded_and_is_there_for_who_asks(run):
    result = run(
        "import sys\nprint({'ssl', 'debugpy', 'fqdn'} & set(sys.modules))\n"
        "print(sys.modules['nbformat.validator'].validators)",
        "import asyncio, ssl\nprint(ssl.create_default_context().check_hostname)",
        "import nbformat\nnotebook = nbformat.v4.new_notebook()\nnbformat.validate(notebook)\n"
        "notebook.metadata = 1\ntry:\n    nbformat.validate(notebook)\n"
        "except nbformat.ValidationError:\n    print('no notebook')",
    )
    assert texts(result) == ["set()\n{}\n", "True\n", "no notebook\n"]


SAID = """
import json
from importlib.metadata import distributions
print(json.dumps({
    one.name: [one.version, one.requires, len(one.files or []), sorted(one.entry_points.names)]
    for one in distributions()
}))"""


def test_a_box_knows_of_its_distributions_what_the_machine_does(run):
    here = json.loads(subprocess.run([sys.executable, "-c", SAID], capture_output=True, check=True).stdout)
    in_box = json.loads(texts(run(SAID))[0])
    assert in_box.pop("descentlab") == [here.pop("descentlab")[0], None, 0, ["descentlab", "verdicts"]]
    assert in_box == {name: here[name] for name in in_box}
    assert {"numpy", "ipykernel", "matplotlib"} <= in_box.keys() < here.keys()


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
        run_sources(pool, "1")
        for process in children(next(iter(pool._boxes)).process.pid):
            os.kill(process, signal.SIGKILL)
        assert texts(run_sources(pool, "print('again')")) == ["again\n"]


def below(pid: int) -> list[int]:
    """The line of processes that begins with this one's first child."""
    first = children(pid)[:1]
    return [*first, *below(*first)] if first else []


@pytest.mark.needs("bubblewrap")
def test_a_submission_that_the_machine_kills_is_run_again():
    with Pool(jobs=1) as pool:
        run_sources(pool, "1")
        bubblewrap = next(iter(pool._boxes)).process.pid
        idle = len(below(bubblewrap))
        future = pool.submit_run([CellTask("import time; time.sleep(2)"), CellTask("print('whole')")], 0)
        while len(running := below(bubblewrap)) == idle:
            assert not future.done()
        os.kill(running[-1], signal.SIGKILL)
        result = future.result()
        assert (result.flags, texts(result)[1]) == ((), "whole\n")


@pytest.mark.needs("bubblewrap")
def test_closing_the_pool_ends_what_runs():
    pool = Pool(jobs=1)
    run_sources(pool, "1")
    future = pool.submit_run([CellTask("import time; time.sleep(100)")], 0)
    [zygote] = children(next(iter(pool._boxes)).process.pid)
    pool.close()
    assert future.cancelled() or isinstance(future.exception(timeout=10), SandboxError)
    wait_for(lambda: not Path(f"/proc/{zygote}").exists(), 20)


def test_without_a_namespace_nothing_of_a_submission_outlives_its_box():
    pool = Pool(jobs=1, isolation="none")
    run_sources(pool, "1")
    zygote = next(iter(pool._boxes)).process.pid
    away = "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)\nwhile True: pass"
    pool.submit_run([CellTask(away)], 0)
    started = [*map(psutil.Process, wait_for(lambda: len(there := below(zygote)) == 2 and there))]
    pool.close()
    wait_for(lambda: all(map(has_ended, started)))


def test_the_assignments_files_are_there_and_one_submissions_changes_are_not_the_next_ones(run):
    files = {"data.csv": b"1,2\n", "more/π.bin": bytes(range(256)) * 2**12, "empty": b""}
    look = "import os\nprint(open('data.csv').read(), os.path.getsize('more/π.bin'), sorted(os.listdir()))"
    change = "open('data.csv', 'w').write('changed'); os.remove('empty')"
    for _ in range(2):
        result = run(look, change, files=files)
        assert texts(result)[0] == "1,2\n 1048576 ['data.csv', 'empty', 'more']\n"
        assert result.flags == ()
    assert texts(run("import os\nprint(os.listdir())")) == ["[]\n"]


@pytest.mark.needs("bubblewrap")
def test_a_list_of_fonts_is_the_graders_own_for_each_submission():
    find = "from pathlib import Path\nfonts, *_ = Path.home().glob('.config/matplotlib/fontlist-*.json')"
    spoil = "print(len(fonts.read_text()) > 1000); fonts.write_text('poisoned')"
    with Pool(jobs=1, figures=False) as bare:
        for _ in range(2):
            assert texts(run_sources(bare, find, spoil))[1] == "True\n"


def test_without_isolation_the_same_protocol_works():
    with Pool(jobs=1, isolation="none", limits=Limits(cell_seconds=3)) as pool:
        result = run_sources(pool, "print(1)", "while True: pass", "print(2)")
        assert (texts(result), result.flags, result.tier) == (["1\n", "", "2\n"], ("timeout",), 0)
        assert run_sources(pool, "import os; os.fork(); 1").flags == ()


def test_what_a_killed_grader_left_is_removed_and_what_is_in_use_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, used = Stage(), Stage()
    os.close(killed._scratch._lock)  # as the kernel does when its process ends
    (tmp_path / "autograde-stage-of-nobody").mkdir()
    Stage().close()
    assert not killed.folder.exists()
    assert (used.folder / "site/descentlab/__init__.py").exists()
    used.close()
    assert list(tmp_path.iterdir()) == []


def test_unprotected_and_as_another_user_who_cannot_read_what_it_needs_is_one_line(monkeypatch):
    monkeypatch.setattr(program, "hidden_from_others", lambda paths: Path("/root"))
    monkeypatch.setattr(program, "another_user", lambda: 12345)
    with pytest.raises(SandboxError, match="who cannot read /root"):
        Pool(jobs=1, isolation="none", another_user=True)
    monkeypatch.setattr(program, "another_user", lambda: None)
    Pool(jobs=1, isolation="none", another_user=True).close()


@pytest.mark.needs("bubblewrap")
def test_a_cover_over_a_hidden_folder_cannot_be_written_by_whoever_owns_it():
    """The mount's options decide: root and an ordinary user have other identities inside."""
    hidden = [path / name for path, names in allowed(()).readable.items() for name in names]
    covers = {inside(path) for path in hidden if path.is_dir()}
    assert covers
    with Pool(jobs=1) as pool:
        (mounts,) = texts(run_sources(pool, "print(open('/proc/self/mounts').read())"))
    options = {line.split()[1]: line.split()[3].split(",") for line in mounts.splitlines() if line.strip()}
    assert {cover: options[cover][0] for cover in covers} == dict.fromkeys(covers, "ro")
