"""A. Forging the verdict: the process says whatever it likes; it decides nothing."""

import inspect
import math

import numpy as np

from autograde.selftest.hostile.attack import (
    CHECK,
    CONNECTION,
    PRELUDE,
    RIGHT,
    WRONG,
    AnyAttack,
    Attack,
    AttackTrial,
    Elsewhere,
    cell,
)

SEED = 20_260_101  # a seed other than that of any run: its evidence stands for a classmate's


def _scan(first: str, second: str) -> str:
    """A cell that looks for a text in its own memory without holding it in one piece."""
    return (
        PRELUDE
        + f"""
first, second = {first!r}.encode(), {second!r}.encode()
for line in open('/proc/self/maps'):
    span, mode, *rest = line.split()
    if not mode.startswith('rw') or (rest and rest[-1] in ('[vvar]', '[vsyscall]')):
        continue
    low, high = (int(end, 16) for end in span.split('-'))
    with open('/proc/self/mem', 'rb', buffering=0) as memory:
        while low < high:
            try:
                memory.seek(low); block = memory.read(min(high - low, 2**24))
            except OSError:
                break
            if not block:
                break
            at = block.find(first)
            while at >= 0:
                if block[at + len(first):].startswith(second):
                    breach('found in memory')
                at = block.find(first, at + 1)
            low += len(block)
"""
    )


def _canary() -> tuple[str, str]:
    """A sentence that stands in the judge's source and nowhere that a box may read."""
    from verdicts import judging

    text = inspect.getdoc(judging) or ""
    return text[:30], text[30:60]


def _replayed(check: str = "sgd/update") -> str:
    """A cell that hands over evidence recorded elsewhere for another seed."""
    from verdicts.recorders import record

    class SGD:
        def __init__(self, lr=0.01):
            self.lr = lr

        def update(self, params, grads):
            for k in params:
                params[k] -= self.lr * grads[k]

    evidence = record(check, SGD, SEED)
    return f"from verdicts.recording import evidence_outbox\nevidence_outbox.put({evidence!r})"


def _wrong(*before: str) -> tuple[str, ...]:
    return (*before, WRONG, CHECK)


def _update(body: str) -> str:
    """A class whose update does `body` for each key."""
    return (
        "import numpy as np\nclass SGD:\n    seen = {}\n    def __init__(self, lr=0.01):\n        self.lr = lr\n"
        f"    def update(self, params, grads):\n        for k in list(params):\n            {body}\n"
    )


ODD_RESULTS = [
    "np.nan * params[k]", "np.inf + params[k]", "-0.0 * params[k]", "params[k] + 0j", "params[k].astype(object)",
    "np.asarray(params[k], dtype=np.longdouble) * 3", "10**400", "np.ma.masked_all(np.shape(params[k]))",
    "np.float32(params[k]) * 1.5", "'1.0'", "None", "np.zeros(np.shape(params[k]), dtype='V8')",
]  # fmt: skip
ODD_SHAPES = ["np.float64(0)", "np.zeros((1,) + np.shape(params[k]))", "np.zeros(0)", "np.zeros((1, 1, 7))"]
LIVE = [
    "(x for x in [1.0])",
    "type('A', (), {'__array__': lambda s, *a, **b: (_ for _ in ()).throw(KeyError('x'))})()",
    "type('L', (), {'__len__': lambda s: 10**9, '__getitem__': lambda s, i: 1.0})()",
    "np.memmap('/tmp/m', np.float64, 'w+', shape=(8,))",
]


def _judged(value: str) -> str:
    return _update(f"params[k] = {value}")


def _bad_numbers() -> str | None:
    """The judge itself, given numbers that are none."""
    from verdicts import judging

    for value in (math.nan, math.inf, -math.inf, 1e308, 5e-324):

        class SGD:
            def __init__(self, lr=0.01):
                self.lr = lr

            def update(self, params, grads, value=value):
                for k in params:
                    params[k] = np.full(np.shape(params[k]), value)

        fraction = judging.run("sgd/update", SGD, 7).fraction
        if not (math.isfinite(fraction) and fraction < 0.5):
            return f"an answer of {value} got the fraction {fraction}"
    return None


