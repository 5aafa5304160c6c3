"""The released lessons as the site opens them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from autograde.installed import released_lessons

# What the site's only kernel is called; with nbgrader's own name JupyterLite asks which kernel to take.
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}


@dataclass(frozen=True)
class Lesson:
    """A lesson of the site: its place in it, its title, and the notebook."""

    path: str
    title: str
    notebook: dict


def lessons() -> list[Lesson]:
    """Every released lesson, in order; grading puts the assignment's own metadata back."""
    every = []
    for path in sorted(released_lessons().glob("*/*.ipynb")):
        notebook = json.loads(path.read_bytes())
        notebook["metadata"]["kernelspec"] = KERNEL
        every.append(Lesson(f"{path.parent.name}/{path.name}", _title(notebook, path), notebook))
    return every


def _title(notebook: dict, path: Path) -> str:
    text = "".join(notebook["cells"][0]["source"])
    heading = re.search(r"^# (.+)$", text, flags=re.MULTILINE)
    return heading[1] if heading else path.stem
