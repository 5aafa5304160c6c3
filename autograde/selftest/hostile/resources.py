"""E. Using up the machine: every attack costs at most the limits it hits."""

import base64
import json
import time

from autograde.sandbox.limits import MIB
from autograde.selftest.hostile.attack import (
    CHECK,
    CONNECTION,
    PRELUDE,
    RIGHT,
    AnyAttack,
    Attack,
    AttackTrial,
    NotCovered,
    cell,
)
from autograde.untrusted.flags import RUN_FLAGS

STOPPED = frozenset(RUN_FLAGS)
QUICK = {"cell_seconds": 1.5}


def _stops(name: str, source: str, *flags: str, **settings: float) -> Attack:
    """A cell that has to be stopped, with one of these flags."""
    allowed = frozenset(flags) or STOPPED
    return Attack(name, (source,), flags=allowed, stopped=True, settings={**QUICK, **settings})


def _bears(name: str, source: str, *flags: str, **settings: float) -> Attack:
    """A cell that may be cut or stopped, and must not hurt."""
    return Attack(name, (source,), flags=frozenset(flags) or STOPPED, settings={**QUICK, **settings})


EMPTY_ROWS = {"dtype": "float64", "shape": [10**9, 0], "base64": ""}


def _replies(outputs: str, count: int) -> str:
    """A cell that answers the grader itself, for itself and the cells after it."""
    answer = cell(f"""
        def stream(text):
            return {{'output_type': 'stream', 'name': 'stdout', 'text': text}}
        text = json.dumps({{'outputs': {outputs}, 'earlier': {{}}, 'execution_count': 1,
                           'evidence': False, 'cut': False}}).encode()
        for i in range({count}):
            s.sendall(struct.pack('>II', len(text), 0) + text)
        time.sleep(9)
    """)
    return f"{CONNECTION}\n{answer}"


def _giant_claims() -> str | None:
    """Evidence that claims huge arrays must cost the judge no memory and little time."""
    from verdicts import judging

    claims = [
        {"dtype": "float64", "shape": [10**9], "base64": ""},
        {"dtype": "float64", "shape": [10**5, 10**5], "base64": "AAAA"},
        {"dtype": "float64", "shape": [2**62, 4], "base64": ""},
        {"dtype": "V1000000000", "shape": [3], "base64": ""},
        {"dtype": "object", "shape": [1], "base64": "gASVBAAAAAAAAABLAi4="},
    ]
    calls: list[object] = [[{"params": {"W": claim}, "grads": {"W": claim}}] * 3 for claim in claims]
    calls += [{"params": {"W": EMPTY_ROWS}, "grads": {}}]
    for claim in calls:
        run = {"probe": "main", "calls": claim}
        evidence = json.dumps({"check": "sgd/update", "state": "answered", "runs": [run]}).encode()
        started = time.monotonic()
        fraction = judging.judge("sgd/update", evidence, 7).fraction
        if fraction or time.monotonic() - started > 5:
            return f"{str(claim)[:80]}: fraction {fraction} after {time.monotonic() - started:.1f} s"
    nested = b'{"check":"sgd/update","state":"answered","runs":' + b"[" * 10**5 + b"]" * 10**5 + b"}"
    if judging.judge("sgd/update", nested, 7).fraction:
        return "nested evidence earned points"
    return None


def _words_of_numbers() -> str | None:
    """A judge makes sentences and places of what it is told: never of arrays, never many from few bytes."""
    from verdicts import judging

    numbers = {"dtype": "float16", "shape": [1000], "base64": base64.b64encode(bytes(2000)).decode()}
    nested: object = [0] * 300_000
    for letter in "abcdefgh":
        nested = {letter * 300: nested}
    tries = {
        "sgd/update": {"probe": "main", "error": {"type": [numbers] * 300, "message": numbers}},
        "sgd/best-lr": {"probe": "value", "result": nested},
    }
    for name, run in tries.items():
        evidence = json.dumps({"check": name, "state": "answered", "runs": [run]}).encode()
        verdict = judging.judge(name, evidence, 7)
        if verdict.status != "odd-evidence" or len(verdict.cause) > 1000:
            return f"{name}: {verdict.status}, a reason of {len(verdict.cause)} characters"
    return None


