"""The pages to read: lessons with their pictures and without their answers, guides, mistakes; whole, or not there."""

import base64
import json
import re
import shutil
from html import unescape
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pyodide_here
import pytest
import support
from course_folder import marks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.errors import UsageError
from autograde.files import put
from autograde.site import reading

DERIVED = "The answer derived"
SHORTEST = 20  # characters of a statement that is looked for


def site(*words):
    ended = CliRunner().invoke(app, ["site", *map(str, words)])
    return ended.exit_code, ended.output


def refused(*words):
    """What the command says that refuses."""
    status, said = site(*words)
    assert status == 2
    return said


def cells(*, solved):
    """A lesson of one stub, its check, a question and a picture."""
    body = "### BEGIN SOLUTION\nanswer = 1 + 1 + 1 + 1\n### END SOLUTION" if solved else "# your answer here"
    picture = {
        "text/html": '<img alt="a path" width="640" src="data:image/png;base64,AAAA">',
        "text/plain": "a path",
    }
    outputs = [new_output("display_data", data={"text/markdown": DERIVED, "text/plain": DERIVED})] * solved
    return [
        new_markdown_cell("# Title\n\nSee [Adam](../06-adam/adam.ipynb#x)."),
        new_code_cell(body, metadata=marks("stub", solution=True)),
        new_code_cell("check('x/y', answer)", metadata=marks("check", 1, locked=True), outputs=outputs),
        new_markdown_cell(
            "A model answer." if solved else "*Your answer here.*", metadata=marks("words", 1, solution=True)
        ),
        new_code_cell("draw()", outputs=[new_output("display_data", data=picture)] * solved),
    ]


def lesson(**how):
    return new_notebook(
        cells=cells(**how), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def test_a_page_shows_stubs_and_pictures_and_nothing_that_a_check_says(tmp_path):
    page = reading.page_of(lesson(solved=True), lesson(solved=False), tmp_path, "01-x", "")
    text = nbformat.writes(page)
    assert "1 + 1 + 1" not in text
    assert "model answer" not in text
    assert DERIVED not in text
    assert "../lessons/06-adam.ipynb" in text
    assert page.cells[-1].outputs[0].data["text/html"].count("../_static/01-x-1.png") == 1
    assert (tmp_path / "01-x-1.png").read_bytes() == b"\0\0\0"


def test_a_picture_pasted_into_a_lessons_words_is_on_its_page_and_an_unnamed_one_is_nowhere(tmp_path):
    words = new_markdown_cell("[SGD](../01-sgd/sgd.ipynb): ![a film](attachment:my%20film.gif)")
    words.attachments = {
        "my film.gif": {"image/gif": base64.b64encode(b"GIF89a").decode()},
        "other.gif": {"image/gif": base64.b64encode(b"GIF87a").decode()},
    }
    notebook = lesson(solved=True)
    notebook.cells.insert(0, words)
    page = reading.page_of(notebook, lesson(solved=False), tmp_path, "01-x", "")
    assert page.cells[0].source == "[SGD](../lessons/01-sgd.ipynb): ![a film](../_static/01-x-1.gif)"
    assert "attachments" not in page.cells[0]
    assert (tmp_path / "01-x-1.gif").read_bytes() == b"GIF89a"
    assert b"GIF87a" not in [path.read_bytes() for path in tmp_path.iterdir()]


def test_with_the_answers_a_page_shows_them(tmp_path):
    text = nbformat.writes(reading.page_of(lesson(solved=True), None, tmp_path, "01-x", ""))
    assert "answer = 1 + 1 + 1 + 1" in text
    assert "SOLUTION" not in text
    assert DERIVED in text


def test_a_page_has_one_title_and_what_is_deeper_stands_under_more(tmp_path):
    notebook = lesson(solved=True)
    notebook.cells += [new_markdown_cell("# More\n\nDeeper."), new_markdown_cell("## A Proof\n\n### Step")]
    page = reading.page_of(notebook, None, tmp_path, "01-x", "")
    text = "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")
    assert re.findall("^#.*", text, re.MULTILINE) == ["# 01 Title", "## More", "### A Proof", "#### Step"]


@pytest.mark.parametrize(
    ("runs_at", "says"),
    [
        ("../try/x", '<a class="run-here" href="../try/x">Run this lesson here</a>'),
        ("", "open this lesson in JupyterLab."),
    ],
)
def test_a_lesson_leads_to_where_it_runs_and_an_explorers_picture_says_where_it_moves(
    tmp_path, runs_at, says
):
    notebook = lesson(solved=True)
    still = {"text/html": '<div data-explorer="1">a path</div>', "text/plain": "a path"}
    notebook.cells[-1].outputs = [new_output("display_data", data=still)]
    page = reading.page_of(notebook, None, tmp_path, "01-x", runs_at)
    assert page.cells[-1].outputs[0].data["text/html"].endswith(f"<p>To move this picture: {says}</p>")
    assert page.cells[0].source.endswith(says) == bool(runs_at)


