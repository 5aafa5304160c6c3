"""docs/mistakes is what the catalogue's entries say."""

from pathlib import Path

from descentlab.checks.judging.pages import pages
from descentlab.exercises.catalogue import catalogue

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "mistakes"
COMMAND = "out of date: run `python -m descentlab.checks.judging.pages`"


def test_the_pages_are_made_from_the_entries():
    made = pages()
    assert {path.name for path in FOLDER.glob("*.md")} == set(made), COMMAND
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name} is {COMMAND}"


def test_every_entry_is_on_a_page_with_its_code():
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md"))
    for entry in catalogue():
        assert f"## `{entry.id}`" in text
        assert entry.code in text
