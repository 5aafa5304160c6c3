"""What an attack is: its name, which says what it tries, and how success would be seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

RIGHT = """\
class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
"""
WRONG = RIGHT.replace("-=", "+=")
LEFT_OUT = "left out"  # the status of a submission whose folder's name can be no student's id
CHECK = 'from descentlab import check\ncheck("sgd/update", SGD, points=5)'
# Cells say BREACH where they got what they must not get.
PRELUDE = """\
import os, sys, time
def breach(what):
    print("BREACH:", what)
def refused(what, attempt, *arguments, **named):
    try:
        found = attempt(*arguments, **named)
    except Exception:
        return
    breach(f"{what}: {found!r}"[:200])
"""


def cell(source: str) -> str:
    """A cell's source, written indented in a file of attacks."""
    return dedent(source).strip("\n")


# The grader's end of the line is `s`. Descriptors are found by number: /proc may be closed.
CONNECTION = cell("""
    import json, os, socket, stat, struct, time
    for n in range(3, 256):
        try: found = os.fstat(n)
        except OSError: continue
        if stat.S_ISSOCK(found.st_mode):
            found = socket.socket(fileno=os.dup(n))
            if struct.unpack('iii', found.getsockopt(1, socket.SO_PEERCRED, 12))[0] != os.getpid():
                s = found  # not the event loop's own
                s.setblocking(True)
""")


@dataclass(frozen=True)
class Attack:
    """Cells run in a box. Success would be seen as: the word BREACH in what they or the next submission
    print, more points than `score` allows, a flag other than `flags`, time beyond the limits, or an honest
    submission that no longer gives exactly what it gave before.

    Args:
        score: None without a check; "wrong" where the answer deserves nothing; "right" where it stays right.
        flags: the run's flags must be among these, and at least one of them where `stopped`.
        then: cells of the next submission, which looks for what was left.
        settings: of `Limits`, other than the suite's.
        from_tier: the weakest tier that promises to hold it.
    """

    name: str
    cells: tuple[str, ...]
    score: str | None = None
    flags: frozenset[str] = frozenset()
    stopped: bool = False
    then: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    from_tier: int = 0


@dataclass(frozen=True)
class AttackTrial:
    """Something handed to the trusted side: `holds` returns what went wrong, or None."""

    name: str
    holds: Callable[[], str | None]


@dataclass(frozen=True)
class AttackSubmission:
    """Files handed in among a class. Success would be seen as another status, more points than `score`, or a
    classmate's grade that changes.

    Args:
        make: writes the submission into a folder, given the honest notebook's path.
        status: what the result must say; `score` the most points it may get.
    """

    name: str
    make: Callable[[Path, Path], None]
    status: str = "needs-review"
    score: float = 0.0
    flags: frozenset[str] = frozenset()
    student: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """Held by the project's own tests, which need more than a user's machine has: the test that does."""

    name: str
    test: str


@dataclass(frozen=True)
class NotCovered:
    """Not tried, with the reason."""

    name: str
    reason: str


AnyAttack = Attack | AttackTrial | AttackSubmission | Elsewhere | NotCovered
