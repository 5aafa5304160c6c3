"""The zone in which a due date was typed, by assignment: nbgrader's own column keeps UTC alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from nbgrader.api import Gradebook
from sqlalchemy import Column, MetaData, String, Table, delete, insert, inspect, select

from autograde.untrusted.timestamp import zone_of

TABLE = Table(
    "autograde_due_zone",
    MetaData(),
    Column("assignment", String(128), primary_key=True),
    Column("zone", String(64), nullable=False),
)
Zones = Mapping[str, tzinfo]  # by assignment; who is not in it was typed in the machine's zone


def read_zones(gradebook: Gradebook) -> dict[str, tzinfo]:
    """The zone of every due date that was typed with one."""
    if not inspect(gradebook.db.connection()).has_table(TABLE.name):
        return {}
    rows = gradebook.db.execute(select(TABLE.c.assignment, TABLE.c.zone))
    return {assignment: zone for assignment, word in rows if (zone := zone_of(word))}


def write_zone(gradebook: Gradebook, assignment: str, word: str) -> None:
    """Remember a zone as it was typed; an empty word forgets it. Within the transaction that runs."""
    TABLE.metadata.create_all(gradebook.db.connection())
    gradebook.db.execute(delete(TABLE).where(TABLE.c.assignment == assignment))
    if word:
        gradebook.db.execute(insert(TABLE), {"assignment": assignment, "zone": word})
