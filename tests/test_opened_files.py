"""What a Jupyter with the grader's extension hands to a browser, and where it saves."""

import asyncio
import json
import os
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import nbformat
import pytest
from jupyter_core.utils import ensure_async
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager
from jupytext import AsyncTextFileContentsManager, TextFileContentsManager
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from support import changed, contents
from tornado.web import HTTPError

from autograde.lab.opened_files import Cautious, be_cautious

PAIRING = (TextFileContentsManager, AsyncTextFileContentsManager)
STOCK = (LargeFileManager, AsyncLargeFileManager, *PAIRING)
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PNG = "iVBORw0KGgo="
GRADED = {"grade": True, "grade_id": "a", "locked": True, "points": 1, "schema_version": 3, "solution": False}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


class Files:
    """A server's files: what it reads and writes, whether its class is asynchronous or not."""

    def __init__(self, stock, root):
        class CautiousFiles(Cautious, stock):
            pass

        self.manager = CautiousFiles(root_dir=str(root))

    def __getattr__(self, name):
        method = getattr(self.manager, name)
        return lambda *args, **options: asyncio.run(ensure_async(method(*args, **options)))

    def save_notebook(self, content, path):
        self.save({"type": "notebook", "format": "json", "content": content}, path)

    def open_and_save(self, path, says="saved"):
        content = self.get(path)["content"]
        content["cells"][0]["source"] = says
        self.save_notebook(content, path)


@pytest.fixture(params=STOCK, ids=lambda stock: stock.__name__)
def files(request, course):
    return Files(request.param, course)


@pytest.fixture(params=PAIRING, ids=lambda stock: stock.__name__)
def pairing(request, course):
    return Files(request.param, course)


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "course").mkdir()
    return tmp_path / "course"


@pytest.fixture
def paired(pairing, course):
    """Files in which a trusted notebook, a.ipynb, is paired with a text."""
    plain = new_notebook(cells=[new_markdown_cell("words", id="m")], metadata={"kernelspec": KERNEL})
    put(course, "solutions/jupytext.toml", 'formats = "ipynb,md:markdown"\n')
    put(course, "solutions/01-a/a.ipynb", plain, signed=True)
    return pairing


def notebook(text="words", **metadata):
    """A notebook with everything that acts in a browser, and what has to stay."""
    acts = {"text/html": "<b>x</b>", "image/svg+xml": "<svg/>", VIEW: {"model_id": "x"}}
    outputs = [
        new_output("stream", text="printed"),
        new_output(
            "display_data", {**acts, "image/png": PNG, "text/plain": "plain"}, metadata={"isolated": True}
        ),
        new_output("display_data", acts),
        new_output("error", ename="E", evalue="e", traceback=["t"]),
    ]
    cell = {"nbgrader": GRADED, "tags": ["skip-execution"], "editable": False, "deletable": False}
    hidden = {
        "jupyter": {"source_hidden": True, "outputs_hidden": True},
        "slideshow": {"slide_type": "slide"},
    }
    picture = {"p.png": {"image/png": PNG}}
    said = f"{text} ![p](attachment:p.png) <button DATA-commandlinker-command='x:y'>b</button>"
    return new_notebook(
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "widgets": {STATE: {}},
            **metadata,
        },
        cells=[
            new_markdown_cell(
                said, id="m", attachments=picture, metadata={"jupyter": {"outputs_hidden": True}}
            ),
            new_code_cell("1", id="c", outputs=outputs, execution_count=3, metadata=cell | hidden),
        ],
    )


def put(root, path, content=None, signed=False, **metadata):
    made = root / path
    made.parent.mkdir(parents=True, exist_ok=True)
    content = content or notebook(made.parent.name, **metadata)
    made.write_text(nbformat.writes(content) if not isinstance(content, str) else content)
    if signed:
        (root.parent / "data").mkdir(exist_ok=True)
        NotebookNotary(data_dir=str(root.parent / "data")).sign(nbformat.read(made, 4))
    return made


