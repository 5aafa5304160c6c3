"""Private parts of other projects that we replace, subclass or call exist, with the parameters that we rely on.

Each is used in one file: nbgrader's in `autograde/course/configuration.py` and `gradebook.py`, those of a box in
`autograde/sandbox/inside/kernel.py`, IPython's in a student's kernel in `src/verdicts/notebook/cells.py`.
"""

import json
import subprocess
import sys

import pytest

from autograde.course.configuration import OPEN_A_GRADEBOOK

PARTS = [
    ("nbgrader.api:Gradebook.__init__", "self, db_url, course_id, authenticator"),
    ("nbgrader.api:Gradebook.add_submission", "self, assignment, student, kwargs"),
    ("nbgrader.api:Gradebook.close", "self"),
    ("nbgrader.api:Gradebook.find_comment", "self, solution_cell, notebook, assignment, student"),
    ("nbgrader.api:Gradebook.find_grade", "self, grade_cell, notebook, assignment, student"),
    ("nbgrader.apps.api:capture_log", "app, fmt"),
    ("nbgrader.apps.api:parse_utc", "ts"),
    ("nbgrader.converters:Autograde.start", "self"),
    ("nbgrader.coursedir:parse_utc", "ts"),
    ("nbgrader.preprocessors:AssignLatePenalties.init_plugin", "self"),
    ("nbgrader.server_extensions.formgrader.base:BaseHandler.render", "self, name, ns"),
    ("ipykernel.iostream:IOPubThread.schedule", "self, f"),
    ("ipykernel.iostream:OutStream.__init__", "self, session, pub_thread, name, pipe, echo, watchfd, isatty"),
    ("ipykernel.iostream:OutStream._schedule_flush", "self"),
    (
        "ipykernel.ipkernel:IPythonKernel.do_execute",
        "self, code, silent, store_history, user_expressions, allow_stdin, cell_meta, cell_id",
    ),
    ("ipykernel.ipkernel:IPythonKernel.set_parent", "self, ident, parent, channel"),
    (
        "jupyter_client.session:Session.send",
        "self, stream, msg_or_type, content, parent, ident, buffers, track, header, metadata",
    ),
    ("jupyter_client.session:Session.msg", "self, msg_type, content, parent, header, metadata"),
    ("nbclient:NotebookClient.__init__", "self, nb, km, kw"),
    ("nbclient:NotebookClient._update_display_id", "self, display_id, msg"),
    ("nbclient:NotebookClient.process_message", "self, msg, cell, cell_index"),
    ("nbformat.v4.nbbase:validate", "node, ref"),
    ("IPython.core.interactiveshell:InteractiveShell._showtraceback", "self, etype, evalue, stb"),
    ("IPython.core.interactiveshell:InteractiveShell.reset", "self, new_session, aggressive"),
]
OTHERS = ("IPython", "ipykernel", "nbclient", "nbgrader")
ATTRIBUTES = [
    ("ipykernel.iostream:OutStream", "_original_stdstream_copy", "pub_thread"),
    ("ipykernel.ipkernel:IPythonKernel", "io_loop", "shell_handlers"),
    ("nbclient:NotebookClient", "_display_id_map", "clear_before_next_output"),
    ("ipykernel.zmqshell:ZMQInteractiveShell", "_last_traceback", "input_transformer_manager"),
    ("nbgrader.exchange:ExchangeFactory", "collect"),
    ("nbgrader.server_extensions.formgrader.handlers:SubmissionHandler", "BaseHandler", "template_path"),
    *((f"{module}:Gradebook",) for module in OPEN_A_GRADEBOOK),
]


LOOK = """
import inspect, json, sys
from importlib import import_module
asked, others = json.load(sys.stdin)
seen = {}
for path in asked:
    module, _, names = path.partition(":")
    found = import_module(module)
    for name in names.split("."):
        found = getattr(found, name)
    if inspect.isclass(found):
        modules = {base.__module__ for base in found.__mro__ if base.__module__.startswith(tuple(others))}
        seen[path] = "".join(inspect.getsource(import_module(module)) for module in modules)
    else:
        seen[path] = ", ".join(inspect.signature(found).parameters)
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, str]:
    """Parameters, and the source of classes, in a process in which nothing is replaced."""
    asked = json.dumps([[path for path, *_ in (*PARTS, *ATTRIBUTES)], OTHERS])
    done = subprocess.run(
        [sys.executable, "-c", LOOK], input=asked, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(("path", "parameters"), PARTS)
def test_a_part_that_is_replaced_or_called_takes_what_it_took(seen, path, parameters):
    assert seen[path] == parameters


@pytest.mark.parametrize(("path", "names"), [(path, names) for path, *names in ATTRIBUTES])
def test_an_attribute_that_is_set_or_read_is_used_there(seen, path, names):
    assert [name for name in names if name not in seen[path]] == []
