"""Where a command's output goes, and where it is typed: whatever that is, no stack and nothing lost."""

import json
import os
import stat
import subprocess
import sys

import pytest
from course_folder import ASSIGNMENT

MAIN = "from autograde.cli import main; main()"


def typed(*words, **options):
    """A command in a process of its own."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.run([sys.executable, "-c", MAIN, *map(str, words)], **options)


@pytest.mark.parametrize("words", [("report", ASSIGNMENT), ("explain", ASSIGNMENT, "s01")])
def test_an_output_that_cannot_be_written_is_one_line(graded, words):
    with open("/dev/full", "w") as full:
        done = typed(*words, "--course-dir", graded.root, stdout=full)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert "the output cannot be written: No space left on device." in line


def explained(course, **variables):
    words = ("explain", ASSIGNMENT, "s01", "--course-dir", course.root)
    return typed(*words, env=os.environ | variables)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_our_signs_gets_their_numbers(graded, encoding):
    done = explained(graded, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert rb"\u2713" in done.stdout


@pytest.mark.parametrize("columns", ["0", ""])
def test_a_terminal_without_a_size_gets_every_line(graded, columns):
    assert "s01, 06-adam: 7 of 10" in explained(graded, COLUMNS=columns).stdout.decode()


def test_a_removed_folder_is_named_before_anything_else(tmp_path):
    here = tmp_path / "gone"
    here.mkdir()
    done = typed("lab", "--no-start", cwd=here, preexec_fn=lambda: os.rmdir(here))
    assert done.returncode != 0
    (line,) = done.stderr.decode().splitlines()
    assert "was removed" in line


def test_the_json_is_there_though_nobody_reads_the_table(graded, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as nobody:
        done = typed(
            "grade", ASSIGNMENT, "--course-dir", graded.root, "--json", tmp_path / "r.json", stdout=nobody
        )
    assert b"Traceback" not in done.stderr
    assert [result["student"] for result in json.loads((tmp_path / "r.json").read_text())] == ["s01"]


@pytest.mark.parametrize(
    "words", [("report", "--out"), ("export", "--out"), ("grade", "--json")], ids=lambda words: words[0]
)
def test_a_pipe_named_as_the_file_gets_the_content_and_stays_a_pipe(graded, tmp_path, words):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command, option = words
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        done = typed(command, ASSIGNMENT, "--course-dir", graded.root, option, pipe)
        if not stat.S_ISFIFO(pipe.stat().st_mode):
            reader.kill()
        read = reader.communicate()[0]
    assert done.returncode in (0, 1), done.stderr
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert b"s01" in read or b"<html" in read


@pytest.mark.parametrize(
    ("words", "command", "said"),
    [
        ("due a --extend s --days lots", "autograde due", "'--days'"),
        ("explain", "autograde explain", "Missing argument"),
        ("grade a --jobs", "autograde grade", "--jobs"),
        ("grade a --jobs 0", "autograde grade", "--jobs"),
        ("roster nothing", "autograde roster", "nothing"),
        ("nothing", "autograde", "nothing"),
        ("--nothing", "autograde", "--nothing"),
    ],
)
def test_a_wrong_word_ends_in_one_line_that_names_the_help(words, command, said):
    done = typed(*words.split())
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"{command}: ")
    assert line.endswith(f"More: {command} --help")
    assert said in line
    assert done.stdout == b""


def test_a_command_without_its_words_shows_its_help():
    done = typed("roster")
    assert b" roster [OPTIONS] COMMAND" in done.stderr
    assert done.returncode == 2
