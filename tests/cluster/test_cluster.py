"""Workers in other processes: the same scores, nothing open, and an end whatever ends."""

import asyncio
import os
import re
import signal
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import psutil
import pytest
from course_folder import hand_in, run_in
from sandbox.test_drawn_outside import FRAME, RIGHT, SEEDS, fraction
from small_course import ASSIGNMENT, make_course
from support import has_ended, wait_for
from typer.testing import CliRunner

from autograde.cli import app
from autograde.cluster import client
from autograde.cluster.cluster_pool import ClusterPool
from autograde.errors import CourseError, UsageError
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.sandbox import CellTask, Limits, SandboxError
from autograde.sandbox.inside import frames

pytestmark = pytest.mark.needs("bubblewrap")

# What a worker does whose submission, or whose owner, is up to no good: loaded by Dask before it works.
EVIL = """
import os, time
from autograde.cluster import worker

run = getattr(worker.run, "honest", worker.run)  # a preload may be loaded twice

def evil(task, *asked):
    if b"KILL" in task:
        os.kill(os.getpid(), 9)
    if b"GARBAGE" in task:
        return b"\\x80\\x05garbage"
    if b"GIGABYTES" in task:
        return bytes(2**28)
    if b"OBJECT" in task:
        return Exploding()
    if b"RAISE" in task:
        raise Exploding("boom")
    if b"FULL MARKS" in task:
        return worker.pack_result(worker.unpack_task(task))
    return run(task, *asked)

class Exploding(Exception):
    def __reduce__(self):
        return os.mkdir, (os.environ["PROOF"],)

evil.honest = run
worker.run = evil
"""
OTHER = """
from autograde.cluster import worker

found = worker.versions()
worker.versions = lambda: {**found, "numpy": "0.1"}
run = getattr(worker.run, "honest", worker.run)

def other(*asked):
    reply = run(*asked)
    return reply if reply is None else worker.pack_error("it took a task")

other.honest = run
worker.run = other
"""


def joining(address: str, limits: Limits | None = None, **more) -> ClusterPool:
    """A pool of a scheduler's workers, in each one's best tier."""
    return ClusterPool(address, "auto", limits or Limits(), **more)


def printing(pool: ClusterPool, text: str, seconds: int = 0) -> Future:
    """A submission that prints the text, after so many seconds."""
    return pool.submit_run([CellTask(f"import time; time.sleep({seconds}); print({text!r})")], 0)


def text_of(future: Future) -> str:
    return future.result(timeout=60).cells[0].outputs[0]["text"]


