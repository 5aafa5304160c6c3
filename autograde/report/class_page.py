"""The class report as one HTML file without scripts or anything from elsewhere, and as one line."""

from __future__ import annotations

from autograde.grading.flag_messages import words_of
from autograde.grading.results import GRADED, Result
from autograde.grading.terminal import points
from autograde.page_templates import render_page
from autograde.report.gather import CheckRow, Report
from descentlab.borrowing import says_borrowed
from descentlab.sentences import say, say_count, template

STYLE = """
.figure { margin-right: 1.6rem; white-space: nowrap; } .figure b { font-size: 1.5rem; }
h2 { display: block; margin: 2rem 0 .6rem; font-size: 1.25rem; }
h3 { display: flex; justify-content: space-between; gap: 1rem; margin: 0; font-size: 1.05rem; }
.bars { width: 100%; }
.bars td:first-child { width: 46%; overflow-wrap: anywhere; }
.bars td:last-child { width: 40%; }
.bar { display: inline-block; height: .8em; background: #0072b2; }
"""
FIGURES = {
    "mean": template("{points} mean"),
    "median": template("{points} median"),
    "least": template("{points} least"),
    "most": template("{points} most"),
}
# What is said of a wrong answer whose mistake is not known, by the verdict's status.
UNKNOWN_MISTAKES = {
    "answered": template("no known mistake"),
    "unanswered": template("not answered"),
    "no-evidence": template("the check was not reached"),
    "odd-evidence": template("an answer that cannot be judged"),
}


def render(report: Report) -> str:
    """The page."""
    largest = max([count for _, count in report.histogram()], default=1) or 1
    return render_page(
        "report/class_page.html.j2",
        STYLE,
        report=report,
        largest=largest,
        figures=FIGURES,
        mistake_in_words=mistake_in_words,
        happened=_happened,
    )


def summary_line(report: Report) -> str:
    """The scores of the class, for a terminal."""
    graded = len(report.scores)
    if not graded:
        return say("0 graded of {maximum} points", maximum=points(report.max_score))
    return say_count(
        "{count} graded: mean {mean}, median {median}, least {least}, most {most} of {maximum} points",
        "{count} graded: mean {mean}, median {median}, least {least}, most {most} of {maximum} points",
        graded,
        maximum=points(report.max_score),
        **{name: points(value) for name, value in report.summary().items()},
    )


def mistake_in_words(mistake: str, row: CheckRow) -> str:
    """A mistake by the sentence that all who made it were told, or by its id; a status in words."""
    told = row.sentences.get(mistake, set())
    if len(told) == 1:
        return next(iter(told))
    if mistake == "borrowed":
        return says_borrowed()
    return say(UNKNOWN_MISTAKES[mistake]) if mistake in UNKNOWN_MISTAKES else mistake


def _happened(result: Result) -> str:
    words = map(words_of, result.flags)
    return "; ".join([*words, *(result.notes if result.status != GRADED else ())])
