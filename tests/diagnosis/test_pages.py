"""docs/mistakes is what the catalogue's entries say."""

from support import ROOT

from descentlab.exercises.catalogue import catalogue

FOLDER = ROOT / "docs" / "mistakes"
COMMAND = "out of date: run `python docs/mistake_pages.py`"


def test_the_pages_are_made_from_the_entries(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from mistake_pages import pages

    made = pages()
    assert {path.name for path in FOLDER.glob("*.md")} == set(made), COMMAND
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name} is {COMMAND}"


def test_every_entry_is_on_a_page_with_its_code():
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md"))
    for entry in catalogue():
        assert f"## `{entry.id}`" in text
        assert entry.code in text
