"""A table of ours in the gradebook, beside nbgrader's. It is made when it is first written to."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import Column, MetaData, Row, Table, bindparam, delete, func, insert, inspect, select
from sqlalchemy.engine import Connection

MAKING_TABLES = 0x64656C6162  # the number of PostgreSQL's lock, for all versions of this program


def make_tables_alone(connection: Connection) -> None:
    """Let nobody else make a table until the transaction ends: of two that make one at once PostgreSQL
    refuses the second. SQLite has one writer at a time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MAKING_TABLES)))


class GradebookTable:
    """One table. What is written is within the transaction that runs."""

    def __init__(self, name: str, *columns: Column) -> None:
        self.table = Table(name, MetaData(), *columns)

    def is_there(self, gradebook: Gradebook) -> bool:
        """Whether anything was ever written to it."""
        return inspect(gradebook.db.connection()).has_table(self.table.name)

    def rows(self, gradebook: Gradebook, *columns: str, **values: Any) -> Sequence[Row]:
        """These columns of the rows with these values, in the order of their keys; none without a table."""
        if not self.is_there(gradebook):
            return []
        query = select(*(self.table.c[name] for name in columns)).filter_by(**values)
        return gradebook.db.execute(query.order_by(*self.table.primary_key)).all()

    def put(self, gradebook: Gradebook, rows: Collection[Mapping[str, Any]]) -> None:
        """Write rows, each in place of the one with its key."""
        if not self.is_there(gradebook):
            connection = gradebook.db.connection()
            make_tables_alone(connection)
            self.table.create(connection, checkfirst=True)
        self.remove(gradebook, rows)
        if rows:
            gradebook.db.execute(insert(self.table), list(rows))

    def remove(self, gradebook: Gradebook, keys: Collection[Mapping[str, Any]]) -> None:
        """Remove the rows with these keys, as far as there are such."""
        if keys and self.is_there(gradebook):
            same = [column == bindparam(f"of_{column.name}") for column in self.table.primary_key]
            named = [{f"of_{c.name}": key[c.name] for c in self.table.primary_key} for key in keys]
            gradebook.db.execute(delete(self.table).where(*same), named)
