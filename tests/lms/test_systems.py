"""A learning system is a file in `autograde/people/systems/`; what is asked of each stands here, and a row in systems.toml."""

import csv
from dataclasses import replace

import pytest
from support import ROOT, table_beside
from typer.testing import CliRunner

from autograde.cli import app
from autograde.delimited import DelimitedTable
from autograde.entries.entry import Entry, Person
from autograde.lms import systems
from autograde.lms.exporter import export_as
from autograde.people.download import said_by
from autograde.people.people_table import SYSTEMS, people_in

ROWS = table_beside(__file__, "systems.toml")
DOCS = {name: (ROOT / f"docs/{name}.md").read_text("utf-8") for name in ("export", "grading", "term")}


def test_each_has_a_row_here():
    assert ROWS.keys() == SYSTEMS.keys()


@pytest.mark.parametrize("word", SYSTEMS)
def test_its_list_is_read_its_files_are_known_and_help_and_docs_name_it(word):
    system, row = SYSTEMS[word], ROWS[word]
    assert people_in(list(csv.reader(row["list"]))).origin.name == system["name"]
    assert system["name"] in DOCS["grading"]
    if system.get("packs"):
        assert said_by(row["download"]).system == system["name"]
    for format in system.get("scores", ()):
        assert f"--format {format} " in DOCS["export"]
        assert format in CliRunner().invoke(app, ["export", "--help"]).output
    if "pages" in system:
        assert word in CliRunner().invoke(app, ["feedback", "--help"]).output
        assert system["name"] in DOCS["term"]


def test_one_with_capitals_of_its_own_misses_its_students_in_a_template(monkeypatch, tmp_path):
    ilias = systems.System("ILIAS", keys={"Login": ("id", "login")})
    monkeypatch.setitem(systems.SYSTEMS, "ilias", ilias)
    (tmp_path / "theirs.csv").write_text("Login,HW1\nada,\n")
    ada = Entry(Person("ada", systems=("ILIAS",)), "hw", "graded", 10.0, 7.5)
    bob, eve = (
        replace(ada, person=Person(who, systems=(of,))) for who, of in (("bob", "ILIAS"), ("eve", "Moodle"))
    )
    exported = export_as("ilias", [ada, bob, eve], DelimitedTable.read(tmp_path / "theirs.csv"), "HW1")
    assert exported.content == b"Login,HW1\nada,7.5\n"
    assert exported.not_in_template == ["bob"]
