"""H and I. Attacks on the people who read, and on the pipeline around the sandbox."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograde.selftest.hostile.attack import (
    RIGHT,
    AnyAttack,
    AttackSubmission,
    AttackTrial,
    Elsewhere,
    NotCovered,
    cell,
)
from autograde.selftest.hostile.attacked_class import NOTEBOOK, POINTS

HTML = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "<iframe src='https://example.org'></iframe>", "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<svg><script>alert(1)</script></svg>", "<style>body{display:none}</style>",
    "<img src='https://example.org/pixel.png'>", "<form action='/formgrader/api'><input name=x></form>",
    "<div style='position:fixed;top:0;background:url(https://example.org)'>100 / 100</div>",
    "<math><maction actiontype='statusline#https://example.org' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<base href='https://example.org'>", "<object data='data:text/html,<script>alert(1)</script>'></object>",
]  # fmt: skip
MIMES = {
    "text/html": "".join(HTML),
    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>",
    "application/javascript": "alert(1)",
    "application/vnd.jupyter.widget-view+json": {"model_id": "x", "version_major": 2},
    "application/vnd.vega.v5+json": {"$schema": "https://vega.github.io/schema/vega/v5.json"},
    "application/vnd.plotly.v1+json": {"data": []},
    "text/markdown": "[x](javascript:alert(1)) <script>alert(1)</script>",
    "text/latex": r"$\href{javascript:alert(1)}{x}\unicode{x3c}script>$",
    "text/plain": "plain",
}
ESCAPES = "\x1b]0;title\x07\x1b]8;;https://example.org\x07\x1b]52;c;eA==\x07\x1b[2J\u202e\u2066"


def _page(source: str, markdown: str = "") -> Callable[[Path, Path], None]:
    """The honest notebook, which also shows something and says something in markdown."""

    def make(folder: Path, model: Path) -> None:
        document: dict[str, Any] = json.loads(model.read_text())
        document["cells"].insert(1, {"cell_type": "code", "metadata": {}, "source": source, "outputs": []})
        document["cells"].insert(1, {"cell_type": "markdown", "metadata": {}, "source": markdown})
        (folder / NOTEBOOK).write_text(json.dumps(document))

    return make


def _reference_gets_all_and_nothing_gets_nothing() -> str | None:
    """The judge itself: every reference earns full points, an empty answer none."""
    from verdicts import judging

    names: dict[str, Any] = {}
    exec(RIGHT, names)

    class Empty:
        def __init__(self, lr=0.01):
            self.lr = lr

        def update(self, params, grads):
            raise NotImplementedError

    full = judging.run("sgd/update", names["SGD"], 7).fraction
    empty = judging.run("sgd/update", Empty, 7).fraction
    return None if (full, empty) == (1.0, 0.0) else f"the right answer got {full}, an empty one {empty}"


def _odd_replies() -> str | None:
    """What an owned process may write instead of a reply: each is refused by shape, none is run."""
    from autograde.sandbox.inside.frames import OddFrameError, pack, parse
    from autograde.untrusted.outputs import OddOutputError, read_reply

    good = {"outputs": [], "earlier": {}, "execution_count": 1, "evidence": False, "cut": False}
    bad: list[dict[str, Any]] = [
        {**good, "outputs": value}
        for value in (None, {}, "x", [1], [[]], [{"output_type": "pickle"}], [{}] * 20_000)
    ]
    bad += [{**good, "earlier": value} for value in (None, [], {"-1": []}, {"x": []}, {"1": 5})]
    bad += [{**good, "execution_count": value} for value in (-1, 1.5, "1", 10**30, [])]
    bad += [
        {**good, "outputs": [{"output_type": "stream", "name": "stdin", "text": ""}]},
        {**good, "outputs": [{"output_type": "stream", "name": "stdout", "text": 5}]},
        {**good, "outputs": [{"output_type": "error", "ename": "", "evalue": "", "traceback": "x"}]},
        {**good, "outputs": [{"output_type": "display_data", "data": [], "metadata": {}}]},
    ]
    for message in bad:
        try:
            read_reply(parse(pack(message)[8:]))
        except OddOutputError:
            continue
        return f"taken as a reply: {str(message)[:120]}"
    for text in (
        b'{"a":[' + b"[]," * 10**6 + b"[]]}",
        b"[1]",
        b"nul",
        b"\xff",
        b'{"a":NaN}',
        b"[" * 10**5,
        b'{"a":' + b"9" * 10**5 + b"}",
    ):
        try:
            parse(text)
        except OddFrameError:
            continue
        return f"taken as a message: {text[:40]!r}"
    return None


def _shown(name: str, make: Callable[[Path, Path], None], student: str = "") -> AttackSubmission:
    return AttackSubmission(name, make, "graded", POINTS, student=student)


ATTACKS: tuple[AnyAttack, ...] = (
    AttackSubmission(
        "files written where they might be collected",
        _page(
            "open('hw.ipynb', 'w').write('{}'); open('hw.html', 'w').write('x'); open('evidence.json', 'w').write('x')"
        ),
        "graded",
        POINTS,
    ),
    *(
        _shown(f"shown: {html[:40]}", _page(f"from IPython.display import HTML\nHTML({html!r})"))
        for html in HTML
    ),
    _shown(
        "every active kind of output",
        _page(f"from IPython.display import display\ndisplay({MIMES!r}, raw=True)"),
    ),
    *(_shown(f"in markdown: {html[:40]}", _page("1", html)) for html in HTML),
    _shown(
        "markdown links and pictures",
        _page("1", "[x](javascript:alert(1)) ![p](https://example.org/p.png) <a href=data:text/html,x>d</a>"),
    ),
    _shown(
        "styles that cover the grade",
        _page(
            cell("""
            from IPython.display import HTML
            HTML('<style>*{display:none}</style><div style="position:fixed;inset:0;z-index:9">full marks</div>')
        """)
        ),
    ),
    _shown(
        "escape sequences in outputs and errors",
        _page(f"print({ESCAPES!r})\nraise ValueError({ESCAPES!r})"),
    ),
    Elsewhere(
        "escape sequences in names, on the terminal",
        "tests/sandbox/test_hostile.py::test_text_from_a_submission_cannot_turn_a_line_of_the_table",
    ),
    Elsewhere(
        "formulas and separators in exports",
        "tests/lms/test_formats.py::test_no_name_becomes_a_formula_or_another_column",
    ),
    NotCovered("spreadsheets in XLSX", "no such file is written"),
    _shown(
        "a pixel that tells when it is read",
        _page(
            cell("""
            from IPython.display import Image, HTML, display
            display(Image(url='https://example.org/p.png'))
            HTML('<video poster=https://example.org/p.png></video><p style="background:url(//example.org/x)">')
        """)
        ),
    ),
    NotCovered("text meant for a language model", "nothing in the grader reads answers with one"),
    Elsewhere(
        "a locked gradebook",
        "tests/grading/test_faults.py::test_a_locked_gradebook_stops_the_run_and_says_so",
    ),
    NotCovered(
        "the clock jumps", "limits are counted on a clock that does not; times come from the collector"
    ),
    Elsewhere(
        "a cluster's open ports",
        "tests/cluster/test_address.py::test_a_scheduler_without_tls_is_refused_by_the_pool_itself",
    ),
    AttackTrial("objects instead of plain data from a worker", _odd_replies),
    NotCovered("other versions on another node", "the tier stands with each grade; versions do not yet"),
    Elsewhere(
        "a silent change of a returned mark",
        "tests/grading/test_rejudge.py::test_a_regrade_says_where_a_returned_score_changed",
    ),
    AttackTrial("a judge that favors or damages all", _reference_gets_all_and_nothing_gets_nothing),
    Elsewhere(
        "a failing sandbox taken for a student's zero",
        "tests/grading/test_grade_class.py::test_a_fault_of_the_machine_writes_no_grade_and_is_tried_again",
    ),
)
