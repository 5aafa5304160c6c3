"""Private parts of other projects that we replace, subclass or call exist, with the parameters that we rely on (private_parts.txt).

Each is used in one file: nbgrader's in `autograde/course/configuration.py` and `gradebook.py`, those of a box in
`autograde/sandbox/inside/kernel.py`, those of Jupyter's files in `autograde/lab/opened_files.py`,
IPython's in a student's kernel in `src/verdicts/notebook/cells.py`.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograde.course.configuration import OPEN_A_GRADEBOOK

PARTS = dict(re.findall(r"(.+)\((.*)\)", Path(__file__).with_name("private_parts.txt").read_text()))
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
    asked = json.dumps([[*PARTS, *(path for path, *_ in ATTRIBUTES)], OTHERS])
    done = subprocess.run(
        [sys.executable, "-c", LOOK], input=asked, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", PARTS)
def test_a_part_that_is_replaced_or_called_takes_what_it_took(seen, path):
    assert seen[path] == PARTS[path]


@pytest.mark.parametrize(("path", "names"), [(path, names) for path, *names in ATTRIBUTES])
def test_an_attribute_that_is_set_or_read_is_used_there(seen, path, names):
    assert [name for name in names if name not in seen[path]] == []