@pytest.mark.parametrize(
    ("path", "signed"),
    [
        ("submitted/eve/hw1/hw1.ipynb", False),
        ("submitted/eve/hw1/hw1.ipynb", True),
        ("autograded/eve/hw1/hw1.ipynb", True),
        ("Submitted/eve/other.ipynb", True),
        ("solutions/hw1/hw1.ipynb", False),
    ],
)
def test_what_is_not_trusted_brings_text_pictures_and_its_grades(files, course, path, signed):
    put(course, path, signed=signed, jupytext={"formats": "ipynb,md"}, other=1)
    content = files.get(path)["content"]
    assert content.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    words, code = content.cells
    assert words.metadata == {}
    assert words.attachments == {"p.png": {"image/png": PNG}}
    assert words.source.endswith("![p](attachment:p.png) <button data-command-command='x:y'>b</button>")
    assert code.metadata == {
        "nbgrader": GRADED,
        "tags": ["skip-execution"],
        "editable": False,
        "deletable": False,
        "jupyter": {"source_hidden": True},
        "trusted": False,
    }
    assert (words.id, code.id, code.source, code.execution_count) == ("m", "c", "1", 3)
    printed, shown, acting, error = code.outputs
    assert (printed.text, error.traceback) == ("printed", ["t"])
    assert (shown.data, shown.metadata) == ({"text/plain": "plain", "image/png": PNG}, {})
    assert acting.data == {"text/plain": f"[not shown here: {VIEW}, image/svg+xml, text/html]"}


def test_a_signed_notebook_keeps_all_it_has(files, course):
    made = notebook(other=1)
    put(course, "solutions/hw1/hw1.ipynb", made, signed=True)
    content = files.get("solutions/hw1/hw1.ipynb")["content"]
    assert content.cells[1].metadata.pop("trusted") is True
    assert content == made


@pytest.mark.parametrize("name", ["jupytext.toml", "pyproject.toml", None])
@pytest.mark.parametrize(
    "path", ["submitted/eve/hw1/hw1.ipynb", "autograded/eve/hw1/hw1.ipynb", "from/eve/hw1.ipynb"]
)
def test_saving_what_is_not_trusted_changes_one_file_however_often(pairing, course, path, name):
    folder = "/".join(path.split("/")[:2])
    formats = f"{folder}//hw1/ipynb,submitted/bob//hw1/ipynb,ipynb,md:markdown,py:percent"
    if path.startswith("from"):
        formats = "ipynb,md:markdown,../../submitted/bob/hw1//ipynb"
    put(course, "submitted/bob/hw1/hw1.ipynb")
    made = new_notebook(cells=[new_code_cell("1", id="c")])  # no output that Jupyter could distrust
    made.metadata = {"jupytext": {"formats": formats}} if name is None else {}
    put(course, path, made)
    settings = f'formats = "{formats}"\n'
    if name:
        text = settings if name.startswith("jupytext") else f"[tool.jupytext]\n{settings}"
        (course / path).with_name(name).write_text(text)
    before = contents(course)
    for says in ("once", "twice"):
        pairing.open_and_save(path, says)
        assert says in (course / path).read_text()
        assert changed(course, before) == [path]


def test_a_submissions_settings_are_not_even_read(pairing, course):
    path = "submitted/eve/hw1/hw1.ipynb"
    put(course, path)
    (course / path).with_name("jupytext.toml").write_text("no toml [")
    (course / path).with_name(".jupytext.py").write_text("raise SystemExit")
    pairing.manager.allow_hidden = True
    pairing.open_and_save(path)
    pairing.rename_file(path, "submitted/eve/hw1/new.ipynb")
    put(course, "submitted/eve/hw1/hw1.md", "# words\n")
    assert pairing.get("submitted/eve/hw1/hw1.md")["content"] == "# words\n"
    with pytest.raises(HTTPError):
        pairing.get("submitted/eve/hw1/hw1.md", type="notebook")


def test_a_renamed_notebook_that_is_not_trusted_takes_no_other_file_with_it(pairing, course):
    for folder in ("submitted/eve", "from/eve"):
        put(course, f"{folder}/hw1.ipynb", jupytext={"formats": "ipynb,py"})
        put(course, f"{folder}/hw1.py", "1\n")
        pairing.rename_file(f"{folder}/hw1.ipynb", f"{folder}/new.ipynb")
        assert sorted(path.name for path in (course / folder).iterdir()) == ["hw1.py", "new.ipynb"]


