"""The same scores from a cluster, and no open scheduler on a network."""

from __future__ import annotations

import pytest

from autograde.bench.course import ASSIGNMENT, make_course
from autograde.cluster.pool import ClusterPool, require_closed
from autograde.errors import UsageError
from autograde.grading.classroom import Options, grade_class
from autograde.sandbox import CellTask, Limits


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "grader.example.org:8786", "ws://example.org:1"])
def test_an_open_scheduler_on_a_network_is_refused(address):
    with pytest.raises(UsageError, match="TLS"):
        require_closed(address)


@pytest.mark.parametrize(
    "address", ["tls://grader.example.org:8786", "tcp://127.0.0.1:8786", "localhost:8786"]
)
def test_tls_or_this_machine_alone_will_do(address):
    require_closed(address)


def test_a_scheduler_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("autograde.cluster.pool.CONNECT_SECONDS", 1)
    make_course(tmp_path / "course", 1)
    with pytest.raises(UsageError, match="no Dask scheduler"):
        grade_class(Options(ASSIGNMENT, tmp_path / "course", scheduler="tcp://127.0.0.1:9"))


@pytest.mark.needs("bubblewrap")
def test_a_cluster_gives_the_scores_that_this_machine_gives(tmp_path):
    from distributed import LocalCluster

    make_course(tmp_path / "course", 4)
    local = grade_class(Options(ASSIGNMENT, tmp_path / "course", jobs=1))
    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1") as cluster:
        options = Options(ASSIGNMENT, tmp_path / "course", force=True, scheduler=cluster.scheduler_address)
        remote = grade_class(options)
        with ClusterPool(cluster.scheduler_address, "auto", Limits()) as pool:
            task = CellTask("print(open('given').read())")
            run = pool.submit_run([task], 0, files={"given": b"there"}).result(timeout=120)
    kept = [(result.student, result.score, result.flags, result.tier) for result in local.results]
    assert [(result.student, result.score, result.flags, result.tier) for result in remote.results] == kept
    assert [score for _, score, _, _ in kept] == [5.0, 0.0, 5.0, 0.0]
    assert run.cells[0].outputs[0]["text"] == "there\n"
