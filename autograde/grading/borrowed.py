"""Which rules a submission borrows, read from its source: those rules' checks give no points.

Read in the trusted process, where the source cannot answer back. What is written so that nobody can read it
(`exec`, pieces of a string) is not looked for: in the sandbox a borrowed class does nothing.
"""

from __future__ import annotations

import ast
import re
import warnings
from contextlib import suppress
from textwrap import dedent

from nbformat import NotebookNode

from autograde.short_texts import remembers_short
from descentlab.borrowing import rule_named

NAME = "borrow"
# A line of IPython's own: a magic, a command, what either gives to a name, a call without brackets, a
# question. Possessive, so that no text takes longer than its length.
OF_IPYTHON = re.compile(
    r"^(?P<indent>[ \t]*+)(?:"
    r"(?:[\w.,*\[\] \t]++=[ \t]*+)?+%%?[ \t]*+\w++(?P<of_magic>.*)"
    r"|(?P<call>[/,;])(?P<name>[\w.]++)[ \t]++(?P<words>.*)"
    r"|[%!?/,;].*|[\w.,*\[\] \t]++=[ \t]*+[%!].*|[\w.*]++\?\??[ \t]*+)$",
    re.MULTILINE,
)
# What is copied with its prompts, which IPython takes away.
PROMPTED = re.compile(r"^[ \t]*+(?:>>>|In \[\d++\]:)", re.MULTILINE)
PROMPT = re.compile(r"^[ \t]*+(?:>>>|In \[\d++\]:|\.\.\.++:?)[ \t]?", re.MULTILINE)
# The first line of a cell that is no Python of this kernel: `%%bash`, `%%writefile`, `%%html` and others.
ELSEWHERE = re.compile(r"\s*+%%(?!(?:time|timeit|capture|prun)\b)\w")
IN_MAGIC = re.compile(rf"^[ \t]*%.*?\b{NAME}\(\s*[\"'](\w+)[\"']", re.MULTILINE)


def borrowed_rules(notebook: NotebookNode) -> frozenset[str]:
    """The rules, by the registry's names, that a notebook's code cells borrow by name."""
    sources = [
        cell["source"]
        for cell in notebook.cells
        if cell["cell_type"] == "code" and NAME in cell["source"] and not ELSEWHERE.match(cell["source"])
    ]
    cells = [_read(source) for source in sources]
    names = {NAME, *(name for others, _ in cells for name in others)}
    words = [word for _, calls in cells for name, word in calls if name in names]
    words += [word for source in sources for word in IN_MAGIC.findall(source)]
    return frozenset(filter(None, map(rule_named, words)))


@remembers_short
def _read(source: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What else a cell calls `borrow`, and its calls that name a rule: by which name, and which rule."""
    nodes = _nodes(source)
    calls = [_call_of(node) for node in nodes if isinstance(node, ast.Call)]
    return tuple(name for node in nodes for name in _other_names(node)), tuple(filter(None, calls))


def _nodes(source: str) -> list[ast.AST]:
    """A cell's syntax, IPython's own lines left out; nothing of a cell that is no Python and so never ran."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the student's code, to whoever grades
        for text in (source, _as_python(source)):
            tree = _parsed(dedent(text))
            if tree is not None:
                return list(ast.walk(tree))
    return []


def _parsed(text: str) -> ast.Module | None:
    """The syntax of a text; None where it is no Python."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse(text)
    return None


def _as_python(source: str) -> str:
    """A cell as IPython runs it: without prompts, and each line of its own as the Python that it runs."""
    return OF_IPYTHON.sub(_python_of, PROMPT.sub("", source) if PROMPTED.search(source) else source)


def _python_of(line: re.Match[str]) -> str:
    """What a line of IPython's own runs here; `pass` for what is no Python of the cell's."""
    code, name, words = (line["of_magic"] or "").strip(), line["name"], line["words"]
    if line["call"] == "/":
        code = f"{name}({', '.join(words.split())})"
    elif line["call"] == ",":
        code = f"{name}({', '.join(map(repr, words.split()))})"
    elif line["call"] == ";":
        code = f"{name}({words!r})"
    return f"{line['indent']}{code if code and _parsed(code) else 'pass'}"


def _other_names(node: ast.AST) -> list[str]:
    """What a node calls `borrow` from now on: an import under another name, or an assignment."""
    if isinstance(node, ast.ImportFrom):
        return [alias.asname for alias in node.names if alias.name == NAME and alias.asname]
    if isinstance(node, ast.Assign) and _last_name(node.value) == NAME:
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _call_of(call: ast.Call) -> tuple[str, str] | None:
    """By which name something is called, and the rule that it is given, where that is written out."""
    name = _last_name(call.func)
    words = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "rule")]
    word = words[0].value if words and isinstance(words[0], ast.Constant) else None
    return (name, word) if name and isinstance(word, str) else None


def _last_name(node: ast.AST) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
