"""A course in one file, and one student's part of it: given out, or erased and nobody else's touched."""

import json
import os
import tarfile
import zipfile

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.grading.course import Course
from autograde.grading.lock import only_grader
from autograde.grading.open_gradebook import open_gradebook
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


def names_in(out):
    with tarfile.open(out) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def test_a_backup_leaves_out_no_file_whose_name_begins_like_the_gradebooks(graded, tmp_path):
    (graded.root / "gradebook.db.before-exam").write_text("copied by hand")
    (graded.root / "gradebook.db-journal").write_text("of the file itself")
    assert run(graded, "backup", "--out", tmp_path / "b.tar.gz").exit_code == 0
    names = names_in(tmp_path / "b.tar.gz")
    assert names.count("gradebook.db") == names.count("gradebook.db.before-exam") == 1
    assert "gradebook.db-journal" not in names


def test_a_gradebook_in_a_folder_of_the_course_is_copied_to_its_place_and_stands_there_once(graded, tmp_path):
    place = graded.root / "data/gradebook.db"
    place.parent.mkdir()
    (graded.root / "gradebook.db").rename(place)
    (graded.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{place}'\n"
    )
    assert run(graded, "backup", "--out", tmp_path / "b.tar.gz").exit_code == 0
    names = [name for name in names_in(tmp_path / "b.tar.gz") if name.endswith(".db")]
    assert names == ["data/gradebook.db"]


def test_submissions_on_another_disk_are_in_the_backup_and_other_links_stay_links(graded, tmp_path):
    (graded.root / "submitted").rename(tmp_path / "disk")
    (graded.root / "submitted").symlink_to(tmp_path / "disk")
    (graded.root / "all").symlink_to(tmp_path)
    done = run(graded, "backup", "--out", tmp_path / "b.tar.gz")
    assert done.exit_code == 0, done.output
    names = names_in(tmp_path / "b.tar.gz")
    assert f"submitted/ann/{ASSIGNMENT}/adam.ipynb" in names
    assert not [name for name in names if name.startswith("all/")]


def test_submissions_that_the_configuration_puts_elsewhere_are_kept_and_said(graded, tmp_path):
    before = graded.root / "submitted"
    before.rename(tmp_path / "disk")
    lines = [f"c.CourseDirectory.submitted_directory = {str(tmp_path / 'disk')!r}"]
    lines.append("c.CourseDirectory.feedback_directory = 'linked/feedback'")
    (tmp_path / "pages").mkdir()
    (graded.root / "linked").symlink_to(tmp_path / "pages")
    (graded.root / "feedback").rename(tmp_path / "pages/feedback")
    with (graded.root / "nbgrader_config.py").open("a") as config:
        config.write("\n".join(["c = get_config()", *lines, ""]))
    done = run(graded, "backup", "--out", tmp_path / "b.tar.gz")
    assert done.exit_code == 0, done.output
    said = f"{tmp_path / 'disk'} lies outside the course: it is in the file as elsewhere/submitted"
    assert said in done.output.replace("\n", " ")
    kept = (f"submitted/ann/{ASSIGNMENT}/adam.ipynb", f"feedback/ann/{ASSIGNMENT}/adam.html")
    assert {f"elsewhere/{name}" for name in kept} <= set(names_in(tmp_path / "b.tar.gz"))
    done = run(graded, "student", "export", "ann", "--out", tmp_path / "ann.zip")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
        assert set(kept) <= set(archive.namelist())


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


def test_a_file_whose_name_is_in_no_encoding_is_given_out(graded, tmp_path):
    folder = os.fsencode(graded.root / "submitted/ben" / ASSIGNMENT)
    with open(folder + b"/caf\xe9.txt", "w") as file:
        file.write("x")
    done = run(graded, "student", "export", "ben", "--out", tmp_path / "ben.zip")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "ben.zip") as archive:
        assert f"submitted/ben/{ASSIGNMENT}/caf\\udce9.txt" in archive.namelist()


def test_a_student_whose_id_only_stock_nbgrader_takes_can_be_erased(graded):
    student = "o'brien@x.org"
    with open_gradebook(Course.open(graded.root)) as gradebook:
        gradebook.add_student(student)
    graded.submit(student)
    done = run(graded, "student", "erase", student, "--yes")
    assert done.exit_code == 0, done.output
    assert not (graded.root / "submitted" / student).exists()
    assert "nothing is kept" in run(graded, "student", "erase", student, "--yes").output


def test_a_folder_that_cannot_be_looked_into_is_left_out_of_no_export_unsaid(graded, tmp_path, monkeypatch):
    look = os.scandir

    def closed(path):
        if str(path).endswith(f"ben/{ASSIGNMENT}"):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", closed)
    done = run(graded, "student", "export", "ben", "--out", tmp_path / "ben.zip")
    assert done.exit_code == 2
    assert "Permission denied" in done.output
    assert not (tmp_path / "ben.zip").exists()
