"""The look at everything that a submission could read, before the first one runs.

It is done by a fork of the box's first process that takes on what a submission's process takes on, and ends:
what is looked for is in no memory that a submission inherits.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import time
from collections.abc import Iterator
from itertools import islice

NOT_FILES = ("/proc", "/dev", "/sys")
ARCHIVES = (".whl", ".zip", ".tar.gz", ".egg")
MOST_SECONDS = 60.0
MOST_NAMED = 20


class Proof:
    """A search for withheld files and folders below `roots`.

    Args:
        withheld: {"digests": {size: {SHA-256: name}}, "folders": [[device, inode, name]], "names": [...],
            "paths": {path: name}}, as `autograde.sandbox.withheld.to_look_for` writes it.
        stage: the folder of staged files, where folders may have the names.
    """

    def __init__(self, withheld: dict, stage: str) -> None:
        self.digests = {int(size): names for size, names in withheld["digests"].items()}
        self.folders = {(device, inode): name for device, inode, name in withheld["folders"]}
        self.names, self.paths = set(withheld["names"]), withheld["paths"]
        self.stage = stage
        self.ends = time.monotonic() + MOST_SECONDS

    def exposed(self, roots: list[str]) -> Iterator[tuple[str, str]]:
        """(path, what it is) for each withheld file or folder that this process can reach.

        What it is: its name, or an id of `autograde.sandbox.withheld.SEEN`.
        """
        for path, name in self.paths.items():
            if self._opens(path):
                yield path, name
        seen: set[tuple[int, int]] = set()
        todo = list(roots)
        while todo:
            if time.monotonic() > self.ends:
                yield todo[-1], "late"
                return
            top = todo.pop()
            try:
                handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
            except NotADirectoryError:
                if os.path.isfile(top):
                    yield from self._file(top, os.path.basename(top), os.stat(top))
                continue
            except OSError:  # nor can a submission
                continue
            try:
                yield from self._entries(handle, top.rstrip("/"), seen, todo)
            except OSError:  # gone
                continue
            finally:
                os.close(handle)

    def _entries(
        self, handle: int, top: str, seen: set[tuple[int, int]], todo: list[str]
    ) -> Iterator[tuple[str, str]]:
        """What is exposed directly in an open folder; folders in it that were not `seen` go to `todo`.

        Through the open folder the kernel finds each entry in a third less time than by its whole path.
        """
        for entry in os.scandir(handle):
            path = f"{top}/{entry.name}"
            if entry.is_symlink() or path in NOT_FILES:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:  # gone
                continue
            if stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    yield from self._folder(path, entry.name, status)
                    todo.append(path)
            # Most files are not looked at further: tens of thousands.
            elif status.st_size in self.digests or entry.name.endswith(ARCHIVES):
                yield from self._file(path, entry.name, status)

    def _opens(self, path: str) -> bool:
        """Whether a file can be opened, or a folder that is one of those looked for."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return False
        status = os.fstat(handle)
        os.close(handle)
        return not stat.S_ISDIR(status.st_mode) or (status.st_dev, status.st_ino) in self.folders

    def _folder(self, path: str, name: str, status: os.stat_result) -> Iterator[tuple[str, str]]:
        if (status.st_dev, status.st_ino) in self.folders:
            yield path, self.folders[status.st_dev, status.st_ino]
        if name in self.names and not path.startswith(f"{self.stage}/"):
            yield path, "beside"

    def _file(self, path: str, name: str, status: os.stat_result) -> Iterator[tuple[str, str]]:
        if name.endswith(ARCHIVES) and name.partition("-")[0] in self.names:
            yield path, "archive"
        if status.st_size in self.digests and stat.S_ISREG(status.st_mode):
            import hashlib

            with contextlib.suppress(OSError), open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
                if digest in self.digests[status.st_size]:
                    yield path, self.digests[status.st_size][digest]


def closed(readable: list[str]) -> Iterator[str]:
    """The folders among these that this process cannot look into."""
    for path in readable:
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_DIRECTORY))
        except NotADirectoryError:
            continue
        except OSError:
            yield path


def start(descriptor: int, stage: str, roots: list[str], readable: list[str], take_on) -> tuple[int, int]:
    """Fork the search; returns its process and the descriptor that its answer will come from.

    Args:
        descriptor: of what is looked for; closed here.
        readable: what a submission must be able to read.
        take_on: puts on the fork what a submission's process is confined by.
    """
    answer, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        os.close(descriptor)
        return child, answer
    try:
        take_on()
        with open(descriptor, "rb") as file:
            proof = Proof(json.load(file), stage)
        look = {
            "exposed": list(islice(proof.exposed(roots), MOST_NAMED)),
            "closed": list(islice(closed(readable), MOST_NAMED)),
        }
        with open(writing, "w") as file:
            json.dump(look, file)
    finally:
        os._exit(0)


def result(child: int, answer: int) -> dict[str, list]:
    """What the search found, as `exposed` and `closed`; waits for its end.

    Raises:
        RuntimeError: it ended without an answer.
    """
    with open(answer) as file:
        text = file.read()
    os.waitpid(child, 0)
    if not text:
        raise RuntimeError("what submissions can read could not be looked through")
    return json.loads(text)
