"""A course in one file, and one student's part of it: given out, or erased and nobody else's touched."""

import json
import tarfile
import zipfile

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.grading.course import Course
from autograde.grading.lock import only_grader
from grading.small_course import ASSIGNMENT, WRONG, CourseFolder, answer


@pytest.fixture
def graded(course):
    course.submit("ann")
    course.submit("ben", answer(WRONG))
    course.grade()
    run(course, "feedback", ASSIGNMENT)
    return course


def run(course, *words):
    return CliRunner().invoke(app, [*map(str, words), "--course-dir", str(course.root)])


def files(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_backup_unpacked_is_the_course_and_goes_on_as_it_was(graded, tmp_path):
    out = tmp_path / "away" / "b.tar.gz"
    done = run(graded, "backup", "--out", out)
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o077 == 0, "grades, and the secret"
    with tarfile.open(out) as archive:
        archive.extractall(tmp_path / "back", filter="data")
    back = CourseFolder(tmp_path / "back" / graded.root.name)
    before, after = files(graded.root), files(back.root)
    same = {name for name in before if name.name != "gradebook.db"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    outcome = back.grade()
    assert all(result.unchanged for result in outcome.results)
    assert [result.score for result in outcome.results] == [result.score for result in graded.grade().results]


def test_a_backup_never_overwrites_lies_in_the_course_or_runs_beside_a_grader(graded, tmp_path):
    out = tmp_path / "b.tar.gz"
    assert run(graded, "backup", "--out", graded.root / "b.tar.gz").exit_code == 2
    with only_grader(Course.open(graded.root)):
        assert run(graded, "backup", "--out", out).exit_code == 2
    assert not out.exists()
    assert run(graded, "backup", "--out", out).exit_code == 0
    whole = out.read_bytes()
    assert run(graded, "backup", "--out", out).exit_code == 2
    assert out.read_bytes() == whole
    assert run(CourseFolder(tmp_path / "none"), "backup").exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "course"]


@pytest.mark.parametrize("database", ["submitted", ""])
def test_a_database_on_a_server_leaves_nothing_of_the_course_out_whatever_its_name(
    graded, tmp_path, monkeypatch, database
):
    tool = tmp_path / "bin/pg_dump"
    tool.parent.mkdir()
    tool.write_text(
        '#!/bin/sh\nfor word; do case $word in --file=*) echo dump > "${word#--file=}";; esac; done\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    config = graded.root / "nbgrader_config.py"
    config.write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = 'postgresql+psycopg://nobody@127.0.0.1/{database}'\n"
    )
    done = run(graded, "backup", "--out", tmp_path / "b.tar.gz")
    assert done.exit_code == 0, done.output
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        names = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert names >= {"submitted", "autograded", "feedback", "gradebook.pgdump", config.name}


def test_all_that_is_kept_of_a_student_is_given_out_and_nothing_of_others(graded, tmp_path):
    out = tmp_path / "ben.zip"
    done = run(graded, "student", "export", "ben", "--out", out)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        facts = json.loads(archive.read("student.json"))
    assert {f"submitted/ben/{ASSIGNMENT}/adam.ipynb", f"feedback/ben/{ASSIGNMENT}/adam.html"} < set(names)
    assert not any("ann" in name or "autograded" in name for name in names)
    (grade,) = facts["grades"]
    assert (grade["student"], grade["max_score"]) == ("ben", 10)
    assert any("Adam" in sentence for sentence in grade["said"].values())
    assert "seed" not in json.dumps(facts)


def test_an_erased_student_is_nowhere_and_the_others_are_as_they_were(graded):
    scores = graded.scores("ann")
    before = {name: data for name, data in files(graded.root).items() if "ann" in name.parts}
    asked = run(graded, "student", "erase", "ben")
    assert "nothing was erased" in asked.output
    assert (graded.root / "submitted/ben").exists()
    done = run(graded, "student", "erase", "ben", "--yes")
    assert done.exit_code == 0, done.output
    assert not [name for name in files(graded.root) if "ben" in name.parts]
    assert b"ben" not in (graded.root / "gradebook.db").read_bytes()
    assert {name: data for name, data in files(graded.root).items() if "ann" in name.parts} == before
    assert graded.scores("ann") == scores
    again = run(graded, "student", "erase", "ben", "--yes")
    assert again.exit_code == 2
    assert "nothing is kept of 'ben'" in again.output


@pytest.mark.parametrize("student", ["nobody", "../ann", "", "*"])
def test_a_student_whom_the_course_does_not_know_changes_nothing(graded, student):
    before = files(graded.root)
    for words in (["export", "--out", graded.root / "x.zip"], ["erase", "--yes"]):
        done = CliRunner().invoke(
            app, ["student", *map(str, words), "--course-dir", str(graded.root), "--", student]
        )
        assert done.exit_code == 2, done.output
        assert "nothing is kept" in done.output
    assert files(graded.root) == before
