"""The file of test results that continuous integration reads: one test case a graded cell."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from autograde.grading.flag_messages import sentences_of
from autograde.grading.results import GRADED, CellScore, Result
from autograde.scores import score_of
from descentlab.sentences import say

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(result: Result) -> bytes:
    """The file; what waits for a person is skipped, and a notebook that cannot be read is an error."""
    suite = ElementTree.Element("testsuite", name=_xml(result.assignment), time=f"{result.seconds:.3f}")
    cases = list(result.cells) if result.status == GRADED else []
    for cell in cases:
        _add(suite, result.assignment, cell)
    if result.status != GRADED:
        case = ElementTree.SubElement(suite, "testcase", classname=_xml(result.assignment), name="notebook")
        reason = " ".join(result.notes)
        ElementTree.SubElement(case, "error", message=_xml(reason)).text = _xml(reason)
    for kind, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped",) * 2):
        suite.set(kind, str(len(list(suite.iter(tag)))))
    if reason := sentences_of(result.flags):
        ElementTree.SubElement(suite, "system-out").text = _xml("\n".join(reason))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True) + b"\n"


def _add(suite: ElementTree.Element, assignment: str, cell: CellScore) -> None:
    name = cell.check or cell.grade_id
    case = ElementTree.SubElement(suite, "testcase", classname=_xml(assignment), name=_xml(name))
    if cell.score is None:
        ElementTree.SubElement(case, "skipped", message=say("to be graded by a person"))
    elif cell.score < cell.max_score:
        earned = score_of(cell.score, cell.max_score)
        failure = ElementTree.SubElement(case, "failure", message=_xml(f"{earned}: {cell.says()}"))
        failure.text = _xml("\n".join(cell.lines()))


def _xml(text: str) -> str:
    """Text without what XML cannot hold."""
    return NO_XML.sub("\ufffd", text)
