"""Students to remember by assignment: whom a learning system marked late, and whose time a file says."""

from __future__ import annotations

from collections.abc import Collection

from nbgrader.api import Gradebook
from sqlalchemy import Column, String

from autograde.own_table import OwnTable


class Remembered(OwnTable):
    """A set of students for each assignment."""

    def __init__(self, name: str) -> None:
        keys = (Column(key, String(128), primary_key=True) for key in ("student", "assignment"))
        super().__init__(name, *keys)

    def students(self, gradebook: Gradebook, assignment: str) -> set[str]:
        """Who is remembered."""
        return {row.student for row in self.rows(gradebook, "student", assignment=assignment)}

    def change(
        self, gradebook: Gradebook, assignment: str, more: Collection[str], gone: Collection[str]
    ) -> None:
        """Remember more students, and forget others; within the transaction that runs."""
        self.remove(gradebook, [{"student": student, "assignment": assignment} for student in gone])
        if more:
            rows = [{"student": student, "assignment": assignment} for student in sorted(more)]
            self.put(gradebook, rows)


# Late by a learning system's own mark, which says no time: kept until a time is known.
MARKED_LATE = Remembered("autograde_marked_late")
# Whose time of handing in comes from a timestamp.txt: where that file goes, the time goes with it. Another
# time in the gradebook, which an instructor or a program entered, stays.
DATED_BY_FILE = Remembered("autograde_times_of_files")
