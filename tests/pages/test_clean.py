"""Nothing that a student made acts in a reader's browser."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from traitlets.config import Config

from autograde.course.configuration import clean_students_pages
from autograde.entries.answer_key import KeyCell, KeyNotebook
from autograde.entries.entry import CellScore, Entry, Person
from autograde.pages.clean import (
    LONGEST_HTML,
    LONGEST_MARKDOWN,
    CleanOutputs,
    alt_of,
    clean_data,
    clean_html,
    clean_markdown,
)
from autograde.pages.student_page import (
    LONGEST_NOTEBOOK,
    GradedAnswer,
    Page,
    answer_of,
    cells_of,
    render,
    verdict_of,
)

OWN = "document.documentElement.setAttribute('data-owned','1')"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()
TABLES = json.loads(Path(__file__).with_name("acting.json").read_text(encoding="utf-8"))
ATTACKS = TABLES["attacks"]


def on_page(*cells: nbformat.NotebookNode) -> list[str]:
    """The cells as a student's page shows them."""
    return list(cells_of(new_notebook(cells=list(cells)), KeyNotebook("hw", {}, {})))


def in_formgrader(*cells: nbformat.NotebookNode) -> str:
    """The cells as formgrader shows them."""
    config = Config()
    clean_students_pages(config)
    exporter = HTMLExporter(config=config, template_name="basic")
    return exporter.from_notebook_node(new_notebook(cells=list(cells)))[0]


def acts(html: str) -> list[str]:
    lowered = html.lower()
    return [sign for sign in TABLES["acting"] if sign in lowered]


@pytest.mark.parametrize(
    ("clean", "text", "kept"),
    [
        (clean_html, "<b>kept</b>{}", "<b>kept</b>"),
        (clean_markdown, "**kept** and\n\n{}\n", "<strong>kept</strong>"),
    ],
)
@pytest.mark.parametrize("attack", ATTACKS)
def test_html_and_markdown_keep_words_and_lose_what_acts(attack, clean, text, kept):
    cleaned = clean(text.format(attack))
    assert kept in cleaned
    assert acts(cleaned.replace("javascript:" + OWN + "}{x}$", "")) == []


@pytest.mark.parametrize("clean", [clean_html, clean_markdown])
@pytest.mark.parametrize("tex", TABLES["acting TeX"])
def test_formulas_lose_what_links_styles_or_renames(tex, clean):
    name = re.match(r"\\[A-Za-z]+", tex).group()
    cleaned = clean(f"before ${tex}$ after")
    assert name not in cleaned
    assert f"∖{name[1:]}" in cleaned
    assert cleaned.count("before") == cleaned.count("after") == 1


def test_a_comment_hides_no_formula():
    assert "∖href{x}" in clean_html(r"$\<!-- -->href{x}{y}$")


def test_a_link_tells_nobody_where_it_was_read():
    assert 'rel="noopener noreferrer nofollow"' in clean_html('<a href="https://example.org">x</a>')


@pytest.mark.parametrize("tex", TABLES["harmless TeX"])
def test_other_formulas_stay_as_they_are(tex):
    assert tex.replace("&", "&amp;") in clean_markdown(f"${tex}$")


@pytest.mark.parametrize("link", TABLES["links of files"])
def test_a_link_to_a_file_that_was_handed_in_leads_nowhere(link):
    assert "href" not in clean_html(f"<a href='{link}'>words</a>")


@pytest.mark.parametrize("link", TABLES["links"])
def test_a_link_to_another_place_stays(link):
    assert f'href="{link}"' in clean_html(f"<a href='{link}'>words</a>")


@pytest.mark.parametrize(("mime", "value"), TABLES["acting kinds"])
def test_kinds_that_act_are_named_in_words(mime, value):
    kept = clean_data({mime: value})
    assert list(kept) == ["text/plain"]
    assert mime in kept["text/plain"]


SLOW = {
    "long HTML": ("text/html", "<b>x</b>" * LONGEST_HTML),
    "HTML in HTML": ("text/html", "<div>" * 90_000),
    "HTML with ends of tags that never began": ("text/html", "<div></p></x>" * 30_000),
    "long Markdown": ("text/markdown", "*a **b " * 500_000),
    "Markdown of some length": ("text/markdown", "*a* " * 6_000),
    "formulas that never end": ("text/markdown", r"\begin{a}" * 2_000),
}


