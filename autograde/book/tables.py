"""The gradebook's tables: nbgrader's, made all at once, and ours next to them, made at the first write.

nbgrader makes its tables one by one, and its rows last. A kill between leaves tables that `nbgrader db upgrade`
takes for those of its first version; of two commands that make the course's row at once one would fail.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Base, Course, Gradebook
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
)

from autograde.errors import UsageError

FORMAT = 2  # of all that this program writes next to nbgrader's tables
FORMATS = Table("autograde_format", MetaData(), Column("format", Integer, primary_key=True))
MAKING_TABLES = 0x64656C6162  # the number of PostgreSQL's lock, for all versions of this program


def make_tables_alone(connection: Connection) -> None:
    """Let nobody else make a table until the transaction ends: of two that make one at once PostgreSQL
    refuses the second. SQLite has one writer at a time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MAKING_TABLES)))


class GradebookTable:
    """One table. What is written is within the transaction that runs.

    Args:
        keys: the parts of its key that are ids of students or names, of an assignment for example, with spaces.
        columns: those that are neither a name nor a kind that always has a value.
        kinds: the columns that always have a value, with their types.
    """

    def __init__(self, name: str, keys: str, /, *columns: Column, **kinds: Any) -> None:
        names = (Column(key, String(128), primary_key=True) for key in keys.split())
        values = (Column(column, kind, nullable=False) for column, kind in kinds.items())
        self.table = Table(name, MetaData(), *names, *columns, *values)

    def is_there(self, gradebook: Gradebook) -> bool:
        """Whether anything was ever written to it."""
        return inspect(gradebook.db.connection()).has_table(self.table.name)

    def rows(self, gradebook: Gradebook, *columns: str, **values: Any) -> Sequence[Row]:
        """These columns, or all, of the rows with these values, in the order of their keys; none without a table."""
        if not self.is_there(gradebook):
            return []
        query = select(*(self.table.c[name] for name in columns or self.table.c.keys())).filter_by(**values)
        return gradebook.db.execute(query.order_by(*self.table.primary_key)).all()

    def put(self, gradebook: Gradebook, rows: Collection[Mapping[str, Any]]) -> None:
        """Write rows, each replacing the one with its key; what else they have is left out."""
        if not self.is_there(gradebook):
            connection = gradebook.db.connection()
            make_tables_alone(connection)
            keep_format(connection)
            self.table.create(connection, checkfirst=True)
        self.remove(gradebook, rows)
        if rows:
            values = [{column.name: row[column.name] for column in self.table.c} for row in rows]
            gradebook.db.execute(insert(self.table), values)

    def remove(self, gradebook: Gradebook, keys: Collection[Mapping[str, Any]]) -> None:
        """Remove the rows with these keys, as far as there are such."""
        if keys and self.is_there(gradebook):
            same = [column == bindparam(f"of_{column.name}") for column in self.table.primary_key]
            named = [{f"of_{c.name}": key[c.name] for c in self.table.primary_key} for key in keys]
            gradebook.db.execute(delete(self.table).where(*same), named)


VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


def make_tables(engine: Engine, course: str) -> None:
    """Make what is not there. Tables of this version that were left without that row get it.

    Args:
        course: the id of its row.

    Raises:
        UsageError: the tables are of an earlier version of nbgrader or of another one of this program, or one was lost.
        DBAPIError: the database refuses.
    """
    with engine.connect() as connection:
        if not _has_todays_columns(connection):
            raise UsageError(
                "the gradebook was made by an earlier nbgrader. Back it up, then run `nbgrader db upgrade`"
            )
        if (number := only_value(connection, FORMATS)) not in (None, FORMAT):
            raise UsageError(
                f"the gradebook's rows have the format {number}, this version reads {FORMAT}. Grade with the version "
                "that wrote them, or start with a new gradebook"
            )
        if only_value(connection, VERSION) is not None:
            _require_all(connection)
            if not _lacks_row(connection, course):
                return
    with writing(engine) as connection:
        if only_value(connection, VERSION) is None:
            Base.metadata.create_all(connection)
            VERSION.create(connection, checkfirst=True)
            connection.execute(VERSION.insert().values(version_num=head_version()))
        if _lacks_row(connection, course):
            connection.execute(insert(Course).values(id=course))


def _lacks_row(connection: Connection, course: str) -> bool:
    """Whether that course is not in the table of courses."""
    return connection.execute(select(Course.id).where(Course.id == course)).first() is None


def _require_all(connection: Connection) -> None:
    """Refuse a gradebook that lost a table: made anew it would be empty, and its grades would count as none.

    Raises:
        UsageError: naming what is missing.
    """
    there = {*inspect(connection).get_table_names()}
    lost = [table.name for table in Base.metadata.sorted_tables if table.name not in there]
    if lost:
        raise UsageError(
            f"the gradebook lost nbgrader's tables ({', '.join(lost)}) and what was in them: put "
            "a backup in its place"
        )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction for tables and rows alike: nobody else makes tables until it is committed."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # its driver begins no transaction for a table
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        make_tables_alone(connection)
        yield connection


def keep_format(connection: Connection) -> None:
    """Say in the gradebook which format our rows have, where nothing says it yet."""
    FORMATS.create(connection, checkfirst=True)
    if only_value(connection, FORMATS) is None:
        connection.execute(insert(FORMATS).values(format=FORMAT))


def head_version() -> str:
    """The version of the tables that the installed nbgrader makes."""
    from alembic.script import ScriptDirectory  # a tenth of a command's start, for a new gradebook alone
    from nbgrader.dbutil import ALEMBIC_DIR

    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


def only_value(connection: Connection, table: Table) -> Any:
    """What a table of one column holds in its only row; None where there is none, or no table."""
    there = inspect(connection).has_table(table.name)
    return connection.execute(select(table)).scalar() if there else None


def _has_todays_columns(connection: Connection) -> bool:
    """Whether every table of nbgrader's that is there has the columns that it has today."""
    tables = inspect(connection)
    return all(
        {column["name"] for column in tables.get_columns(table.name)} >= {*table.columns.keys()}
        for table in Base.metadata.sorted_tables
        if tables.has_table(table.name)
    )
