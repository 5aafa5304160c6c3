"""What a submission could leave behind.

Files and the marks on their folders, System V objects, positions in open files, changed limits of the first
process.
"""

import array
import contextlib
import fcntl
import os
import resource
import shutil
import stat
import time

LIMITS = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
SYSTEM_V = ["/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"]
GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS
FEW = 20_000  # entries that are removed before the box is given up instead


class Places:
    """The folders a submission may write to; `own`: each is a file system of its own."""

    def __init__(self, folders: list[str], own: bool) -> None:
        self.folders = folders
        self._used = _file_system_use if own else _folder_use
        self._reset_times()
        self.before = [self._used(folder) for folder in folders]
        self.marks = [_marks(folder) for folder in folders]

    def use(self) -> tuple[int, int]:
        """Bytes and entries in use beyond those at the start, in the fullest folder."""
        now = [self._used(folder) for folder in self.folders]
        return (
            max(used[0] - old[0] for used, old in zip(now, self.before, strict=True)),
            max(used[1] - old[1] for used, old in zip(now, self.before, strict=True)),
        )

    def empty(self) -> bool:
        """Remove everything; False where something resists or the folders themselves were marked."""
        if self.use()[1] > FEW:
            return False
        try:
            emptied = all(_emptied(folder) for folder in self.folders)
            self._reset_times()
            return emptied and self.use() <= (0, 0) and [_marks(f) for f in self.folders] == self.marks
        except (OSError, RecursionError):
            return False

    def _reset_times(self) -> None:
        for folder in self.folders:
            with contextlib.suppress(PermissionError):  # not its owner: then no submission is, either
                os.utime(folder, (0, 0))


def _file_system_use(folder: str) -> tuple[int, int]:
    """Bytes and entries in use."""
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize, status.f_files - status.f_ffree


def _folder_use(folder: str) -> tuple[int, int]:
    """The same, added up; too many entries where there are, or where some of them cannot be looked at."""
    size = entries = 0
    unseen: list[OSError] = []  # too deep for a path, or closed
    try:
        for where, folders, files in os.walk(folder, onerror=unseen.append):
            entries += len(folders) + len(files)
            for name in files:
                try:
                    size += os.lstat(os.path.join(where, name)).st_blocks * 512
                except FileNotFoundError:  # removed meanwhile
                    continue
                except OSError as error:
                    unseen.append(error)
            if entries > FEW:
                break
    except RecursionError:
        return size, FEW + 1
    if any(not isinstance(error, FileNotFoundError | NotADirectoryError) for error in unseen):
        return size, FEW + 1
    return size, entries


def _emptied(folder: str) -> bool:
    for _ in range(2):  # the second time after opening folders that were closed
        for entry in os.scandir(folder):
            try:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
            except (OSError, RecursionError):
                _open_folders(entry.path)
        if not os.listdir(folder):
            return True
    return False


def _open_folders(top: str) -> None:
    deadline = time.monotonic() + 1.0
    try:
        os.chmod(top, 0o700, follow_symlinks=False)
    except (OSError, NotImplementedError):
        os.chmod(top, 0o700)
    for folder, folders, _ in os.walk(top):
        for name in folders:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
        if time.monotonic() > deadline:
            return


def _marks(folder: str) -> tuple:
    """Everything that can be written on a folder itself, but its times."""
    status = os.stat(folder)
    flags = array.array("l", [0])
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(handle, GET_FLAGS, flags)
    except OSError:  # a file system without such flags
        pass
    finally:
        os.close(handle)
    attributes = [(name, os.getxattr(folder, name)) for name in sorted(os.listxattr(folder))]
    return status.st_mode, status.st_uid, status.st_gid, flags[0], attributes


def open_files() -> list[tuple[int, os.stat_result]]:
    """This process's descriptors and what they are."""
    opened = []
    for name in os.listdir("/proc/self/fd"):
        try:
            opened.append((int(name), os.fstat(int(name))))
        except OSError:  # the listing's own descriptor
            continue
    return opened


def own_descriptors(keep: set[int]) -> None:
    """In a fork: open files anew, so that no position in them is shared; close all else but `keep`."""
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


def standing() -> tuple:
    """What another process of the same user could have changed about this one."""
    return (
        [resource.getrlimit(limit) for limit in LIMITS],
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getscheduler(0),
        sorted(os.sched_getaffinity(0)),
    )


def system_v_objects() -> int:
    """System V shared memory, semaphores and queues in this namespace."""
    count = 0
    for path in SYSTEM_V:
        try:
            with open(path, "rb") as file:
                count += len(file.read(1 << 16).splitlines()) - 1
        except OSError:  # a kernel without them
            continue
    return count