@pytest.mark.parametrize(("mime", "value"), SLOW.values(), ids=SLOW)
def test_what_would_take_minutes_to_read_is_shown_as_it_was_written(mime, value):
    shown = clean_data({mime: value})["text/html"]
    assert shown.startswith("<pre>")
    assert len(shown) > 10_000


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_shown_as_it_was_written_does_not_act_either(attack):
    for shown in (clean_html(attack + "x" * LONGEST_HTML), clean_markdown(attack + "x " * LONGEST_MARKDOWN)):
        assert shown.startswith("<pre>")
        assert "<" not in shown.removeprefix("<pre>").removesuffix("</pre>")
        assert "\\href" not in shown


def test_of_an_output_only_cleaned_parts_and_a_pictures_words_are_left():
    metadata = {"image/png": {"alt": "a line", "width": '1" onerror="x'}, "collapsed": True}
    drawn = new_output("display_data", {"image/png": PNG, "text/html": "<form>x"}, metadata=metadata)
    plain = new_output("display_data", {"text/plain": "x"}, metadata={"isolated": True})
    cell = new_code_cell("", outputs=[drawn, plain])
    cell["attachments"] = {"a.svg": {"image/svg+xml": "PHN2Zy8+"}}
    cleaned, _ = CleanOutputs().preprocess_cell(cell, {}, 0)
    assert [output.metadata for output in cleaned.outputs] == [{"image/png": {"alt": "a line"}}, {}]
    assert cleaned.outputs[0].data == {"image/png": PNG, "text/html": "x"}
    assert "attachments" not in cleaned


def test_tables_and_lists_of_any_length_are_shown_as_such():
    rows = "<tr><td>1<td><p><b>2</b></tr>" * 5_000
    assert clean_html(f"<table>{rows}</table>").startswith("<table>")
    assert clean_html("<ul>" + "<li>1" * 5_000 + "</ul>").startswith("<ul>")


def test_lines_of_spaces_do_not_keep_a_reader_waiting(monkeypatch):
    """The highlighter looks from each such line to the end of them all."""
    seen = []
    monkeypatch.setattr("autograde.pages.student_page.highlight", lambda code, *_: seen.append(code) or "")
    on_page(new_code_cell("x = 1\n" + " \t\n" * 100 + "  y = 2"))
    assert seen == ["x = 1\n" + "\n" * 100 + "  y = 2"]


@pytest.mark.parametrize("part", ["\n", " \n", "a.", "..."])
def test_no_code_keeps_formgrader_waiting(part, monkeypatch):
    """IPython's lexer, nbconvert's own choice, would take hours over a million characters of any of these."""
    lexers = []
    monkeypatch.setattr(Highlight2HTML, "__call__", lambda self, source: lexers.append(self.pygments_lexer))
    in_formgrader(new_code_cell(part * 3), new_code_cell(part * 30_000))
    assert lexers == ["python3", "text"]


