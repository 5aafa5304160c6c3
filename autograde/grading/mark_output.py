"""A marked notebook as lines for a terminal, and as the test results (JUnit XML) that CI systems read."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from rich.console import Console

from autograde.course.flags import sentences_of, words_of
from autograde.course.result_messages import safe
from autograde.course.results import GRADED, CellScore, Result
from autograde.scores import score_of
from descentlab.checks.judging.display import mark_of

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def print_marked(result: Result) -> None:
    """Print the lines of a result."""
    console = Console(highlight=False, soft_wrap=True)
    for line in lines(result):
        console.print(line)


def lines(result: Result) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped."""
    yield f"[bold]{safe(result.assignment)}[/bold]: {score_of(result.score, result.max_score)}"
    for sentence in (*map(words_of, result.flags), *result.notes):
        yield f"  {safe(sentence)}"
    if result.status != GRADED:
        return
    for cell in result.cells:
        yield from _cell(cell)
    if result.tier is not None:
        yield f"[dim]isolation tier {result.tier}[/dim]"


def _cell(cell: CellScore) -> Iterator[str]:
    name = f"[bold]{safe(cell.check or cell.grade_id)}[/bold]"
    if cell.score is None:
        yield f"{mark_of(False, False)} {name}  waits for a person"
        return
    passed = cell.score >= cell.max_score
    yield f"{mark_of(passed, True)} {name}  {score_of(cell.score, cell.max_score)}"
    yield from (f"    {safe(line)}" for line in ([] if passed else cell.lines()))
    if cell.self_reported:
        yield "    an ordinary test cell: the score is what the student's own process said"


def junit(result: Result) -> bytes:
    """JUnit XML with one test case a graded cell: manual grades are skipped, an unreadable notebook is an error."""
    suite = ElementTree.Element("testsuite", name=_xml(result.assignment), time=f"{result.seconds:.3f}")
    cases = list(result.cells) if result.status == GRADED else []
    for cell in cases:
        _add_case(suite, result.assignment, cell)
    if result.status != GRADED:
        case = ElementTree.SubElement(suite, "testcase", classname=_xml(result.assignment), name="notebook")
        reason = " ".join(result.notes)
        ElementTree.SubElement(case, "error", message=_xml(reason)).text = _xml(reason)
    for kind, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped",) * 2):
        suite.set(kind, str(len(list(suite.iter(tag)))))
    if sentences := sentences_of(result.flags):
        ElementTree.SubElement(suite, "system-out").text = _xml("\n".join(sentences))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_case(suite: ElementTree.Element, assignment: str, cell: CellScore) -> None:
    name = cell.check or cell.grade_id
    case = ElementTree.SubElement(suite, "testcase", classname=_xml(assignment), name=_xml(name))
    if cell.score is None:
        ElementTree.SubElement(case, "skipped", message="to be graded by a person")
    elif cell.score < cell.max_score:
        earned = score_of(cell.score, cell.max_score)
        failure = ElementTree.SubElement(case, "failure", message=_xml(f"{earned}: {cell.says()}"))
        failure.text = _xml("\n".join(cell.lines()))


def _xml(text: str) -> str:
    """Text without what XML cannot hold."""
    return NO_XML.sub("\ufffd", text)
