"""nbgrader's tables and the row that says their version: made all at once.

nbgrader makes them one by one, and the row last. A kill between leaves tables that `nbgrader db upgrade`
takes for those of its first version.
"""

from __future__ import annotations

from nbgrader.api import Base
from sqlalchemy import Column, MetaData, String, Table, create_engine, inspect, select
from sqlalchemy.engine import Connection

VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


def make_tables(url: str) -> None:
    """Make what is not there. Tables of this version that were left without that row get it.

    Raises:
        DBAPIError: the database refuses.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if _has_version(connection):
                return
        from alembic.script import ScriptDirectory  # a tenth of a command's start, for a new gradebook alone
        from nbgrader.dbutil import ALEMBIC_DIR

        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":  # its driver begins no transaction for a table
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if not _has_version(connection) and _of_this_version(connection):
                Base.metadata.create_all(connection)
                VERSION.create(connection, checkfirst=True)
                head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
                connection.execute(VERSION.insert().values(version_num=head))
    finally:
        engine.dispose()


def _has_version(connection: Connection) -> bool:
    there = inspect(connection).has_table(VERSION.name)
    return there and connection.execute(select(VERSION)).first() is not None


def _of_this_version(connection: Connection) -> bool:
    """Whether every table of nbgrader's that is there has the columns that it has today."""
    tables = inspect(connection)
    for table in Base.metadata.sorted_tables:
        if tables.has_table(table.name):
            there = {column["name"] for column in tables.get_columns(table.name)}
            if not there.issuperset(column.name for column in table.columns):
                return False
    return True
