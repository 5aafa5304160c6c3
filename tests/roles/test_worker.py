"""A cluster's worker: the extra `cluster` from the wheel, as an ordinary user, outside any clone."""

from __future__ import annotations

import json
import time

import pytest

pytestmark = [
    pytest.mark.xdist_group("worker"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
    pytest.mark.needs("bubblewrap"),
    pytest.mark.parametrize("folder", ["worker"], indirect=True),
]
START_SECONDS = 60
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


def test_it_joins_a_scheduler_and_runs_a_notebook_in_its_sandbox(worker, folder):
    (folder / "ask.py").write_text(ASK)
    worker.own(folder)
    loopback = ("--host", "127.0.0.1", "--no-dashboard")
    command = ["dask", "scheduler", *loopback, "--port", "0", "--scheduler-file", "scheduler.json"]
    with worker.started(*command, cwd=folder):
        wait_for(folder / "scheduler.json")
        join = ["dask", "worker", "--scheduler-file", "scheduler.json", *loopback, "--nthreads", "1"]
        with worker.started(*join, "--no-nanny", cwd=folder):
            said, tier = json.loads(worker.good("python", "ask.py", cwd=folder))
    assert said == ["42\n"]
    assert tier >= 2


def test_a_worker_has_no_gradebook_and_no_jupyterlab(worker, folder):
    listed = json.loads(worker.good("python", "-m", "pip", "list", "--format", "json", cwd=folder))
    assert {entry["name"].lower() for entry in listed} & {"nbgrader", "jupyterlab", "sqlalchemy"} == set()


def test_doctor_says_what_its_sandbox_is(worker, folder):
    assert "Isolation tier" in worker.good("autograde", "doctor", cwd=folder)


@pytest.mark.parametrize(("command", "extra"), [("lab", "lab"), ("grade", "grader"), ("release", "grader")])
def test_another_roles_command_names_its_extra(worker, folder, command, extra):
    worker.good("autograde", command, "--help", cwd=folder)
    done = worker.run("autograde", command, "x", cwd=folder)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith(f".whl[{extra}]'")


def wait_for(path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline, f"{path.name} was not written"
        time.sleep(0.1)
