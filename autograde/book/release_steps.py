"""The steps of a release that write to the gradebook, in nbgrader's process, too."""

from contextlib import suppress
from typing import Any

from nbformat import NotebookNode
from nbgrader import api, preprocessors

from autograde.book.releases import digest_of_rows, released_cells, remember
from autograde.course.nbgrader_steps import Resources, Step
from autograde.entries.answer_key import check_cells, grade_id_of, pictures_in
from verdicts.courses import UnknownCheckError, find


class RememberRelease(Step):
    """The last step of a release: keeps what it gives to students."""

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        converter = getattr(self.parent, "parent", None)
        if getattr(converter, "no_database", False):
            return
        names, courses = resources["nbgrader"], {}
        for cell, name in check_cells(nb):
            with suppress(UnknownCheckError):  # no course has it, or two have
                courses[grade_id_of(cell)] = find(name).course
        # The shared one, where there is one.
        with preprocessors.savecells.Gradebook(names["db_url"]) as gradebook:
            assignment, notebook = names["assignment"], names["notebook"]
            rows = digest_of_rows(gradebook.find_notebook(notebook, assignment))
            remember(gradebook, assignment, notebook, released_cells(nb, courses), pictures_in(nb), rows)
            gradebook.db.commit()


class SaveCells(preprocessors.SaveCells):
    """nbgrader's, which refuses other cells than before once a notebook was submitted: here they come and go.

    A cell that comes gets a grade in each submission. One that goes loses its source, so that no key has it; what
    was earned with it stays until the submission is graded again, and formgrader shows it as out of 0.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        with suppress(api.MissingEntry):
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
            for kind in ("source", "grade", "solution", "task") if notebook.submissions else ():
                there = {cell.name: cell for cell in getattr(notebook, f"{kind}_cells")}
                self._bring_up(kind, notebook, there, getattr(self, f"new_{kind}_cells"))
        super()._create_notebook(nb)

    def _bring_up(
        self,
        kind: str,
        notebook: api.Notebook,
        there: dict[str, api.BaseCell],
        now: dict[str, dict[str, Any]],
    ) -> None:
        database = self.gradebook.db
        for name in there.keys() - now.keys():
            if kind == "source":
                database.delete(there[name])
            else:
                now[name] = {} if kind == "solution" else {"max_score": 0.0}
        for name in now.keys() - there.keys():
            add = getattr(self.gradebook, f"add_{kind}_cell")
            cell = add(name, self.notebook_id, self.assignment_id, **now[name])
            database.flush()  # which gives it its id
            for submitted in notebook.submissions:
                if kind in ("grade", "task"):
                    database.add(api.Grade(cell_id=cell.id, notebook=submitted, needs_manual_grade=False))
                if kind in ("solution", "task"):
                    database.add(api.Comment(cell_id=cell.id, notebook=submitted))
        database.flush()
        database.expire(notebook)
