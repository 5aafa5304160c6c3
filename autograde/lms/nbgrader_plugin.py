"""`autograde export` as one of nbgrader's exporters.

nbgrader export --exporter=autograde.lms.nbgrader_plugin.CsvExport --to grades.csv
"""

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Enum

from autograde.errors import UsageError
from autograde.lms.exporter import OF_SEVERAL, Asked, export


class CsvExport(ExportPlugin):
    """The whole roster, with lateness, flags and missing grades; nbgrader's own has only points, 0 if missing."""

    form = Enum(OF_SEVERAL, "csv", help="csv: a line per student and assignment; wide; long.").tag(
        config=True
    )

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; warnings go to stderr.

        Raises:
            UsageError: nothing is graded, or single students are chosen, which this exporter does not offer.
        """
        root = Path(self.parent.coursedir.root)
        names = [str(name) for name in self.assignment]
        if self.student:
            raise UsageError("this exporter takes everybody: leave --student out.")
        if len(names) > 1:
            raise UsageError("this exporter takes one --assignment, or all: leave it out.")
        one = names[0] if names else None
        export(Asked(root, one, form=self.form, out=Path(self.to or "grades.csv")))
