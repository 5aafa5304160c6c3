"""The small assignment graded by this grader and by `otter run`, on the same answers.

    python benchmarks/otter.py --otter FOLDER/bin/otter

Otter-Grader is no dependency: put it into an environment of its own (`python -m venv FOLDER`, then
`FOLDER/bin/pip install otter-grader ipykernel`). Its test asks for the same five criteria of
the check, a point each. Prints how long a submission takes and the ratio; returns 1 where the scores differ.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from small_course import ASSIGNMENT, make_course
from whole_commands import measure_commands

from descentlab.exercises import find

SRC = Path(__file__).resolve().parents[1] / "src"
CHECK = "adam/update"


def otter_test() -> str:
    """An otter test file: the check is run in the first case, each criterion is a case of its own."""
    cases = []
    for number, criterion in enumerate(find(CHECK).criteria):
        lines = [">>> import descentlab.checks as checks"]
        if number == 0:
            lines.append(f">>> checks.seen = checks.run({CHECK!r}, Adam, 0).criteria")
        lines += [f">>> bool(checks.seen[{number}].passed)", "True"]
        cases.append({"code": "\n".join(lines), "hidden": False, "points": criterion.weight})
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return f"OK_FORMAT = True\n\ntest = {{'name': 'adam', 'suites': [{suite!r}]}}\n"


def by_otter(otter: str, submissions: int, folder: Path) -> tuple[float, dict[str, float]]:
    """Seconds a submission, and each student's score."""
    tests = folder / "tests"
    tests.mkdir()
    (tests / "adam.py").write_text(otter_test(), encoding="utf-8")
    tools = {
        "env": {**os.environ, "PYTHONPATH": str(SRC)},
        "cwd": folder,
        "check": True,
        "capture_output": True,
    }
    subprocess.run([otter, "generate", "-t", "tests", "-o", "autograder.zip"], **tools)
    make_course(folder / "course", submissions)
    seconds, scores = 0.0, {}
    for path in sorted((folder / "course" / "submitted").glob(f"*/{ASSIGNMENT}/small.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("check(")]
        handed_in = folder / "small.ipynb"
        nbformat.write(notebook, handed_in)
        began = time.perf_counter()
        subprocess.run([otter, "run", "-a", "autograder.zip", handed_in.name], **tools)
        seconds += time.perf_counter() - began
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))["tests"]
        scores[path.parts[-3]] = sum(test.get("score", 0.0) for test in results)
    return seconds / len(scores), scores


def main() -> int:
    """Prints the ratio; returns 1 where the scores differ, 2 without otter."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--otter", default=shutil.which("otter"), help="the command; by default that of PATH")
    parser.add_argument("--submissions", type=int, default=40, help="for this grader")
    parser.add_argument("--by-otter", type=int, default=6, help="for otter, which starts anew for each")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    if not asked.otter or not shutil.which(asked.otter):
        print(f"no otter at {asked.otter}: --otter names the command", file=sys.stderr)
        return 2
    (ours,) = measure_commands(asked.submissions, against_stock=False, jobs=asked.jobs)
    with tempfile.TemporaryDirectory(prefix="otter-") as scratch:
        each, scores = by_otter(asked.otter, asked.by_otter, Path(scratch))
    print(f"autograde  {ours.each * 1000:8.1f} ms a submission, of {asked.submissions}")
    print(f"otter run  {each * 1000:8.1f} ms a submission, of {asked.by_otter}")
    print(f"ratio      {each / ours.each:8.1f} × as fast")
    # The classes are made alike: student by student the same answers.
    expected, actual = ([score for _, score in sorted(by.items())] for by in (ours.scores, scores))
    same = expected[: len(actual)] == actual
    print(f"scores     {'the same' if same else f'differ: {expected[: len(actual)]} and {actual}'}")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
