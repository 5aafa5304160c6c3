"""`autograde new course` and `new assignment`: a folder as a whole, or one line and everything as it was."""

import io
import os
import subprocess
import sys
import tarfile
from importlib.metadata import version

import nbformat
import pytest
from course_folder import marks, run_in
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support import ROOT
from typer.testing import CliRunner

from autograde.book.gradebook import opened_gradebook
from autograde.cli import app
from autograde.course.course import Course
from autograde.release.texts import KERNEL

FACTS = f"Metadata-Version: 2.4\nName: descentlab\nVersion: {version('descentlab')}\n"
LESSON = (ROOT / "solutions" / "01-sgd" / "sgd.ipynb").read_bytes()
FILES = {
    "PKG-INFO": FACTS.encode(),
    "solutions/01-sgd/sgd.md": (ROOT / "solutions" / "01-sgd" / "sgd.md").read_bytes(),
}


def sdist(path, files=FILES, odd=()):
    """A tar.gz of files below descentlab-x/, and of members as they are."""
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"descentlab-x/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for member in odd:
            archive.addfile(member)
    return path


def make(*words, status=0) -> str:
    done = CliRunner().invoke(app, ["new", *map(str, words)])
    assert done.exit_code == status, done.output
    return done.output


def refused(folder, source):
    """What is said, where nothing may be made."""
    was_there = folder.exists()
    (line,) = make("course", folder, "--solutions", source, status=2).strip().splitlines()
    assert folder.exists() == was_there
    assert line.startswith("autograde new course: ")
    return line


def test_a_course_is_made_from_an_sdist_and_what_it_says_comes_next_can_be_typed_as_it_is_printed(tmp_path):
    """In bash, in the folder where the course was made."""
    course = tmp_path / "optimization 2026's"
    said = make("course", course, "--solutions", sdist(tmp_path / "s.tar.gz"))
    assert sorted(os.listdir(course)) == ["nbgrader_config.py", "solutions"]
    assert (course / "solutions/01-sgd/sgd.ipynb").read_bytes() == LESSON
    typed = said.splitlines()[-1].removeprefix("next:  ")
    assert "autograde release --all" in typed
    path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
    shell = subprocess.run(["bash", "-ec", typed], env=os.environ | {"PATH": path}, capture_output=True)
    assert shell.returncode == 0, shell.stderr
    assert os.listdir(course / "notebooks/01-sgd") == ["sgd.ipynb"]


@pytest.mark.parametrize("inside", ["solutions", "."])
def test_a_course_is_made_from_a_folder_without_what_editors_left(tmp_path, inside):
    for name in ("hw/hw.ipynb", "hw/data/x.csv", "hw/.ipynb_checkpoints/hw-checkpoint.ipynb"):
        path = tmp_path / "from" / inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LESSON)
    (tmp_path / "course").mkdir()  # empty
    make("course", tmp_path / "course", "--solutions", tmp_path / "from")
    made = [path for path in (tmp_path / "course").rglob("*") if path.is_file()]
    found = sorted(path.relative_to(tmp_path / "course").as_posix() for path in made)
    assert found == ["nbgrader_config.py", "solutions/hw/data/x.csv", "solutions/hw/hw.ipynb"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (FILES | {"PKG-INFO": FACTS.replace("\nVersion: ", "\nVersion: 9.").encode()}, "the same version"),
        (FILES | {"PKG-INFO": b"Name: other\nVersion: 1\n"}, "is not descentlab's"),
        ({"solutions/01-sgd/sgd.ipynb": LESSON}, "is not descentlab's"),
        ({"PKG-INFO": FACTS.encode()}, "no assignment"),
        (FILES | {"solutions/../../x.ipynb": b""}, "not a plain file"),
    ],
    ids=["another version", "another project", "no facts", "no solutions", "a way out"],
)
def test_an_sdist_that_will_not_do_is_one_line_and_nothing_is_made(tmp_path, files, said):
    assert said in refused(tmp_path / "course", sdist(tmp_path / "s.tar.gz", files))
    assert sorted(os.listdir(tmp_path)) == ["s.tar.gz"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("type", kind) for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)),
        ("pax_headers", {"path": "descentlab-x/solutions/01-sgd/a\0b"}),
    ],
)
def test_what_is_no_plain_file_in_an_sdist_or_has_no_possible_name_is_refused(tmp_path, field, value):
    odd = tarfile.TarInfo("descentlab-x/solutions/01-sgd/data.csv")
    odd.linkname = "/etc/passwd"
    setattr(odd, field, value)
    assert "not a plain file" in refused(tmp_path / "course", sdist(tmp_path / "s.tar.gz", odd=[odd]))


