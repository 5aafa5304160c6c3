"""Memory that is no process's own, which a count of resident pages does not see: refused or counted."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support import wait_for

from autograde.sandbox import CellTask, Pool
from autograde.sandbox.box import Box
from autograde.sandbox.limits import MIB
from sandbox.pools import EVERY, children, pool_of, run_sources, texts


@pytest.fixture(scope="module", params=EVERY)
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with pool_of(request.param) as made:
        yield made


SOCKETS = """
import os, socket, time
held = []
for i in range(6):
    if i == 5 or os.fork() == 0:
        try:
            while True:
                a, b = socket.socketpair()
                held += [a, b]
                for end in (a, b):
                    end.setblocking(False)
                    try:
                        while True: end.send(bytes(65536))
                    except BlockingIOError: pass
        except OSError: pass
        time.sleep(20)
"""
# Sockets that no process has any more: on their way in others.
SENT = """
import array, os, socket, time
held = []
for i in range(MANY):
    a, b = socket.socketpair()
    full, other = socket.socketpair()
    full.setblocking(False)
    try:
        while True: full.send(bytes(65536))
    except BlockingIOError: pass
    rights = array.array("i", [full.fileno(), other.fileno()])
    a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    full.close(), other.close(), a.close()
    held.append(b)
time.sleep(20)
"""


def assert_stopped_for_memory(run, source: str, **limits: int) -> None:
    result = run("print('first')", source, "1", **limits)
    assert (result.flags, texts(result)[0]) == (("memory",), "first\n")
    assert "memory" in result.cells[1].outputs[-1]["evalue"]
    assert result.cells[2].outputs == []
    assert run("1").flags == ()


PROCESSES = """
import os, time
for i in range(8):
    if os.fork() == 0:
        b = b'x' * 2**27; time.sleep(20)
time.sleep(20)
"""


def test_memory_is_bounded_for_many_processes_together(run):
    """However many processes the machine has beside theirs."""
    assert run(PROCESSES, memory_bytes=512 * MIB, processes=10).flags == ("memory",)


def test_memory_in_sockets_that_were_sent_away_is_bounded(run, pool):
    """Counted where a box has its own network namespace; nowhere more than a few."""
    if pool.tier > 1:
        assert_stopped_for_memory(run, SENT.replace("MANY", "60"), memory_bytes=64 * MIB)
    [cell] = run(SENT.replace("MANY", "120")).cells
    assert "Too many references" in cell.outputs[-1]["evalue"]


# Each file is watched under many numbers, by many instances: their product, in one process.
WATCHES = """
import os, select, time
watchers, files = [select.epoll() for _ in range(20)], os.pipe()
for file in files:
    for number in range(90, 120):
        os.dup2(file, number)
        for watcher in watchers: watcher.register(number, select.EPOLLIN)
        os.close(number)
"""


def test_watches_of_epoll_are_the_submissions(run):
    """The kernel has so many for all processes of a user: a neighbor's notebook ends without them."""
    more = "import os\nfor _ in range(40):\n    if os.fork() == 0: break\n" + WATCHES + "time.sleep(20)"
    assert_stopped_for_memory(run, more)
    assert run(WATCHES).flags == ()


NAMELESS = """
import os, time
held = []
for number in range(20):
    file = FILE
    file.write(bytes(4 * 2**20)); file.flush(); held.append(file)
"""
REMOVED = NAMELESS.replace("FILE", "open('f', 'w+b'); os.unlink('f')")


@pytest.mark.parametrize("file", ["open('f', 'wb'); os.unlink('f')", "open(os.open('.', 0o20200002), 'wb')"])
def test_files_without_a_name_are_the_submissions(run, pool, file):
    """In tier 1 they lie on the machine's own disk; in the others in a file system that has a size."""
    result = run(NAMELESS.replace("FILE", file) + "time.sleep(20)")
    if pool.tier == 1:
        assert result.flags == ("disk",)
    else:
        assert "No space left" in result.cells[0].outputs[-1]["evalue"]


