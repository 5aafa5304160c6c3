"""nbgrader's settings for a course graded by this grader: what `nbgrader_config.py` loads.

The grader's classes are named, not imported: Jupyter's server reads this in a student's environment, too,
which lacks what they need.
"""

from datetime import UTC, tzinfo
from pathlib import Path

from traitlets.config import Config

from autograde.course.assignments import SOURCE, settings
from autograde.course.nbgrader_patches import OURS, configure_formgrader
from autograde.untrusted.timestamp import named_zone

TEMPLATE = Path(__file__).with_name("nbgrader_config.py.txt")
"""What a course's folder holds as nbgrader_config.py."""
EVIDENCE_FOLDER = ".autograde"  # the folder of evidence beside an autograded notebook
LATE_PENALTY = "autograde.people.late.LatePenalty"
RUBRIC = "autograde.pages.rubric.ShowRubric"
CLEAN = "autograde.pages.clean"


def configure(config: Config, root: Path) -> None:
    """Folders, releases, grading in the sandbox and sanitised pages, for the course at `root`."""
    config.merge(settings(root / SOURCE))
    config.CourseDirectory.ignore = [*config.CourseDirectory.ignore, EVIDENCE_FOLDER]
    config[OURS].enabled = True
    clean_students_pages(config)
    config.ShowRubric.enabled = True
    config.ShowRubric.source = str(root / SOURCE)
    configure_formgrader(lambda: exchange_zone(config))
    config.AssignLatePenalties.plugin_class = LATE_PENALTY


def clean_students_pages(config: Config) -> None:
    """Let every HTML exporter of nbgrader (formgrader, generate_feedback) clean what students made."""
    config.CleanOutputs.enabled = True
    config.HTMLExporter.preprocessors = [RUBRIC, f"{CLEAN}.CleanOutputs"]
    config.HTMLExporter.filters = {
        "markdown2html": f"{CLEAN}.clean_markdown",
        "highlight_code": f"{CLEAN}.clean_code",
    }


def exchange_zone(config: Config) -> tzinfo:
    """The zone in which nbgrader's exchange writes its times, `c.Exchange.timezone`."""
    return named_zone(str(config.get("Exchange", {}).get("timezone", "UTC"))) or UTC
