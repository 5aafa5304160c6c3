"""What Jupyter's server hands to a browser, and where it saves: nothing acts that came from somebody else.

A notebook is trusted where Jupyter has signed it on this machine: `jupyter trust`, *Trust Notebook*, a run of its
cells, or `autograde notebooks`, which makes it. What was handed in never is, whatever its signature: what lies below
`submitted/` or `autograded/`, on whichever way it is reached. Of a notebook that is not trusted a browser gets text and
pictures: no state of widgets, no output that acts; and Jupytext pairs it with no other file. Below the two folders no
settings of Jupytext are read, no link is followed, and kernels start above.

JupyterLab's widget manager makes every widget that a notebook has saved, trusted or not, and Jupytext writes each
file that a notebook names: hence this, in every Jupyter of the environment.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from inspect import isawaitable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.services.contents.filemanager import FileContentsManager
from tornado.web import HTTPError

from autograde.untrusted.submitted_notebook import PICTURES

HANDED_IN = ("submitted", "autograded")
JUPYTEXT = "jupyterlab_jupytext"
PAIRING = "_drop_formats_if_they_dont_match_path"
"""Where Jupytext asks, for each file, what is paired with it."""
NOTEBOOK_METADATA = ("kernelspec", "language_info")
CELL_METADATA = ("nbgrader", "tags", "editable", "deletable")
CELL = ("cell_type", "id", "source", "attachments")
SHOWN = ("text/plain", *PICTURES)
COMMAND = re.compile("data-commandlinker", re.IGNORECASE)
"""In a text of a cell: a button for any of JupyterLab's commands."""


def handed_in(place: str) -> Path | None:
    """The folder of students' work that a file lies in, links followed or not; None elsewhere."""
    for way in (str, os.path.realpath):
        parts = Path(way(place)).parts
        for depth, name in enumerate(parts):
            if name.casefold() in HANDED_IN:
                return Path(*parts[: depth + 1])
    return None


def keep_text_and_pictures(notebook: Any) -> None:
    """Drop, in place, all that could act in a browser or name another file."""
    notebook["metadata"] = _only(notebook["metadata"], NOTEBOOK_METADATA)
    notebook["cells"] = [_passive_cell(cell) for cell in notebook["cells"]]


def _passive_cell(cell: Any) -> Any:
    kept = _only(cell, CELL)
    metadata = cell.get("metadata")
    kept["metadata"] = _only(metadata, CELL_METADATA)
    if hidden := _only(_only(metadata, ("jupyter",)).get("jupyter"), ("source_hidden",)):
        kept["metadata"]["jupyter"] = hidden
    if cell["cell_type"] == "code":
        outputs = [_passive_output(output) for output in cell.get("outputs", [])]
        kept |= {"execution_count": cell.get("execution_count"), "outputs": outputs}
    elif isinstance(cell.get("source"), str):
        kept["source"] = COMMAND.sub("data-command", cell["source"])
    return nbformat.from_dict(kept)


def _passive_output(output: Any) -> Any:
    if "data" not in output:
        return output  # printed, or an error: text
    data = _only(output["data"], SHOWN)
    left_out = ", ".join(output["data"])
    return output | {"metadata": {}, "data": data or {"text/plain": f"[not shown here: {left_out}]"}}


def _only(mapping: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: mapping[name] for name in names if name in mapping} if isinstance(mapping, Mapping) else {}


