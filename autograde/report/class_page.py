"""The class report as one HTML file without scripts or anything from elsewhere, and as one line."""

from __future__ import annotations

from functools import partial

from autograde.grading.flag_messages import SELF_REPORTED, words_of
from autograde.grading.result_messages import answers_in_words, lateness_in_words
from autograde.grading.results import GRADED, Result
from autograde.pages.render import render_page
from autograde.report.both_pages import FIGURES, style
from autograde.report.gather import Report, gravity, histogram, summary
from autograde.report.mistake_messages import mistake_messages
from autograde.report.people_shown import Shown
from autograde.scores import points
from descentlab.sentences import say, say_count


def render(report: Report, shown: Shown | None = None, ids: bool = False) -> str:
    """The page; `shown` says how students are named and what is linked, `ids` adds mistakes' ids."""
    shown = shown or Shown(report.names)
    counted, maximum = counted_scores(report)
    bars = histogram(counted, maximum) if counted else []
    return render_page(
        "report/class_page.html.j2",
        style(),
        report=report,
        shown=shown,
        ids=ids,
        maximum=maximum,
        is_final=is_final(report),
        summary=summary(counted),
        bars=bars,
        largest=max((count for _, count in bars), default=1) or 1,
        figures=FIGURES,
        mistake_messages=mistake_messages,
        happened=partial(_happened, with_notes=not shown.numbers),
        gravity=gravity,
        lateness=lateness_in_words,
    )


def counted_scores(report: Report) -> tuple[list[float], float]:
    """What figures are of, and the most: final scores, or while few have one everybody's automatic points."""
    if is_final(report):
        return report.scores, report.max_score
    return report.automatic, report.max_automatic


def is_final(report: Report) -> bool:
    """Whether at least half of those who are graded have a final score."""
    return 2 * len(report.scores) >= report.graded


def summary_line(report: Report) -> str:
    """The scores of the class, for a terminal, and of whom and of which points they are."""
    scores, maximum = counted_scores(report)
    if not scores:
        return say("0 graded of {maximum} points", maximum=points(maximum))
    figures = {name: points(value) for name, value in summary(scores).items()}
    counted = len(scores)
    if not report.pending:
        return say_count(
            "{count} graded: mean {mean}, median {median}, least {least}, most {most} of {maximum} points",
            "{count} graded: mean {mean}, median {median}, least {least}, most {most} of {maximum} points",
            counted,
            maximum=points(maximum),
            **figures,
        )
    waiting = say_count(
        "{count} answer in words waits for a person",
        "{count} answers in words wait for a person",
        report.pending,
    )
    named = {"graded": report.graded, "maximum": points(maximum), "waiting": waiting, **figures}
    if is_final(report):
        return say(
            "{final} of {graded} graded have a final score: mean {mean}, median {median}, least {least}, "
            "most {most} of {maximum} points; {waiting}",
            final=counted,
            **named,
        )
    return say(
        "{graded} graded: mean {mean}, median {median}, least {least}, most {most} of the {maximum} points "
        "that need no person; {waiting}",
        **named,
    )


def _happened(result: Result, with_notes: bool) -> str:
    """What to look at. Notes repeat names of files, and those of students stand in such names."""
    words = [words_of(flag) for flag in result.flags]
    if result.self_reported:
        words.append(say(SELF_REPORTED))
    notes = result.notes if with_notes and result.status != GRADED else ()
    unanswered = [cell for cell in result.cells if cell.fails and not cell.answered]
    return "; ".join([*words, *notes, *answers_in_words(unanswered)])
