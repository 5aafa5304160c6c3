"""`python benchmarks/own_assignment.py [SUBMISSIONS]`: what it costs a class that the solution solves each student's problems.

Grades a class of examples/ode twice: once as `autograde grade` does, and once with the solution's results at hand. Prints
both times and their ratio; 1 where that is above 1.5.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.pipeline.solver import Solver
from autograde.release.creation import make_course
from autograde.release.lessons import release_notebooks
from autograde.release.trial import try_solution

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from course_folder import hand_in

NAME, MOST = "ode", 1.5


def seconds(options: GradeOptions) -> float:
    """How long the class takes by the clock; every answer has to earn all its points."""
    began = time.perf_counter()
    outcome = grade_class(options)
    took = time.perf_counter() - began
    assert {result.score for result in outcome.results} == {outcome.results[0].max_score}, outcome.results[0]
    return took


def main() -> int:
    """Returns 1 where the ratio is too large."""
    count = int(sys.argv[1]) if sys.argv[1:] else 60
    kept: dict[Any, Any] = {}
    solve = Solver.solve

    def solve_and_keep(self: Solver, notebook: str, asked: Any) -> Any:
        kept.update(zip(asked, solve(self, notebook, asked), strict=True))
        return [kept[one] for one in asked]

    with tempfile.TemporaryDirectory(prefix="autograde-own-") as scratch:
        course = Path(scratch) / "course"
        make_course(course, None)
        shutil.copytree(ROOT / "examples" / NAME, course / "solutions" / NAME)
        release_notebooks(course, NAME, trial=try_solution)
        for number in range(count):
            hand_in(course, NAME, f"s{number:03}")
        options = GradeOptions(NAME, course, force=True)
        Solver.solve = solve_and_keep
        whole = seconds(options)
        Solver.solve = lambda self, notebook, asked: [kept[one] for one in asked]
        Solver.sandbox = SimpleNamespace(warm=lambda runs: None)
        at_hand = seconds(options)
    ratio = whole / at_hand
    print(
        f"{count} submissions {whole:.1f} s, with the solution's results at hand {at_hand:.1f} s: {ratio:.2f} ×"
    )
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
