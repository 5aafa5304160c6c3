"""nbgrader's settings for a course graded by this grader: what `nbgrader_config.py` loads."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from autograde.feedback.clean import configure as clean_students_pages
from autograde.grading.nbgrader_steps import configure as grade_in_the_sandbox
from autograde.grading.products import BESIDE
from autograde.lessons.release import SOURCE, settings


def configure(config: Config, root: Path) -> None:
    """Folders, releases, grading in the sandbox and sanitised pages, for the course at `root`."""
    config.merge(settings(root / SOURCE))
    config.CourseDirectory.ignore = [*config.CourseDirectory.ignore, BESIDE]
    grade_in_the_sandbox(config)
    clean_students_pages(config)
