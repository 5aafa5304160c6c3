"""Checks of the traces that a submission could leave, and of the files it could read.

It could leave files and marks on their folders, System V objects, positions in open files, changed limits of the
first process. Readable files are searched before the first submission, by a fork of the first process that is
confined as a submission's process, and ends: what it searches for is in no memory that a submission inherits.
"""

import array
import fcntl
import json
import os
import resource
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

NOT_FILES = ("/proc", "/dev", "/sys")
ARCHIVES = (".whl", ".zip", ".tar.gz", ".egg")
MOST_SECONDS = 60.0
MOST_NAMED = 20


class Proof:
    """A search for withheld files and folders below `roots`.

    Args:
        withheld: {"digests": {size: {SHA-256: name}}, "folders": [[device, inode, name]],
            "paths": {path: name}}, as `autograde.sandbox.staging.search_list` writes it.
    """

    def __init__(self, withheld: dict) -> None:
        self.digests = {int(size): names for size, names in withheld["digests"].items()}
        self.folders = {(device, inode): name for device, inode, name in withheld["folders"]}
        self.paths = withheld["paths"]
        self.ends = time.monotonic() + MOST_SECONDS

    def exposed(self, roots: list[str]) -> Iterator[tuple[str, str]]:
        """Yield (path, name) for each withheld file or folder that this process can read.

        The last may say instead that there was no time for more.
        """
        for path, name in self.paths.items():
            if self._opens(path):
                yield path, name
        seen = set()
        todo = list(roots)
        while todo and not self._late():
            top = todo.pop()
            try:
                handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
            except NotADirectoryError:
                if os.path.isfile(top):
                    yield from self._file(top, os.stat(top))
                continue
            except OSError:  # nor can a submission
                continue
            try:
                yield from self._entries(handle, top.rstrip("/"), seen, todo)
            except OSError:  # gone
                continue
            finally:
                os.close(handle)
        if self._late():
            yield (todo or roots)[-1], "not looked through in time"

    def _late(self) -> bool:
        return time.monotonic() > self.ends

    def _entries(
        self, handle: int, top: str, seen: set[tuple[int, int]], todo: list[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield what is exposed directly in an open folder; adds folders not yet `seen` to `todo`.

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
                identity = status.st_dev, status.st_ino
                if identity not in seen:
                    seen.add(identity)
                    if identity in self.folders:
                        yield path, self.folders[identity]
                    todo.append(path)
            # Most of the tens of thousands of files need no further look.
            elif status.st_size in self.digests or entry.name.endswith(ARCHIVES):
                yield from self._file(path, status)

    def _opens(self, path: str) -> bool:
        """Whether a file, or a folder that is searched for, can be opened."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return False
        status = os.fstat(handle)
        os.close(handle)
        return not stat.S_ISDIR(status.st_mode) or (status.st_dev, status.st_ino) in self.folders

    def _file(self, path: str, status: os.stat_result) -> Iterator[tuple[str, str]]:
        """Yield the file if it is withheld, or an archive that holds a withheld one."""
        if not stat.S_ISREG(status.st_mode):
            return
        import hashlib

        for content in self._archived(path) if path.endswith(ARCHIVES) else _read(path):
            name = self.digests.get(len(content), {}).get(hashlib.sha256(content).hexdigest())
            if name:
                yield path, name
                return

    def _archived(self, path: str) -> Iterator[bytes]:
        """Archive members of the size of a withheld file; none if the file is not an archive."""
        import tarfile
        import zipfile
        import zlib

        with suppress(OSError, EOFError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, zlib.error):
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    sized = (one for one in archive.infolist() if one.file_size in self.digests)
                    yield from map(archive.read, sized)
                return
            with tarfile.open(path) as archive:
                for member in archive:
                    if self._late():
                        return
                    if member.isfile() and member.size in self.digests:
                        yield archive.extractfile(member).read()


def _read(path: str) -> Iterator[bytes]:
    with suppress(OSError), open(path, "rb") as file:
        yield file.read()


def closed(readable: list[str]) -> Iterator[str]:
    """Yield those of the folders that this process cannot read."""
    for path in readable:
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_DIRECTORY))
        except NotADirectoryError:
            continue
        except OSError:
            yield path


def start_search(descriptor: int, roots: list[str], readable: list[str], take_on) -> tuple[int, int]:
    """Fork the search; returns its process and the descriptor of its result.

    Args:
        descriptor: of the search list; closed here.
        readable: folders that a submission must be able to read.
        take_on: confines the fork as a submission's process.
    """
    result, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        os.close(descriptor)
        return child, result
    try:
        take_on()
        with open(descriptor, "rb") as file:
            proof = Proof(json.load(file))
        look = {
            "exposed": list(islice(proof.exposed(roots), MOST_NAMED)),
            "closed": list(islice(closed(readable), MOST_NAMED)),
        }
        with open(writing, "w") as file:
            json.dump(look, file)
    finally:
        os._exit(0)


def search_result(child: int, result: int) -> dict[str, list]:
    """Wait for the search; returns its findings as `exposed` and `closed`.

    Raises:
        RuntimeError: it ended without a result.
    """
    with open(result) as file:
        text = file.read()
    os.waitpid(child, 0)
    if not text:
        raise RuntimeError("what submissions can read could not be looked through")
    return json.loads(text)


LIMITS = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
SYSTEM_V = ["/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"]
GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS
TERMINALS = "/dev/pts"  # holds no files; without root it belongs to the box's user, who can mark it
MOST_ENTRIES = 20_000  # if more entries have to be removed, the box is given up


class Places:
    """The folders a submission may write to; `file_systems`: each is a file system of its own."""

    def __init__(self, folders: list[str], file_systems: bool) -> None:
        self.folders = folders
        self.marked = [*folders, TERMINALS] if file_systems else folders
        self._used = _file_system_use if file_systems else _folder_use
        self._reset_times()
        self.before = [self._used(folder) for folder in folders]
        self.marks = [_marks(folder) for folder in self.marked]

    def use(self) -> tuple[int, int]:
        """Bytes and entries in use beyond those at the start, in the fullest folder."""
        sizes, entries = [], []
        for folder, (size, count) in zip(self.folders, self.before, strict=True):
            size_now, count_now = self._used(folder)
            sizes.append(size_now - size)
            entries.append(count_now - count)
        return max(sizes), max(entries)

    def empty(self) -> bool:
        """Remove everything; False if something resists or the folders themselves were changed."""
        if self.use()[1] > MOST_ENTRIES:
            return False
        try:
            for folder in self.folders:
                empty(folder)
            self._reset_times()
            return self.use() <= (0, 0) and [_marks(f) for f in self.marked] == self.marks
        except (OSError, RecursionError):
            return False

    def _reset_times(self) -> None:
        for folder in self.marked:
            with suppress(PermissionError):  # not its owner: then no submission is, either
                os.utime(folder, (0, 0))


def _file_system_use(folder: str) -> tuple[int, int]:
    """Bytes and entries in use."""
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize, status.f_files - status.f_ffree


def _folder_use(folder: str) -> tuple[int, int]:
    """Bytes and entries, added up; too many entries if there are, or if some are unreadable."""
    size = entries = 0
    unseen: list[OSError] = []  # too deep for a path, or closed
    try:
        for where, folders, files in os.walk(folder, onerror=unseen.append):
            entries += len(folders) + len(files)
            for name in files:
                try:
                    size += os.lstat(os.path.join(where, name)).st_blocks * 512
                except OSError as error:
                    unseen.append(error)
            if entries > MOST_ENTRIES:
                break
    except RecursionError:
        return size, MOST_ENTRIES + 1
    # Removed meanwhile: nothing that is there is unseen.
    if any(not isinstance(error, FileNotFoundError | NotADirectoryError) for error in unseen):
        return size, MOST_ENTRIES + 1
    return size, entries


def empty(folder: str) -> None:
    """Remove what is in a folder.

    Raises:
        OSError, RecursionError: something resists.
    """
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)


def _marks(folder: str) -> tuple:
    """All writable attributes of a folder itself, but its times."""
    status = os.stat(folder)
    flags = array.array("l", [0])
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(OSError):  # a file system without such flags
        fcntl.ioctl(handle, GET_FLAGS, flags)
    os.close(handle)
    attributes = [(name, os.getxattr(folder, name)) for name in sorted(os.listxattr(folder))]
    return status.st_mode, status.st_uid, status.st_gid, flags[0], attributes


def open_files() -> list[tuple[int, os.stat_result]]:
    """This process's descriptors and their status."""
    opened = []
    for name in os.listdir("/proc/self/fd"):
        try:
            opened.append((int(name), os.fstat(int(name))))
        except OSError:  # the listing's own descriptor
            continue
    return opened


def own_descriptors(keep: set[int]) -> None:
    """Reopen inherited files, in a fork, so that no position in them is shared; close all but `keep`."""
    for descriptor, status in open_files():
        if descriptor <= 2 or descriptor in keep or stat.S_ISCHR(status.st_mode):
            continue
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            continue
        position = os.lseek(descriptor, 0, os.SEEK_CUR)
        fresh = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
        os.lseek(fresh, position, os.SEEK_SET)
        os.dup2(fresh, descriptor, inheritable=False)
        os.close(fresh)


def process_state() -> tuple:
    """Attributes of this process that another process of the same user could have changed."""
    return (
        [resource.getrlimit(limit) for limit in LIMITS],
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getscheduler(0),
        sorted(os.sched_getaffinity(0)),
    )


def system_v_objects() -> int:
    """The number of System V shared memory segments, semaphores and queues in this namespace."""
    count = 0
    for path in SYSTEM_V:
        with suppress(OSError), open(path, "rb") as file:  # a kernel may lack them
            count += len(file.read(1 << 16).splitlines()) - 1
    return count
