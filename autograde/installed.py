"""What of this project is installed here, from where, and how to install the rest.

An extra's packages are listed in pyproject.toml alone; here the installed package's metadata are read.
"""

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from autograde.errors import UsageError
from autograde.untrusted.names import shell_word
from verdicts.courses import broken, courses

NAME = "descentlab"
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
"""For each kernel that is started here: threads for small matrices only wait for each other where others compute, too."""
TRY_LESSON = "try/lab/index.html?path="
REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+).*extra == ['"](?P<extra>\w+)['"]""")


def lesson_folders() -> list[Path]:
    """The folders of the released notebooks, NN-rule/rule.ipynb, that come with the installed courses."""
    return [course.lessons for course in courses().values() if course.lessons]


def released_lessons() -> Path:
    """The first of them.

    Raises:
        UsageError: no installed course comes with lessons.
    """
    if folders := lesson_folders():
        return folders[0]
    why = broken().get(NAME)
    missing = f"cannot be loaded ({why})" if why else "is missing"
    raise UsageError(f"no installed course comes with lessons: {NAME} {missing}. Install it again.")


def address(of: str) -> str:
    """Where the project's "Source" or "Site" lies, as pyproject.toml states it once; empty where it does not."""
    return dict(row.split(", ", 1) for row in metadata(NAME).get_all("Project-URL") or []).get(of, "")


def on_site(path: str) -> str:
    """The address of a file of the project's site; empty without a site."""
    site = address("Site")
    return site and f"{site.rstrip('/')}/{path}"


def try_address(lesson: str) -> str:
    """Where the site runs a released lesson, NN-rule/rule.ipynb; empty without a site or such a lesson."""
    is_released = any((folder / lesson).is_file() for folder in lesson_folders())
    return on_site(TRY_LESSON + lesson) if is_released else ""


def is_installed(extra: str) -> bool:
    """Whether every package of an extra is installed."""
    try:
        required = distribution(NAME).requires or []
    except PackageNotFoundError:  # run from its source tree
        return True
    matches = filter(None, map(REQUIREMENT.match, required))
    # Finding a distribution reads none of its metadata.
    return all(any(Distribution.discover(name=match["name"])) for match in matches if match["extra"] == extra)


def remedy(extra: str) -> str:
    """The command that installs an extra, from where this package came from."""
    path, facts = installed_from()
    editable = "-e " if facts.get("dir_info", {}).get("editable") else ""
    return f"Type: pip install {editable}{shell_word(f'{path or NAME}[{extra}]')}"


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
