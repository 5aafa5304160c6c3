"""nbgrader's own exporter interface, with the rows of `autograde export`.

nbgrader export --exporter=autograde.export.nbgrader_plugin.CsvExport --to grades.csv
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Enum

from autograde.errors import UsageError
from autograde.export.write_scores import Asked, export

FORMS = ("csv", "wide", "long")


class CsvExport(ExportPlugin):
    """Everybody on the roster, with lateness, flags and what is not graded yet; nbgrader's has only points.

    Gives 0 points to nobody who has handed in nothing: nbgrader's own exporter does.
    """

    form = Enum(FORMS, "csv", help="csv: a line a student and assignment; wide; long.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the file. What is left out is said on stderr.

        Raises:
            UsageError: nothing is graded, or students are asked for, which this exporter cannot leave out.
        """
        root = Path(self.parent.coursedir.root)
        names = [str(name) for name in self.assignment]
        if self.student:
            raise UsageError.say("this exporter has everybody: leave --student out.")
        if len(names) > 1:
            raise UsageError.say("this exporter takes one --assignment, or all: leave it out.")
        one = names[0] if names else None
        export(Asked(root, one, form=self.form, out=Path(self.to or "grades.csv")))
