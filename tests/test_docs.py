"""The pages lead to where they say: links, headings, files."""

import re
import subprocess
import sys

import pytest
from support import ROOT
from typer.main import get_command

from autograde.cli import app

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)")
FILE = re.compile(r"`((?:src|autograde|tests|docs|benchmarks|solutions)/[\w./-]+)`")
PATTERN = re.compile(r"NN-rule|/rule/|/rule\.")  # a lesson's or a rule's own name stands for these
TO_BE_MADE = re.compile(r"decay|lion")  # what the pages on adding something make


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
    making = page.name == "extending.md"
    assert [
        name for name in named if not (ROOT / name).exists() and not (making and TO_BE_MADE.search(name))
    ] == []


def opened(table: str) -> list[str]:
    """The files and folders that the table names, as patterns."""
    named = re.findall(r"`([\w./<>-]+)`", " ".join(line.split("|")[2] for line in table.splitlines()[2:]))
    return [re.sub(r"<\w+>|NN-rule|(?<=/)rule(?=\.)", "*", name) for name in named]


@pytest.mark.parametrize("title", ["to change | open"])
def test_what_a_table_of_contributing_opens_is_there(title):
    text = TEXT[ROOT / "CONTRIBUTING.md"]
    table = re.search(rf"^\| {re.escape(title)} \|\n(?:\|.*\n)+", text, re.MULTILINE)[0]
    files = [name for name in opened(table) if "/" in name.rstrip("/")]
    assert len(files) > 12
    assert [name for name in files if not any(ROOT.glob(name.rstrip("/")))] == []


TYPED = re.compile(r"\bautograde ((?:[a-z][\w-]*)(?: [^`|\n]*)?)")
COMMANDS = get_command(app)


def typed_commands() -> list[tuple[str, str]]:
    """Each command line that a page shows as code, up to its comment, with the page's name."""
    code = re.compile(r"^    .*$|`[^`\n]+`", re.MULTILINE)
    first = ROOT / "autograde/site/project/index.rst"  # of the site
    texts = {**TEXT, first: first.read_text(encoding="utf-8")}
    lines = [(page, line) for page, text in texts.items() for line in code.findall(text)]
    return [
        (page.name, words.partition("#")[0])
        for page, line in lines
        for words in TYPED.findall(line.strip("`"))
    ]


def test_every_command_and_option_that_a_page_shows_exists():
    typed = typed_commands()
    assert len(typed) > 100
    for page, line in typed:
        command, words = COMMANDS, line.split()
        while hasattr(command, "commands") and words:
            assert words[0] in command.commands, f"{page}: autograde {line}"
            command = command.commands[words.pop(0)]
        options = {
            name
            for option in (*command.params, *COMMANDS.params)
            for name in (*option.opts, *option.secondary_opts)
        }
        shown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", line.partition("&&")[0])) - {"--help"}
        assert shown <= options, f"{page}: autograde {line}"


def test_the_example_in_readme_prints_what_readme_shows(capsys):
    example = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", TEXT[ROOT / "README.md"], re.DOTALL)
    exec(example[1], {})
    assert capsys.readouterr().out.startswith(example[2])


def test_the_reference_is_what_the_code_says():
    done = subprocess.run(
        [sys.executable, ROOT / "tools/reference.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
