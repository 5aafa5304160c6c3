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
    nodes = [node for source in sources for node in _nodes(source)]
    called = {NAME, *(alias for node in nodes for alias in _other_names(node))}
    words = [_borrowed(node, called) for node in nodes if isinstance(node, ast.Call)]
    words += [word for source in sources for word in IN_MAGIC.findall(source)]
    return frozenset(filter(None, map(rule_named, words)))


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


def _borrowed(call: ast.Call, called: set[str]) -> str | None:
    """The word that a call of `borrow` is given, where it is written out."""
    if _last_name(call.func) not in called:
        return None
    words = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "rule")]
    return words[0].value if words and isinstance(words[0], ast.Constant) else None


def _last_name(node: ast.AST) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
