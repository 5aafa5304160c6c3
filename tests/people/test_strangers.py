"""A class in which everybody hands in something else than a notebook, and every process lies.

Nothing of the submissions is run: a sandbox that is none answers with mutated outputs and evidence.
"""

import json
import random
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, NoSandbox, answer
from untrusted.junk import places, replaced

from autograde.book.class_results import graded_assignment, read_class
from autograde.pages.class_numbers import gather
from autograde.pages.class_report import render
from autograde.pages.feedback import pages_of, write_pages
from autograde.sandbox import CellResult, RunResult
from autograde.untrusted.outputs import OddOutputError, read_reply
from descentlab.rules import Adam
from verdicts.recorders import record

STUDENTS = 60
NOTEBOOK = json.loads(json.dumps(answer()))
REPLY = json.loads(Path(__file__).with_name("reply.json").read_text(encoding="utf-8"))
NUMBERS = {"dtype": "float64", "shape": [2], "base64": "AAAAAAAAAAAAAAAAAAAAAA=="}
ODD = (
    None,
    True,
    -1,
    2**70,
    1e300,
    float("nan"),
    "",
    "x" * 3000,
    "\ud83d",
    "\x1b[2J\u202e",
    "../..",
    [],
    {},
    [[]],
    NUMBERS,
    {"base64": "!"},
    {"grade_id": "why"},
    "-inf",
    "nan",
)
TIMES = (
    "2026-11-12 14:00:00 UTC",
    "T23:" + "5" * 44,
    "٣ W53 ..",
    "2026-11-01 10:00:00 /etc/passwd",
    "\udcff",
    "",
)


def mutated(rng: random.Random, document: dict, times: int) -> dict:
    for _ in range(times):
        document = replaced(document, rng.choice(places(document)), rng.choice(ODD))
    return document


class Liar(NoSandbox):
    """What each cell shows, and its evidence, is what the submission's process made up."""

    def run(self, cells):
        rng = random.Random(len(self.runs))
        try:
            return RunResult([self._lie(rng, cell) for cell in cells], (), 0.01, 0.01, 3)
        except OddOutputError:  # as the box says it
            return RunResult([], ("odd-reply",), 0.01, 0.01, 3)

    def _lie(self, rng, cell):
        reply = read_reply(mutated(rng, REPLY, rng.randint(0, 1)))
        if cell.seed is None:
            return CellResult(reply.outputs, None, reply.execution_count)
        evidence = mutated(rng, json.loads(record("adam/update", Adam, cell.seed)), rng.randint(0, 2))
        return CellResult(reply.outputs, json.dumps(evidence).encode(), reply.execution_count)


@pytest.fixture
def strangers(course):
    """The course with a class of mutants."""
    rng = random.Random(2026)
    for number in range(STUDENTS):
        document = mutated(rng, NOTEBOOK, rng.randint(0, 3))
        path = course.submit(f"s{number:02}", json.dumps(document).encode())
        (path.parent / "timestamp.txt").write_bytes(rng.choice(TIMES).encode("utf-8", "surrogatepass"))
    return course


def test_a_class_of_strangers_is_graded_or_waits_for_a_person_and_every_page_is_written(strangers):
    outcome = strangers.grade(pool=Liar)
    results = outcome.results
    assert {result.status for result in results} == {"graded", "needs-review"}, results
    assert all(result.flags for result in results if result.status == "needs-review")
    assert {"odd-evidence", "odd-reply", "malformed", "altered-cells"} <= {
        flag for result in results for flag in result.flags
    }
    assert all(result.score is None or 0 <= result.score <= 7 for result in results)
    assert "timestamp.txt is not a time" in " ".join(outcome.timestamp_warnings)
    again = strangers.grade(pool=Liar).results
    assert all(result.unchanged for result in again)
    with graded_assignment(strangers.root, ASSIGNMENT) as opened:
        whole = read_class(*opened)
        written = list(write_pages(pages_of(opened[0], whole)))
        assert len(written) == sum(result.status == "graded" for result in results)
        render(gather(whole)).encode("utf-8")
    assert strangers.grade(rejudge=True).results
