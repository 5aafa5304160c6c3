"""nbgrader's settings for a course graded by this grader: what `nbgrader_config.py` loads.

The grader's classes are named, not imported: Jupyter's server reads this in a student's environment, too,
which lacks what they need.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

from nbgrader import coursedir
from nbgrader.apps import api
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from autograde.assignments.settings import SOURCE, settings
from autograde.formgrader_queries import ask_less
from autograde.steps import converters_before, converters_behind
from autograde.untrusted.timestamp import OddTimestampError, named_zone, read_timestamp

TEMPLATE = Path(__file__).with_name("nbgrader_config.py.txt")
"""What a course's folder holds as nbgrader_config.py."""
EARLIER_TEMPLATES = {
    460: "5b6b254b18116d2dbd2720f15e60f8caf4c0569bd3be2861b652f7fb1dcac050",
    589: "9261a94300c798638d1d52c5031c0b2158b611e7f4022bf401e60b219993839c",
}
"""What earlier versions wrote in its place: how many characters, and their SHA-256 (hex)."""
EVIDENCE_FOLDER = ".autograde"  # the folder of evidence beside an autograded notebook
LATE_PENALTY = "autograde.lateness.penalty.LatePenalty"
RUBRIC = "autograde.feedback.rubric.ShowRubric"
RESULT = "autograde.grading.button_words"
OURS, CLEAN = "autograde.grading.nbgrader_converters", "autograde.feedback.clean"


def configure(config: Config, root: Path) -> None:
    """Folders, releases, grading in the sandbox and sanitised pages, for the course at `root`."""
    config.merge(settings(root / SOURCE))
    config.CourseDirectory.ignore = [*config.CourseDirectory.ignore, EVIDENCE_FOLDER]
    grade_in_the_sandbox(config)
    clean_students_pages(config)
    config.ShowRubric.enabled = True
    config.ShowRubric.source = str(root / SOURCE)
    say_results_in_words()
    ask_less()
    read_timestamps(config)
    config.AssignLatePenalties.plugin_class = LATE_PENALTY


def grade_in_the_sandbox(config: Config) -> None:
    """Make nbgrader's Autograde go the same way as `autograde grade`."""
    reads, *sanitizes = [f"{OURS}.{name}" for name in converters_before("sanitize")]
    runs = [f"{OURS}.{name}" for name in converters_before("save")]
    remembers = [f"{OURS}.{name}" for name in converters_behind("save")]
    nbgraders = Autograde.autograde_preprocessors.default_args[0]
    config.Autograde.exporter_class = reads
    config.Autograde.sanitize_preprocessors = [*sanitizes, *Autograde.sanitize_preprocessors.default_args[0]]
    kept = [step for step in nbgraders if step is not Execute]
    config.Autograde.autograde_preprocessors = [*runs, *kept, *remembers]


def clean_students_pages(config: Config) -> None:
    """Let every HTML exporter of nbgrader (formgrader, generate_feedback) clean what students made."""
    config.CleanOutputs.enabled = True
    config.HTMLExporter.preprocessors = [RUBRIC, f"{CLEAN}.CleanOutputs"]
    config.HTMLExporter.filters = {
        "markdown2html": f"{CLEAN}.clean_markdown",
        "highlight_code": f"{CLEAN}.clean_code",
    }


def say_results_in_words() -> None:
    """Let formgrader's Autograde button show a result, where it would show a log.

    What takes the log cannot be configured, so it is replaced where the button's handler calls it.
    """
    if getattr(api.capture_log, "says_results", False):
        return
    stock = api.capture_log

    def captured(app: Any, *words: Any, **options: Any) -> dict[str, Any]:
        try:
            in_words = import_module(RESULT).in_words
        except ImportError:  # a student's environment, which has no such button
            return stock(app, *words, **options)
        return in_words(stock)(app, *words, **options)

    captured.says_results = True
    api.capture_log = captured


def read_timestamps(config: Config) -> None:
    """Let nbgrader and formgrader read when something was handed in as `autograde grade` does.

    Their own reader opens any path that a submission's timestamp.txt names. It cannot be configured, so it is
    replaced where they call it. An odd time counts as none.
    """

    def read(text: str) -> datetime | None:
        with suppress(OddTimestampError):
            return read_timestamp(text.encode("utf-8", "replace"), exchange_zone(config))
        return None

    coursedir.parse_utc = api.parse_utc = read


def exchange_zone(config: Config) -> tzinfo:
    """The zone in which nbgrader's exchange writes its times, `c.Exchange.timezone`."""
    return named_zone(str(config.get("Exchange", {}).get("timezone", "UTC"))) or UTC
