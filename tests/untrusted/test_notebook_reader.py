"""Notebooks are read in a process of their own that may use little."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from course_folder import answer
from support import has_ended

from autograde.errors import MachineError, NeedsReviewError
from autograde.pipeline import read_submission as notebook_reader
from autograde.pipeline.read_submission import NotebookReader
from autograde.untrusted import submitted_notebook
from autograde.untrusted.submitted_notebook import ReadLimits

NOTEBOOK = json.dumps(answer()).encode()


@pytest.fixture
def reader() -> Iterator[NotebookReader]:
    with NotebookReader() as made:
        yield made


def pid(reader: NotebookReader) -> int:
    reader.parse(NOTEBOOK, "adam.ipynb")
    return reader._process.pid


def test_a_notebook_comes_back_as_it_would_in_this_process(reader):
    assert reader.parse(NOTEBOOK, "adam.ipynb") == submitted_notebook.parse(NOTEBOOK)


@pytest.mark.parametrize("source", ["é𝄞\x00\u2028", "x" * 999_999, "\ud800"])
def test_every_text_comes_back(reader, source):
    document = {"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {}, "source": source}]}
    [cell] = reader.parse(json.dumps(document).encode(), "a.ipynb").cells
    assert cell.source == source.replace("\ud800", "?")


def test_what_is_odd_is_named_and_one_process_goes_on(reader):
    before = pid(reader)
    with pytest.raises(NeedsReviewError, match=r"a\.ipynb is not JSON"):
        reader.parse(b"{", "a.ipynb")
    assert pid(reader) == before


def test_a_process_that_was_ended_is_started_again(reader):
    os.kill(pid(reader), signal.SIGKILL)
    assert len(reader.parse(NOTEBOOK, "adam.ipynb").cells) == 6


def test_a_notebook_that_takes_too_much_memory_needs_a_person(monkeypatch):
    monkeypatch.setattr(notebook_reader, "LIMITS", replace(ReadLimits(), memory_bytes=32 * 2**20))
    many = json.dumps({"nbformat": 4, "cells": [], "metadata": [[i] for i in range(200_000)]}).encode()
    with NotebookReader() as reader:
        with pytest.raises(NeedsReviewError, match=r"a\.ipynb cannot be read with .* 32 MiB"):
            reader.parse(many, "a.ipynb")
        assert len(reader.parse(NOTEBOOK, "adam.ipynb").cells) == 6


def test_a_notebook_that_takes_too_long_needs_a_person(tmp_path, monkeypatch):
    endless = tmp_path / "notebook.py"
    text = Path(submitted_notebook.__file__).read_text()
    endless.write_text(text.replace("    _measure(data)", "    while len(data) > 50: pass", 1))
    monkeypatch.setattr(submitted_notebook, "__file__", str(endless))
    monkeypatch.setattr(notebook_reader, "ANSWER_SECONDS", 3_600.0)  # the processor time has to end it
    words = pytest.raises(NeedsReviewError, match="cannot be read with 1 seconds")
    monkeypatch.setattr(notebook_reader, "LIMITS", replace(ReadLimits(), cpu_seconds=1))
    with NotebookReader() as reader, words:
        reader.parse(NOTEBOOK, "a.ipynb")


@pytest.mark.parametrize(
    "reply",
    [
        b"{}",
        b"[" * 10**5,
        b'{"notebook": {"nbformat": 4, "cells": [7]}}',
        b"\xff",
        b'{"odd": {}}',
        b'{"odd": "no such reason", "values": {}}',
        b'{"odd": "deep", "values": {}}',
        b'{"odd": "deep", "values": [1]}',
    ],
)
def test_what_the_process_says_is_not_believed(reader, reply, monkeypatch):
    monkeypatch.setattr(reader, "_ask", lambda data: reply)
    with pytest.raises(NeedsReviewError):
        reader.parse(NOTEBOOK, "a.ipynb")


def test_a_process_that_cannot_be_started_is_the_machines_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(submitted_notebook, "__file__", str(tmp_path / "not-there.py"))
    with pytest.raises(MachineError, match="could not be started"):
        NotebookReader().parse(NOTEBOOK, "a.ipynb")


def test_the_process_may_open_nothing_and_start_nothing(tmp_path):
    tried = f"""
import sys; sys.path.insert(0, {os.path.dirname(submitted_notebook.__file__)!r})
import os, submitted_notebook
submitted_notebook.parse(b'{{"nbformat": 4, "cells": []}}')
submitted_notebook._confine()
for attempt in (lambda: open("/dev/null"), lambda: os.pipe(), lambda: bytearray(2**31)):
    try: attempt()
    except (OSError, MemoryError): continue
    os._exit(1)
os._exit(0)
"""
    assert subprocess.run([sys.executable, "-I", "-S", "-c", tried], timeout=60).returncode == 0


def test_the_process_ends_with_a_grader_that_is_killed():
    grader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from autograde.pipeline.read_submission import NotebookReader; p = NotebookReader(); p.start();"
            "print(p._process.pid, flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child = psutil.Process(int(grader.stdout.readline()))
    grader.kill()
    grader.communicate()
    deadline = time.monotonic() + 30
    while not has_ended(child):
        assert time.monotonic() < deadline, "the process outlived its grader"
        time.sleep(0.02)


def test_what_the_process_says_is_no_longer_than_a_line(reader, monkeypatch):
    reply = json.dumps({"odd": "x" * 10**5})
    monkeypatch.setattr(reader, "_ask", lambda data: reply.encode())
    with pytest.raises(NeedsReviewError, match=r"^a\.ipynb x{500}$"):
        reader.parse(NOTEBOOK, "a.ipynb")