ATTACKS: tuple[AnyAttack, ...] = (
    _stops("a loop without end", "while True: pass", "timeout"),
    _stops(
        "CPU time in many processes",
        cell("""
            import os
            for i in range(2): os.fork()
            while True: pass
        """),
        "timeout",
        cpu_seconds=2,
        cell_seconds=20,
    ),
    _stops(
        "sixty busy processes, each in a session of its own",
        cell("""
            import os, time
            for i in range(60):
                if os.fork() == 0:
                    os.setsid()
                    while True: pass
            time.sleep(60)
        """),
        "processes",
        cell_seconds=60,
    ),
    _stops("sleeping", "import time; time.sleep(999)", "timeout"),
    _stops("a power that ignores interrupts", "10**10**8", "timeout", "memory"),
    _stops(
        "a regular expression that backtracks", "import re; re.match('(a+)+$', 'a' * 40 + 'b')", "timeout"
    ),
    _bears(
        "a list that grows",
        cell("""
            x = []
            while True: x.append(b'x' * 2**20)
        """),
        "memory",
        "timeout",
        "died",
        memory_bytes=512 * MIB,
        cell_seconds=10,
    ),
    _bears("25 GB of zeros, touched", "import numpy as np; np.ones(25 * 2**27)", "memory"),
    _bears(
        "shared mappings",
        cell("""
            import mmap
            m = [mmap.mmap(-1, 2**28) for i in range(40)]
            for x in m:
                for i in range(0, 2**28, 4096): x[i] = 1
        """),
        memory_bytes=512 * MIB,
        cell_seconds=10,
    ),
    _bears(
        "memory in files of memory",
        cell("""
            for i in range(99):
                with open(f'/dev/shm/{i}', 'wb') as f: f.write(b'x' * 2**24)
        """),
    ),
    _bears(
        "memory in pipes and sockets",
        cell("""
            import os, socket
            held = []
            while True:
                p = os.pipe(); os.set_blocking(p[1], False); held.append(p)
                while True:
                    try: os.write(p[1], b'x' * 65536)
                    except BlockingIOError: break
        """),
        "memory",
        "timeout",
        "died",
    ),
    _stops(
        "memory in the buffers of sockets, from many processes",
        cell("""
            import os, socket, time
            held = []
            for i in range(6):
                if i == 5 or os.fork() == 0:
                    try:
                        while True:
                            a, b = socket.socketpair(); held += [a, b]; a.setblocking(False)
                            try:
                                while True: a.send(bytes(65536))
                            except BlockingIOError: pass
                    except OSError: time.sleep(20)
        """),
        "memory",
        memory_bytes=128 * MIB,
        cell_seconds=20,
    ),
    Attack(
        "memory that no process seems to have",
        (
            PRELUDE
            + cell("""
            import fcntl, mmap, socket
            a, b = socket.socketpair()
            refused('a larger buffer', a.setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)
            refused('a larger buffer', a.setsockopt, socket.SOL_SOCKET, socket.SO_RCVBUF, 2**22)
            refused('a larger pipe', fcntl.fcntl, os.pipe()[0], 1031, 2**20)
            refused('a mapping that outlives its pages', mmap.mmap, -1, 2**20)
            refused('the same by its device', open, '/dev/zero', 'r+b')
        """),
        ),
        from_tier=1,
    ),
    _stops(
        "locks on the bytes of files",
        cell("""
            import fcntl, os, tempfile, time
            files = [tempfile.TemporaryFile() for i in range(20)]
            for file in files:
                os.ftruncate(file.fileno(), 10_000)
                for place in range(0, 4_000, 2): fcntl.lockf(file, fcntl.LOCK_EX, 1, place)
            time.sleep(20)
        """),
        "memory",
        cell_seconds=20,
    ),
    _stops(
        "a fork bomb",
        cell("""
            import os
            while True:
                try: os.fork()
                except OSError: pass
        """),
        "processes",
        "memory",
        cell_seconds=20,
    ),
    _bears(
        "a thread bomb",
        cell("""
            import threading, time
            for i in range(999):
                threading.Thread(target=time.sleep, args=(9,)).start()
        """),
        "processes",
        "timeout",
    ),
    Attack(
        "a daemon that survives its parent",
        (
            cell("""
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(300)
                os._exit(0)
        """),
        ),
        then=(
            PRELUDE
            + "if len([n for n in os.listdir('/proc') if n.isdigit()]) > 2: breach('a process is left')",
        ),
    ),
    _bears(
        "zombies",
        cell("""
            import os, time
            for i in range(200):
                if os.fork() == 0: os._exit(0)
            time.sleep(1)
        """),
    ),
    _bears(
        "descriptors",
        cell("""
            import os
            held = []
            while True: held.append(os.open('/dev/null', 0))
        """),
    ),
    Attack(
        "terminals, of which the machine has a few thousand",
        (
            cell("""
            import os, time
            held = []
            for i in range(10):
                if os.fork() == 0:
                    try:
                        while True: held.append(os.openpty())
                    except OSError: time.sleep(20)
            time.sleep(20)
        """),
        ),
        flags=frozenset({"processes"}),
        stopped=True,
        from_tier=2,
    ),
    _bears(
        "bytes on the disk",
        cell("""
            f = open('/tmp/x', 'wb')
            while True: f.write(b'x' * 2**20)
        """),
    ),
    _stops(
        "files without number",
        cell("""
            import os, tempfile
            for i in range(10**9): os.close(os.open(f'{tempfile.gettempdir()}/{i}', os.O_CREAT))
        """),
        "disk",
        cell_seconds=20,
    ),
    _bears("text without end", "while True: print('x' * 10**6)", "output-limit", "timeout", "memory"),
    _bears("one line of a gigabyte", "print('x' * 10**9)"),
    _bears(
        "text to the descriptor",
        cell("""
            import os
            while True: os.write(1, b'x' * 2**20)
        """),
    ),
    _bears(
        "messages without number",
        cell("""
            from IPython.display import display
            while True: display(1)
        """),
        "output-limit",
        "timeout",
        "memory",
    ),
    _bears(
        "clear_output without number",
        cell("""
            from IPython.display import clear_output
            while True: clear_output()
        """),
        "output-limit",
        "timeout",
        "memory",
    ),
    _bears(
        "a giant MIME bundle",
        cell("""
            from IPython.display import display
            display({'text/plain': 'x' * 10**9, 'image/svg+xml': '<g/>' * 10**8}, raw=True)
        """),
    ),
    _bears(
        "a giant picture",
        cell("""
            import matplotlib.pyplot as plt
            plt.figure(figsize=(400, 400), dpi=100); plt.plot([1])
        """),
        memory_bytes=512 * MIB,
    ),
    _bears(
        "a text of an exception without end",
        cell("""
            class E(Exception):
                def __str__(self):
                    while True: pass
            raise E
        """),
    ),
    _bears("an exception of a gigabyte", "raise ValueError('x' * 10**9)"),
    _bears(
        "a __repr__ that loops",
        cell("""
            class R:
                def __repr__(self):
                    while True: pass
            R()
        """),
    ),
    _bears(
        "a traceback of many frames",
        cell("""
            import sys; sys.setrecursionlimit(10**5)
            def f(n): return f(n + 1)
            f(0)
        """),
    ),
    _bears(
        "warnings without number",
        cell("""
            import warnings
            warnings.simplefilter('always')
            while True: warnings.warn('x' * 1000)
        """),
        "output-limit",
        "timeout",
        "memory",
    ),
    _bears(
        "recursion beyond the stack",
        cell("""
            import sys; sys.setrecursionlimit(10**9)
            class A:
                def __getattr__(self, n): return getattr(self, n + 'x')
            A().x
        """),
    ),
    _stops("the process stops itself", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
    _stops(
        "half a message",
        cell("""
            import os, stat, time
            for n in range(3, 256):
                try:
                    if stat.S_ISSOCK(os.fstat(n).st_mode):
                        os.write(n, b'\\0\\0\\1\\0\\0\\0')
                except OSError: pass
            time.sleep(99)
        """),
        "timeout",
        "odd-reply",
    ),
    _stops(
        "a long reply in single bytes, from many processes",
        CONNECTION
        + "\ns.send(b'\\0\\xf0' + bytes(6))\nfor i in range(3): os.fork()\nwhile True: s.send(b'[')",
        "timeout",
    ),
    _stops(
        "lengths that lie",
        cell("""
            import os, stat, time
            for n in range(3, 256):
                try:
                    if stat.S_ISSOCK(os.fstat(n).st_mode):
                        os.write(n, b'\\xff' * 4096)
                except OSError: pass
            time.sleep(99)
        """),
        "odd-reply",
    ),
    _bears(
        "the connection is closed",
        cell("""
            import os
            os.closerange(3, 256)
        """),
        "died",
        "timeout",
    ),
    _bears(
        "crashes without number",
        cell("""
            import os, ctypes
            for i in range(100):
                if os.fork() == 0: ctypes.string_at(0)
                os.wait()
        """),
    ),
    Attack(
        "all cores for linear algebra",
        (
            PRELUDE
            + cell("""
            import numpy as np
            a = np.ones((600, 600)); a @ a
            if len(os.listdir('/proc/self/task')) > 1: breach('threads')
        """),
        ),
    ),
    NotCovered("memory of a graphics card", "no device node is in the box; a grader's machine needs none"),
    Attack(
        "outputs without number, a few thousand a cell",
        ("from IPython.display import display\nfor i in range(2000): display({'text/plain': ''}, raw=True)",)
        * 4,
        flags=frozenset({"output-limit"}),
        stopped=True,
    ),
    *(
        Attack(
            f"replies in advance, each within the limit of one: {what}",
            (_replies(outputs, count), *["1"] * 9),
            flags=frozenset({"odd-reply"}),
            stopped=True,
        )
        for what, outputs, count in (
            ("long texts", "[stream('x' * 6_000_000)]", 9),
            (
                "short texts",
                "[{'output_type': 'display_data', 'metadata': {}, 'data': {'a/b+json': [''] * 300_000}}]",
                9,
            ),
            ("outputs", "[stream('')] * 3_000", 9),
        )
    ),
    AttackTrial("arrays that claim to be huge, for the judge", _giant_claims),
    AttackTrial("arrays in the place of words, long names in long names, for the judge", _words_of_numbers),
    Attack(
        "ten million numbers as evidence",
        (
            RIGHT,
            (
                cell("""
            from verdicts.recording import evidence_outbox
            evidence_outbox.put(b'[' + b'1,' * 10**7 + b'1]')
        """)
                + "\n"
            )
            + CHECK,
        ),
        score="wrong",
        flags=frozenset({"odd-reply"}),
    ),
    Attack(
        "lists of access rights, which no limit counts",
        (
            PRELUDE
            + cell("""
            import struct
            rights = [(1, 7, -1), *[(2, 7, 65534)] * 9, (4, 5, -1), (16, 7, -1), (32, 5, -1)]
            value = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in rights)
            os.makedirs('listed', exist_ok=True)
            for name in ['system.posix_acl_access', 'system.posix_acl_default', 'user.any']:
                refused(name, os.setxattr, 'listed', name, value)
        """),
        ),
        from_tier=1,
    ),
    Attack(
        "a futex table of any size",
        (
            PRELUDE
            + cell("""
            import ctypes
            if not ctypes.CDLL(None).prctl(78, 1, 2**20, 0, 0):
                breach('a table')
        """),
        ),
        from_tier=1,
    ),
)
