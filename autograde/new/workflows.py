"""Files that make a platform mark a notebook at each push, in the student's own repository: no grade."""

from __future__ import annotations

import shlex
from importlib.metadata import version
from pathlib import Path

from autograde.errors import UsageError
from autograde.files import put
from autograde.mark.key import Key
from autograde.roles import NAME

TEXTS = Path(__file__).with_name("workflow_files")
PLACES = {"github-classroom": ".github/workflows/classroom.yml", "gitlab-ci": ".gitlab-ci.yml"}


def make_workflow(platform: str, key: Key, folder: Path, package: str | None) -> Path:
    """Write the platform's file into a repository's folder; nothing is written over.

    Args:
        package: what pip installs there; None: this version of descentlab from the package index.

    Raises:
        UsageError: the key is no lesson (what lies in the student's repository is no key), the folder is not
            there, or it has such a file.
        OSError: it cannot be written.
    """
    if not key.is_lesson:
        raise UsageError.say(
            "{file} is no lesson: a key in the student's own repository would be the student's to change. "
            "Only lessons of the wheel can be marked there.",
            file=key.file,
        )
    path = folder / PLACES[platform]
    if not folder.is_dir():
        raise UsageError.say("{folder}: no such folder.", folder=folder)
    if path.exists():
        raise UsageError.say("{file} is there already: remove it first.", file=path)
    put(path, workflow(platform, key, package).encode())
    return path


def workflow(platform: str, key: Key, package: str | None = None) -> str:
    """The file's text."""
    text = (TEXTS / f"{platform}.yml").read_text(encoding="utf-8")
    words = {
        "@lesson@": key.answers.assignment,
        "@notebook@": key.file.name,
        "@package@": shlex.quote(package or f"{NAME}[grader]=={version(NAME)}"),
    }
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text
