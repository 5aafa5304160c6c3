"""How many submissions a second the grader itself keeps up with, whatever the number of workers.

    python benchmarks/replay.py 06-adam                    every answer of a lesson, recorded and replayed
    python benchmarks/replay.py --postgresql               into a PostgreSQL gradebook
    python benchmarks/replay.py --keep FOLDER              keep what was recorded, for the next time

Workers' answers are recorded from this machine's sandbox, for a few students of each lesson. Then a class is graded
from the recording into a real gradebook. Students take turns in the recorded seeds, more of them than the judge keeps
references: no answer was judged before. The rate counts from the end of the first fifth until the last is read.
"""

import argparse
import hashlib
import pickle
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest import mock

from replaying import PLACES

from autograde.cluster import cluster_pool
from autograde.cluster.worker import Task, pack_result, pack_task
from autograde.course.assignments import SOURCE
from autograde.course.course import seed_of
from autograde.entries.entry import ClassOutcome
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class
from autograde.pipeline import run_cells, settings
from autograde.sandbox import Pool

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import postgres
from small_course import ASSIGNMENT, make_course, register

SOLUTIONS = Path(__file__).resolve().parents[1] / SOURCE
SECRET = b"recorded" * 4
IN_FLIGHT = 2 * PLACES
FEWEST = 2 * IN_FLIGHT  # submissions
EXPECTED = 25.0  # submissions a second


class Recorder(Pool):
    """A pool of this machine that keeps what a worker would answer, by the digest of its task."""

    answers: dict[bytes, bytes]

    def submit_run(self, cells, seed, limits=None, files=None):
        """As `Pool.submit_run`."""
        future = super().submit_run(cells, seed, limits, files)
        task = pack_task(Task(tuple(cells), seed, limits or self.limits, files or {}))
        digest = hashlib.sha256(task).digest()
        future.add_done_callback(lambda done: self.answers.update({digest: pack_result(done.result())}))
        return future


def make(root: Path, name: str, submissions: int, kinds: int, database: str | None = None) -> None:
    """A course in which everybody hands in the complete lesson, or the small assignment."""
    make_course(root, submissions, None if name == ASSIGNMENT else SOLUTIONS / name)
    if name == ASSIGNMENT:  # no two are alike
        students = sorted((root / "submitted").iterdir())
        for number, student in enumerate(students[kinds:], kinds):
            shutil.copytree(students[number % kinds], student, dirs_exist_ok=True)
    (root / ".autograde").mkdir(mode=0o700)
    (root / ".autograde" / "secret").write_bytes(SECRET)
    if database:
        postgres.configure(root, database)
    register(root, name)


@contextmanager
def repeated_seeds(kinds: int) -> Iterator[None]:
    """The seeds of so many students, over and over."""

    def repeated(secret: bytes, student: str, *place: str) -> int:
        return seed_of(secret, str(int(student[1:]) % kinds), *place)

    with mock.patch.object(run_cells, "seed_of", repeated):
        yield


def record(name: str, kinds: int, jobs: int, recording: Path) -> None:
    """Grade a few students' submissions here and keep what workers would answer."""
    Recorder.answers = {}
    with tempfile.TemporaryDirectory(prefix="autograde-record-") as scratch:
        root = Path(scratch) / "course"
        make(root, name, kinds, kinds)
        with mock.patch.object(settings, "Pool", Recorder):
            outcome = grade_class(GradeOptions(name, root, jobs=jobs))
    if any(result.status != "graded" for result in outcome.results):
        raise SystemExit(f"{name}: {outcome.stopped or outcome.results}")
    recording.write_bytes(pickle.dumps((outcome.results[0].tier, Recorder.answers)))


class Clock:
    """When results came."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def done(self, result: object) -> None:
        """Called for every result."""
        self.seconds.append(time.perf_counter())

    def rate(self) -> float:
        """Submissions a second, after the first fifth, and without those in flight when the last is read."""
        first, last = len(self.seconds) // 5, len(self.seconds) - IN_FLIGHT - 1
        return (last - first) / (self.seconds[last] - self.seconds[first])


def replay(
    name: str, submissions: int, kinds: int, recording: Path, database: str | None
) -> tuple[Clock, ClassOutcome]:
    """Grade a class from a recording."""
    clock = Clock()
    client = (str(Path(__file__).with_name("replaying.py")), str(recording))
    with tempfile.TemporaryDirectory(prefix="autograde-replay-") as scratch:
        root = Path(scratch) / "course"
        make(root, name, submissions, kinds, database)
        with mock.patch.object(cluster_pool, "CLIENT", client):
            outcome = grade_class(
                GradeOptions(name, root, scheduler="tls://127.0.0.1:1"), Watcher(done=clock.done)
            )
    return clock, outcome


def _first_lost(outcome: ClassOutcome) -> object:
    return next(result for result in outcome.results if result.status != "graded")


def main() -> int:
    """Returns 1 where the grader does not keep up with 25 submissions a second, or a submission is lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lesson", nargs="*", help="folders in solutions/, or small; all lessons by default")
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--kinds", type=int, default=20, help="recorded students of a lesson")
    parser.add_argument("--jobs", type=int, default=2, help="boxes that record")
    parser.add_argument("--keep", type=Path, help="the folder of recordings")
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    if asked.submissions < FEWEST:
        parser.error(f"--submissions: at least {FEWEST}, as {IN_FLIGHT} are in flight at once")
    lessons = asked.lesson or sorted(path.parent.name for path in SOLUTIONS.glob("*/*.ipynb"))
    slow = []
    with tempfile.TemporaryDirectory() as scratch, repeated_seeds(asked.kinds):
        for name in lessons:
            recording = (asked.keep or Path(scratch)) / f"{name}.recorded"
            if not recording.exists():
                recording.parent.mkdir(parents=True, exist_ok=True)
                record(name, asked.kinds, asked.jobs, recording)
            with postgres.server() if asked.postgresql else nullcontext() as database:
                clock, outcome = replay(name, asked.submissions, asked.kinds, recording, database)
            graded = sum(result.status == "graded" for result in outcome.results)
            rate = clock.rate()
            print(f"{name:<14}{rate:10.1f} a second", flush=True)
            if graded != asked.submissions:
                why = outcome.stopped or _first_lost(outcome)
                print(f"{'':14}{graded} of {asked.submissions} graded: {why}")
            if rate < EXPECTED or graded != asked.submissions:
                slow.append(name)
    if slow:
        print(f"slower than {EXPECTED:.0f} a second, or not whole: {', '.join(slow)}")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
