"""The pages lead to where they say: links, headings, files."""

import re

import pytest
from support import ROOT

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)")
FILE = re.compile(r"`((?:src|autograde|tests|docs|benchmarks|solutions)/[\w./-]+)`")
PATTERN = re.compile(r"NN-rule|/rule/|/rule\.")  # a lesson's or a rule's own name stands for these
TO_BE_MADE = re.compile(r"decay|lion")  # what the pages on adding something make
MARKS = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The names by which a page's headings are linked to."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def broken_links(page) -> list[str]:
    wrong = []
    for name, heading in LINK.findall(TEXT[page]):
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (heading and heading not in anchors(TEXT.get(target, ""))):
            wrong.append(f"{name}#{heading}" if heading else name)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    assert broken_links(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_file_that_a_page_names_exists(page):
    named = [name for name in FILE.findall(TEXT[page]) if not PATTERN.search(name)]
    making = page.name.startswith("add-a")
    assert [
        name for name in named if not (ROOT / name).exists() and not (making and TO_BE_MADE.search(name))
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_mark_of_a_merge_is_left(page):
    assert MARKS.search(TEXT[page]) is None


def opened(table: str) -> list[str]:
    """The files and folders that the README's table names, as patterns."""
    named = re.findall(r"`([\w./<>-]+)`", " ".join(line.split("|")[2] for line in table.splitlines()[2:]))
    return [re.sub(r"<\w+>|NN-rule|(?<=/)rule(?=\.)", "*", name) for name in named]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_what_the_table_to_change_x_opens_is_there(page):
    table = re.search(r"^\| to change \| open \|\n(?:\|.*\n)+", TEXT[ROOT / page], re.MULTILINE)[0]
    files = [name for name in opened(table) if "/" in name]
    assert len(files) > 12
    assert [name for name in files if not any(ROOT.glob(name.rstrip("/")))] == []


def test_a_row_that_leads_nowhere_is_seen():
    (pattern,) = opened("| to change | open |\n|---|---|\n| a rule | `src/descentlab/rules/<rule>.js` |\n")
    assert not any(ROOT.glob(pattern))


def test_a_page_of_records_is_linked_once():
    for record in sorted((ROOT / "docs/records").glob("*.md")):
        links = [page for page, text in TEXT.items() if f"](records/{record.name})" in text]
        assert len(links) == 1, record.name


def test_a_broken_link_is_seen(monkeypatch):
    page = ROOT / "docs/sandbox.md"
    monkeypatch.setitem(
        TEXT, page, "[a](no-such.md) [b](grading.md#no-such) [c](grading.md#limits) [d](#e)\n# E\n"
    )
    assert broken_links(page) == ["no-such.md", "grading.md#no-such"]
