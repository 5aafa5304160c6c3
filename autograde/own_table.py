"""A table of ours in the gradebook, beside nbgrader's. It is made when it is first written to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import Column, MetaData, Row, Table, bindparam, delete, insert, inspect, select


class OwnTable:
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
        self.table.create(gradebook.db.connection(), checkfirst=True)
        self.remove(gradebook, rows)
        if rows:
            gradebook.db.execute(insert(self.table), list(rows))

    def remove(self, gradebook: Gradebook, keys: Collection[Mapping[str, Any]]) -> None:
        """Remove the rows with these keys, as far as there are such."""
        if keys and self.is_there(gradebook):
            same = [column == bindparam(f"of_{column.name}") for column in self.table.primary_key]
            named = [{f"of_{c.name}": key[c.name] for c in self.table.primary_key} for key in keys]
            gradebook.db.execute(delete(self.table).where(*same), named)
