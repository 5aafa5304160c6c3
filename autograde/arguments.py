"""Arguments and options of the commands: one name, one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import BadParameter

from descentlab.sentences import say


def _one_name(assignment: str | None) -> str | None:
    """An assignment's name; a shell that completes it as a folder puts a slash behind it.

    Raises:
        BadParameter: it is a path, which would be taken for another assignment or for none.
    """
    if assignment is None:
        return None
    name = assignment.rstrip("/")
    if "/" in name or name in ("", ".", ".."):
        raise BadParameter(say("{assignment!r} is no assignment's name.", assignment=assignment))
    return name


# Of several commands.
Assignment = Annotated[str, typer.Argument(help="An assignment's name, e.g. 06-adam.", callback=_one_name)]
CourseDir = Annotated[Path, typer.Option(help="The course's folder.")]
Student = Annotated[str, typer.Argument(help="The student's id.")]
StudentIds = Annotated[list[str], typer.Argument(help="Their ids.")]
Students = Annotated[list[str] | None, typer.Option(help="Only this student; can be repeated.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes at once.", show_default="one a core")]
# A folder is refused before anything is graded.
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the results there.", dir_okay=False)]

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
    Path | None, typer.Option(help="Write what Gradescope reads there.", metavar="FILE", dir_okay=False)
]
JUnitFile = Annotated[
    Path | None, typer.Option(help="Write a JUnit file there.", metavar="FILE", dir_okay=False)
]
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
    str | None,
    typer.Argument(help="An assignment's name, e.g. 06-adam; for csv all by default.", callback=_one_name),
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

# autograde answers
AnswersFolder = Annotated[
    Path | None, typer.Option(help="The folder to make.", show_default="answers-ASSIGNMENT")
]

# autograde backup
BackupFile = Annotated[
    Path | None, typer.Option(help="Write there.", show_default="../backup-COURSE-DATE.tar.gz")
]

# autograde bench
OtherGrader = Annotated[str | None, typer.Option(help="stock: grade the same class with nbgrader.")]
SubmissionCount = Annotated[int, typer.Option(min=1, help="How many.")]

# autograde cluster
CertificatesFile = Annotated[Path, typer.Argument(help="The file to write; must not be there.")]
WorkerCount = Annotated[int, typer.Option(min=0, help="Worker processes on this machine.")]
SchedulerPort = Annotated[int, typer.Option(min=1, max=65535, help="Where the scheduler listens.")]
Dashboard = Annotated[
    bool, typer.Option("--dashboard", help="Dask's pages, for this machine alone; needs bokeh.")
]
SchedulerAddress = Annotated[str, typer.Argument(help="tls://HOST:PORT of the scheduler.")]
JoiningWorkers = Annotated[int, typer.Option(min=1, help="Worker processes on this machine.")]
Certificates = Annotated[
    Path, typer.Option("--certificates", help="The file of `autograde cluster certificates`.")
]

# autograde collect
SubmissionsSource = Annotated[
    Path | None,
    typer.Argument(
        help="A zip as Canvas or Moodle packs it, or a folder.", show_default="nbgrader's exchange"
    ),
]
SenderIds = Annotated[
    list[str] | None,
    typer.Option(help="SENDER=ID: whose it is, where that cannot be told. Can be repeated."),
]
ReplaceCollected = Annotated[
    bool, typer.Option("--update", help="Replace what was collected before and is another.")
]

# autograde demo
DemoFolder = Annotated[Path, typer.Option("--dir", help="Where the demo course is made.")]
StudentCount = Annotated[int, typer.Option(help="At least this many; every case once.")]
DemoSeed = Annotated[int, typer.Option(help="Draws the students beyond one a case.")]

# autograde due
AssignmentToShow = Annotated[
    str | None,
    typer.Argument(help="An assignment's name, e.g. 06-adam.", show_default="show all", callback=_one_name),
]
DueDate = Annotated[
    str | None,
    typer.Argument(help='"2026-11-20 23:59", in this machine\'s zone or the one that is named.'),
]
NeverDue = Annotated[bool, typer.Option("--never", help="Take the due date away.")]

# autograde extend
AssignmentOrAll = Annotated[
    str, typer.Argument(help='An assignment\'s name, e.g. 06-adam, or "all".', callback=_one_name)
]
ExtraDays = Annotated[float, typer.Option(min=0, max=3660, help="So many days after the due date.")]
ExtraHours = Annotated[float, typer.Option(min=0, max=87_840, help="So many hours, beside the days.")]
ExtendedUntil = Annotated[
    str | None, typer.Option(help='"2026-11-25 23:59", in this machine\'s zone or the one that is named.')
]
TakeBack = Annotated[bool, typer.Option("--take-back", help="Take the extension away.")]

# autograde lab
CourseOfLessons = Annotated[
    Path | None,
    typer.Option(help="The course's folder.", show_default="this folder, or the installed lessons"),
]
LabPort = Annotated[int, typer.Option(help="The port of JupyterLab.")]
OpenBrowser = Annotated[bool, typer.Option(help="Open a browser window.")]
StartLab = Annotated[bool, typer.Option(help="Start JupyterLab; --no-start only copies.")]
Notebook7 = Annotated[
    bool, typer.Option("--notebook", help="Open Jupyter Notebook 7 in place of JupyterLab.")
]
AsTeacher = Annotated[
    bool, typer.Option("--teacher", help="Open the course's folder instead, with formgrader.")
]

# autograde new assignment, lesson, gradescope, …
AssignmentName = Annotated[str, typer.Argument(help="Its name: letters, digits, - and _.")]
LessonName = Annotated[str, typer.Argument(help="Its number and name, such as 09-lion.")]
Clone = Annotated[Path, typer.Option(help="The clone of descentlab.")]
AutograderFile = Annotated[
    Path | None, typer.Option(help="The zip to write.", show_default="gradescope-LESSON.zip")
]
WheelFile = Annotated[
    Path | None,
    typer.Option(help="descentlab's wheel.", show_default="the file that this was installed from"),
]
IsolationThere = Annotated[
    str, typer.Option(help="How submissions run there; none: unprotected. See autograde mark.")
]
LessonOrFile = Annotated[
    str, typer.Argument(help="A lesson's name, or the notebook with the answers.", metavar="LESSON|FILE")
]
StudentsRepository = Annotated[Path, typer.Option(help="The repository that students get.", metavar="FOLDER")]
PackageThere = Annotated[
    str | None,
    typer.Option(
        help="What pip installs there, for example a wheel's address.",
        metavar="WORD",
        show_default="descentlab[grader] of this version",
    ),
]

# autograde notebooks
OnlyCheck = Annotated[bool, typer.Option("--check", help="Write nothing; say what has drifted.")]
CountWords = Annotated[bool, typer.Option("--words", help="Write nothing; count what a reader reads.")]
OverwriteEdited = Annotated[bool, typer.Option("--force", help="Overwrite notebooks edited by hand.")]

# autograde release
SourceFolder = Annotated[
    str | None, typer.Argument(help="An assignment's folder in solutions/.", callback=_one_name)
]
EveryAssignment = Annotated[bool, typer.Option("--all", help="Release every assignment.")]
OverwriteReleased = Annotated[bool, typer.Option(help="Overwrite released notebooks somebody worked in.")]

# autograde report
AssignmentOrTerm = Annotated[
    str | None,
    typer.Argument(
        help="An assignment's name, e.g. 06-adam.", show_default="the whole term", callback=_one_name
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(help="Write the page there.", show_default="report-ASSIGNMENT.html, report-term.html"),
]
Anonymous = Annotated[bool, typer.Option("--anonymous", help="Numbers in place of ids and names; no links.")]
WithMistakeIds = Annotated[bool, typer.Option("--ids", help="Mistakes with their ids, too.")]

# autograde roster show, add, remove
OnlySection = Annotated[str | None, typer.Option(help="Only who is in this section.")]
RosterFile = Annotated[
    Path | None, typer.Option(help="Write the roster there, as `autograde roster import` reads it.")
]
NewValue = Annotated[str | None, typer.Option()]
LmsUserId = Annotated[str | None, typer.Option(help="The id in the other system.")]
RosterId = Annotated[str, typer.Argument(help="The student's id: the name of the folder in submitted/.")]

# autograde site
SiteFolder = Annotated[Path, typer.Argument(help="The site's folder: new, or an earlier site to replace.")]
PyodideSource = Annotated[
    str | None,
    typer.Option(
        help="Pyodide's unpacked folder, copied into the site; or its address.", show_default="its CDN"
    ),
]

# autograde student
StudentFile = Annotated[Path | None, typer.Option(help="Write there.", show_default="student-ID.zip")]
OneSubmission = Annotated[
    str | None,
    typer.Option(
        "--assignment", help="Erase only the submission of this one.", show_default=False, callback=_one_name
    ),
]
ReallyErase = Annotated[bool, typer.Option("--yes", help="Do it: it cannot be undone.")]

# autograde upgrade
CourseFolder = Annotated[Path, typer.Argument(help="The course's folder.")]
OnlySay = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
CopiedByHand = Annotated[
    bool, typer.Option("--copied", help="A gradebook that is no file was copied by hand.")
]
