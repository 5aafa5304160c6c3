"""A cluster's worker: the extra `cluster` from the wheel, as an ordinary user, outside any clone."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import wait_for

from roles import readme
from roles.installed import earns_all

pytestmark = [
    pytest.mark.xdist_group("worker"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
    pytest.mark.needs("bubblewrap"),
    pytest.mark.parametrize("folder", ["worker"], indirect=True),
]
ASSIGNMENT = "06-adam"
ASK = """
import json
from distributed import Client

def run():
    import autograde.cluster.worker
    from autograde.sandbox import CellTask, Pool
    with Pool(jobs=1) as pool:
        result = pool.submit_run([CellTask("import descentlab, numpy"), CellTask("print(6 * 7)")], 0).result()
    return [output.get("text") for cell in result.cells for output in cell.outputs], result.tier

with Client(scheduler_file="scheduler.json", timeout=60) as client:
    print(json.dumps(client.submit(run).result(timeout=120)))
"""


@pytest.fixture
def address(worker, folder, monkeypatch) -> Iterator[str]:
    """Of a scheduler that one worker has joined, both started by what the docs say, with certificates."""
    certificates = folder / "autograde-tls.yaml"
    worker.good("autograde", "cluster", "certificates", certificates)
    monkeypatch.setitem(worker.environment, "DASK_CONFIG", str(certificates))
    loopback = ("--host", "127.0.0.1", "--no-dashboard")
    command = ["dask", "scheduler", *loopback, "--port", "0", "--scheduler-file", "scheduler.json"]
    with worker.started(*command, cwd=folder):
        told = folder / "scheduler.json"
        found = json.loads(wait_for(lambda: told.exists() and told.read_text().strip()))["address"]
        with worker.started("dask", "worker", found, *loopback, "--nthreads", "1", cwd=folder):
            yield found


def test_it_joins_a_scheduler_and_runs_a_notebook_in_its_sandbox(worker, folder, address):
    (folder / "ask.py").write_text(ASK)
    worker.own(folder)
    said, tier = json.loads(worker.good("python", "ask.py", cwd=folder))
    assert address.startswith("tls://")
    assert said == ["42\n"]
    assert tier >= 2


def test_a_worker_has_no_gradebook_and_no_jupyterlab(worker, folder):
    listed = json.loads(worker.good("python", "-m", "pip", "list", "--format", "json", cwd=folder))
    assert {entry["name"].lower() for entry in listed} & {"nbgrader", "jupyterlab", "sqlalchemy"} == set()


def test_doctor_says_what_its_sandbox_is(worker, folder):
    assert "Isolation tier" in worker.good("autograde", "doctor", cwd=folder)


def test_a_teacher_with_both_extras_grades_on_it(worker, folder, built, address):
    """The last of the file: from here on the environment holds the teacher's extra, too."""
    worker.install(f"pip install '{built.wheel.name}[grader,cluster]'", cwd=built.wheel.parent)
    worker.own(Path(shutil.copy(built.sdist, folder)))
    worker.good(readme.NEW_COURSE, cwd=folder)
    course = folder / readme.NEW_COURSE.split()[3]
    place = course / "submitted" / "s05" / ASSIGNMENT
    place.mkdir(parents=True)
    shutil.copy(course / "solutions" / ASSIGNMENT / "adam.ipynb", place)
    worker.own(course)
    where = ("--scheduler", address, "--json", "results.json")
    worker.good("autograde", "grade", ASSIGNMENT, *where, cwd=course)
    (result,) = json.loads((course / "results.json").read_text())
    assert (result["status"], result["flags"]) == ("graded", [])
    assert earns_all(result)
