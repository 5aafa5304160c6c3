"""`autograde answers`: what students wrote, for a tool that compares programs."""

from __future__ import annotations

from pathlib import Path

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell_count, warn


@app.command("answers", cls=needs("grader"))
def answers_command(
    assignment: arguments.Assignment,
    course_dir: arguments.CourseDir = Path("."),
    out: arguments.AnswersFolder = None,
) -> None:
    """Write the solution cells of every graded submission, for JPlag or MOSS. Nothing is judged here.

    students/STUDENT/NOTEBOOK.py holds what a student wrote, handed-out/NOTEBOOK.py what everybody got:

        java -jar jplag.jar -l python3 answers-06-adam/students -bc answers-06-adam/handed-out
        moss -l python -d -b answers-06-adam/handed-out/adam.py answers-06-adam/students/*/adam.py

    Example:  autograde answers 06-adam
    """
    from autograde.export.answers import write_answers
    from autograde.grading.graded_assignments import graded_assignment
    from autograde.grading.results import GRADED
    from autograde.grading.scores import read_results

    with graded_assignment(course_dir, assignment) as (course, gradebook, key):
        results = read_results(gradebook, key)
        students = [who for who, one in results.items() if one.result.status == GRADED]
        folder = out or course.root / f"answers-{assignment}"
        written, left_out = write_answers(course, key, students, folder)
        left_out += [who for who in results if who not in students]
    tell_count(
        "wrote the answers of {count} student into {folder}",
        "wrote the answers of {count} students into {folder}",
        len(written),
        folder=folder,
    )
    if left_out:
        warn("no autograded notebook: {students}", students=", ".join(sorted(left_out)))
