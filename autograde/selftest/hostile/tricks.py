"""F and G. Tricks of Python and IPython; bringing hidden things to light."""

from autograde.selftest.hostile.attack import (
    CHECK,
    PRELUDE,
    RIGHT,
    WRONG,
    AnyAttack,
    Attack,
    Elsewhere,
    NotCovered,
    cell,
)
from autograde.selftest.hostile.forging import _scan

ANY = frozenset({"timeout", "died", "odd-reply", "output-limit", "processes", "memory"})


def _around(*before: str, flags: frozenset[str] = ANY) -> dict:
    """A wrong answer with something done before its check."""
    return {"cells": (*before, WRONG, CHECK), "score": "wrong", "flags": flags}


ATTACKS: tuple[AnyAttack, ...] = (
    Attack(
        "check cells are rewritten before they run",
        **_around(
            cell("""
            ip = get_ipython()
            ip.input_transformers_cleanup.append(
                lambda lines: ['print(5.0)\\n'] if any('check(' in line for line in lines) else lines)
        """)
        ),
    ),
    Attack(
        "magics and the shell",
        **_around(
            cell("""
            %%javascript
            alert(1)
        """),
            "!id; cat /etc/passwd | head -1",
            cell("""
            %%bash
            echo 5.0
        """),
            "%autocall 2",
            cell("""
            %%writefile x.py
            check = lambda *a, **k: 5.0
        """),
            "%run x.py",
        ),
    ),
    Attack(
        "trace functions, audit and import hooks, builtins",
        **_around(
            cell("""
            import sys, builtins
            sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)
            sys.addaudithook(lambda e, a: None)
            class H:
                def find_spec(self, n, p, t=None): return None
            sys.meta_path.insert(0, H())
            builtins.float = lambda x: 5.0; builtins.isinstance = lambda a, b: True
        """)
        ),
    ),
    Attack(
        "an audit hook that refuses everything",
        **_around(
            cell("""
            import sys
            def no(*a): raise RuntimeError
            sys.addaudithook(no)
        """)
        ),
    ),
    Attack(
        "threads, finalizers and atexit that act between cells",
        **_around(
            cell("""
            import threading, time, atexit, weakref
            class T: pass
            t = T(); weakref.finalize(t, print, 'late'); atexit.register(print, 'exit')
            def bomb():
                while True:
                    globals().update(SGD=None); time.sleep(0.001)
            threading.Thread(target=bomb, daemon=True).start()
        """)
        ),
    ),
    Attack(
        "signals that would stop it are ignored",
        (
            cell("""
            import signal
            for s in range(1, 65):
                try: signal.signal(s, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: pass
        """),
        ),
        flags=frozenset({"timeout"}),
        stopped=True,
        settings={"cell_seconds": 5, "cpu_seconds": 1},
    ),
    Attack(
        "writing into the interpreter's memory",
        **_around(
            cell("""
            import ctypes, gc
            ctypes.c_int.from_address(id(5) + 24).value = 6
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))
        """)
        ),
    ),
    Attack(
        "streams, display hook and publisher replaced",
        **_around(
            cell("""
            import sys, io
            ip = get_ipython()
            ip.display_pub.publish = lambda *a, **k: None
            sys.displayhook = lambda x: None; ip.displayhook.finish_displayhook = lambda: None
            sys.stdout = sys.stderr = None
        """)
        ),
    ),
    Attack(
        "the kernel and its session replaced",
        **_around(
            cell("""
            import inside.notebook as n
            n.frames.pack = lambda *a: b'x' * 64
            n.within = lambda *a: None
        """)
        ),
    ),
    Attack(
        "history and namespace edited",
        **_around(
            "get_ipython().user_ns.clear()",
            "In = ['x']; Out = {1: 5.0}; _oh = {}; get_ipython().execution_count = 10**9",
        ),
    ),
    Attack(
        "the event loop closed or never ending",
        **_around(
            cell("""
            import asyncio
            asyncio.get_running_loop().stop()
        """),
            "asyncio.get_running_loop().create_task(asyncio.sleep(99))",
        ),
    ),
    Attack(
        "code hidden in base64 and in letters that fold together",
        **_around(
            cell("""
            import base64, zlib, marshal
            exec(base64.b64decode('cHJpbnQoNS4wKQ=='))
            ｃｈｅｃｋ = lambda *a, **k: 5.0
            exec(marshal.loads(marshal.dumps(compile('1', '', 'exec'))))
        """)
        ),
    ),
    Elsewhere(
        "text whose direction is turned, shown to a reader",
        "tests/sandbox/test_hostile.py::test_text_from_a_submission_cannot_turn_a_line_of_the_table",
    ),
    Attack(
        "locale, decimal context, errstate, rounding direction",
        (
            cell("""
            import locale, decimal, numpy as np, os, time, ctypes
            decimal.getcontext().prec = 1; np.seterr(all='raise'); np.set_printoptions(precision=1)
            os.environ['TZ'] = 'Asia/Tokyo'; time.tzset(); ctypes.CDLL('libm.so.6').fesetround(0x800)
        """),
            RIGHT,
            CHECK,
        ),
        then=(
            PRELUDE
            + cell("""
            import decimal, numpy as np, time
            if decimal.getcontext().prec != 28 or np.geterr()['over'] == 'raise' or time.tzname[0] != 'UTC':
                breach('settings')
            if 1.0 / 3.0 * 3.0 != 1.0: breach('rounding')
        """),
        ),
    ),
    Attack(
        "clocks and random numbers replaced",
        **_around(
            cell("""
            import time, random, numpy as np
            time.time = time.monotonic = time.perf_counter = lambda: 0.0
            random.random = np.random.rand = lambda *a: 0.5
        """)
        ),
    ),
    Attack(
        "a pickle as evidence",
        **_around(
            cell("""
            import pickle
            class P:
                def __reduce__(self): return (print, ('BREACH: unpickled',))
            from verdicts.recording import evidence_outbox
            def check(*a, **k): evidence_outbox.put(pickle.dumps(P()))
            import descentlab, verdicts; descentlab.check = verdicts.check = check
        """)
        ),
    ),
    Attack("the cells and seeds that come later", (_scan('"seed":876543210', "9876543"), RIGHT, CHECK)),
    Attack(
        "source and locals of the check",
        (
            PRELUDE + "if 'seed' in globals(): breach('seed')",
            CHECK,
        ),
        score="wrong",
    ),
    Attack("hidden lines in a traceback", (WRONG, "raise SystemError", CHECK), score="wrong"),
    Attack(
        "the reference's source",
        (
            PRELUDE
            + cell("""
            import inspect, linecache, pkgutil, importlib.util
            import descentlab, verdicts.courses as c
            for name in ('descentlab.rules', 'descentlab.rule_diagnosis', 'verdicts.diagnosis',
                         'verdicts.comparing', 'verdicts.judging'):
                for found in pkgutil.iter_modules([os.path.dirname(importlib.util.find_spec(name).origin)]):
                    source = inspect.getsource(importlib.import_module(name + '.' + found.name))
                    if found.name != 'inputs' and 'stand_ins' not in source:
                        breach(found.name)
        """),
        ),
    ),
    NotCovered(
        "probe bits in scores, timing, lengths, colors",
        "a submission can tell its own reader what its own probes were; no other submission meets them",
    ),
    Attack(
        "cells that come later",
        (_scan("a sentence of a cell ", "that comes later"), "'a sentence of a cell that comes later'"),
    ),
    NotCovered(
        "numbers expected at the graded probes",
        "by design the verdict shows one of them: probes of a graded notebook are drawn for it alone",
    ),
)
