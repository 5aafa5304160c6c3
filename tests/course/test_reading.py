"""What a submission's files may be: what is read, and what needs a person."""

import os
import shutil
from datetime import datetime

import nbformat
import pytest
from course_folder import ASSIGNMENT, answer, only

from autograde.book.save import Saver
from autograde.course import submission_files
from autograde.errors import MachineError

BROKEN = [
    ("{", "not JSON"),
    ("", "empty"),
    ("[]", "not a notebook"),
    ('{"cells": [], "nbformat": 3}', "format 4"),
    ('{"worksheets": []}', "format 3"),
    ('{"cells": [1], "nbformat": 4}', "odd cell 1"),
    ('{"cells": [], "nbformat": 4, "nbformat": 4}', "twice"),
    ('{"cells": [], "nbformat": 4, "x": NaN}', "NaN"),
    ('{"cells": [], "nbformat": 4, "x": 1e999}', "too large"),
    ('{"cells": [], "nbformat": 4, "x": ' + "9" * 5000 + "}", "digits"),
    ("[" * 100_000, "deeper"),
    ("[" + "[]," * 600_000 + "[]]", "values"),
    (b"\xff\xfe{\x00", "UTF-8"),
    ('{"cells": ["' + '\\"' * 2_000_000, "JSON"),
    ("]" * 2_000_000, "values"),
    ('{"cells": [' + '{"cell_type": "raw", "source": "", "metadata": {}},' * 2001 + "", ""),
]


def test_broken_notebooks_need_a_person_and_the_class_goes_on(course):
    course.submit("right")
    for number, (content, _) in enumerate(BROKEN):
        course.submit(f"broken-{number:02d}", content)
    *broken, right = course.grade().results
    assert (right.status, right.score) == ("graded", 7.0)
    for result, (content, words) in zip(broken, BROKEN, strict=True):
        assert (result.status, result.score) == ("needs-review", None), content[:24]
        assert result.flags == ("malformed",), content[:24]
        assert words in result.notes[0], content[:24]


def test_a_missing_notebook_names_the_one_that_is_there(course):
    course.submit("s01").rename(course.root / "submitted/s01" / ASSIGNMENT / "Adam (1).ipynb")
    result = only(course.grade())
    assert result.flags == ("missing-notebook",)
    assert "Adam (1).ipynb" in result.notes[0]


IRREGULAR = {
    "link": "is a link, not a file",
    "fifo": "is not a regular file",
    "folder": "is not a regular file",
    "huge": "is larger than 20 MB",
}


@pytest.mark.parametrize("kind", IRREGULAR)
def test_only_regular_files_within_limits_are_read(course, kind, tmp_path):
    path = course.submit("s01")
    path.unlink()
    if kind == "link":
        other = tmp_path / "other.ipynb"
        other.write_text(nbformat.writes(answer()))
        path.symlink_to(other)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as sparse:
            sparse.truncate(2**40)
    result = only(course.grade())
    assert (result.status, result.flags) == ("needs-review", ("malformed",))
    assert result.notes[0] == f"adam.ipynb {IRREGULAR[kind]}"


def test_a_folder_of_very_many_files_needs_a_person(course):
    folder = course.submit("s01").parent
    for number in range(1_000):
        (folder / f"{number}.txt").touch()
    result = only(course.grade())
    assert (result.flags, result.notes) == (("malformed",), ("the folder holds more than 1000 files",))


def test_files_that_are_not_used_are_named_and_hidden_ones_are_not(course):
    folder = course.submit("s01").parent
    for name in (".hidden", "notes\x1b[2J.txt", "data.csv", *"abcdef"):
        (folder / name).touch()
    [note] = only(course.grade()).notes
    assert note == ("files of the submission that were not used: 'a', 'b', 'c', 'd', 'data.csv', …")


@pytest.mark.parametrize("linked", [ASSIGNMENT, "s01"])
def test_a_linked_folder_is_not_followed(course, tmp_path, linked):
    folder = course.submit("s01").parent
    folder = folder if linked == ASSIGNMENT else folder.parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    result = only(course.grade())
    assert (result.status, result.flags) == ("needs-review", ("malformed",))
    assert result.notes[0].startswith(f"{linked} is a file or a link")


@pytest.mark.parametrize("kind", ["file", "link to nothing", "link to itself", "fifo"])
def test_what_is_no_folder_is_named_in_the_table_and_the_class_goes_on(course, kind):
    course.submit("s02")
    place = course.submit("s01").parent
    shutil.rmtree(place)
    if kind == "file":
        place.write_text("my answer")
    elif kind == "fifo":
        os.mkfifo(place)
    else:
        place.symlink_to(place if kind == "link to itself" else "not-there")
    first, second = course.grade().results
    assert (first.student, first.status, first.flags) == ("s01", "needs-review", ("malformed",))
    assert first.notes[0] == (
        f"{ASSIGNMENT} is a file or a link: put the notebook into a folder with that name"
    )
    assert second.score == 7.0
    assert all(result.unchanged for result in course.grade().results)


@pytest.mark.parametrize("of", ["digests", "row"])
def test_a_broken_notebook_that_cannot_be_noted_stops_nobody_else(course, monkeypatch, of):
    digest = submission_files.digest_of_submitted

    def refused(who, *more, **__):
        if getattr(who, "student", "") == "s2":
            return digest(who, *more)
        raise MachineError("refused")

    monkeypatch.setattr(
        *((submission_files, "digest_of_submitted") if of == "digests" else (Saver, "save_review")), refused
    )
    course.submit("s1", b"no JSON")
    course.submit("s2")
    outcome = course.grade()
    assert [(one.student, one.status, one.score) for one in outcome.results] == [
        ("s1", "failed", None),
        ("s2", "graded", 7.0),
    ]
    assert outcome.results[0].notes == ("refused",)


@pytest.mark.parametrize("kind", ["text", "empty", "long", "fifo", "link", "folder"])
def test_a_timestamp_that_is_no_time_or_no_small_file_is_named(course, kind, tmp_path):
    path = course.submit("s01").parent / "timestamp.txt"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        (tmp_path / "time").write_text("2026-11-12 14:00:00 UTC")
        path.symlink_to(tmp_path / "time")
    elif kind == "folder":
        path.mkdir()
    else:
        texts = {"empty": "", "text": "yesterday-ish", "long": "2026-11-12 14:00:00 UTC" + " " * 1_000}
        path.write_text(texts[kind])
    outcome = course.grade()
    assert (only(outcome).status, only(outcome).score) == ("graded", 7.0)
    (said,) = outcome.timestamp_warnings
    assert said.endswith("14:00:00 UTC: s01")


def test_a_time_is_read_in_the_zone_of_the_courses_exchange(course):
    course.configure("c = get_config()\nc.Exchange.timezone = 'Europe/Berlin'\n")
    (course.submit("s01").parent / "timestamp.txt").write_text("2026-07-12 14:00:00.123456 CEST\n")
    assert only(course.grade()).flags == ()
    with course.gradebook() as gradebook:
        submitted = gradebook.find_submission(ASSIGNMENT, "s01").timestamp
    assert submitted == datetime(2026, 7, 12, 12, 0, 0, 123456)
