"""The glossary is kept: names, docs and lessons use its words and not the others."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from glossary_left import LEFT, OF_GRAMMAR
from support import ROOT

WORD_FORMS = r"(?:s|es|d|ed|ing)?"
BLOCK = re.compile(r"^```python[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"^## One word, not another\n(.*?)^## ", re.DOTALL | re.MULTILINE)


def not_used() -> tuple[list[str], list[str]]:
    """Words that are used nowhere, and those not used in names alone, as the glossary's table has them."""
    table = TABLE.search((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))[1]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][1:]
    words = [word.strip() for row in rows for word in row.split(",")]
    return [w for w in words if "`" not in w], [w.strip("`") for w in words if "`" in w]


ANYWHERE, IN_NAMES = not_used()


def names(tree: ast.AST) -> set[str]:
    """What code itself names: files' own functions, classes, arguments, variables and attributes."""
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            named.add(node.name)
        elif isinstance(node, ast.arg):
            named.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            named.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            named.add(node.attr)
    return named


@cache
def words_of(name: str) -> str:
    """`RunningMean` and `running_mean` as "running mean"."""
    return " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)).lower()


def in_text(word: str, text: str) -> int:
    """How often prose has the word, in any of its forms, broken over two lines or not."""
    first, *rest = re.split(r"[ -]", word)
    verb_first = re.escape(first) + (WORD_FORMS if rest and not word.endswith(("mean", "average")) else "")
    pattern = r"[\s-]+".join([verb_first, *map(re.escape, rest)])
    return len(re.findall(rf"\b{pattern}{WORD_FORMS}\b", text, re.IGNORECASE))


def in_names(word: str, named: set[str]) -> int:
    return sum(bool(re.search(rf"\b{word.replace('-', ' ')}s?\b", words_of(name))) for name in named)


def lesson_names(text: str) -> set[str]:
    """What a lesson's cells name; lines of IPython's own are left out."""
    named = set()
    for code in BLOCK.findall(text):
        named |= names(ast.parse(re.sub(r"^[ \t]*[%!].*$", "", code, flags=re.MULTILINE)))
    return named


def places() -> Iterator[tuple[str, str, set[str]]]:
    """Each place's name, its prose and its names. A place is a page, a lesson, or a folder of code."""
    for page in [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        yield str(page.relative_to(ROOT)), TABLE.sub("", page.read_text(encoding="utf-8")), set()
    for lesson in sorted((ROOT / "solutions").glob("*/*.md")):
        text = lesson.read_text(encoding="utf-8")
        yield str(lesson.relative_to(ROOT)), text, lesson_names(text)
    for top in ("src", "autograde", "benchmarks"):
        for file in sorted((ROOT / top).rglob("*.py")):
            named = names(ast.parse(file.read_text(encoding="utf-8"))) | {file.stem}
            yield str(file.parent.relative_to(ROOT)), "", named


@pytest.fixture(scope="module")
def everywhere() -> list[tuple[str, str, set[str]]]:
    """All places, read once."""
    return list(places())


@pytest.fixture(scope="module")
def counted(everywhere) -> dict[str, dict[str, int]]:
    """Of each word not to be used, how often each place has it; a name once a file."""
    counts: dict[str, Counter[str]] = {word: Counter() for word in [*ANYWHERE, *IN_NAMES]}
    for place, text, named in everywhere:
        for word in ANYWHERE:
            counts[word][place] += in_text(word, text) or in_names(word, named)
        for word in IN_NAMES:
            counts[word][place] += in_names(word, named)
    return {word: {place: n for place, n in sorted(found.items()) if n} for word, found in counts.items()}


@pytest.mark.parametrize("word", [*ANYWHERE, *IN_NAMES])
def test_a_word_that_the_glossary_replaces_stands_only_where_it_is_still_to_be_renamed(word, counted):
    """More than listed: take the glossary's word. Fewer: lower the count in `glossary_left.py`."""
    assert counted[word] == LEFT.get(word, {})


def test_nothing_is_listed_that_the_glossary_allows():
    assert set(LEFT) <= {*ANYWHERE, *IN_NAMES}


@pytest.fixture(scope="module")
def files(everywhere) -> list[set[str]]:
    """What each file of the packages names."""
    return [named for place, _, named in everywhere if named and place.startswith(("src", "autograde"))]


@pytest.mark.parametrize("word", OF_GRAMMAR)
def test_words_of_grammar_are_names_in_fewer_and_fewer_files(word, files):
    """What is `said`, or `kept`? Name the thing: a sentence, evidence. Fewer: lower `OF_GRAMMAR`."""
    assert sum(word in {name.strip("_").lower() for name in named} for named in files) <= OF_GRAMMAR[word]


@pytest.mark.parametrize(
    ("word", "text", "times"),
    [
        ("running mean", "Two running\nmeans, one Running mean.", 2),
        ("run away", "It runs away, and ran on.", 1),
        ("explode", "explodes, exploded; an explosion", 2),
        ("road", "on a broad road", 1),
        ("hyper-parameter", "hyperparameter, hyper-parameters", 1),
    ],
)
def test_a_word_is_seen_in_prose(word, text, times):
    assert in_text(word, text) == times


def test_a_word_is_seen_in_names():
    named = names(
        ast.parse("class RunningMean:\n def have(self, mine):\n  self.their_road = wants = roadside = 1")
    )
    assert [in_names(word, named) for word in ("running mean", "have", "mine", "road", "want")] == [1] * 5