@pytest.mark.parametrize(("name", "depth"), [("d", 3000), ("d" * 250, 20)])
def test_folders_that_cannot_be_looked_through_are_the_submissions(run, pool, name, depth):
    """Where a box has no file system of its own they are walked through: what lies below would be unseen."""
    source = (
        f"import os, time\nfor _ in range({depth}): os.mkdir('{name}'); os.chdir('{name}')\ntime.sleep(3)"
    )
    result = run("print('first')", source)
    assert result.flags == (("disk",) if pool.tier == 1 else ())
    assert texts(result)[0] == "first\n"
    assert run("1").flags == ()


def test_mapped_files_without_a_name_are_few(run, pool):
    if pool.tier > 1:
        return  # of a file system that has a size
    mapped = "import mmap\nheld = [mmap.mmap(file.fileno(), 4096) for file in held]\ntime.sleep({})"
    source = REMOVED.replace("4 * 2**20", "4096") + mapped
    assert run(source.format(20)).flags == ("disk",)
    assert run(source.replace("range(20)", "range(3)").format(0.5)).flags == ()


ENDED = """
import os, time
for i in range(40):
    if os.fork() == 0: os._exit(0)
time.sleep(1.5)
print("all there")
"""


def test_processes_that_ended_and_were_not_waited_for_hide_nothing(run):
    """The kernel shows what they have opened to nobody, as of those that hide it."""
    result = run(ENDED)
    assert (result.flags, texts(result)) == ((), ["all there\n"])


def test_sockets_and_locks_as_a_notebook_may_have_them_are_not_counted_against_it(run):
    few = SOCKETS.replace("while True:\n                a,", "for i in range(4):\n                a,", 1)
    few = few.replace("time.sleep(20)", "time.sleep(0.5)")
    sqlite = "import sqlite3; d = sqlite3.connect('d'); d.execute('create table t (x)'); d.commit()"
    assert run(few, sqlite).flags == ()


def test_descriptors_are_few(run):
    source = "import os\nheld = []\nwhile len(held) < 200: held.append(os.open('/dev/null', 0))"
    [cell] = run(source).cells
    assert "Too many open files" in cell.outputs[-1]["evalue"]


@pytest.mark.needs("bubblewrap")
def test_a_box_that_the_kernel_ends_for_want_of_memory_is_the_submissions_doing(monkeypatch):
    """Whatever process of it the kernel takes: the first one, too."""
    kills = [0]
    monkeypatch.setattr(Box, "kernel_stops", lambda box: {"memory": kills[0]})
    with pool_of(2) as pool:
        cells = [CellTask("print('first')"), CellTask("import time; time.sleep(60)"), CellTask("1")]
        future = pool.submit_run(cells, 0, replace(pool.limits, cell_seconds=60))
        pid = wait_for(lambda: next(iter(pool._boxes), None)).process.pid
        wait_for(lambda: children(children(pid)[0]))
        time.sleep(1)
        kills[0] = 1
        os.kill(children(pid)[0], signal.SIGKILL)
        result = future.result()
        assert (result.flags, texts(result)[0]) == (("memory",), "first\n")
        assert "memory" in result.cells[1].outputs[-1]["evalue"]
        assert run_sources(pool, "print(1)").flags == ()


@pytest.mark.needs("bubblewrap")
@pytest.mark.skipif(os.geteuid() != 0, reason="not run: only root may write where the kernel looks first")
def test_short_of_memory_the_kernel_ends_a_submission_before_the_process_that_watches_it():
    with pool_of(2) as pool:
        future = pool.submit_run([CellTask("import time; time.sleep(3)")], 0)
        box = wait_for(lambda: next(iter(pool._boxes), None))
        [first] = wait_for(lambda: children(box.process.pid))
        [fork] = wait_for(lambda: children(first) if not future.done() else [0])
        wait_for(lambda: standing(fork) > standing(first))
        assert future.result().flags == ()


def standing(pid: int) -> int:
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text())
