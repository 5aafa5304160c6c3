"""Memory that is no process's own, which a count of resident pages does not see: refused or counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograde.sandbox import CellTask, Pool
from sandbox.pools import EVERY, pool_of


@pytest.fixture(scope="module", params=EVERY)
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with pool_of(request.param) as made:
        yield made


SOCKET = "import socket\na, b = socket.socketpair()\n"
REFUSED = {
    "a mapping that outlives its pages": "import mmap; mmap.mmap(-1, 2**20)",
    "the same by its device": "import mmap; mmap.mmap(open('/dev/zero', 'r+b').fileno(), 2**20)",
    "a larger buffer of a socket": SOCKET + "a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)",
    "a larger buffer to receive": SOCKET + "a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**22)",
    "one beyond the machine's maximum": SOCKET + "a.setsockopt(socket.SOL_SOCKET, 32, 2**22)",
    "a larger pipe": "import fcntl, os\nfcntl.fcntl(os.pipe()[0], 1031, 2**20)",
    "a file of memory": "import os; os.memfd_create('x')",
}


@pytest.mark.parametrize("what", REFUSED)
def test_memory_of_no_process_is_refused(pool, what):
    [cell] = pool.submit_run([CellTask(REFUSED[what])], 0).result().cells
    assert cell.outputs[-1]["ename"] == "PermissionError"
