"""Whatever is killed, the gradebook ends as that of a run that nobody disturbed, or one line says why not."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest
from endstate import differences, end_state
from small_course import ASSIGNMENT, make_course
from support import wait_for

from autograde.cluster.cluster_pool import ClusterPool
from autograde.cluster.tls import write_certificates
from autograde.errors import UsageError
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class
from autograde.sandbox import Limits

pytestmark = [pytest.mark.needs("bubblewrap"), pytest.mark.slow]

SUBMISSIONS = 8
GRADE = "from autograde.cli import main; main()"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> tuple[Path, list[str]]:
    """A course before grading, and how it ends on this machine's own pool."""
    before = tmp_path_factory.mktemp("before") / "course"
    make_course(before, SUBMISSIONS)
    (before / ".autograde").mkdir(mode=0o700)
    (before / ".autograde" / "secret").write_bytes(b"s" * 32)
    local = before.parent / "local"
    shutil.copytree(before, local)
    grade_class(GradeOptions(ASSIGNMENT, local, jobs=2))
    return before, end_state(local)


@pytest.fixture
def course(undisturbed, tmp_path) -> Path:
    shutil.copytree(undisturbed[0], tmp_path / "course")
    return tmp_path / "course"


def assert_ends_as(undisturbed: tuple[Path, list[str]], course: Path, address: str, **watched) -> None:
    """Grade there: all is well, and the course ends as one that nobody disturbed."""
    outcome = grade_class(GradeOptions(ASSIGNMENT, course, scheduler=address), Watcher(**watched))
    assert outcome.exit_status == 0
    assert differences(undisturbed[1], end_state(course)) == []


def grader(course: Path, address: str) -> subprocess.Popen:
    words = [sys.executable, "-c", GRADE, "grade", ASSIGNMENT, "--course-dir", str(course)]
    return subprocess.Popen([*words, "--scheduler", address], stdout=subprocess.DEVNULL)


def saved(course: Path) -> int:
    return len(list((course / "autograded").glob("*/*/*.ipynb")))


def test_a_grader_that_is_killed_goes_on_where_it_was(course, undisturbed, machines):
    address = machines.cluster(1)
    first = grader(course, address)
    wait_for(lambda: saved(course) >= 2, 120)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert saved(course) < SUBMISSIONS
    assert_ends_as(undisturbed, course, address)


def test_all_workers_killed_and_new_ones_started(course, undisturbed, machines):
    address = machines.cluster(2)
    workers = list(machines.workers)

    def replace(result: object) -> None:
        while workers:
            workers.pop().send_signal(signal.SIGKILL)
            machines.worker(address)

    assert_ends_as(undisturbed, course, address, done=replace)


def test_a_scheduler_killed_and_started_again(course, undisturbed, machines):
    scheduler, address = machines.scheduler()
    machines.worker(address)
    outcome = grade_class(
        GradeOptions(ASSIGNMENT, course, scheduler=address),
        Watcher(done=lambda result: os.kill(scheduler.pid, signal.SIGKILL)),
    )
    assert outcome.exit_status == 1
    assert "the cluster was lost: the scheduler does not answer any more" in outcome.stopped
    assert "\n" not in outcome.stopped
    assert_ends_as(undisturbed, course, machines.cluster(1))


def test_an_expired_certificate_is_one_line(tmp_path, machines, monkeypatch):
    at_once = SimpleNamespace(datetime=datetime, timezone=timezone, timedelta=lambda days: timedelta())
    monkeypatch.setattr("distributed.security.datetime", at_once)
    machines.certificates = tmp_path / "expired.yaml"
    write_certificates(machines.certificates)
    monkeypatch.setenv("DASK_CONFIG", str(machines.certificates))
    monkeypatch.setattr("autograde.cluster.cluster_pool.CONNECT_SECONDS", 3)
    _, address = machines.scheduler()
    with pytest.raises(UsageError, match=r"(?i)certificate|expired|ssl") as said:
        ClusterPool(address, "auto", Limits())
    assert "\n" not in str(said.value)
