"""A gradebook in PostgreSQL: a real server, started here, gives what a file gives; without it one line."""

import json
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, CONFIG, WRONG, CourseFolder, answer
from postgres import server
from sqlalchemy import Column, MetaData, String, Table, create_engine, text, update
from sqlalchemy.exc import DBAPIError
from support import ROOT

from autograde.book import submission_rows
from autograde.book.class_results import graded_assignment, read_class
from autograde.book.gradebook import course_gradebook, open_gradebook
from autograde.book.tables import GradebookTable, writing
from autograde.course.course import Course
from autograde.errors import UsageError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address():
    """An empty database of a server of its own."""
    with server() as url:
        yield url


def with_database(root: Path, url: str, secret: bytes = bytes(32)) -> CourseFolder:
    """A course of this secret: the server may know rows that were graded with it."""
    course = CourseFolder.make(root)
    (root / ".autograde").mkdir(mode=0o700)
    (root / ".autograde/secret").write_bytes(secret)
    course.configure(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n{CONFIG}")
    return course


def everything(course, tmp_path, name):
    """What each command gives of the same class."""
    course.submit("ann")
    course.submit("ben", answer(WRONG))
    course.submit("cat", "not a notebook")
    results = [
        {key: value for key, value in one.as_json().items() if key not in ("seconds", "tier")}
        for one in course.grade().results
    ]
    again = course.grade().results
    assert all(one.unchanged for one in again)
    assert course.run("feedback 06-adam").exit_code == 0
    pages = {path.parts[-3]: path.read_text() for path in course.root.glob("feedback/*/*/*.html")}
    report = course.run("report 06-adam")
    assert report.exit_code == 0, report.output
    export = course.run("export 06-adam --out", tmp_path / f"{name}.csv")
    assert export.exit_code in (0, 1), export.output
    return results, pages, report.output.splitlines()[:-1], (tmp_path / f"{name}.csv").read_text()


@pytest.mark.needs("postgresql")
def test_every_command_gives_on_postgresql_what_it_gives_on_a_file(address, tmp_path):
    on_file = CourseFolder.make(tmp_path / "file")
    assert on_file.run("release 06-adam").exit_code == 0
    first = everything(on_file, tmp_path, "file")
    secret = (on_file.root / ".autograde/secret").read_bytes()
    on_server = with_database(tmp_path / "server", address, secret)  # the same problems
    released = on_server.run("release 06-adam")
    assert released.exit_code == 0, released.output
    assert everything(on_server, tmp_path, "server") == first
    assert not (on_server.root / "gradebook.db").exists()
    assert json.dumps(first[0])


@pytest.mark.needs("postgresql")
def test_a_dump_by_the_lines_of_the_page_is_put_back_and_a_student_can_be_erased(address, tmp_path):
    course = with_database(tmp_path / "course", address)
    course.submit("zoe")
    course.grade()
    dump, load = re.findall("(?m)^    (pg_.+)$", (ROOT / "docs/privacy.md").read_text("utf-8"))
    erase = "student", "erase", "zoe", "--yes"
    for line in (dump, load):
        typed = line.replace("postgresql://USER@HOST/DATABASE", address.replace("+psycopg", ""))
        subprocess.run(typed, shell=True, cwd=tmp_path, check=True)
        assert course.run(*erase).exit_code == 0
    assert course.run(*erase).exit_code == 2


@pytest.mark.parametrize("place", ["file", pytest.param("server", marks=pytest.mark.needs("postgresql"))])
def test_what_is_saved_while_a_command_reads_waits_for_nobody_and_counts_from_the_next_on(
    place, request, tmp_path, monkeypatch
):
    root, read_rows = tmp_path / "course", submission_rows.read_rows
    course = (
        CourseFolder.make(root)
        if place == "file"
        else with_database(root, request.getfixturevalue("address"))
    )
    course.submit("ann", answer(WRONG))
    (before,) = course.grade("ann").results

    def and_meanwhile_grade(*asked):
        monkeypatch.undo()
        rows = read_rows(*asked)
        course.submit("ann", answer())
        (after,) = course.grade("ann").results
        assert after.score > before.score
        return rows

    monkeypatch.setattr(submission_rows, "read_rows", and_meanwhile_grade)
    read = []
    for _ in range(2):
        with graded_assignment(course.root, ASSIGNMENT) as (of, gradebook, key):
            read.append(read_class(of, gradebook, key).graded["ann"])
            with pytest.raises(DBAPIError):
                gradebook.db.execute(update(submission_rows.TABLE).values(tier=0))
    assert read[0].score == before.score < read[1].score
    assert not any(one.self_reported for one in read)


def put_row(root: Path, name: str, meanwhile) -> None:
    """Write a row into a table of ours that may not be there yet."""
    with course_gradebook(root) as (_, gradebook), gradebook.transaction():
        GradebookTable("autograde_at_once", "name").put(gradebook, [{"name": name}])
        meanwhile()


def make_table(root: Path, name: str, meanwhile) -> None:
    """Make a table as the gradebook's own are made."""
    engine = create_engine(Course.open(root).directory.db_url)
    with writing(engine) as connection:
        Table("made_at_once", MetaData(), Column("name", String(9))).create(connection, checkfirst=True)
        meanwhile()
    engine.dispose()


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("write", [put_row, make_table])
def test_of_two_commands_that_make_a_table_at_once_the_second_waits_for_the_first(address, tmp_path, write):
    root = with_database(tmp_path / "course", address).root
    engine = create_engine(address)

    def until_the_second_waits():
        second.append(threads.submit(write, root, "second", lambda: None))
        with engine.connect() as connection:
            waiting = text("select count(*) from pg_locks where not granted")
            while not connection.execute(waiting).scalar() and not second[0].done():
                time.sleep(0.02)

    second = []
    with ThreadPoolExecutor(1) as threads:
        write(root, "first", until_the_second_waits)
    assert second[0].result() is None
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+pg8000://u:secret@h/d", "[postgresql]"),
        ("postgresql+nosuch://u:secret@h/d", "postgresql+psycopg://"),
        ("postgresql+psycopg://u:secret@h:port/d", "not a database's address"),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/d", "cannot be opened"),
        ("postgresql+psycopg://u:secret@[::1]:1/d", "cannot be opened"),
        ("postgresql+psycopg://127.0.0.1:1/d?user=u&password=secret", "cannot be opened"),
        ("postgresql+psycopg://127.0.0.1:1/d?nosuch=1&sslpassword=secret", "is not a gradebook"),
        ("postgresql+psycopg://u:pass@secret@127.0.0.1:1/d", "not a database's address"),
        ("postgresql+psycopg://u:a/secret@127.0.0.1:1/d", "not a database's address"),
        ("postgresql+psycopg://127.0.0.1:1/d password=secret", "not a database's address"),
        ("postgresql+psycopg://u:secret@[::1:1/d", "not a database's address"),
        ("host=127.0.0.1 password=secret", "not a database's address"),
    ],
)
def test_what_is_missing_is_one_line_without_the_password(tmp_path, url, said):
    if "psycopg://" in url:
        pytest.importorskip("psycopg")
    course = with_database(tmp_path / "course", url)
    with pytest.raises(UsageError) as raised:
        open_gradebook(Course.open(course.root))
    line = str(raised.value)
    assert said in line
    assert "secret" not in line
    assert "\n" not in line.strip()