def test_a_text_opened_as_a_notebook_brings_no_widgets_and_is_saved_alone(pairing, course):
    """Its header can hold all that a notebook's metadata can."""
    header = {"jupytext": {"formats": "ipynb,py:percent"}, "kernelspec": KERNEL, "widgets": {STATE: {}}}
    lines = "".join(f"#   {name}: {json.dumps(value)}\n" for name, value in header.items())
    text = f"# ---\n# jupyter:\n{lines}# ---\n\n# %% [markdown]\n# words\n\n# %%\n1\n"
    put(course, "from/eve/hw1.py", text)
    before = contents(course)
    content = pairing.get("from/eve/hw1.py", type="notebook")["content"]
    assert content.metadata == {"kernelspec": KERNEL}
    content.cells[1].source = "2"
    pairing.save_notebook(content, "from/eve/hw1.py")
    assert changed(course, before) == ["from/eve/hw1.py"]
    assert (course / "from/eve/hw1.py").read_text().endswith("# words\n\n# %%\n2\n")


def test_where_the_notebook_is_trusted_text_and_notebook_are_paired(paired, course):
    paired.open_and_save("solutions/01-a/a.ipynb", "edited")
    assert (course / "solutions/01-a/a.md").read_text().endswith("\nedited\n")
    paired.open_and_save("solutions/01-a/a.md", "in the text")  # beside what was just saved, and signed
    assert "in the text" in (course / "solutions/01-a/a.ipynb").read_text()


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("where", ["submitted/eve/hw1", "from"])
def test_what_somebody_ran_is_trusted_when_it_is_saved_but_not_what_was_handed_in(
    files, course, where, signed
):
    path = f"{where}/hw1.ipynb"
    put(course, path, signed=signed)
    content = files.get(path)["content"]
    content.cells[1].metadata.trusted = True
    content.cells[1].outputs = [new_output("display_data", {"text/html": "made here"})]
    files.save_notebook(content, path)
    shown = files.get(path)["content"].cells[1].outputs[0].data
    assert ("text/html" in shown) == (where == "from")
    (course / "taken.ipynb").write_bytes((course / path).read_bytes())
    shown = files.get("taken.ipynb")["content"].cells[1].outputs[0].data
    assert ("text/html" in shown) == (where == "from")


@pytest.mark.parametrize("link", ["hw1/hw1.ipynb", "hw1"])
def test_no_link_below_submitted_is_opened_or_saved(files, course, link):
    put(course, "solutions/hw1/hw1.ipynb")
    made = course / "submitted/eve" / link
    made.parent.mkdir(parents=True)
    made.symlink_to(course / "solutions" / link)
    before = contents(course / "solutions")
    for act in (files.get, lambda path: files.save_notebook(notebook(), path)):
        with pytest.raises(HTTPError, match="is a link; links in submitted/ are not followed"):
            act("submitted/eve/hw1/hw1.ipynb")
    assert files.get("solutions/hw1/hw1.ipynb")["name"] == "hw1.ipynb"
    assert changed(course / "solutions", before) == []


@pytest.mark.parametrize(
    "written", [".~hw1.ipynb", ".ipynb_checkpoints/hw1-checkpoint.ipynb", ".ipynb_checkpoints"]
)
def test_nothing_that_jupyter_writes_beside_a_notebook_is_written_through_a_link(files, course, written):
    put(course, "submitted/bob/hw1/hw1.ipynb")
    eve = put(course, "submitted/eve/hw1/hw1.ipynb")
    link = eve.parent / written
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(course / "submitted/bob/hw1" / ("hw1.ipynb" if link.suffix else ""))
    before = contents(course / "submitted/bob")
    for act in (files.create_checkpoint, lambda path: files.save_notebook(notebook(), path)):
        with pytest.raises(HTTPError, match="is a link"):
            act("submitted/eve/hw1/hw1.ipynb")
    assert changed(course / "submitted/bob", before) == []
    files.create_checkpoint("submitted/bob/hw1/hw1.ipynb")
    assert (course / "submitted/bob/hw1/.ipynb_checkpoints/hw1-checkpoint.ipynb").exists()


