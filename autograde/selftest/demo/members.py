"""The members of the demo class: this file is data.

A member starts from the teacher's complete notebook. `cells` replaces the sources of cells by their grade_id
(None deletes one), `first` puts cells before everything else, `file` is a whole file instead of a notebook;
`untouched` hands in the release as it was given out.
`expect` says what it must get: "full" or "less" points of its checks, "none" of them, or a status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent


@dataclass(frozen=True)
class DemoMember:
    """One student of the demo class."""

    name: str
    expect: str
    cells: Mapping[str, str | None] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    file: str | None = None
    untouched: bool = False
    honest: bool = True


ADAM_HEAD = """\
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
"""
SGD_HEAD = """\
class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
"""


def adam(body: str) -> dict[str, str]:
    """The Adam cell with this body of `update`."""
    return {"adam-class": ADAM_HEAD + indent(dedent(body).strip("\n"), " " * 8)}


def sgd(body: str) -> dict[str, str]:
    """The SGD cell with this body of `update`."""
    return {"sgd-class": SGD_HEAD + indent(dedent(body).strip("\n"), " " * 8)}


ADAM = """
    self.t += 1
    for k, g in grads.items():
        self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
        m_hat = self.m[k] / (1 - self.beta1**self.t)
        v_hat = self.v[k] / (1 - self.beta2**self.t)
        params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
