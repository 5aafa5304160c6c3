"""What the page on one assignment and the page on the term share."""

from __future__ import annotations

from importlib.resources import files

from descentlab.sentences import template

FIGURES = {
    "mean": template("{points} mean"),
    "median": template("{points} median"),
    "least": template("{points} least"),
    "most": template("{points} most"),
}


def style() -> str:
    """What the report's pages have beside the style of all pages."""
    return (files("autograde.report") / "page.css").read_text(encoding="utf-8")
