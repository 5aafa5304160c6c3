"""What of this project is installed here, from where, and how to install the rest.

An extra's packages are listed in pyproject.toml alone; here the installed package's metadata are read.
"""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from autograde.untrusted.names import shell_word

NAME = "descentlab"
PACKAGE = Path(__file__).resolve().parent
LESSONS = (PACKAGE / "shipped" / "notebooks", PACKAGE.parent / "notebooks")  # of a wheel, of a clone
REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+).*extra == ['"](?P<extra>\w+)['"]""")


def released_lessons() -> Path:
    """The folder of the released notebooks, NN-rule/rule.ipynb."""
    return next(filter(Path.is_dir, LESSONS), LESSONS[0])


def is_installed(extra: str) -> bool:
    """Whether every package of an extra is installed."""
    try:
        required = distribution(NAME).requires or []
    except PackageNotFoundError:  # run from its source tree
        return True
    matches = filter(None, map(REQUIREMENT.match, required))
    return all(version_of(match["name"]) is not None for match in matches if match["extra"] == extra)


def remedy(extra: str) -> str:
    """The command that installs an extra, from where this package came from."""
    path, facts = installed_from()
    if path is None:
        return f"Type: pip install {shell_word(f'{NAME}[{extra}]')}"
    editable = "-e " if facts.get("dir_info", {}).get("editable") else ""
    return f"Type: pip install {editable}{shell_word(f'{path}[{extra}]')}"


def installed_from() -> tuple[Path | None, dict[str, Any]]:
    """The file or folder that this was installed from (None: an index), and pip's record of it (PEP 610)."""
    facts = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
    parts = urlsplit(facts.get("url", ""))
    return (Path(unquote(parts.path)) if parts.scheme == "file" else None), facts


def version_of(name: str) -> str | None:
    """The version of a distribution; None if it is not installed."""
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return None
