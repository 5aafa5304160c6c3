"""D. Reading secrets, writing elsewhere, leaving something for the next."""

import contextlib
import os
import socket
import sys

from autograde.sandbox.inside import seccomp
from autograde.selftest.hostile.attack import PRELUDE, AnyAttack, Attack, AttackTrial, NotCovered, cell
from autograde.selftest.hostile.boxes import run_cells

SECRET = "AUTOGRADE_SUITE_CANARY"  # in the grader's environment while the suite runs


def _tries(body: str) -> tuple[str, ...]:
    return (PRELUDE + body,)


def _refused_calls() -> str:
    """A cell that makes every call the filter refuses and says which one the kernel answered otherwise."""
    column = seccomp.ARCHITECTURES.get(os.uname().machine, (0, 0))[1]
    refused = seccomp.CALLS["refused"] | seccomp.CALLS["no such call"]
    numbers = {name: call[column] for name, call in refused.items()}
    return PRELUDE + (
        f"import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\nfor name, number in {numbers!r}.items():\n"
        "    if number is None:\n        continue\n"
        "    ctypes.set_errno(0)\n"
        "    if libc.syscall(ctypes.c_long(number), -1, -1, -1, -1, -1, -1) != -1:\n        breach(name)\n"
        "    elif ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):\n"
        "        breach(f'{name}: {errno.errorcode[ctypes.get_errno()]}')\n"
        "for flag in (0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x02000000, 0x04000000, 0x08000000):\n"
        f"    if libc.syscall(ctypes.c_long({seccomp.CALLS['by argument']['clone'][column]}), ctypes.c_long(flag | 17), 0, 0, 0, 0) != -1:\n"
        "        breach(f'clone {flag:x}')\n"
        "if libc.syscall(ctypes.c_long(0x40000000 + 39)) != -1:\n    breach('x32')\n"
        "if libc.syscall(ctypes.c_long(900)) != -1:\n    breach('an unknown call')\n"
    )


INT80 = cell("""
            import os, mmap, ctypes, platform
            if platform.machine() == 'x86_64' and os.fork() == 0:
                m = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
                m.write(bytes.fromhex('b814000000cd80c3'))  # getpid of the 32-bit table
                f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
                print('BREACH: 32-bit call', f(), flush=True)
                os._exit(0)
            if platform.machine() == 'x86_64':
                assert os.WIFSIGNALED(os.wait()[1])
        """)


def _abstract_socket() -> str | None:
    """A socket that this process opens outside every file system must not be reachable from a box."""
    name = f"autograde-suite-{socket.getfqdn()}"
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind("\0" + name)
        server.listen(1)
        attempt = (
            f"import socket\nrefused('abstract', socket.socket(socket.AF_UNIX).connect, '\\0' + {name!r})"
        )
        return _reached(server, attempt, "a box connected to a socket of the grader's")


def _loopback() -> str | None:
    """A server on this machine's loopback must not be reachable from a box."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        attempt = (
            f"import socket\nrefused('TCP', socket.create_connection, ('127.0.0.1', {port}), 1)\n"
            f"import subprocess\nrefused('a program', subprocess.run, ['bash', '-c', "
            f"'echo x > /dev/tcp/127.0.0.1/{port}'], check=True)"
        )
        return _reached(server, attempt, "a box connected to a server on loopback")


def _reached(server: socket.socket, attempt: str, breach: str) -> str | None:
    """`breach` where a box that runs `attempt` reaches the server, what it says of another breach, or None."""
    server.settimeout(0.2)
    printed = run_cells(_tries(attempt))
    with contextlib.suppress(TimeoutError):
        server.accept()
        return breach
    return printed if "BREACH" in printed else None


def _coredump() -> str | None:
    """A crash must neither leave a core file nor reach the machine's crash handler."""
    printed = run_cells(
        _tries(
            "import subprocess, resource\n"
            "print('limit', resource.getrlimit(resource.RLIMIT_CORE))\n"
            f"subprocess.run([{sys.executable!r}, '-S', '-c', 'import ctypes; ctypes.string_at(0)'])\n"
            "[breach(n) for n in os.listdir('.') if 'core' in n]"
        )
    )
    return None if "limit (1, 1)" in printed and "BREACH" not in printed else printed


