"""Formgrader's pages of a large class, over HTTP: what a person who grades waits for.

    python benchmarks/formgrader.py demo                 (demo: what `autograde demo` has made)
    python benchmarks/formgrader.py demo --postgresql    the gradebook in a PostgreSQL server of its own

A page is its HTML and what its script asks for then, one after the other. Each is opened several times.
Printed are seconds by the clock, the median and the worst, the processor's, of server and database, and
these as a ratio to the page of one submission.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil
from large_course import NOTEBOOK, ORIGIN, class_asked_for, make_large
from sqlalchemy import MetaData, create_engine, insert, select

from autograde.book.gradebook import open_gradebook
from autograde.book.submission_rows import prepare
from autograde.course.course import Course

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import postgres

TOKEN = "formgrader-benchmark"
ONE = "one submission"


@dataclass(frozen=True)
class Server:
    """A running Jupyter server of a course."""

    port: int
    process: psutil.Process

    def get(self, path: str) -> bytes:
        """What it answers; an answer that is no page ends the benchmark."""
        asked = Request(f"http://127.0.0.1:{self.port}/{path}", headers={"Authorization": f"token {TOKEN}"})
        with urlopen(asked, timeout=600) as answer:
            return answer.read()

    def processor_seconds(self) -> float:
        """What the server has used, and the database's processes that serve it."""
        of_database = [one for one in psutil.process_iter(["name"]) if one.info["name"] == "postgres"]
        used = [one.cpu_times() for one in (self.process, *of_database)]
        return sum(one.user + one.system for one in used)


@contextmanager
def served(course: Path) -> Iterator[Server]:
    """A server for the course's folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-P", "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={course}"]
    words += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    with open(course.parent / "server.log", "wb") as log:
        process = subprocess.Popen([sys.executable, *words], cwd=course, stdout=log, stderr=log)
    try:
        server = Server(port, psutil.Process(process.pid))
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def _wait(server: Server) -> None:
    for _ in range(600):
        try:
            server.get("formgrader/api/status")
            return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit("the server does not answer")


def pages(server: Server) -> dict[str, list[str]]:
    """What each page asks the server for."""
    listed = f"formgrader/api/submitted_notebooks/{ORIGIN}/{NOTEBOOK}"
    first = json.loads(server.get(listed))[0]
    one, who = first["id"], first["student"]
    of_one = [f"api/{kind}?submission_id={one}" for kind in ("grades", "comments")]
    paths = {
        ONE: [f"submissions/{one}/", *of_one],
        "the next submission": [f"submissions/{one}/next"],
        "manage assignments": ["manage_assignments", "api/assignments"],
        "submissions of an assignment": [f"manage_submissions/{ORIGIN}", f"api/submissions/{ORIGIN}"],
        "manual grading: assignments": ["gradebook", "api/assignments"],
        "manual grading: notebooks": [f"gradebook/{ORIGIN}", f"api/notebooks/{ORIGIN}"],
        "manual grading: submissions": [
            f"gradebook/{ORIGIN}/{NOTEBOOK}",
            f"api/submitted_notebooks/{ORIGIN}/{NOTEBOOK}",
        ],
        "students": ["manage_students", "api/students"],
        "one student": [f"manage_students/{who}", f"api/student_submissions/{who}"],
        "one student's assignment": [
            f"manage_students/{who}/{ORIGIN}",
            f"api/student_notebook_submissions/{who}/{ORIGIN}",
        ],
    }
    return {page: [f"formgrader/{path}" for path in asked] for page, asked in paths.items()}


def measure(server: Server, times: int) -> None:
    """Print the seconds of each page."""
    ratio_to = 0.0
    print(f"{'':30s} {'median':>8s} {'worst':>8s} {'processor':>10s} {'ratio':>8s}")
    for page, paths in pages(server).items():
        clock, processor = [], []
        for _ in range(times):
            began, used = time.perf_counter(), server.processor_seconds()
            for path in paths:
                server.get(path)
            clock.append(time.perf_counter() - began)
            processor.append(server.processor_seconds() - used)
        ratio_to = ratio_to or median(processor)
        said = f"{median(clock):8.2f} {max(clock):8.2f} {median(processor):10.2f}"
        print(f"{page:30s} {said} {median(processor) / ratio_to:8.1f}", flush=True)


def move_gradebook(course: Path, database: str) -> None:
    """Copy the gradebook's rows into an empty database, and let the course use that."""
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write(f"\nc.CourseDirectory.db_url = {database!r}\n")
    with closing(open_gradebook(Course.open(course))) as gradebook:
        prepare(gradebook)
        there = MetaData()
        there.reflect(gradebook.engine)
        source = create_engine(f"sqlite:///{course / 'gradebook.db'}")
        with source.connect() as old, gradebook.engine.begin() as new:
            for table in there.sorted_tables:
                if not new.execute(select(table).limit(1)).first():
                    rows = [dict(row._mapping) for row in old.execute(select(table))]
                    if rows:
                        new.execute(insert(table), rows)
        with gradebook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def main() -> None:
    """Make the class, start the server, ask for every page."""
    parser = class_asked_for(__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="autograde-formgrader-") as scratch,
        postgres.server() if asked.postgresql else nullcontext() as database,
    ):
        course = make_large(asked, scratch)
        if database:
            move_gradebook(course, database)
        with served(course) as server:
            measure(server, asked.times)


if __name__ == "__main__":
    main()
