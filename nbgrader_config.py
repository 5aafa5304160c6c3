"""This course's configuration, for `autograde`, `nbgrader` and formgrader alike.

Limits of a submission (seconds, bytes) can be set here, for all assignments or for one:

    c.Limits.memory_bytes = 4 * 2**30
    c.Limits.of = {"07-comparison": {"wall_seconds": 900}}

What submissions may import besides descentlab's own packages and what the solutions import:

    c.Sandbox.packages = ["scipy"]

Lessons of which students get only the core, the first hour ("all": of every lesson):

    c.CoreOnly.lessons = ["02-momentum"]

What each begun day late takes of the points reached (`autograde due` sets due dates):

    c.LatePenalty.percent_per_day = 10
"""

from pathlib import Path

from autograde.course.configuration import configure

c = get_config()  # noqa: F821 — given by whoever loads this file
configure(c, Path(__file__).resolve().parent)
