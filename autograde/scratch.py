"""Folders for files on their way: removed at the end, or by the next process where a kill left them."""

import errno
import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

LOCK = "lock"
TRIES = 100  # until its lock is held, another process may remove a new folder as one that was left over


class ScratchFolder:
    """A new folder in `parent`, whose name begins with `prefix`; `close` removes it.

    While it is used its lock is held, which ends with the process: what a killed one left is removed by the
    next that makes a folder of that prefix there. `files` is an empty folder in it.

    Raises:
        OSError: nothing can be made there.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        remove_left_behind(parent, prefix)
        self.root, self._lock = _make_folder(parent, prefix)
        self.files = self.root / "files"
        try:
            self.files.mkdir()
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Remove the folder."""
        remove_tree(self.root)
        os.close(self._lock)


@contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """The `files` of a new `ScratchFolder`, removed at the end.

    Raises:
        OSError: nothing can be made there.
    """
    with closing(ScratchFolder(parent, prefix)) as folder:
        yield folder.files


def remove_left_behind(parent: Path, prefix: str) -> None:
    """Remove this user's scratch folders that nobody holds any more; links and others' are left alone."""
    for root in parent.glob(f"{prefix}*"):
        with suppress(OSError):  # in use, or no scratch folder
            if root.is_symlink() or root.stat().st_uid != os.getuid():
                continue
            lock = _lock(root)
            try:  # under another name first: nobody can lock a folder that is half removed
                remove_tree(root.rename(f"{root}~"))
            finally:
                os.close(lock)


def remove_tree(root: Path | str) -> None:
    """Remove a folder that submissions may have written into.

    Not shutil.rmtree: 1,500 folders in each other exceed its recursion.
    """
    with suppress(FileNotFoundError):  # no such program: the folder waits for the next grader
        subprocess.run(["rm", "-rf", "--", str(root)], stderr=subprocess.DEVNULL, check=False)


def _make_folder(parent: Path, prefix: str) -> tuple[Path, int]:
    for attempt in range(1, TRIES + 1):
        root = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            return root, _lock(root)
        except (BlockingIOError, FileNotFoundError):
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _lock(root: Path) -> int:
    """Hold a folder's lock until the descriptor is closed.

    Raises:
        BlockingIOError: another process holds it.
        FileNotFoundError: another process has removed the folder, perhaps while this one opened the lock.
        OSError: the file system has no locks, or is full.
    """
    lock = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(lock), os.stat(root / LOCK)):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(root / LOCK))
    except OSError:
        os.close(lock)
        raise
    return lock
