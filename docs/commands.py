"""Makes docs/commands/: a page for each command, from what its --help says.

python docs/commands.py [FOLDER]
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command
from write_pages import write_pages

from autograde import cli

NOTE = "<!-- Made from the commands' own help: `make pages` -->\n"
INTRODUCTION = """# The commands

A page each; `autograde COMMAND --help` says the same. Exit status: 0 done, 1 somebody or something needs you,
2 a wrong argument or set-up, said in one line.

| command | what it does |
|---|---|
"""


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command by the words that are typed for it."""
    if hasattr(command, "commands"):
        for name, inner in sorted(command.commands.items()):
            yield from commands(inner, (*words, name))
    else:
        yield " ".join(words), command


def page(words: str, command: Any) -> str:
    """One command's page: its help, its arguments, its options."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    usage = " ".join(["autograde", words, *(_placeholder(one) for one in arguments), "[OPTIONS]"])
    parts = [f"# autograde {words}\n", f"    {usage}\n", _text(command.help or "")]
    if arguments:
        parts += ["## Arguments\n", *(f"- `{_placeholder(one)}` {_said(one)}" for one in arguments), ""]
    if options:
        parts += ["## Options\n", *(f"- `{_flags(one)}` {_said(one)}" for one in options), ""]
    return NOTE + "\n".join(parts).rstrip() + "\n"


def pages() -> dict[str, str]:
    """Each page's text by its file's name."""
    made = {words.replace(" ", "-") + ".md": (words, one) for words, one in commands(get_command(cli.app))}
    rows = [f"| [`autograde {words}`]({name}) | {_first(one)} |" for name, (words, one) in made.items()]
    texts = {name: page(words, one) for name, (words, one) in made.items()}
    return {"README.md": NOTE + INTRODUCTION + "\n".join(rows) + "\n", **texts}


def _first(command: Any) -> str:
    return " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split()).replace("|", "\\|")


def _text(help_text: str) -> str:
    """The help as Markdown: an example is a block of its own."""
    text = inspect.cleandoc(help_text)
    return re.sub(r"^Example:  (.*)$", r"Example:\n\n    \1", text, flags=re.MULTILINE) + "\n"


def _placeholder(argument: Any) -> str:
    name = (argument.name or "").upper()
    return (name if argument.required else f"[{name}]") + ("…" if argument.nargs == -1 else "")


def _flags(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {(option.metavar or 'VALUE').upper()}"


def _said(one: Any) -> str:
    shown = getattr(one, "show_default", None)
    usual = shown if isinstance(shown, str) else one.default
    is_said = isinstance(shown, str) or (usual not in (None, False, (), []) and not callable(usual))
    said = " ".join((getattr(one, "help", None) or "").split())
    return f"{said} Default: `{usual}`." if is_said and not one.required else said


def main() -> None:
    """Write the pages; remove those of commands that are gone."""
    write_pages(pages(), Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("commands")))


if __name__ == "__main__":
    main()
