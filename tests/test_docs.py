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


def test_every_commands_page_is_what_its_help_says(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from commands import pages

    made = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs/commands").glob("*.md")}
    assert there == made, "out of date: run `make pages`"
    assert {"grade.md", "new-course.md", "student-erase.md", "report.md"} < made.keys()


def test_the_ten_steps_name_commands_and_options_that_there_are():
    text = TEXT[ROOT / "docs/term.md"]
    typed = re.findall(r"^    autograde (.*?)(?:\s+#.*)?$", text, re.MULTILINE)
    assert len(typed) >= 20
    for line in typed:
        words = line.split()
        page = next(
            (
                path
                for count in (2, 1)
                if (path := ROOT / "docs/commands" / f"{'-'.join(words[:count])}.md") in TEXT
            ),
            None,
        )
        assert page, line
        for option in re.findall(r"--[a-z-]+", line):
            assert f"`{option}" in TEXT[page], line
    assert len(re.findall(r"^## \d+ ", text, re.MULTILINE)) == 10
