"""What handing in late costs: nbgrader's own plugin, and percents a day beside its all or nothing."""

from __future__ import annotations

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 86_400.0
MINUTE = 60.0


class LatePenalty(LateSubmissionPlugin):
    """Takes percents of the points reached for each day that has begun; without any, nbgrader's own rule.

    A course sets in nbgrader_config.py:

        c.LatePenalty.percent_per_day = 10
        c.LatePenalty.most_percent = 50
        c.LatePenalty.grace_minutes = 15
    """

    percent_per_day = Float(0.0, min=0.0, max=100.0, help="Of the points reached, for each begun day.").tag(
        config=True
    )
    most_percent = Float(100.0, min=0.0, max=100.0, help="More is never taken.").tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="So much later costs nothing.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off a notebook's score; None is nothing.

        Args:
            student_id: not looked at.
            score: the points reached, without penalty.
            total_seconds_late: after the due date and the student's extension.
        """
        if total_seconds_late <= self.grace_minutes * MINUTE:
            return None
        if not self.percent_per_day:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        days = math.ceil(total_seconds_late / DAY)
        return score * min(days * self.percent_per_day, self.most_percent) / 100