OTHERS_FILES = (
    cell("""
    import glob
    there = []
    for pattern in ['/home/*', '/r[o]ot/*', '/r[o]ot/.ssh/*', '/mnt/*', '/srv/*', '/var/*', '/run/*', '/media/*',
                    '/**/gradebook.db', '/**/submitted', '/**/solutions/*', '/**/.autograde/*', '/etc/shadow']:
        there += [found for found in glob.glob(pattern, recursive=False) if os.path.isfile(found)]
    for up in range(9):
        for name in ['gradebook.db', 'submitted', 'solutions', 'notebooks', 'pyproject.toml', 'nbgrader_config.py']:
            for at in [os.getcwd(), *sys.path, sys.prefix]:
                found = os.path.join(at or '.', '../' * up, name)
                there += [found] if os.path.exists(found) else []
""")
    + "\n"
)
# Under every name of every folder in reach: another installation, an alias, a copy.
WITHHELD_SOURCES = cell("""
    import re
    wanted = re.compile(
        r'(descentlab/(rules|rule_diagnosis|explorers)|verdicts/(comparing|diagnosis|judging|repair)|autograde)/.*[.]pyc?$'
        r'|descentlab/exercises/.*(reference)[.].*pyc?$|descentlab/exercises/.*[.]md$'
    )
    tops = ['/', *sys.path, sys.prefix, sys.base_prefix, sys.prefix + '/lib64', '/usr/local', '/opt']
    for top in dict.fromkeys(tops):
        for folder, folders, files in os.walk(top or '.'):
            folders[:] = [name for name in folders if os.path.join(folder, name) not in ('/proc', '/sys', '/dev')]
            for name in files:
                path = os.path.join(folder, name)
                if wanted.search(path):
                    try:
                        text = open(path, 'rb').read()
                    except OSError:
                        continue
                    if b'stand_ins' not in text and not re.search('rules/.*(__init__|inputs)[.]', path):
                        breach(path)
""")
ATTACKS: tuple[AnyAttack, ...] = (
    Attack(
        "references, judge and grader, wherever they are installed", _tries(WITHHELD_SOURCES), from_tier=1
    ),
    Attack(
        "gradebook, solutions, keys, other people's files, the metadata service",
        _tries(
            OTHERS_FILES
            + cell("""
            for found in there:
                refused(found, os.listdir if os.path.isdir(found) else open, found)
            import urllib.request
            refused('metadata', urllib.request.urlopen, 'http://169.254.169.254/latest', timeout=2)
        """)
        ),
    ),
    Attack(
        "whether gradebook, solutions, other people's files are there",
        _tries(OTHERS_FILES + "for found in there: breach(found)"),
        from_tier=2,
    ),
    Attack(
        "the grader's environment",
        _tries(
            f"if any({SECRET!r} in value for item in os.environ.items() for value in item):\n    breach('environment')\n"
            "[breach(n) for n in os.environ if 'TOKEN' in n or 'SECRET' in n or 'PASSWORD' in n]"
        ),
    ),
    Attack(
        "the first process, the kernel's files",
        _tries(
            "for name in ['environ', 'maps', 'mem', 'fd/3', 'cwd', 'root', 'exe', 'auxv', 'io']:\n"
            "    refused(name, lambda: os.readlink(f'/proc/1/{name}') if name in ('cwd', 'root', 'exe', 'fd/3')\n"
            "            else open(f'/proc/1/{name}', 'rb').read(1))\n"
            "refused('write mem', open, '/proc/1/mem', 'r+b')\n"
            "for n in os.listdir('/proc'):\n"
            f"    if n.isdigit() and {SECRET!r}.encode() in open(f'/proc/{{n}}/cmdline', 'rb').read():\n"
            "        breach('cmdline')\n"
            f"if {SECRET!r} in open('/proc/self/mountinfo').read():\n    breach('mountinfo')\n"
            "if any(int(line.split()[0], 16) for line in open('/proc/kallsyms').readlines()[:50]):\n    breach('kallsyms')\n"
            "for name in ['sysrq-trigger', 'sys/kernel/core_pattern', 'sys/vm/drop_caches', 'sys/kernel/hostname',\n"
            "             'sys/fs/binfmt_misc/register', 'sys/kernel/modprobe', 'kcore', 'kmsg', 'self/oom_score_adj']:\n"
            "    refused(name, lambda: os.close(os.open('/proc/' + name, os.O_WRONLY)))\n"  # and never writes
            "for top, folders, files in os.walk('/proc/sys'):\n"
            "    for name in files:\n        if os.access(os.path.join(top, name), os.W_OK):\n            breach(name)"
        ),
    ),
    Attack(
        "devices and /sys",
        _tries(
            cell("""
            allowed = {'null', 'zero', 'full', 'random', 'urandom', 'tty', 'console', 'shm', 'pts', 'ptmx', 'fd', 'core',
                       'stdin', 'stdout', 'stderr', 'mqueue'}
            for name in set(os.listdir('/dev')) - allowed:
                breach('/dev/' + name)
            if os.path.exists('/sys') and os.listdir('/sys'):
                breach('/sys')
            refused('mknod', os.mknod, 'sda', 0o60644, os.makedev(8, 0))
            refused('write to /dev', open, '/dev/x', 'w')
        """)
        ),
    ),
    Attack(
        "modes of the machine's own devices",
        _tries(
            cell("""
            for name in ('null', 'zero', 'full', 'random', 'urandom', 'tty', 'pts'):
                path = '/dev/' + name
                now = os.stat(path)
                if name == 'pts':
                    continue
                refused('chmod ' + name, os.chmod, path, now.st_mode & 0o7777)
                refused('times ' + name, os.utime, path, (now.st_atime, now.st_mtime))
        """)
        ),
    ),
    Attack(
        "descriptors that lead out",
        _tries(
            cell("""
            import stat
            sockets = 0
            for n in range(256):
                try:
                    found = os.fstat(n)
                except OSError:
                    continue
                sockets += stat.S_ISSOCK(found.st_mode)
                refused(n, os.open, '../' * 20 + 'home', os.O_RDONLY, dir_fd=n)
                try:
                    to = os.readlink(f'/proc/self/fd/{n}')
                except OSError:
                    continue
                if not to.startswith('/') or to.endswith('(deleted)') or to.startswith('/proc/'):
                    continue
                try:
                    same = os.path.samestat(found, os.stat(to))
                except OSError:
                    same = False
                if not same:
                    breach(to)
            if sockets > 3:
                breach('sockets')
        """)
        ),
    ),
    Attack(
        "positions in files that every submission inherits",
        _tries(
            cell("""
            for n in range(3, 256):
                try: os.lseek(n, 7, os.SEEK_SET)
                except OSError: pass
            for line in open('/proc/self/maps'):
                if line.split()[1][1] == 'w' and line.split()[1][3] == 's':
                    breach(line)
        """)
        ),
        then=_tries(
            cell("""
            for n in range(3, 256):
                try:
                    if os.lseek(n, 0, os.SEEK_CUR) == 7:
                        breach(n)
                except OSError: pass
        """)
        ),
    ),
    Attack(
        "a file that outlives its submission",
        _tries(
            cell("""
            import fcntl, stat
            for n in range(256):
                try: found = os.fstat(n)
                except OSError: continue
                if stat.S_ISREG(found.st_mode) and fcntl.fcntl(n, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
                    os.pwrite(n, b'left here', 5000)
        """)
        ),
        then=_tries(
            cell("""
            for n in range(256):
                try:
                    if b'left here' in os.pread(n, 9000, 0):
                        breach(n)
                except OSError: pass
        """)
        ),
    ),
    Attack(
        "leaving the root",
        _tries(
            cell("""
            refused('chroot', os.chroot, '/tmp')
            for path in ['/usr/bin/x', '/etc/x', '/x', '/box/x', sys.prefix + '/lib/x', '/proc/x', '/dev/shm/../../x']:
                refused(path, open, path, 'w')
            import subprocess
            for words in (['mount', '--bind', '/', '/tmp'], ['mount', '-o', 'remount,rw', '/'], ['unshare', '-Ur', 'true'],
                          ['bwrap', '--bind', '/', '/', 'true'], ['umount', '/tmp']):
                refused(words[0], subprocess.run, words, check=True, capture_output=True)
        """)
        ),
    ),
    Attack(
        "programs with the setuid bit",
        _tries(
            cell("""
            import subprocess
            if 'NoNewPrivs:\\t1' not in open('/proc/self/status').read():
                breach('new privileges')
            for n in ('CapEff', 'CapPrm', 'CapInh', 'CapAmb'):
                line = [s for s in open('/proc/self/status') if s.startswith(n)][0]
                if int(line.split()[1], 16):
                    breach(line)
            for name in ('setuid', 'setgid'):
                refused(name, getattr(os, name), 0)
            refused('setgroups', os.setgroups, [0])
            for p in ('su', 'sudo', 'mount', 'newgrp', 'passwd', 'pkexec'):
                done = subprocess.run(['sh', '-c', f'command -v {p} >/dev/null && {p} -c id 2>&1'], capture_output=True,
                                      stdin=subprocess.DEVNULL, timeout=5)
                if b'uid=0' in done.stdout:
                    breach(p)
        """)
        ),
    ),
    Attack("every call of the filter", (_refused_calls(),)),
    Attack("calls of the 32-bit table", (INT80,)),
    Attack(
        "tracing and reading another process",
        _tries(
            cell("""
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.ptrace(16, 1, 0, 0) == 0:
                breach('ptrace')
            buffer = ctypes.create_string_buffer(8)
            class V(ctypes.Structure):
                _fields_ = [('b', ctypes.c_void_p), ('n', ctypes.c_size_t)]
            v = V(ctypes.addressof(buffer), 8)
            if libc.process_vm_readv(1, ctypes.byref(v), 1, ctypes.byref(v), 1, 0) > 0:
                breach('process_vm_readv')
        """)
        ),
    ),
    Attack(
        "typing into a terminal",
        _tries(
            cell("""
            import fcntl, termios, pty
            for path in ('/dev/tty', '/dev/console'):
                refused(path, open, path, 'w')
            a, b = pty.openpty()
            for code in (termios.TIOCSTI, 0x541C):
                refused(hex(code), fcntl.ioctl, b, code, b'x')
            import ctypes  # the kernel reads half of the number, which a filter may compare whole
            ioctl = ctypes.CDLL(None).ioctl
            ioctl.argtypes = ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p
            if ioctl(b, termios.TIOCSTI | 1 << 32, b'x') != -1:
                breach('a terminal, by a longer number')
        """)
        ),
    ),
    Attack(
        "network sockets and names",
        _tries(
            cell("""
            import socket
            for family in (socket.AF_INET, socket.AF_INET6, socket.AF_PACKET, socket.AF_NETLINK, 40):
                refused(family, socket.socket, family, socket.SOCK_DGRAM)
            refused('names', socket.getaddrinfo, 'example.org', 80)
        """)
        ),
    ),
    AttackTrial("a server on this machine's loopback", _loopback),
    AttackTrial("an abstract socket of the grader's", _abstract_socket),
    Attack(
        "D-Bus, X11, docker, ssh-agent",
        _tries(
            cell("""
            for path in ['/run', '/var/run', '/tmp/.X11-unix', '/run/docker.sock', '/var/run/docker.sock', '/run/dbus']:
                if os.path.exists(path) and os.listdir(path):
                    breach(path)
            for name in ('SSH_AUTH_SOCK', 'DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'XDG_RUNTIME_DIR'):
                if name in os.environ:
                    breach(name)
        """)
        ),
    ),
    Attack(
        "shared memory and queues left behind",
        _tries(
            cell("""
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            for name, arguments in {'shmget': (77, 64, 0o1666), 'semget': (77, 1, 0o1666), 'msgget': (77, 0o1666)}.items():
                if getattr(libc, name)(*arguments) != -1:
                    breach(name)
            open('/dev/shm/left', 'w').write('x')
            from multiprocessing import shared_memory
            shared_memory.SharedMemory('left2', create=True, size=64)
        """)
        ),
        then=_tries(
            cell("""
            for n in os.listdir('/dev/shm'):
                breach(n)
        """)
        ),
    ),
    Attack(
        "locks on files that all boxes share",
        _tries(
            cell("""
            import fcntl
            f = open(sys.executable)
            refused('flock', fcntl.flock, f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            refused('lease', fcntl.fcntl, f, 1024, 0)
            refused('notify', fcntl.fcntl, os.open('/usr', 0), 1026, 1)
        """)
        ),
    ),
    NotCovered(
        "read locks (fcntl) as a signal between two boxes that run at once",
        "open: SQLite needs them; two students who run at the same moment could pass bits",
    ),
    Attack(
        "signals, priorities and limits of the first process",
        _tries(
            cell("""
            import signal, resource
            for s in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT):
                os.kill(1, s)
            refused('priority', os.setpriority, os.PRIO_PROCESS, 1, 19)
            refused('affinity', os.sched_setaffinity, 1, {0})
            refused('limits', resource.prlimit, 1, resource.RLIMIT_NOFILE, (3, 3))
            refused('real time', os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))
            refused('nicer', os.nice, -10)
            refused('raise', resource.setrlimit, resource.RLIMIT_CPU, (10**6, 10**6))
        """)
        ),
    ),
    Attack(
        "priorities of all of a user's processes",
        _tries(
            cell("""
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.setpriority(2, 0, 19) != -1:
                breach('setpriority of a user')
            if libc.syscall(ctypes.c_long(251 if os.uname().machine == 'x86_64' else 30), 3, 0, 24576) != -1:
                breach('ioprio_set of a user')
        """)
        ),
    ),
    Attack(
        "a signal to everyone",
        ("import os, signal; os.kill(-1, signal.SIGKILL)",),
        flags=frozenset({"died"}),
    ),
    AttackTrial("core files and crash handlers", _coredump),
    Attack(
        "another's random numbers foretold",
        _tries(
            cell("""
            import uuid, secrets, random, numpy as np
            open('seen', 'w').write(repr((uuid.uuid4(), secrets.token_hex(), np.random.default_rng().random())))
        """)
        ),
        then=_tries(
            cell("""
            import glob
            [breach(f) for f in glob.glob('*')]
        """)
        ),
    ),
    Attack(
        "marks on the folders themselves",
        _tries(
            cell("""
            for folder in ('/tmp', '/dev/shm', '/dev/pts'):
                for attempt in (lambda: os.utime(folder, (12345, 12345)), lambda: os.setxattr(folder, 'user.x', b'1'),
                                lambda: os.chmod(folder, 0o755)):
                    try: attempt()
                    except OSError: pass
        """)
        ),
        then=_tries(
            cell("""
            for folder in ('/tmp', '/dev/shm', '/dev/pts'):
                if 12345 in (os.stat(folder).st_atime, os.stat(folder).st_mtime) or os.listxattr(folder):
                    breach(folder)
            open('/tmp/x', 'w'), open('/dev/shm/x', 'w')
        """)
        ),
    ),
    Attack(
        "builtins and modules changed for the next",
        flags=frozenset({"died"}),
        cells=_tries(
            cell("""
            import builtins, json, numpy, descentlab
            builtins.open = builtins.len = json.loads = numpy.sqrt = None
            sys.path.insert(0, '/tmp'); sys.modules['descentlab'].check = lambda *a, **k: 5.0
        """)
        ),
        then=_tries(
            cell("""
            import numpy, descentlab
            if numpy.sqrt is None or 'lambda' in repr(descentlab.check) or '/tmp' in sys.path:
                breach('changed')
        """)
        ),
    ),
    Attack(
        "caches and start-up files poisoned",
        _tries(
            cell("""
            import matplotlib, pathlib
            for folder in (os.environ['IPYTHONDIR'] + '/profile_default/startup', matplotlib.get_configdir(),
                           os.environ['HOME'] + '/.local/lib', '/tmp/numba_cache'):
                os.makedirs(folder, exist_ok=True)
                pathlib.Path(folder, 'x.py').write_text('print("BREACH: start-up")')
                pathlib.Path(folder, 'matplotlibrc').write_text('font.size: 99')
            for fonts in pathlib.Path(matplotlib.get_configdir()).glob('fontlist-*.json'):
                fonts.write_text('poisoned')
            import numpy
            refused('cache', open, os.path.dirname(numpy.__file__) + '/__pycache__/x.pyc', 'w')
            refused('pth', open, os.path.dirname(os.path.dirname(numpy.__file__)) + '/x.pth', 'w')
        """)
        ),
        then=_tries(
            cell("""
            import matplotlib
            if matplotlib.rcParams['font.size'] == 99:
                breach('matplotlibrc')
            for top, folders, files in os.walk('/tmp'):
                for f in files:
                    given = f.startswith('fontlist-')  # the grader's own, where Matplotlib is not loaded yet
                    if not given or open(top + '/' + f).read() == 'poisoned':
                        breach(f)
        """)
        ),
    ),
)