"""


def slip(old: str, new: str, *more: tuple[str, str]) -> dict[str, str]:
    """Adam with something written differently."""
    body = ADAM
    for wrong, instead in [(old, new), *more]:
        if wrong not in body:
            raise ValueError(f"{wrong!r} is not in the demo's Adam")
        body = body.replace(wrong, instead)
    return adam(body)


MEMBERS = (
    # right, in several styles
    DemoMember("Right as in the lesson", "full"),
    DemoMember(
        "Right with incremental averages",
        "full",
        adam("""
            self.t += 1
            for key in sorted(params):
                g = grads[key]
                m, v = self.m.setdefault(key, 0 * g), self.v.setdefault(key, 0 * g)
                m = m + (1 - self.beta1) * (g - m)
                v = v + (1 - self.beta2) * (g * g - v)
                self.m[key], self.v[key] = m, v
                step = (m / (1 - self.beta1**self.t)) / ((v / (1 - self.beta2**self.t)) ** 0.5 + self.eps)
                params[key] = params[key] - self.lr * step
        """)
        | sgd("""
            for key in params:
                params[key] = params[key] - self.lr * grads[key]
        """),
    ),
    DemoMember(
        "Right with powers kept by multiplication",
        "full",
        {
            "adam-class": dedent("""
                class Adam:
                    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
                        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
                        self.left1 = self.left2 = 1.0
                        self.m = self.v = None

                    def update(self, params, grads):
                        if self.m is None:
                            self.m = {k: np.zeros_like(p) for k, p in params.items()}
                            self.v = {k: np.zeros_like(p) for k, p in params.items()}
                        self.left1 *= self.beta1
                        self.left2 *= self.beta2
                        for k in grads:
                            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
                            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * np.square(grads[k])
                            size = np.sqrt(self.v[k] / (1 - self.left2)) + self.eps
                            params[k] -= self.lr * self.m[k] / (1 - self.left1) / size
            """).strip()
        },
    ),
    DemoMember(
        "Right and talkative",
        "full",
        slip(
            "self.t += 1\n", "self.t += 1\n    print(self.t)\n    import warnings; warnings.warn('a step')\n"
        )
        | sgd("""
            print("updating", sorted(params))
            for k in params:
                params[k] -= self.lr * grads[k]
        """),
    ),
    # partly right
    DemoMember(
        "Epsilon inside the root", "less", slip("(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat + self.eps)")
    ),
    DemoMember(
        "Damages the gradients",
        "less",
        slip("+ self.eps)\n", "+ self.eps)\n        g *= 0\n")
        | sgd("""
            for k in params:
                grads[k] *= self.lr
                params[k] -= grads[k]
        """),
    ),
    # mistakes that real authors made
    DemoMember(
        "Forgets the bias correction",
        "less",
        slip("/ (1 - self.beta1**self.t)", "", ("/ (1 - self.beta2**self.t)", "")),
    ),
    DemoMember("Corrects only the first average", "less", slip("/ (1 - self.beta2**self.t)", "")),
    DemoMember(
        "Ticks once for every array",
        "less",
        slip("self.t += 1", "pass", ("grads.items():\n", "grads.items():\n        self.t += 1\n")),
    ),
    DemoMember("Time stands still", "less", slip("self.t += 1", "self.t = 1")),
    DemoMember(
        "Swaps the two decays",
        "less",
        slip("self.beta1", "self.BETA2", ("self.beta2", "self.beta1"), ("self.BETA2", "self.beta2")),
    ),
    DemoMember(
        "Forgets the power in the correction", "less", slip("(1 - self.beta1**self.t)", "(1 - self.beta1)")
    ),
    DemoMember("Averages g instead of its square", "less", slip("g**2", "g")),
    DemoMember("Forgets the root", "less", slip("np.sqrt(v_hat)", "v_hat")),
    DemoMember(
        "Climbs instead of descending",
        "less",
        slip("params[k] -=", "params[k] +=") | sgd("for k in params:\n    params[k] += self.lr * grads[k]"),
    ),
    DemoMember("Stores the corrected average", "less", slip("m_hat =", "m_hat = self.m[k] =")),
    DemoMember(
        "Forgets everything between calls",
        "less",
        slip("self.t += 1", "self.t, self.m, self.v = self.t + 1, {}, {}"),
    ),
    DemoMember(
        "One memory for all arrays",
        "less",
        slip(
            "self.m[k] = self.beta1 * self.m.get(k, 0.0)",
            "self.m[k] = self.m[0] = self.beta1 * self.m.get(0, 0.0)",
        ),
    ),
    DemoMember(
        "Returns after the first array",
        "less",
        slip("+ self.eps)\n", "+ self.eps)\n        return\n")
        | sgd("for k in params:\n    params[k] -= self.lr * grads[k]\n    return"),
    ),
    DemoMember(
        "Changes a copy",
        "less",
        slip("params[k] -=", "p = params[k].copy(); p -=")
        | sgd("for k in params:\n    p = params[k]\n    p = p - self.lr * grads[k]"),
    ),
    DemoMember(
        "Forgets the learning rate",
        "less",
        slip("self.lr * m_hat", "m_hat") | sgd("for k in params:\n    params[k] -= grads[k]"),
    ),
    # nothing to judge
    DemoMember("Empty stubs", "none", untouched=True),
    DemoMember(
        "Syntax error", "none", adam("for k in params\n    pass") | sgd("params[k] -= self.lr * grads[k")
    ),
    DemoMember(
        "Not a notebook", "needs-review", file='{"cells": [ {"cell_type": "code", "sour', honest=False
    ),
    # cells that are not the student's to change
    DemoMember(
        "Deleted the checks", "full", {"check-adam-update": None, "check-sgd-update": None}, honest=False
    ),
    DemoMember(
        "Raised the points of the checks",
        "none",
        {
            "check-adam-update": 'check("adam/update", Adam, points=500)\n500.0',
            "check-sgd-update": 'check("sgd/update", SGD, points=500)\n500.0',
            **adam("pass"),
            **sgd("pass"),
        },
        honest=False,
    ),
    # hostile
    DemoMember("Endless loop", "full", first=("while True:\n    pass",), honest=False),
    DemoMember("25 GB of memory", "full", first=("import numpy\nnumpy.ones(25 * 10**9 // 8)",), honest=False),
    DemoMember("Fork bomb", "none", first=("import os\nwhile True:\n    os.fork()",), honest=False),
    DemoMember(
        "Writes into the gradebook",
        "none",
        adam("pass") | sgd("pass"),
        first=(
            dedent("""
                import glob, sqlite3

                for up in range(8):
                    for path in glob.glob("../" * up + "gradebook.db"):
                        with sqlite3.connect(path) as gradebook:
                            gradebook.execute("update grade set manual_score = 5.0")
            """).strip(),
        ),
        honest=False,
    ),
    DemoMember(
        "Reads the solutions",
        "none",
        {
            "adam-class": dedent("""
                from pathlib import Path

                up = ["../" * steps or "." for steps in range(8)]
                found = [path for folder in up for path in Path(folder).glob("solutions/*/adam.md")]
                exec(found[0].read_text())
            """).strip(),
            "sgd-class": "from descentlab.rules import SGD",
        },
        honest=False,
    ),
    DemoMember(
        "Forges a score",
        "none",
        adam("pass") | sgd("pass"),
        first=(
            dedent("""
                import verdicts.notebook.check_cell

                def check(name, answer, points=1.0):
                    print(f"{name}: {points} of {points} points (6 of 6 criteria)")
                    return float(points)

                verdicts.notebook.check_cell.check = descentlab.check = check
            """).strip(),
        ),
        honest=False,
    ),
)
