"""The zone in which a due date was typed, by assignment: nbgrader's own column keeps UTC alone."""

from __future__ import annotations

from datetime import tzinfo

from nbgrader.api import Gradebook
from sqlalchemy import Column, String

from autograde.own_table import OwnTable
from autograde.untrusted.timestamp import zone_of

TABLE = OwnTable(
    "autograde_due_zone",
    Column("assignment", String(128), primary_key=True),
    Column("zone", String(64), nullable=False),
)


def read_zones(gradebook: Gradebook) -> dict[str, tzinfo]:
    """The zone of every due date that was typed with one."""
    rows = TABLE.rows(gradebook, "assignment", "zone")
    return {assignment: zone for assignment, word in rows if (zone := zone_of(word))}


def write_zone(gradebook: Gradebook, assignment: str, word: str) -> None:
    """Remember a zone as it was typed; an empty word forgets it. Within the transaction that runs."""
    write = TABLE.put if word else TABLE.remove
    write(gradebook, [{"assignment": assignment, "zone": word}])