def test_where_no_lessons_run_in_a_browser_the_words_that_lead_there_are_those_taken_off_the_first_page():
    first = (Path(reading.__file__).parent / "front/front.md").read_text(encoding="utf-8")
    assert first.count(reading.TRY_IT) == first.count("try/") == 1


def test_a_mistake_has_its_wrong_lines_and_its_sign_and_no_whole_class():
    pages = dict(reading.mistake_pages())
    assert "Adam without the correction of m and v for their start at zero" in pages["06-adam"]
    assert not any("class Correct" in text for text in pages.values())


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("../06-adam/adam.ipynb#3-Bias", "../lessons/06-adam.ipynb"),
        ("../solutions/01-sgd/sgd.md", "../lessons/01-sgd.ipynb"),
        ("grading.md#roster", "grading.md#roster"),
        ("../src/descentlab/exercises", "../mistakes/index.rst"),
    ],
)
def test_a_link_leads_to_a_page_of_the_site(target, address):
    assert reading._address(target) == address


def test_what_is_no_page_is_linked_in_the_repository():
    assert reading._address("../CONTRIBUTING.md").endswith("/blob/main/CONTRIBUTING.md")


@pytest.fixture
def clone(tmp_path):
    """A clone of one short lesson and the guides."""
    root = tmp_path / "clone"
    for folder in ("docs", "solutions/01-sgd"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


def test_a_lesson_that_does_not_run_is_named_and_the_old_site_stays(clone, tmp_path):
    out = tmp_path / "public"
    out.mkdir()
    (out / "descentlab-site.json").write_text("{}")
    text = clone / "solutions/01-sgd/sgd.md"
    header = text.read_text().partition("# ")[0]
    text.write_text(f"{header}# Title\n\n```python\n1 / 0\n```\n")
    assert "01-sgd does not run to its end" in refused(out, "--solutions", clone)
    assert [path.name for path in out.iterdir()] == ["descentlab-site.json"]


def test_a_lesson_runs_again_when_its_text_or_the_version_changes_and_only_then(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "NotebookClient", Mock())
    text, cache, ran = tmp_path / "01-x/x.md", tmp_path / "cache", []
    for version, words, runs in (("1", "One", 1), ("1", "One", 1), ("2", "One", 2), ("2", "Two", 3)):
        monkeypatch.setattr(reading, "metadata", Mock(return_value={"Version": version}))
        put(text, words.encode())
        reading._executed(text, cache, ran.append)
        assert (len(ran), len(list(cache.iterdir()))) == (runs, 1)


def test_a_folder_without_docs_and_other_files_are_refused_in_one_line(tmp_path):
    (tmp_path / "from").mkdir()
    assert "has no docs/" in refused(tmp_path / "public", "--solutions", tmp_path / "from")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/thesis.tex").touch()
    assert "holds files that are not a site" in refused(tmp_path / "other", "--solutions", ROOT)


def test_what_is_no_sdist_is_one_line(tmp_path):
    (tmp_path / "a.whl").write_bytes(b"PK")
    said = refused(tmp_path / "public", "--solutions", tmp_path / "a.whl")
    assert "cannot be read as an sdist" in said
    assert not (tmp_path / "public").exists()


def test_a_released_notebook_that_lacks_a_cell_is_named(tmp_path):
    old = lesson(solved=False)
    del old.cells[1]
    with pytest.raises(UsageError, match="01-x: the released notebook has no cell 'stub'"):
        reading.page_of(lesson(solved=True), old, tmp_path, "01-x", "")


@pytest.fixture(scope="module")
def head_and_index(tmp_path_factory):
    """What stands in the head of a lesson's page, and what the search knows of it."""
    project = tmp_path_factory.mktemp("project")
    reading.start_project(project)
    notebook = lesson(solved=True)
    notebook.cells[0].source = '# Title\n\nAn *intro*. **How far "down"?** And on.'
    drawing = notebook.cells[-1]
    drawing.source = "ax.annotate(bbox={})"
    drawing.metadata["jupyter"] = {"source_hidden": True}
    sgd = (ROOT / "solutions/01-sgd/sgd.md").read_text(encoding="utf-8")
    notebook.cells.append(new_markdown_cell(re.search(r"^## 3 .*\n\n<!-- .* -->$", sgd, re.MULTILINE)[0]))
    notebook.metadata.kernelspec["language"] = "python"
    page = reading.page_of(notebook, None, project / "_static", "01-sgd", "")
    put(project / "lessons/01-sgd.ipynb", nbformat.writes(page).encode())
    put(project / "index.md", b"# Site\n\n```{toctree}\nlessons/01-sgd\n```\n")
    reading._run_sphinx(project, project / "out")
    text = (project / "out/lessons/01-sgd.html").read_text()
    found = (project / "out/searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")")
    for address in re.findall(r'(?:icon" href|og:image" content)="([^"]+)"', text):
        assert (project / "out/lessons" / address).is_file()
    return text.partition("</head>")[0], json.loads(found)


def test_a_page_says_in_its_head_what_it_asks_and_has_a_picture_and_an_icon(head_and_index):
    head, _ = head_and_index
    assert '<meta name="description" content="How far &quot;down&quot;?">' in head
    assert '"og:image" content="../_static/preview.png"' in head
    assert 'rel="icon" href="../_static/favicon.svg' in head


def test_the_search_knows_no_folded_code(head_and_index):
    _, found = head_and_index
    assert "check" in found["terms"]
    assert "annot" not in found["terms"]


def test_the_search_leads_from_what_people_type_to_the_section(head_and_index):
    _, found = head_and_index
    for typed in ("nan loss", "learning rate too big"):
        ((page, _, first),) = found["indexentries"][typed]
        assert (found["docnames"][page], first) == ("lessons/01-sgd", True)


# --- the whole site


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """Pages and the browser part together, with Pyodide's own packages where they are at hand."""
    folder = tmp_path_factory.mktemp("site")
    make = pyodide_here.empty_packages if pyodide_here.missing() else pyodide_here.unpack
    packages, run = make(folder / "pyodide"), reading._executed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            reading, "_executed", lambda text, *how: (run if text.parent.name in RAN else unrun)(text, *how)
        )
        status, said = site(folder / "public", "--solutions", ROOT, "--pyodide", packages)
    assert status == 0, said
    return folder / "public"


