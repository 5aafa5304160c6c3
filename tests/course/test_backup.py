"""A course in one file, and one student's part of it: given out, or erased and nobody else's touched."""

import os
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, WRONG, CourseFolder, answer
from sqlalchemy import create_engine
from typer.testing import CliRunner

from autograde.cli import app
from autograde.course.backup import restore_backup
from autograde.course.course import Course, only_grader
from autograde.course.gradebook import open_gradebook
from autograde.course.tables import make_tables
from autograde.errors import UsageError


def two_graded(course):
    course.submit("ann")
    course.submit("ben", answer(WRONG))
    course.grade()
    course.run("feedback", ASSIGNMENT)


@pytest.fixture
def graded(after):
    return after(two_graded)


def tree_of(student, root):
    return {name: data for name, data in tree(root).items() if student in name.parts}


def restore(*words):
    """`autograde restore`: its exit status, and the one line that it says."""
    done = CliRunner().invoke(app, ["restore", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    (line,) = done.output.splitlines()
    return done.exit_code, line


def tree(root):
    """Every file and folder: its mode, its bytes and its time."""
    return {
        path.relative_to(root): (
            path.lstat().st_mode,
            os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else b"",
            None if path.is_dir() else int(path.lstat().st_mtime),
        )
        for path in [root, *root.rglob("*")]
        if path.name != "lock"
    }


@pytest.fixture
def backed_up(graded, tmp_path):
    """A course with odd modes, a link and two names of one file, and its backup."""
    graded.root.chmod(0o2750)
    (graded.root / "nbgrader_config.py").touch(0o600)
    (graded.root / "gradebook.db").chmod(0o660)
    (graded.root / "notes").symlink_to("/nowhere")
    os.link(graded.root / "nbgrader_config.py", graded.root / "same")
    os.utime(graded.root / "solutions" / ASSIGNMENT / "adam.ipynb", (1, 1))
    assert graded.run("backup", "--out", tmp_path / "b.tar.gz").exit_code == 0
    return tmp_path / "b.tar.gz"


def test_a_restored_course_has_the_modes_links_and_times_that_it_had(graded, backed_up, tmp_path):
    (tmp_path / "back").mkdir()
    os.umask(os.umask(0) | 0o002)
    assert restore(backed_up, tmp_path / "back/autumn")[0] == 0
    before, after = tree(graded.root), tree(tmp_path / "back/autumn")
    database = next(name for name in before if name.name == "gradebook.db")
    assert before.pop(database)[0] == after.pop(database)[0]
    assert after == before
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["autumn"]
    assert backed_up.stat().st_mode & 0o077 == 0, "grades, and the secret"
    outcome = CourseFolder(tmp_path / "back/autumn").grade()
    assert [(result.unchanged, result.score) for result in outcome.results] == [(True, 7.0), (True, 2.0)]


def test_a_course_is_restored_under_its_own_name_here(backed_up, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert restore(backed_up)[0] == 0
    assert (tmp_path / "here/course/gradebook.db").exists()


def test_in_a_course_what_is_lost_is_restored_and_what_is_there_stays(graded, backed_up, tmp_path):
    whole = tree(graded.root)
    (graded.root / "gradebook.db").rename(graded.root / "gradebook.db-journal")
    status, said = restore(backed_up, graded.root)
    assert status == 2
    assert "gradebook.db-journal belongs to the lost file" in said
    (graded.root / "gradebook.db-journal").unlink()
    shutil.rmtree(graded.root / "submitted/ann")
    (graded.root / "submitted/ben" / ASSIGNMENT / "adam.ipynb").write_text("newer")
    status, said = restore(backed_up, graded.root)
    assert (status, said) == (0, f"{graded.root}: put back gradebook.db, submitted/ann")
    after = tree(graded.root)
    changed = {str(name) for name in whole if whole[name] != after[name]}
    assert changed <= {f"submitted/ben/{ASSIGNMENT}/adam.ipynb", "gradebook.db"}
    assert (graded.root / "submitted/ben" / ASSIGNMENT / "adam.ipynb").read_text() == "newer"
    assert {result.student: result.score for result in graded.grade("ann").results} == {"ann": 7.0}
    before = tree(graded.root)
    assert restore(backed_up, graded.root) == (0, f"{graded.root}: put back nothing, as nothing was missing")
    assert tree(graded.root) == before


def test_in_a_courses_own_folder_no_second_one_is_made_inside(graded, backed_up, monkeypatch):
    (graded.root / "nbgrader_config.py").write_text("c = get_config()")
    monkeypatch.chdir(graded.root)
    before = tree(graded.root)
    status, said = restore(backed_up)
    assert status == 2
    assert said.endswith(f"autograde restore {backed_up} .")
    assert tree(graded.root) == before


def test_another_courses_folder_and_one_that_is_none_are_left_alone(graded, backed_up, tmp_path):
    for name in ("home", "other"):
        (tmp_path / name / ".autograde").mkdir(parents=True)
        (tmp_path / name / "file").write_text("mine")
    (tmp_path / "other/nbgrader_config.py").write_text("c = get_config()")
    (tmp_path / "other/.autograde/secret").write_bytes(bytes(32))
    before = tree(tmp_path)
    for name in ("home", "other"):
        status, said = restore(backed_up, tmp_path / name)
        assert status == 2
        assert "is not this course's folder" in said
    with only_grader(Course.open(graded.root)):
        assert restore(backed_up, graded.root)[0] == 2
    assert tree(tmp_path) == before


def member(name, kind=tarfile.REGTYPE, target=""):
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


EVIL = {
    "an absolute path": [member("/tmp/evil")],
    "a path out of it": [member("course/x"), member("course/../../evil")],
    "a file below a link": [member("course/x", tarfile.SYMTYPE, "/tmp"), member("course/x/evil")],
    "a link instead of a folder": [member("course/x/y"), member("course/x", tarfile.SYMTYPE, "/tmp")],
    "another name of a file outside": [member("course/x", tarfile.LNKTYPE, "/etc/hostname")],
    "another name of a link": [member("course/x", tarfile.LNKTYPE, "course/y")],
    "two folders": [member("course/x"), member("other/x")],
    "a pipe": [member("course/x", tarfile.FIFOTYPE)],
    "a device": [member("course/x", tarfile.CHRTYPE)],
    "another folder alone": [],
}  # fmt: skip


@pytest.mark.parametrize("members", EVIL.values(), ids=EVIL)
def test_an_archive_that_is_no_backup_restores_nothing(tmp_path, members):
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        top = "course" if members else "elsewhere"
        for one in [*members, member(f"{top}/.autograde", tarfile.DIRTYPE if members else tarfile.REGTYPE)]:
            archive.addfile(one)
    before = tree(tmp_path)
    status, said = restore(tmp_path / "b.tar.gz", tmp_path / "back")
    assert status == 2
    assert "nothing was restored" in said
    assert tree(tmp_path) == before


def test_a_damaged_backup_restores_nothing(graded, backed_up, tmp_path):
    (graded.root / "gradebook.db").unlink()
    data = backed_up.read_bytes()
    for damaged in (data[: len(data) // 2], data[:-4], b"PK"):
        backed_up.write_bytes(damaged)
        before = tree(tmp_path)
        for folder in (graded.root, tmp_path / "new"):
            status, said = restore(backed_up, folder)
            assert status == 2
            assert "is not a backup, or damaged" in said
        assert tree(tmp_path) == before


@pytest.mark.slow
def test_a_killed_restore_leaves_nothing_half_and_the_next_one_goes_on(graded, backed_up, tmp_path):
    (graded.root / "gradebook.db").unlink()
    shutil.rmtree(graded.root / "submitted")
    code = (
        "import os, sys; from pathlib import Path; from autograde.course import backup\n"
        "move, count = Path.rename, iter(range(int(sys.argv[1])))\n"
        "Path.rename = lambda *words: move(*words) if next(count, None) is not None else os._exit(9)\n"
        "backup.restore_backup(Path(sys.argv[2]), Path(sys.argv[3]))"
    )
    for count in (1, 2):  # the first of them finds the course there
        words = [sys.executable, "-c", code, str(count), str(backed_up), str(graded.root)]
        assert subprocess.run(words).returncode == 9
        assert list(tmp_path.glob(".restore-*"))
    assert restore(backed_up, graded.root)[0] == 0
    assert list(tmp_path.glob(".restore-*")) == []
    assert all(result.unchanged for result in graded.grade().results)


@pytest.mark.slow
def test_two_that_restore_at_once_leave_one_whole_course(backed_up, tmp_path):
    command = "from autograde.cli import main; main()"
    words = [sys.executable, "-c", command, "restore", str(backed_up), str(tmp_path / "back")]
    started = [
        subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(4)
    ]
    assert 0 in {process.wait(120) for process in started}
    with tarfile.open(backed_up) as archive:
        names = {Path(name).relative_to("course") for name in archive.getnames()}
    assert {path.relative_to(tmp_path / "back") for path in (tmp_path / "back").rglob("*")} >= names - {
        Path()
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "back", "course"]


def test_a_lost_gradebook_is_named_with_the_command_that_restores_it(graded, tmp_path):
    backup = tmp_path / f"backup-{graded.root.name}-2026-11-22-120000.tar.gz"
    assert graded.run("backup", "--out", backup).exit_code == 0
    (graded.root / "gradebook.db").unlink()
    (graded.root / "notebooks").mkdir()  # where a release converts
    before = tree(graded.root)
    for command in ("grade", "report", "release", "export", "feedback"):
        done = graded.run(command, ASSIGNMENT)
        assert done.exit_code == 2, command
        (said,) = done.stderr.splitlines()
        assert "is missing" in said, command
        assert tree(graded.root) == before, command
    words = shlex.split(said.partition("Restore it: ")[2])
    assert words == ["autograde", "restore", str(backup), str(graded.root)]
    assert restore(*words[2:])[0] == 0
    assert graded.run("due", ASSIGNMENT, "--late").exit_code == 0


def test_another_gradebook_is_not_taken_for_the_lost_one(graded, tmp_path):
    gradebook, other = graded.root / "gradebook.db", CourseFolder.make(tmp_path / "other")
    other.submit("cleo")
    other.grade()
    for made in (lambda: gradebook.unlink(), lambda: shutil.copy(other.root / "gradebook.db", gradebook)):
        made()
        make_tables(create_engine(f"sqlite:///{gradebook}"), "default_course")  # as formgrader does
        before = tree(graded.root)
        done = graded.run("grade", ASSIGNMENT)
        assert done.exit_code == 2
        assert "knows none of the work graded here" in done.stderr
        assert tree(graded.root) == before


def test_a_backup_never_overwrites_lies_in_the_course_or_runs_beside_a_grader(graded, tmp_path):
    out = tmp_path / "b.tar.gz"
    assert graded.run("backup", "--out", graded.root / "solutions/b.tar.gz").exit_code == 2
    with only_grader(Course.open(graded.root)):
        assert graded.run("backup", "--out", out).exit_code == 2
    assert not out.exists()
    assert graded.run("backup", "--out", out).exit_code == 0
    whole = out.read_bytes()
    assert graded.run("backup", "--out", out).exit_code == 2
    assert out.read_bytes() == whole
    assert CourseFolder(tmp_path / "none").run("backup").exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "course"]


def names_in_backup(course, out):
    """What is in a backup of the course, which is made."""
    done = course.run("backup", "--out", out)
    assert done.exit_code == 0, done.output
    with tarfile.open(out) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def test_files_named_like_the_gradebook_are_in_the_backup(graded, tmp_path):
    (graded.root / "gradebook.db.before-exam").write_text("copied by hand")
    (graded.root / "gradebook.db-journal").write_text("of the file itself")
    names = names_in_backup(graded, tmp_path / "b.tar.gz")
    assert names.count("gradebook.db") == names.count("gradebook.db.before-exam") == 1
    assert "gradebook.db-journal" not in names


def test_a_gradebook_in_a_folder_of_the_course_is_in_the_backup_once(graded, tmp_path):
    place = graded.root / "data/gradebook.db"
    place.parent.mkdir()
    (graded.root / "gradebook.db").rename(place)
    graded.configure(f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{place}'\n")
    names = names_in_backup(graded, tmp_path / "b.tar.gz")
    assert [name for name in names if name.endswith(".db")] == ["data/gradebook.db"]


def test_a_linked_folder_of_submissions_is_in_the_backup_other_links_are_not(graded, tmp_path):
    (graded.root / "submitted").rename(tmp_path / "disk")
    (graded.root / "submitted").symlink_to(tmp_path / "disk")
    (graded.root / "all").symlink_to(tmp_path)
    names = names_in_backup(graded, tmp_path / "b.tar.gz")
    assert f"elsewhere/submitted/ann/{ASSIGNMENT}/adam.ipynb" in names
    assert not [name for name in names if name.startswith("all/")]


def test_submissions_that_the_configuration_puts_elsewhere_are_kept_and_said(graded, tmp_path):
    before = graded.root / "submitted"
    before.rename(tmp_path / "disk")
    lines = [f"c.CourseDirectory.submitted_directory = {str(tmp_path / 'disk')!r}"]
    lines.append("c.CourseDirectory.feedback_directory = 'linked/feedback'")
    (tmp_path / "pages").mkdir()
    (graded.root / "linked").symlink_to(tmp_path / "pages")
    (graded.root / "feedback").rename(tmp_path / "pages/feedback")
    graded.configure("\n".join(["c = get_config()", *lines, ""]))
    kept = {f"submitted/ann/{ASSIGNMENT}/adam.ipynb", f"feedback/ann/{ASSIGNMENT}/adam.html"}
    assert {f"elsewhere/{name}" for name in kept} <= set(names_in_backup(graded, tmp_path / "b.tar.gz"))
    said = f"{tmp_path / 'disk'} lies outside the course: it is in the file as elsewhere/submitted"
    assert said in graded.run("backup", "--out", tmp_path / "c.tar.gz").output.replace("\n", " ")


def test_a_servers_database_is_dumped_with_its_password_on_no_command_line(graded, tmp_path, monkeypatch):
    tool = tmp_path / "bin/pg_dump"
    tool.parent.mkdir()
    tool.write_text(
        '#!/bin/sh\nfor word; do case $word in --file=*) echo dump > "${word#--file=}";; esac; done\n'
        f'echo "$@" > {tmp_path}/words; echo "$PGPASSWORD" > {tmp_path}/password\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    urls = ("u:pw99@127.0.0.1/submitted", "u:pw99@127.0.0.1/", "h/d?user=u&password=pw99")
    for number, url in enumerate(urls):
        graded.configure(f"c = get_config()\nc.CourseDirectory.db_url = 'postgresql+psycopg://{url}'\n")
        names = {name.split("/")[0] for name in names_in_backup(graded, tmp_path / f"{number}.tar.gz")}
        assert names >= {"submitted", "autograded", "feedback", "gradebook.pgdump", "nbgrader_config.py"}
        assert "pw99" not in (tmp_path / "words").read_text()
        assert (tmp_path / "password").read_text() == "pw99\n"


def test_an_erased_student_is_nowhere_and_the_others_are_as_they_were(graded):
    scores = graded.scores("ann")
    before = tree_of("ann", graded.root)
    asked = graded.run("student", "erase", "ben")
    assert "nothing was erased" in asked.output
    assert (graded.root / "submitted/ben").exists()
    done = graded.run("student", "erase", "ben", "--yes")
    assert done.exit_code == 0, done.output
    assert not tree_of("ben", graded.root)
    assert b"ben" not in (graded.root / "gradebook.db").read_bytes()
    assert tree_of("ann", graded.root) == before
    assert graded.scores("ann") == scores
    again = graded.run("student", "erase", "ben", "--yes")
    assert again.exit_code == 2
    assert "nothing is stored for 'ben'" in again.output


def test_an_unknown_student_changes_nothing(graded):
    graded.run("due", ASSIGNMENT, "2026-11-20 23:59 Europe/Berlin")  # a row that is not a student's
    before = tree(graded.root)
    for student in ("nobody", "../ann", "..", "", "*"):
        words = ["student", "erase", "--yes", "--course-dir", str(graded.root), "--", student]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 2, done.output
        assert "nothing is stored" in done.output
    assert tree(graded.root) == before


def test_a_student_whose_id_only_stock_nbgrader_takes_can_be_erased(graded):
    student = "o'brien@x.org"
    with open_gradebook(Course.open(graded.root)) as gradebook:
        gradebook.add_student(student)
    graded.submit(student)
    done = graded.run("student", "erase", student, "--yes")
    assert done.exit_code == 0, done.output
    assert not (graded.root / "submitted" / student).exists()
    assert "nothing is stored" in graded.run("student", "erase", student, "--yes").output


def test_an_archive_that_is_one_link_is_no_backup_and_moves_nothing(graded, tmp_path):
    (tmp_path / "link").symlink_to(graded.root)
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "link", "course")
    before = sorted(path.name for path in graded.root.iterdir())
    for folder in (tmp_path / "new", graded.root):
        with pytest.raises(UsageError, match="is not a backup"):
            restore_backup(tmp_path / "evil.tar.gz", folder)
    assert sorted(path.name for path in graded.root.iterdir()) == before
    assert not (tmp_path / "new").exists()
