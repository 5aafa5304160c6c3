"""Arguments and options of the commands: one name, one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# Of several commands.
Assignment = Annotated[str, typer.Argument(help="An assignment's name, e.g. 06-adam.")]
CourseDir = Annotated[Path, typer.Option(help="The course's folder.")]
Students = Annotated[list[str] | None, typer.Option(help="Only this student; can be repeated.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes at once.", show_default="one a core")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the results there.")]

# autograde grade
GradeUnchanged = Annotated[bool, typer.Option("--force", help="Grade unchanged submissions again, too.")]
Rejudge = Annotated[
    bool, typer.Option("--rejudge", help="Judge kept evidence again; runs no student's code.")
]
Isolation = Annotated[str, typer.Option(help="auto: the best sandbox here; none: unprotected.")]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Workers: local:N here, or a Dask cluster at tls://HOST:PORT.", metavar="ADDRESS"),
]
MistakeIds = Annotated[bool, typer.Option("--ids", help="Mistakes by their ids, not in sentences.")]

# autograde mark
SubmittedFile = Annotated[Path, typer.Argument(help="The notebook that was handed in.")]
ReleasedFile = Annotated[
    str | None,
    typer.Option(
        help="What was handed out: a lesson's name, or a file.",
        metavar="FILE|LESSON",
        show_default="the lesson of the notebook's name",
    ),
]
GradescopeFile = Annotated[
    Path | None, typer.Option(help="Write what Gradescope reads there.", metavar="FILE")
]
JUnitFile = Annotated[Path | None, typer.Option(help="Write a JUnit file there.", metavar="FILE")]
SecretFile = Annotated[
    Path | None, typer.Option(help="Draw the checks' problems from this file, made where it is not there.")
]
IsolationOfOne = Annotated[
    str,
    typer.Option(
        help="auto: the best sandbox here, and without namespaces another user; same-user: without "
        "namespaces this user; none: unprotected."
    ),
]

# autograde feedback
ThroughExchange = Annotated[
    bool, typer.Option("--exchange", help="Give the pages to nbgrader's exchange, too.")
]

# autograde teach
AsSlides = Annotated[bool, typer.Option("--slides", help="Slides instead of the page.")]
RevealAddress = Annotated[
    str | None,
    typer.Option(help="Where the slides find reveal.js: a folder or an address.", show_default="the web"),
]
PlanFile = Annotated[
    Path | None,
    typer.Option(help="Write there.", show_default="teach-ASSIGNMENT.html or slides-ASSIGNMENT.html"),
]

# autograde roster import
ListOfStudents = Annotated[
    Path, typer.Argument(help="The list of students, as the other system exported it.")
]
ColumnKinds = Annotated[
    list[str] | None,
    typer.Option(
        help="KIND=HEADER: which column it is; KIND is id, name, first_name, last_name, email, "
        "lms_user_id, section or extension. Can be repeated."
    ),
]
Encoding = Annotated[
    str | None, typer.Option(help="The file's encoding, e.g. cp1252.", show_default="UTF-8 or UTF-16")
]
RemoveMissing = Annotated[
    bool, typer.Option("--remove-missing", help="Take off the roster who is not in FILE.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]

# autograde export
AnyAssignment = Annotated[
    str | None, typer.Argument(help="An assignment's name, e.g. 06-adam; for csv all by default.")
]
ExportFormat = Annotated[
    str,
    typer.Option(
        "--format",
        help="csv, wide, long, canvas, moodle, moodle-worksheet, blackboard, brightspace or gradescope.",
    ),
]
TemplateFile = Annotated[Path | None, typer.Option(help="The other system's own export, to be filled.")]
ColumnToFill = Annotated[str | None, typer.Option(help='The column to fill, e.g. "HW1 (1234)".')]
ScoresFile = Annotated[
    Path | None,
    typer.Option(
        help="Write there.",
        show_default="grades-ASSIGNMENT.csv, grades-ASSIGNMENT-FORMAT.csv, grades-term.csv",
    ),
]
AcceptSelfReported = Annotated[
    bool, typer.Option("--accept-self-reported", help="Take scores that stock nbgrader gave.")
]
ZeroMissing = Annotated[
    bool, typer.Option("--zero-missing", help="Give 0 points to who has handed in nothing.")
]

# autograde new course
NewFolder = Annotated[Path, typer.Argument(help="The folder to make; new or empty.")]
Solutions = Annotated[
    Path | None,
    typer.Option(
        help="The sdist of this version (descentlab-VERSION.tar.gz), or a folder.",
        show_default="the clone, or the sdist in this folder, in dist/ or beside the wheel",
    ),
]
Lessons = Annotated[
    list[str] | None, typer.Option(help="Only this lesson; can be repeated.", show_default="all")
]
EmptyCourse = Annotated[bool, typer.Option("--empty", help="No lesson: assignments of your own alone.")]

# autograde doctor
InstallSandbox = Annotated[
    bool, typer.Option("--install-sandbox", help="Install bubblewrap from the system's packages.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is missing.")]
CourseToHide = Annotated[Path | None, typer.Option(help="A course that submissions must not read.")]
LookAtHub = Annotated[
    bool, typer.Option("--hub", help="Look at a course and its exchange as a JupyterHub needs them.")
]

# autograde selftest
AllAttacks = Annotated[bool, typer.Option("--hostile", help="All of the hostile suite: minutes.")]
OnlyNumbers = Annotated[list[int] | None, typer.Option(help="Only this number; can be repeated.")]