def test_a_page_has_an_end_whatever_was_shown():
    output = new_output("stream", text="x" * (LONGEST_NOTEBOOK // 3))
    shown = on_page(*(new_code_cell(str(n), outputs=[output]) for n in range(5)))
    assert len(shown) == 3
    assert "too long" in shown[-1]


def test_a_graded_cell_has_an_end_whatever_it_put_out():
    parts = [new_output("display_data", {"text/markdown": "*a* " * 4_000}) for _ in range(10)]
    cell = new_code_cell("test()", metadata={"nbgrader": {"grade_id": "a"}}, outputs=parts)
    assert "too long to be shown here" in verdict_of(new_notebook(cells=[cell]), "a")
    cell.outputs = parts[:1]
    assert "<em>a</em>" in verdict_of(new_notebook(cells=[cell]), "a")


def test_a_formula_that_a_cell_puts_out_stands_on_the_page():
    cell = new_code_cell("show()", outputs=[new_output("display_data", {"text/markdown": "So $x^2$."})])
    (shown,) = on_page(cell)
    assert '<math alttext="x^2"' in shown


def test_a_picture_and_its_words_stay():
    figure = {"image/png": PNG, "text/plain": "a figure"}
    assert clean_data(figure) == figure
    output = new_output("display_data", figure, metadata={"image/png": {"alt": "a falling line"}})
    assert alt_of(output) == "a falling line"


def hostile_notebook() -> nbformat.NotebookNode:
    outputs = [new_output("display_data", data={"text/html": attack}) for attack in ATTACKS]
    script, drawing = f"<script>{OWN}</script>", f"<svg xmlns='http://www.w3.org/2000/svg' onload='{OWN}'/>"
    outputs += [
        new_output("display_data", data={"application/javascript": OWN}),
        new_output("display_data", data={"image/svg+xml": drawing}),
        new_output(
            "display_data", data={"image/png": PNG}, metadata={"image/png": {"alt": f'" onload="{OWN}'}}
        ),
        new_output("stream", name="stdout", text=f"\x1b[31m{script}\x1b[0m"),
        new_output("error", ename="<b>", evalue=script, traceback=[script]),
    ]
    fields = {"schema_version": 3, "grade_id": "a", "grade": False, "solution": True, "locked": False}
    answer = {"nbgrader": fields}
    return new_notebook(
        cells=[
            *(new_markdown_cell(f"# {attack}\n\n{attack}") for attack in ATTACKS),
            new_raw_cell(
                f"<script>{OWN}</script>", metadata={"format": "text/html", "raw_mimetype": "text/html"}
            ),
            new_code_cell(f"'''<script>{OWN}</script>'''", outputs=outputs, metadata=answer),
        ]
    )


def hostile_page() -> str:
    notebook = hostile_notebook()
    key = KeyNotebook("n", {}, {"a": KeyCell("a", "code", "", None, False, True, False, 5.0, None)})
    cell = CellScore("a", 0.0, 5.0, sentence=ATTACKS[1], comment=ATTACKS[0])
    verdict, answer = verdict_of(notebook, "a"), answer_of(notebook, "a", key)
    mark = GradedAnswer(cell, "a", answer=answer, verdict=verdict)
    cells = on_page(*notebook.cells)
    return render(
        Page(ATTACKS[0], ATTACKS[2], Entry(Person(ATTACKS[1]), "a", "graded", 5.0, 1.0), [mark], cells)
    )


def formgrader_page() -> str:
    return f"<!DOCTYPE html><html><body>{in_formgrader(*hostile_notebook().cells)}</body></html>"


def owned(html: str, tmp_path: Path) -> bool:
    """Whether a script of the page could run in a real browser."""
    page = tmp_path / "page.html"
    before, end, after = html.rpartition("</body>")
    page.write_text(f"{before}<p>the end of the page</p>{end}{after}")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom"]
    dom = subprocess.run(
        [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()],
        capture_output=True, text=True, timeout=120,
    ).stdout  # fmt: skip
    assert "the end of the page" in dom  # it did not lead elsewhere meanwhile
    return "data-owned" in dom.split("<head", 1)[0]


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("make", [hostile_page, formgrader_page])
def test_no_script_of_a_student_runs_in_a_real_browser(make, tmp_path):
    assert not owned(make(), tmp_path)


@pytest.mark.needs("chromium")
def test_the_browser_would_have_run_it(tmp_path):
    assert owned(f"<!DOCTYPE html><html><body>{ATTACKS[0]}</body></html>", tmp_path)


def test_the_page_forbids_scripts_and_remote_parts_itself():
    page = hostile_page()
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "100 / 100" in page  # their words are shown, in a frame of theirs


def test_the_answer_to_a_check_is_every_solution_cell_since_the_check_or_test_before_it():
    graded = {"t": (2.0, None), "c": (5.0, "sgd/update")}  # points and check
    cells = {
        name: KeyCell(
            name, "code", "", None, False, name not in graded, False, *graded.get(name, (None, None))
        )
        for name in "xtabc"
    }
    written = [
        new_code_cell(f"answer_{name} = 1", metadata={"nbgrader": {"grade_id": name}}) for name in cells
    ]
    for grade_id, own in (("t", ["answer_x"]), ("c", ["answer_a", "answer_b"])):
        shown = answer_of(new_notebook(cells=written), grade_id, KeyNotebook("n", {}, cells))
        assert re.findall(r"answer_\w", shown) == own
