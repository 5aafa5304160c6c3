"""Nothing but TLS, and nothing is connected to before that is known."""

import socket

import pytest
from small_course import ASSIGNMENT, make_course

from autograde.cluster.cluster_pool import ClusterPool
from autograde.cluster.tls import require_tls
from autograde.errors import UsageError
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.sandbox import Limits

OPEN = (
    "tcp://10.0.0.5:8786",
    "tcp://127.0.0.1:8786",
    "tcp://[::1]:8786",
    "TCP://127.0.0.1:8786",
    "127.0.0.1:8786",
    "localhost:8786",
    "grader.example.org:8786",
    "ws://example.org:1",
    "ucx://10.0.0.5:8786",
    "inproc://1/2/3",
    "tls+tcp://10.0.0.5:8786",
    "",
)


@pytest.mark.parametrize("address", OPEN)
def test_a_scheduler_without_tls_is_refused_by_the_pool_itself(address):
    with pytest.raises(UsageError, match="TLS"):
        ClusterPool(address, "auto", Limits())


@pytest.mark.parametrize(
    "address",
    ["tls://", "tls://host", "tls://:8786", "tls://host:port", "tls://host:8786/path", "tls://u:p@host:1", "tls://h:99999",
     "local:2"],
)  # fmt: skip
def test_a_slip_in_an_address_is_one_line(address):
    with pytest.raises(UsageError, match=r"^--scheduler [^\n]*$"):
        require_tls(address)


@pytest.mark.parametrize("address", ["tls://grader.example.org:8786", "tls://[::1]:8786"])
def test_tls_will_do(address):
    require_tls(address)


@pytest.mark.parametrize("form", ["tcp://127.0.0.1:{}", "127.0.0.1:{}", "tcp://localhost:{}"])
def test_nobody_is_connected_to_before_the_refusal(tmp_path, form):
    make_course(tmp_path / "course", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = form.format(listener.getsockname()[1])
        with pytest.raises(UsageError, match="TLS"):
            grade_class(GradeOptions(ASSIGNMENT, tmp_path / "course", scheduler=address))
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