def test_an_uploaded_notebook_is_not_trusted_whatever_it_says_of_itself(pairing, course):
    put(course, "mine/mine.ipynb", new_notebook(), signed=True)
    before = contents(course)
    for outputs in ([], [new_output("display_data", {"text/html": "x"})]):
        made = notebook(jupytext={"formats": "ipynb,md,mine//mine/ipynb"})
        made.cells[1] |= {"outputs": outputs, "metadata": {"trusted": True}}
        pairing.save_notebook(made, "mine/new.ipynb")
        assert changed(course, before) == ["mine/new.ipynb"]
        assert pairing.get("mine/new.ipynb")["content"].metadata.keys() == {"kernelspec", "language_info"}
        (course / "mine/new.ipynb").unlink()


def test_a_link_of_the_teachers_to_what_was_handed_in_is_opened_as_that(files, course):
    put(course, "submitted/eve/hw1/hw1.ipynb", signed=True)
    (course / "today").symlink_to(course / "submitted/eve")
    assert "widgets" not in files.get("today/hw1/hw1.ipynb")["content"].metadata
    assert files.get_kernel_path("today/hw1/hw1.ipynb") == "."


@pytest.mark.parametrize(("root", "place"), [(".", "."), ("submitted/eve", "../.."), ("..", "course")])
def test_a_kernel_of_what_was_handed_in_starts_above_it(course, root, place):
    path = put(course, "submitted/eve/hw1/hw1.ipynb")
    at = os.path.normpath(course / root)
    files = Files(AsyncLargeFileManager, at)
    assert files.get_kernel_path(str(path.relative_to(at))) == place
    put(course, "solutions/hw1/hw1.ipynb")
    assert Files(LargeFileManager, course).get_kernel_path("solutions/hw1/hw1.ipynb") == "solutions/hw1"


def test_a_new_notebook_and_a_copy_are_ordinary_files(files, course):
    put(course, "submitted/eve/hw1/hw1.ipynb")
    (course / "mine").mkdir()
    copy = files.copy("submitted/eve/hw1/hw1.ipynb", "mine/copy.ipynb")
    assert set(json.loads((course / copy["path"]).read_text())["metadata"]) == {"kernelspec", "language_info"}
    made = files.new_untitled("mine", type="notebook")
    assert Path(course / made["path"]).exists()


def test_a_new_text_is_written_in_the_form_that_was_asked_for(pairing, course):
    made = pairing.new_untitled(type="notebook", ext=".py:percent")["path"]
    content = new_notebook(cells=[new_code_cell("1")], metadata={"jupytext": {"formats": "py:percent"}})
    pairing.save_notebook(content, made)
    assert "\n# %%\n1\n" in (course / made).read_text()


@pytest.mark.parametrize("more", [{}, {"metadata": {"jupyter": 1}}])
def test_a_malformed_submission_opens_as_in_any_jupyter(files, course, more):
    """Whoever is sent to repair it has to see it."""
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "1"} | more
    malformed = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    put(course, "submitted/eve/hw1/hw1.ipynb", json.dumps(malformed))
    assert files.get("submitted/eve/hw1/hw1.ipynb")["content"].cells[0].source == "1"


def test_a_renamed_notebook_that_is_trusted_takes_its_text_with_it(paired, course):
    paired.open_and_save("solutions/01-a/a.ipynb")
    paired.rename_file("solutions/01-a/a.ipynb", "solutions/01-a/b.ipynb")
    assert {"b.ipynb", "b.md"} <= {path.name for path in (course / "solutions/01-a").iterdir()}


def test_a_server_that_keeps_no_files_is_left_as_it_is_and_says_so():
    log = Mock()
    be_cautious(SimpleNamespace(contents_manager=object(), jpserver_extensions={}, log=log))
    [((words, name), _)] = log.warning.call_args_list
    assert words % name == "descentlab: object opens what came from others as it does"
