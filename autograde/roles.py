"""Who runs what: students, teachers and a cluster's workers install an extra each; a command names its own.

What an extra brings stands in pyproject.toml alone; here the installed package's metadata are asked.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from typer.core import TyperCommand

from autograde import light_nbgrader
from autograde.stopping import stop, stopping
from descentlab.sentences import say, template

NAME = "descentlab"
FOR_WHOM = {
    ("lab",): template("this is for students, and what it needs is not installed here."),
    ("grader",): template("this is for teachers, and what it needs is not installed here."),
    ("cluster",): template("this is for a cluster's workers, and what it needs is not installed here."),
    ("site",): template("this is for whoever builds a site, and what it needs is not installed here."),
    ("grader", "cluster"): template(
        "this is for teachers and a cluster's workers, and what it needs is not installed here."
    ),
}
REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+).*extra == ['"](?P<extra>\w+)['"]""")


def needs(*extras: str, machine_fault: int = 1) -> type[TyperCommand]:
    """The class of a command that names the extra to install where none of `extras` is; --help works.

    What it raises ends it in one line (`autograde.stopping`).

    Args:
        machine_fault: the exit status where the machine is at fault.
    """

    class Needing(TyperCommand):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if set(ctx.help_option_names).isdisjoint(args):
                require(_typed(ctx), *extras)
                if "grader" in extras:
                    light_nbgrader.load()
            return super().parse_args(ctx, args)

        def invoke(self, ctx: Any) -> Any:
            with stopping(_typed(ctx), machine_fault):
                return super().invoke(ctx)

    return Needing


def _typed(ctx: Any) -> str:
    """The command's words after `autograde`."""
    return ctx.command_path.partition(" ")[2]


def require(command: str, *extras: str) -> None:
    """Stop the command with one line unless all that one of `extras` brings is here."""
    if not any(is_installed(extra) for extra in extras):
        stop(command, f"{say(FOR_WHOM[extras])} {remedy(extras[0])}")
    if sys.platform == "win32" and "lab" not in extras:
        stop(command, say("grading needs Linux. On Windows: install descentlab inside WSL 2."))


def is_installed(extra: str) -> bool:
    """Whether every package that the extra asks for is installed."""
    try:
        required = distribution(NAME).requires or []
    except PackageNotFoundError:  # run from its source, by somebody who knows what is there
        return True
    asked = filter(None, map(REQUIREMENT.match, required))
    return all(version_of(one["name"]) is not None for one in asked if one["extra"] == extra)


def remedy(extra: str) -> str:
    """What to type to get an extra, from where this package came from."""
    return say("Type: pip install {package}", package=_origin(extra))


def installed_from() -> tuple[Path | None, dict[str, Any]]:
    """The file or folder that this was installed from, None for an index; what pip wrote of it (PEP 610)."""
    facts = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
    parts = urlsplit(facts.get("url", ""))
    return (Path(unquote(parts.path)) if parts.scheme == "file" else None), facts


def version_of(name: str) -> str | None:
    """The version of a distribution; None where it is not installed."""
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return None


def _origin(extra: str) -> str:
    """The words after `pip install`: a name, or the file or folder that this was installed from."""
    path, facts = installed_from()
    if path is None:
        return f"'{NAME}[{extra}]'"
    editable = "-e " if facts.get("dir_info", {}).get("editable") else ""
    return f"{editable}'{path}[{extra}]'"
