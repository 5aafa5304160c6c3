"""The class report as one HTML file without scripts or anything from elsewhere."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from autograde.grading.messages import words_of
from autograde.grading.results import GRADED, Result
from autograde.grading.terminal import points
from autograde.report.gather import Report

STYLE = """
.figure { margin-right: 1.6rem; white-space: nowrap; } .figure b { font-size: 1.5rem; }
h2 { display: block; margin: 2rem 0 .6rem; font-size: 1.25rem; }
h3 { display: flex; justify-content: space-between; gap: 1rem; margin: 0; font-size: 1.05rem; }
.bars { width: 100%; }
.bars td:first-child { width: 46%; overflow-wrap: anywhere; }
.bars td:last-child { width: 40%; }
.bar { display: inline-block; height: .8em; background: #0072b2; }
"""


def render(report: Report) -> str:
    """The page."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"points": points, "happened": _happened}
    page = environment.from_string(_text("autograde.report", "page.html.j2"))
    largest = max([count for _, count in report.histogram()], default=1) or 1
    style = Markup(_text("autograde.feedback", "page.css") + STYLE)
    return page.render(report=report, style=style, largest=largest)


def _happened(result: Result) -> str:
    words = map(words_of, result.flags)
    return "; ".join([*words, *(result.notes if result.status != GRADED else ())])


def _text(package: str, name: str) -> str:
    return (files(package) / name).read_text(encoding="utf-8")