def preload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let workers that start here load the code before they work."""
    (tmp_path / "preloaded.py").write_text(code)
    monkeypatch.setenv("DASK_DISTRIBUTED__WORKER__PRELOAD", f'["{tmp_path}/preloaded.py"]')


@pytest.fixture
def evil(tmp_path, monkeypatch):
    """Two workers here that do what a submission says; the file that tells that something was unpickled."""
    preload(tmp_path, monkeypatch, EVIL)
    monkeypatch.setenv("PROOF", str(tmp_path / "proof"))
    return tmp_path / "proof"


def test_a_cluster_gives_the_scores_that_this_machine_gives(tmp_path, machines):
    make_course(tmp_path / "course", 4)
    local = grade_class(GradeOptions(ASSIGNMENT, tmp_path / "course", jobs=1))
    remote = grade_class(
        GradeOptions(ASSIGNMENT, tmp_path / "course", force=True, scheduler=machines.cluster(2))
    )
    kept = [(result.student, result.score, result.flags, result.tier) for result in local.results]
    assert [(result.student, result.score, result.flags, result.tier) for result in remote.results] == kept
    assert [score for _, score, _, _ in kept] == [5.0, 0.0, 5.0, 0.0]


def test_an_own_assignment_is_graded_there_by_its_released_solution(tmp_path, machines):
    course = tmp_path / "course"
    CliRunner().invoke(app, ["new", "course", str(course), "--empty"])
    run_in(course, "new assignment hw1")
    run_in(course, "release hw1")
    hand_in(course, "hw1", "right")
    hand_in(course, "hw1", "wrong", {"mean": "def weighted_mean(values, weights):\n    return values[0]"})
    done = run_in(course, "grade hw1 --scheduler", machines.cluster(1))
    assert re.search(r"right +7 / 10", done.output), done.output
    assert re.search(r"wrong +5 / 10", done.output), done.output


@pytest.mark.slow
def test_a_worker_gets_the_files_and_nothing_of_the_client_is_left_afterwards(machines):
    with joining(machines.cluster(2)) as pool:
        run = pool.submit_run([CellTask("print(open('given').read())")], 0, files={"given": b"there"})
        assert text_of(run) == "there\n"
        assert pool.slots == 2
        client = psutil.Process(pool.process.pid)
        family = [client, *client.children(recursive=True)]
    wait_for(lambda: all(map(has_ended, family)), 10)  # the kernel takes a moment to end what it was told to


@pytest.mark.slow
def test_a_submission_gets_from_a_worker_no_more_than_from_this_machine(machines):
    with joining(machines.cluster(1)) as workers:
        found = [fraction(workers, "momentum/read-off", answer) for answer in (FRAME, SEEDS)]
        right = [fraction(workers, check, answer) for check, answer in RIGHT.items()]
    assert (found, right) == ([0, 0], [1, 1])


@pytest.mark.slow
def test_what_a_submission_prints_is_not_a_workers_refusal(machines):
    """A worker that refuses is sent away: a submission could end the whole class."""
    address = machines.cluster(1)
    with joining(address) as pool:
        assert text_of(printing(pool, "refused: ")) == "refused: \n"
        assert text_of(printing(pool, "after")) == "after\n"
        assert machines.workers[0].poll() is None


def test_a_client_that_names_no_number_loses_the_cluster_and_nobody_waits_for_ever():
    pool = ClusterPool.__new__(ClusterPool)
    pool._connection, client = socket.socketpair()
    pool._asked, pool._lost, pool._lock, pool._closing = {}, None, Lock(), False
    client.sendall(frames.pack({"reply": []}))
    pool._read()
    assert "nobody asked for" in pool._lost


@pytest.mark.usefixtures("trusted")
def test_a_stranger_with_other_certificates_runs_nothing(joined):
    from distributed import Client, Security

    with pytest.raises(OSError, match=r"(?i)ssl|certificate|timed out"):
        Client(joined, security=Security.temporary(), timeout=3, set_as_default=False)
    with joining(joined) as pool:
        assert text_of(printing(pool, "ours")) == "ours\n"


@pytest.mark.usefixtures("trusted")
def test_the_process_that_speaks_with_dask_sees_neither_the_course_nor_the_grader(tmp_path, joined):
    course = tmp_path / "course"
    make_course(course, 1)
    (tmp_path / "grades.db").write_text("grades")
    with joining(joined, withheld={"the course": course}, files=[tmp_path / "grades.db"]) as pool:
        assert text_of(printing(pool, "ours")) == "ours\n"
        children = psutil.Process(pool.process.pid).children(recursive=True)
        (client,) = [
            child for child in children if child.cmdline()[1:3] == ["-m", "autograde.cluster.client"]
        ]
        view = Path(f"/proc/{client.pid}/root")
        assert list((view / course.relative_to("/")).iterdir()) == []
        with pytest.raises(PermissionError):
            (view / tmp_path.relative_to("/") / "grades.db").read_bytes()
        assert not (view / f"proc/{os.getpid()}").exists()
    assert (course / "solutions").is_dir()


@pytest.mark.slow
def test_whatever_a_worker_answers_the_class_goes_on_and_nothing_is_unpickled_here(evil, machines):
    with joining(machines.cluster(2)) as pool:
        odd = {
            name: printing(pool, name) for name in ("GARBAGE", "GIGABYTES", "OBJECT", "RAISE", "FULL MARKS")
        }
        honest = [printing(pool, str(number)) for number in range(4)]
        said = {name: str(future.exception(timeout=60)) for name, future in odd.items()}
        assert [text_of(one) for one in honest] == [f"{number}\n" for number in range(4)]
    assert "gave no result" in said["GARBAGE"]
    assert "tls://127.0.0.1" in said["GARBAGE"]
    assert "268435456 bytes" in said["GIGABYTES"]
    assert all(isinstance(future.exception(), SandboxError) for future in odd.values())
    assert not evil.exists()


@pytest.mark.slow
def test_a_submission_that_kills_every_worker_is_given_up_and_none_beside_it(evil, machines):
    _, address = machines.scheduler()
    machines.worker(address, threads=2, nanny=True)
    with joining(address) as pool:
        killer = printing(pool, "KILL")
        honest = [printing(pool, "there", 2) for _ in range(2)]
        assert [text_of(one) for one in honest] == ["there\n"] * 2
        assert str(killer.exception(timeout=60)) == "3 workers ended while they ran it"
        assert text_of(printing(pool, "after")) == "after\n"


@pytest.mark.slow
def test_a_killed_worker_costs_nobody_anything(machines):
    with joining(machines.cluster(2)) as pool:
        runs = [printing(pool, "there", 1) for _ in range(3)]
        time.sleep(0.5)
        machines.workers[0].kill()
        assert [text_of(run) for run in runs] == ["there\n"] * 3


@pytest.mark.slow
def test_a_worker_that_hangs_is_sent_away_and_costs_nobody_anything(monkeypatch, machines):
    monkeypatch.setattr("autograde.cluster.cluster_pool.TIME_FACTOR", 0)
    monkeypatch.setattr("autograde.cluster.cluster_pool.SPARE_SECONDS", 10.0)
    with joining(machines.cluster(2)) as pool:
        machines.workers[0].send_signal(signal.SIGSTOP)
        runs = [printing(pool, str(number)) for number in range(4)]
        assert [text_of(run) for run in runs] == [f"{number}\n" for number in range(4)]


def test_a_lost_client_is_said_and_nothing_more_can_be_asked(machines):
    with joining(machines.cluster(1)) as pool:
        run = printing(pool, "never", 60)
        os.kill(pool.process.pid, signal.SIGKILL)
        assert "the cluster was lost" in str(run.exception(timeout=60))
        with pytest.raises(CourseError, match="the cluster was lost"):
            printing(pool, "x")


@pytest.mark.slow
def test_a_worker_without_bubblewrap_is_refused_with_its_name(tmp_path, machines):
    (tmp_path / "bin").mkdir()
    _, address = machines.scheduler()
    machines.worker(address, PATH=str(tmp_path / "bin"))
    with pytest.raises(
        UsageError, match=r"worker tls://127\.0\.0\.1:\d+ (offers tier 1|cannot grade)"
    ) as said:
        joining(address)
    assert "\n" not in str(said.value)


@pytest.mark.slow
def test_a_worker_of_another_version_is_refused_and_one_that_joins_later_gets_no_work(tmp_path, machines):
    (tmp_path / "other.py").write_text(OTHER)
    address = machines.cluster(1)
    with joining(address) as pool:
        late = machines.worker(address, "--preload", str(tmp_path / "other.py"))
        runs = [printing(pool, str(number)) for number in range(8)]
        assert [text_of(run) for run in runs] == [f"{number}\n" for number in range(8)]
        late.wait(60)
    machines.worker(address, "--preload", str(tmp_path / "other.py"))
    with pytest.raises(UsageError, match=r"worker tls://127\.0\.0\.1:\d+ has .*'numpy': '0\.1'"):
        joining(address)


@pytest.mark.slow
def test_a_submission_that_may_use_more_memory_than_a_worker_has_is_refused_up_front(machines):
    address = machines.cluster(1)
    with pytest.raises(UsageError, match="MiB of memory"):
        joining(address, Limits(memory_bytes=2**60))


@pytest.mark.slow
def test_a_worker_that_does_not_check_in_is_named(monkeypatch):
    """Two workers, of which one answers nothing."""

    class Scheduler:
        async def ncores(self):
            return {"tls://here:1": 1, "tls://there:2": 1}

    class Asked:
        scheduler = Scheduler()

        async def wait_for_workers(self, *words, **named):
            pass

        async def run(self, function, boxes, limits, workers, on_error):
            if workers == ["tls://there:2"]:
                await asyncio.sleep(60)
            return {workers[0]: frames.pack({"versions": {}, "tier": 2})}

    monkeypatch.setattr(client, "CHECK_IN_SECONDS", 0.1)
    settings = client.ClientSettings("tls://scheduler:1", 1.0, "{}", 2, {})
    why = "the worker tls://there:2 cannot grade: it has not answered"
    with ThreadPoolExecutor(1) as thread:  # a browser's tests leave a loop running in this one
        asked = thread.submit(lambda: asyncio.run(client.check_workers(Asked(), settings)))
        with pytest.raises(client.RefusedError, match=why):
            asked.result()


@pytest.mark.slow
def test_what_is_not_there_is_said_in_one_line(machines, monkeypatch):
    monkeypatch.setattr("autograde.cluster.cluster_pool.CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tls://127.0.0.1:9"):
        joining("tls://127.0.0.1:9")
    _, address = machines.scheduler()
    with pytest.raises(UsageError, match="no workers"):
        joining(address)
    monkeypatch.delenv("DASK_CONFIG")
    monkeypatch.setenv("HOME", "/nonexistent")
    with pytest.raises(UsageError, match="no certificates"):
        joining(address)
