"""What a docstring says of a signature is true: names under Args exist, exceptions under Raises exist,
and a call shown in back quotes can be made."""

import ast
import builtins
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT

from descentlab import checks, rules

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module
SECTION = r"^{}:\n((?:(?:[ \t]+\S.*)?(?:\n|\Z))+)"
RAISED = re.compile(r"\bRaises:?\s+(?:an? )?`?([A-Z]\w*(?:Error|Exception|Exit)\b)")
INLINE = re.compile(r"(?:\A|[.;,] |\n\s*)[Rr]aises +`?([A-Z]\w*(?:Error|Exception|Exit)\b)")
CALL = re.compile(r"(?<!@)`(\w+)\(([\w, =*]*)\)`")


def read(folders: tuple[str, ...]) -> dict[Path, ast.Module]:
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return {file.relative_to(ROOT): ast.parse(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="module")
def sources() -> dict[Path, ast.Module]:
    return read(("src", "autograde"))


def defined(trees: dict[Path, ast.Module], folder: Path | None = None) -> list[Documented]:
    """Functions and classes, of one folder or of all."""
    return [
        node
        for file, tree in trees.items()
        if folder in (None, file.parent)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def docstrings(trees: dict[Path, ast.Module]) -> Iterator[tuple[Path, Documented, str]]:
    """The file, what is documented, and what is said of it."""
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, Documented):
                yield file, node, ast.get_docstring(node) or ""


def parameters(node: Documented) -> set[str]:
    """What a caller can name: a function's arguments; a class's, of its __init__ or its fields."""
    if isinstance(node, ast.ClassDef):
        made = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
        fields = {item.target.id for item in node.body if isinstance(item, ast.AnnAssign)}
        return parameters(made[0]) if made else fields
    if isinstance(node, ast.Module):
        return set()
    arguments = node.args
    more = [rest for rest in (arguments.vararg, arguments.kwarg) if rest]
    return {each.arg for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more]}


def section(text: str, title: str) -> list[str]:
    """The names at the start of a section's entries."""
    found = re.search(SECTION.format(title), text, re.MULTILINE)
    entries = re.findall(r"^    (\S[^:\n]*):", found[1], re.MULTILINE) if found else []
    return [name.strip("*` ") for entry in entries for name in re.split(r",\s*|\s+and\s+", entry)]


def unknown_arguments(trees: dict[Path, ast.Module]) -> list[str]:
    return [
        f"{file}: {node.name}: {name}"
        for file, node, text in docstrings(trees)
        for name in section(text, "Args")
        if name not in parameters(node)
    ]


def unknown_exceptions(trees: dict[Path, ast.Module]) -> list[str]:
    imported = {
        name.asname or name.name.rpartition(".")[2]
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    known = set(dir(builtins)) | imported | {node.name for node in defined(trees)}
    return [
        f"{file}: {name}"
        for file, _, text in docstrings(trees)
        for name in sorted({*RAISED.findall(text), *section(text, "Raises")})
        if name not in known
    ]


def inline_raises(trees: dict[Path, ast.Module]) -> list[str]:
    """Errors that a sentence names, in place of an entry under Raises."""
    return [f"{file}: {name}" for file, _, text in docstrings(trees) for name in INLINE.findall(text)]


def impossible_calls(trees: dict[Path, ast.Module]) -> list[str]:
    """Calls of functions of the same folder, shown with words that none of that name has."""
    wrong = []
    for file, _, text in docstrings(trees):
        for name, words in CALL.findall(text):
            named = [node for node in defined(trees, file.parent) if node.name == name]
            shown = {word.strip(" *").partition("=")[0] for word in words.split(",")} - {""}
            if named and not any(shown <= parameters(node) for node in named):
                wrong.append(f"{file}: {name}({words})")
    return wrong


def test_every_argument_that_is_documented_exists(sources):
    assert unknown_arguments(sources) == []


def test_every_exception_that_is_documented_exists(sources):
    assert unknown_exceptions(sources) == []


def test_errors_stand_in_a_section_of_their_own(sources):
    assert inline_raises(sources) == []


@pytest.mark.parametrize("package", [rules, checks], ids=lambda package: package.__name__)
def test_the_example_of_a_package_does_what_it_shows(package):
    done = doctest.testmod(package)
    assert (done.failed, done.attempted > 1) == (0, True)


def test_every_call_that_is_shown_can_be_made(sources):
    assert impossible_calls(sources) == []


WRONG = '''
def scale(rows, by):
    """Scale rows, as `scale(rows, times)` does.

    Args:
        rows: what to scale.
        factor: by how much.

    Raises:
        NoSuchScaleError: never.
    """
'''


def test_a_wrong_docstring_is_seen():
    trees = {Path("scale.py"): ast.parse(WRONG)}
    assert unknown_arguments(trees) == ["scale.py: scale: factor"]
    assert unknown_exceptions(trees) == ["scale.py: NoSuchScaleError"]
    assert impossible_calls(trees) == ["scale.py: scale(rows, times)"]


def test_an_error_within_a_sentence_is_seen():
    tree = ast.parse('def half(n):\n    """Half of it; raises ValueError where it is odd."""\n')
    assert inline_raises({Path("half.py"): tree}) == ["half.py: ValueError"]