def unrun(text, *how):
    return reading.read_lesson(text)


def statements(lesson_name):
    """The long lines of a lesson's answers that the released notebook does not have."""
    (solved,) = (ROOT / "solutions" / lesson_name).glob("*.ipynb")
    released = json.dumps(
        nbformat.read(ROOT / "notebooks" / lesson_name / solved.name, as_version=4), ensure_ascii=False
    )
    for cell in nbformat.read(solved, as_version=4).cells:
        for answer in re.findall(r"### BEGIN SOLUTION(.*?)### END SOLUTION", cell.source, flags=re.S):
            for line in answer.splitlines():
                line = re.sub(r"\s*# \(\d+\)$", "", line.strip())
                if len(line) >= SHORTEST and json.dumps(line, ensure_ascii=False)[1:-1] not in released:
                    yield line


def text_of(page):
    """A page's text without its tags, as the code on it reads."""
    return unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


def leaks(public, lesson_name):
    own = [public / "lessons" / f"{lesson_name}.html", public / "searchindex.js"]
    said = {page.name: text_of(page) for page in own}
    wanted = [*statements(lesson_name), DERIVED]
    return [(name, line) for name, text in said.items() for line in wanted if line in text]


LESSONS = sorted(path.name for path in (ROOT / "solutions").glob("[0-9]*"))
# Whose cells are run; test_lessons runs those of all.
RAN = {"front", *(LESSONS if support.EXAMPLES > 150 else ["06-adam"])}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_answer_is_on_a_lessons_page_or_in_the_search_and_a_planted_one_is_found(public):
    assert [leaks(public, name) for name in LESSONS] == [[] for _ in LESSONS]
    page = public / "lessons/06-adam.html"
    line = next(statements("06-adam"))
    page.write_text(page.read_text(encoding="utf-8") + f"<code>{line}</code>", encoding="utf-8")
    assert leaks(public, "06-adam") == [("06-adam.html", line)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_page_is_there_and_asks_no_other_host_for_anything(public):
    assert {path.stem for path in (public / "lessons").glob("[0-9]*.html")} == set(LESSONS)
    pages = [page for page in public.rglob("*.html") if page.relative_to(public).parts[0] != "try"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="(https?://[^"]+)"', text)
        assert loaded == [], page.name
    assert {path.relative_to(public).parts[0] for path in public.rglob("*.ipynb*")} == {"try"}
    assert {
        path.name.rpartition("-")[0] for path in Path(f"{public}.cache").iterdir()
    } == RAN  # for the next build
    front = (public / "index.html").read_text(encoding="utf-8")
    assert "every step in the opposite direction" in front
    assert "look at the sign" in front


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_first_page_leads_to_the_lessons_that_run_in_the_browser(public):
    (target,) = re.findall(r'href="([^"]+)">run them in the browser', (public / "index.html").read_text())
    assert (public / target).is_file()
    assert (public / "try/files/06-adam/adam.ipynb").is_file()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_each_lesson_and_its_copy_that_runs_lead_to_each_other(public):
    back = re.findall(r'href="../(lessons/[^"]+)">read<', (public / "try/index.html").read_text())
    assert back == [f"lessons/{name}.html" for name in LESSONS]
    for page in back:
        (runs_at,) = set(
            re.findall(r'href="../(try/[^"]+)">Run this lesson here', (public / page).read_text())
        )
        place, _, notebook = runs_at.partition("?path=")
        assert (public / place).is_file()
        assert (public / "try/files" / notebook).is_file()