def test_half_an_sdist_a_wheel_and_a_missing_one_are_named(tmp_path):
    whole = sdist(tmp_path / "s.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "d.whl").write_bytes(b"PK\3\4 a wheel")
    assert "half.tar.gz cannot be read as an sdist" in refused(tmp_path / "course", tmp_path / "half.tar.gz")
    assert "and no wheel" in refused(tmp_path / "course", tmp_path / "d.whl")
    assert "is not there" in refused(tmp_path / "course", tmp_path / "none.tar.gz")


def test_more_files_than_a_course_can_hold_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("autograde.release.creation.MOST_FILES", 1)
    files = FILES | {"solutions/01-sgd/data.csv": b""}
    assert "1 file" in refused(tmp_path / "course", sdist(tmp_path / "many.tar.gz", files))


@pytest.mark.parametrize("name", ["PKG-INFO", "solutions/01-sgd/zeros.bin"])
def test_a_file_that_says_it_is_larger_is_not_read(tmp_path, monkeypatch, name):
    """A megabyte of an archive can be a gigabyte of zeros."""
    monkeypatch.setattr("autograde.release.creation.MOST_BYTES", 2**20)
    source, read = sdist(tmp_path / "s.tar.gz", FILES | {name: bytes(2**21)}), tarfile.TarFile.extractfile

    def bounded(archive, member):
        assert member.size <= 2**20
        return read(archive, member)

    monkeypatch.setattr(tarfile.TarFile, "extractfile", bounded)
    assert "more than 1 MiB" in refused(tmp_path / "course", source)


@pytest.mark.parametrize(
    ("mode", "left"), [(None, 0o700), (0o750, 0o750), (0o2775, 0o2770)], ids=["new", "chosen", "a group's"]
)
def test_a_course_is_not_for_the_machines_other_users(tmp_path, mode, left):
    """Its solutions would be theirs to read, and soon their classmates' work."""
    folder = tmp_path / "a" / "course"
    if mode:
        folder.mkdir(parents=True)
        folder.chmod(mode)
    make("course", folder, "--empty")
    assert folder.stat().st_mode & 0o7777 == left


def test_nothing_is_overwritten(tmp_path):
    source = sdist(tmp_path / "s.tar.gz")
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    assert "holds 'mine.txt' already" in refused(tmp_path / "course", source)
    assert "is a file" in refused(tmp_path / "file", source)
    assert (tmp_path / "course" / "mine.txt").read_text() == (tmp_path / "file").read_text() == "mine"
    assert os.listdir(tmp_path / "course") == ["mine.txt"]


def test_a_disk_that_fills_leaves_no_half_course(tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("autograde.release.creation.put", full)
    assert "No space left" in refused(tmp_path / "course", sdist(tmp_path / "s.tar.gz"))


def test_a_path_that_nbgrader_cannot_use_is_refused_before_anything_is_made(tmp_path):
    for name in ("a[b", "Fall%202026", "$USER"):
        assert "Rename the folder" in refused(tmp_path / name, sdist(tmp_path / "s.tar.gz"))


def test_a_course_has_the_chosen_lessons_alone(tmp_path):
    files = FILES | {"solutions/06-adam/adam.ipynb": LESSON, "solutions/jupytext.toml": b"#"}
    source = sdist(tmp_path / "s.tar.gz", files)
    make("course", tmp_path / "c", "--solutions", source, "--lesson", "06-adam")
    assert sorted(os.listdir(tmp_path / "c/solutions")) == ["06-adam", "jupytext.toml"]
    said = make("course", tmp_path / "d", "--solutions", source, "--lesson", "09-none", status=2)
    assert "There are 01-sgd, 06-adam." in said
    assert not (tmp_path / "d").exists()


def test_a_course_of_cores_hands_out_and_counts_what_stands_above_more(tmp_path):
    """By hand: a check of 3 points and 24 minutes in the core, a check of 4 points in More."""
    header = "# Title\n\n**9 points**, 2 of them in the core · the core takes about 60 minutes"
    text = [new_markdown_cell(header), *graded("one", 3)]
    text += [new_markdown_cell("## 1 One (11 min)\n\n## 3 Two (13 min)")]
    text += [new_markdown_cell("# More\n\nGoes deeper."), *graded("two", 4), new_markdown_cell("The end.")]
    source = tmp_path / "from" / "solutions" / "hw" / "hw.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=text, metadata={"kernelspec": KERNEL}), source)
    for options, points, texts in (((), 7, 8), (("--core",), 3, 4)):
        course = tmp_path / f"course{points}"
        make("course", course, "--solutions", tmp_path / "from", *options)
        released = run_in(course, "release hw --untried")
        assert released.exit_code == 0
        assert "hw.ipynb: its sections run 1, 3" in released.stderr
        handed_out = nbformat.read(course / "notebooks/hw/hw.ipynb", as_version=4)
        assert len(handed_out.cells) == texts
        header = handed_out.cells[0].source.splitlines()[2]
        assert header.startswith(f"**{points} points**")
        assert (", 3 of them in the core" in header) == (not options)
        assert "takes about 25 minutes" in header
        with opened_gradebook(Course.open(course)) as gradebook:
            assert gradebook.find_assignment("hw").max_score == points


@pytest.fixture
def next_term(tmp_path):
    """Makes next term's course of one with these lines in its settings; what is said, and the new folder."""
    old, new = tmp_path / "old", tmp_path / "new"
    make("course", old, "--empty")
    make("assignment", "hw1", "--course-dir", old)

    def made(settings: str):
        path = old / "nbgrader_config.py"
        path.write_text(path.read_text().replace("configure(c,", f"{settings}\nconfigure(c,"))
        said = make("course", new, "--from", old)
        assert "secret" not in said
        assert "secret" not in (new / "nbgrader_config.py").read_text(), "not even in a comment"
        course = Course.open(new)
        assert course.directory.db_url.startswith("sqlite")
        assert course.config.LatePenalty.percent_per_day == 10
        return said, new

    return made


def test_the_next_terms_course_has_the_assignments_and_settings_and_nothing_that_is_the_old_ones(
    tmp_path, next_term
):
    old = tmp_path / "old"
    assert run_in(old, "release hw1 --untried").exit_code == 0
    (old / "submitted/ada/hw1").mkdir(parents=True)
    said, new = next_term(
        "c.LatePenalty.percent_per_day = 10\n"
        "c.CourseDirectory.db_url = (\n    'postgresql+psycopg://u:secret@h/old'\n)"
    )
    assert "setting: c.LatePenalty.percent_per_day = 10" in said
    assert "not taken, as they name the old course's places or passwords: c.CourseDirectory.db_url" in said
    assert sorted(os.listdir(new)) == ["nbgrader_config.py", "solutions"]
    assert os.listdir(new / "solutions/hw1") == ["hw1.ipynb"]
    for words in (("--from", tmp_path), ("--from", old, "--core")):
        make("course", tmp_path / "none", *words, status=2)


OLD_PLACES = {
    "nested": "with suppress(OSError):\n    c.CourseDirectory.db_url = {}",
    "in a function": "def place():\n    c.CourseDirectory.db_url = {}\nplace()",
    "an item": 'c["CourseDirectory"]["db_url"] = {}',
    "merged": 'c.merge({{"CourseDirectory": {{"db_url": {}}}}})',
    "by setattr": 'setattr(getattr(c, "Course" "Directory"), "db_" "url", {})',
    "another name": "there = c.CourseDirectory\nthere.db_url = {}",
    "an attribute's other name": "c.Exchange.root, here = '/srv/old', {}\nc.ExchangeFetch.cache = here",
    "after a page break": "\f\nc.CourseDirectory.db_url = {}",
    "a word of its own": "password = 'secret'\nc.CourseDirectory.db_url = password + {}",
}


@pytest.mark.parametrize("form", OLD_PLACES.values(), ids=OLD_PLACES)
def test_the_next_terms_course_has_no_database_exchange_or_password_of_the_old_one(next_term, form):
    setting = form.format("'postgresql://u:secret@h/old'") + "\nc.LatePenalty.percent_per_day = 10"
    said, new = next_term(f"from contextlib import suppress\n{setting}")
    assert "(line " in said
    lines = (new / "nbgrader_config.py").read_text().split("\n")
    kept = [line for line in lines if not line.startswith("#")]
    assert not any(word in line for line in kept for word in ("/srv/old", "Exchange"))
    assert "configure(c, Path(__file__).resolve().parent)" in kept


def graded(name, points):
    """An answer and its check."""
    return [
        new_code_cell("answer = 1", metadata=marks(name, solution=True)),
        new_code_cell("assert answer == 1", metadata=marks(f"check-{name}", points, locked=True)),
    ]


def test_the_sdist_is_found_in_the_folder_and_its_absence_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("autograde.release.creation.installed_from", lambda: (None, {}))
    said = make("course", "c", status=2)
    assert "--solutions" in said
    assert "--empty" in said
    sdist(tmp_path / f"descentlab-{version('descentlab')}.tar.gz")
    make("course", "c")
    assert os.listdir(tmp_path / "c/solutions") == ["01-sgd"]


def test_a_course_without_lessons_takes_assignments_with_ordinary_tests(tmp_path):
    course = tmp_path / "course"
    make("course", course, "--empty")
    assert sorted(os.listdir(course)) == ["nbgrader_config.py", "solutions"]
    make("assignment", "hw1", "--course-dir", course)
    released = run_in(course, "release hw1")
    assert released.exit_code == 0, released.output
    text = (course / "notebooks/hw1/hw1.ipynb").read_text()
    assert "**10 points**" in text
    assert "your code here" in text
    assert "abab" not in text, "the hidden test"
    assert "Rubric" not in text


@pytest.mark.parametrize("name", ["a b", "../x", "", ".x", "ä", "a+b", "all"])
def test_a_name_that_nbgrader_cannot_take_makes_nothing(tmp_path, name):
    make("course", tmp_path / "c", "--empty")
    said = make("assignment", "--course-dir", tmp_path / "c", "--", name, status=2)
    assert len(said.strip().splitlines()) == 1
    assert os.listdir(tmp_path / "c/solutions") == []


def test_an_assignment_is_never_made_twice_or_outside_a_course(tmp_path):
    make("course", tmp_path / "c", "--empty")
    hw1 = "assignment", "hw1", "--course-dir"
    make(*hw1, tmp_path / "c")
    assert "there already" in make(*hw1, tmp_path / "c", status=2)
    assert "new course" in make(*hw1, tmp_path, status=2)
    assert os.listdir(tmp_path) == ["c"]