ALWAYS_EQUAL = """
import numpy as np
class Close(np.ndarray):
    def __eq__(self, other): return True
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
class F(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return F(0)
    __rsub__ = __sub__
    def __abs__(self): return 0.0
"""

ATTACKS: tuple[AnyAttack, ...] = (
    Attack("no traceback is shown", _wrong("get_ipython().showtraceback = lambda *a, **k: None"), "wrong"),
    Attack(
        "the process ends itself after an honest check",
        (RIGHT, CHECK, "import os; os._exit(0)", CHECK),
        "right",
        frozenset({"died"}),
        stopped=True,
    ),
    *(
        Attack(f"objects that equal everything ({value[:9]})", (ALWAYS_EQUAL, _judged(value), CHECK), "wrong")
        for value in ("np.zeros(np.shape(params[k])).view(Close)", "F(0)")
    ),
    Attack(
        "comparisons are replaced",
        _wrong(
            cell("""
            import numpy as np, math
            for m, n in [(np, 'allclose'), (np, 'isclose'), (np, 'array_equal'), (math, 'isclose'),
                         (np.testing, 'assert_allclose')]:
                setattr(m, n, lambda *a, **k: True)
        """)
        ),
        "wrong",
    ),
    Attack(
        "record is replaced",
        _wrong(
            cell("""
            import sys, descentlab, verdicts.recorders as r, verdicts.notebook.check_cell as c
            r.record = c.record = lambda *a, **k: b'{"state": "answered", "runs": []}'
            sys.modules['verdicts.recording.run_student'] = None
        """)
        ),
        "wrong",
    ),
    Attack(
        "evidence written by hand",
        (
            (
                cell("""
            from verdicts.recording import evidence_outbox
            evidence_outbox.put(b'{"check":"sgd/update","state":"answered","fraction":1.0,"runs":[]}')
        """)
                + "\n"
            )
            + CHECK,
        ),
        "wrong",
    ),
    Attack(
        "a second bundle after a wrong one",
        (
            WRONG,
            "right = None",
            CHECK + "\n" + RIGHT + CHECK,
        ),
        "wrong",
    ),
    Attack("evidence of another check", (WRONG, _replayed("momentum/update") + "\n" + CHECK), "wrong"),
    Attack("evidence of another run", (WRONG, _replayed() + "\n" + CHECK), "wrong"),
    Attack(
        "answers remembered for the public probes",
        (
            RIGHT.replace("SGD", "Mine"),
            (
                cell("""
            from descentlab.rule_check.definition import rule_probes
            import numpy as np
            known = {}
        """)
                + "\n"
            )
            + _update("params[k] = known.get(np.asarray(params[k]).tobytes(), params[k])"),
            CHECK,
        ),
        "wrong",
    ),
    Attack(
        "the reference is called instead of written",
        (
            PRELUDE
            + cell("""
            import importlib
            for m in ['torch', 'tensorflow', 'autograde']:
                refused(m, lambda: importlib.import_module(m).__file__)
            for m, name in [('descentlab.rules', 'SGD'), ('descentlab.rule_diagnosis.edits', 'HINTS'),
                            ('descentlab.rule_diagnosis.comparison', 'rule_runs'),
                            ('verdicts.judging.examiners', 'reference_runs')]:
                refused(m, lambda: getattr(importlib.import_module(m), name)())
        """),
            "from descentlab.rules import SGD",
            CHECK,
        ),
        "wrong",
    ),
    Attack("the judge's text is looked for in memory", (_scan(*_canary()),)),
    Attack(
        "behaves otherwise when graded",
        (
            cell("""
            from verdicts.recording import evidence_outbox
            graded = evidence_outbox.is_grading()
        """),
            _update("params[k] = params[k] + (0.0 if graded else self.lr) * grads[k]"),
            CHECK,
        ),
        "wrong",
    ),
    Attack(
        "right on one shape of probe only",
        (
            _update("params[k] = params[k] - self.lr * grads[k] * (np.ndim(params[k]) == 2)"),
            CHECK,
        ),
        "wrong",
    ),
    Attack(
        "constants for probes seen before",
        (
            _update("params[k] = np.full(np.shape(params[k]), 0.25)"),
            CHECK,
        ),
        "wrong",
    ),
    *(Attack(f"an odd result: {value}", (_judged(value), CHECK), "wrong") for value in ODD_RESULTS),
    AttackTrial("numbers that are none, given to the judge", _bad_numbers),
    *(Attack(f"a shape that broadcasts: {value}", (_judged(value), CHECK), "wrong") for value in ODD_SHAPES),
    *(Attack(f"a live object: {value[:24]}", (_judged(value), CHECK), "wrong") for value in LIVE),
    Attack(
        "one buffer for every step, probes changed in place",
        (
            _update("self.seen.setdefault(k, np.array(params[k])); grads[k] *= 0; params[k] = self.seen[k]"),
            CHECK,
        ),
        "wrong",
    ),
    Elsewhere(
        "fishing for the tolerance",
        "tests/checks/test_right_and_wrong.py::test_a_constant_off_by_a_millionth_is_seen",
    ),
    Attack(
        "earlier evidence is handed over again later",
        (
            WRONG,
            CHECK,
            (
                cell("""
            from verdicts.recording import evidence_outbox
            evidence_outbox.arm(1)
        """)
                + "\n"
            )
            + RIGHT
            + CHECK,
        ),
        "wrong",
    ),
    Attack(
        "text that looks like our verdict",
        (
            WRONG,
            "print('sgd/update: 5 of 5 points (all criteria passed)')",
            CHECK,
        ),
        "wrong",
    ),
    Attack(
        "a child answers after its parent has ended",
        (
            WRONG,
            CONNECTION
            + "\n"
            + cell("""
            if os.fork() == 0:
                os.setsid()
                text = json.dumps({'outputs': [], 'earlier': {}, 'execution_count': 1, 'evidence': True,
                                   'cut': False}).encode()
                time.sleep(0.001)
                for i in range(99):
                    s.sendall(struct.pack('>II', len(text), 2) + text + b'{}')
            os._exit(0)
        """),
            CHECK,
        ),
        "wrong",
        frozenset({"died", "odd-reply"}),
    ),
    Attack(
        "a rule that a check runs, in place of one's own",
        (
            cell("""
            from descentlab.exercises.sgd.checks import Fading
            class SGD(Fading):
                def __init__(self, lr=0.01):
                    super().__init__(lr, 1.0)
        """),
            CHECK,
        ),
        "wrong",
    ),
    Attack(
        "the class behind a rule that is given for pictures",
        ("from descentlab import earlier\nclass SGD(earlier('SGD')[0].__mro__[1]): pass", CHECK),
        "wrong",
    ),
    Attack(
        "problems drawn with the generator of their own check",
        (
            PRELUDE
            + cell("""
            from verdicts.courses import find
            for name in ['momentum/read-off', 'rmsprop/faults']:
                refused(name, lambda: list(find(name).draw(1)))
        """),
        ),
    ),
    Attack(
        "formulas in docstrings and data",
        (
            PRELUDE
            + cell("""
            import glob, descentlab, verdicts
            paths = [*descentlab.__path__, *verdicts.__path__]
            for path in [one for top in paths for one in glob.glob(top + '/**/*', recursive=True)]:
                if path.endswith(('.py', '.md', '.json')) and '←' in open(path, encoding='utf-8').read():
                    breach(path)
        """),
        ),
    ),
)