class Cautious:
    """Before a class of Jupyter's that reads and saves files, with or without Jupytext: see this file's first lines."""

    notary: Any
    root_dir: str

    def _get_os_path(self, path: str) -> str:
        """The file's place; below the two folders no link on the way to it, nor where Jupyter writes as it saves it."""
        found = super()._get_os_path(path)
        if folder := handed_in(found):
            place = Path(found)
            kept = place.with_name(".ipynb_checkpoints")
            written = place.with_name(f".~{place.name}"), kept / f"{place.stem}-checkpoint{place.suffix}"
            for one in (place, *written, kept, *place.parents):
                if folder in one.parents and one.is_symlink():
                    said = f"{path}: {one.name} is a link; links in {folder.name}/ are not followed"
                    raise HTTPError(403, said)
        return found

    def _handed_in(self, path: str) -> Path | None:
        """As the function, of a path that a browser names; a link is no error here."""
        return handed_in(super()._get_os_path(path))

    def get(self, path: str, content: bool = True, type: Any = None, format: Any = None, **more: Any) -> Any:
        model = self._files(path).get(path, content=content, type=type, format=format, **more)
        return _then(model, lambda got: self._of_text(got, path)) if content else model

    def save(self, model: Any, path: str = "") -> Any:
        return self._files(path).save(model, path)

    def rename_file(self, old_path: str, new_path: str) -> Any:
        return self._files(old_path).rename_file(old_path, new_path)

    def get_kernel_path(self, path: str, model: Any = None) -> Any:
        """Above what was handed in: a kernel reads files of the folder that it starts in, as Python its modules."""
        if folder := self._handed_in(path):
            return Path(os.path.relpath(folder.parent, self.root_dir)).as_posix()
        return super().get_kernel_path(path, model)

    def mark_trusted_cells(self, nb: Any, path: str = "") -> None:
        trusted = False
        with suppress(Exception):  # of a broken store of signatures, which Jupyter makes anew
            trusted = not self._handed_in(path) and self.notary.check_signature(nb)
        super().mark_trusted_cells(nb, path)
        if not trusted:
            keep_text_and_pictures(nb)
            self.notary.mark_cells(nb, False)

    def check_and_sign(self, nb: Any, path: str = "", **options: Any) -> None:
        """Sign what is saved: what is trusted, or was run here. What is new may be an upload, whatever it says of itself."""
        ran = any(cell["metadata"].get("trusted") for cell in nb["cells"] if cell["cell_type"] == "code")
        there = ran and os.path.exists(super()._get_os_path(path))
        if (there and not self._handed_in(path)) or self._is_trusted(path):  # the last reads the file
            super().check_and_sign(nb, path, **options)

    def _is_trusted(self, path: str) -> bool:
        """Whether the notebook that lies at `path`, or beside a text, is."""
        if self._handed_in(path):
            return False
        with suppress(Exception):  # none there, or not to be read
            notebook = Path(super()._get_os_path(path)).with_suffix(".ipynb")
            return self.notary.check_signature(nbformat.read(notebook, as_version=4))
        return False

    def _files(self, path: str) -> Any:
        """What reads and saves the file: for one that was handed in, the class below Jupytext's."""
        paired = next((one for one in type(self).__mro__[2:] if PAIRING in vars(one)), Cautious)
        return super(paired if self._handed_in(path) else Cautious, self)

    def _of_text(self, model: Any, path: str) -> Any:
        """Jupytext makes notebooks of texts, whose first lines can hold what a notebook's metadata do."""
        if model["type"] == "notebook" and not path.endswith(".ipynb") and not self._is_trusted(path):
            keep_text_and_pictures(model["content"])
        return model

    def _drop_formats_if_they_dont_match_path(self, path: str, fmt: Any, formats: Any) -> Any:
        """Jupytext's, where it asks what is paired with a file: nothing, if that is not trusted.

        Formats in one text are those of a pair that was opened, and is renamed now.
        """
        if not (isinstance(formats, str) or self._is_trusted(path)):
            formats = [{"extension": os.path.splitext(path)[1]}]
        return super()._drop_formats_if_they_dont_match_path(path, fmt, formats)


def _then(model: Any, change: Callable[[Any], Any]) -> Any:
    """The model after `change`; where Jupyter's class is asynchronous, to be awaited."""

    async def awaited() -> Any:
        return change(await model)

    return awaited() if isawaitable(model) else change(model)


def be_cautious(server: Any) -> None:
    """Let a server's files be read and saved so, if they are files: a hub may keep notebooks elsewhere."""
    if server.jpserver_extensions.get(JUPYTEXT):  # now: it would come later, and put its class before ours
        import_module(JUPYTEXT).load_jupyter_server_extension(server)
    stock: Any = type(server.contents_manager)
    if issubclass(stock, FileContentsManager):

        class CautiousFiles(Cautious, stock):
            pass

        server.contents_manager.__class__ = server.contents_manager_class = CautiousFiles
    else:
        server.log.warning("descentlab: %s opens what came from others as it does", stock.__name__)
