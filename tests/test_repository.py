"""The repository keeps the promises of its own files."""

import importlib.util
import re
import subprocess
import tokenize
from graphlib import TopologicalSorter
from pkgutil import resolve_name

import grimp
import pytest
from support import ROOT

from autograde.course.configuration import TEMPLATE


def test_a_new_course_is_configured_as_the_clone_is():
    assert (ROOT / "nbgrader_config.py").read_bytes() == TEMPLATE.read_bytes()


def test_of_a_lesson_its_text_is_committed_and_the_released_notebook():
    """The complete notebook is made where it is needed: one sentence changed is two files in a diff."""
    words = ["git", "ls-files", "solutions", "notebooks"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    lessons = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.md"))
    files = {name: f"{name}/{name.partition('-')[2]}" for name in lessons}
    texts = [f"solutions/{file}.md" for file in files.values()]
    released = [f"notebooks/{file}.ipynb" for file in files.values()]
    assert [name for name in listed if name.count("/") == 2] == [*released, *texts]


NAMED = re.compile(r"`((?:autograde|verdicts|descentlab)(?:\.\w+)+|(?:autograde|src|docs|tools)/[\w./-]+)`")


def test_modules_and_files_in_backquotes_exist():
    """But in docs/extending.md, which is about files that its reader makes."""
    words = ["git", "ls-files", "*.md", "*.py", ":!solutions", ":!docs/extending.md"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    lost = []
    for file in listed:
        for name in NAMED.findall((ROOT / file).read_text("utf-8")):
            try:
                (ROOT / name).stat() if "/" in name else resolve_name(name)
            except (OSError, ImportError, AttributeError):
                lost.append(f"{file}: {name}")
    assert not lost


def test_no_file_needs_itself(imports):
    """A circle, also of imports inside functions, would be an error that names it."""
    TopologicalSorter(
        {one: imports.find_modules_directly_imported_by(one) for one in imports.modules}
    ).prepare()


def test_the_example_in_readme_prints_what_readme_shows(capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", text, re.DOTALL)
    exec(example[1], {})
    assert capsys.readouterr().out.startswith(example[2])


NOT_CODE = {
    getattr(tokenize, kind)
    for kind in ["COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENCODING", "ENDMARKER"]
}
CLOSURES = {
    "autograde.pages.explain": 8_000,
    "autograde.lms.exporter": 14_000,
    "autograde.course.course": 9_000,
}


@pytest.fixture(scope="module")
def imports():
    """Who imports whom, in functions, too."""
    return grimp.build_graph("autograde", "verdicts", "descentlab", exclude_type_checking_imports=True)


@pytest.mark.parametrize("module", CLOSURES)
def test_who_reads_a_room_need_not_read_the_whole_house(imports, module):
    """The tokens of all that it imports, at any depth."""
    needed = {module, *imports.find_upstream_modules(module)}
    files = [importlib.util.find_spec(name).origin for name in needed]
    tokens = 0
    for file in files:
        with tokenize.open(file) as text:
            tokens += sum(token.type not in NOT_CODE for token in tokenize.generate_tokens(text.readline))
    assert tokens <= CLOSURES[module], sorted(needed)
