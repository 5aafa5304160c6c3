"""How long a verdict takes, right answers and wrong ones.

    python benchmarks/diagnosis.py

Prints figures; decides nothing.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from student_answers import PASSED, answers
from support import CATALOGUE

from verdicts.judging import judge
from verdicts.recorders import record

# Seconds that a verdict may take: on a right answer, and in the median and at most on a wrong one.
RIGHT_TIME, MEDIAN, LARGEST = 0.02, 0.3, 1.0
RULES = [one for one in answers().values() if one.check.endswith("/update")]
RIGHT = [(one.check, one.make()) for one in RULES if one.expect == PASSED]
WRONG = [(one.check, one.make()) for one in RULES if one.expect != PASSED]
WRONG += [(entry.check, entry.make()) for entry in CATALOGUE.all_mistakes if not entry.edits]


def judging_time(check: str, answer: object, seed: int = 0) -> float:
    """Seconds of this process: what else the machine does counts for nothing."""
    evidence = record(check, answer, seed)
    start = time.process_time()
    judge(check, evidence, seed)
    return time.process_time() - start


def row(name: str, times: list[float], median: float, largest: float) -> None:
    """The times beside what is wished."""
    print(
        f"{name:34s} median {statistics.median(times):7.4f} s (wished {median:g})   "
        f"largest {max(times):7.4f} s (wished {largest:g})   {len(times)} answers"
    )


class Nonsense:
    """Wrong in a way that no edit explains: the longest search."""

    def __init__(self, lr: float, **hyper: float):
        self.lr, self.calls = lr, 0

    def update(self, params, grads):
        self.calls += 1
        for key, g in grads.items():
            params[key] -= self.lr * g / (1 + abs(g) ** 0.7) * (1 + self.calls % 3)


def latency() -> None:
    judging_time(*RIGHT[0])
    row("right answers", [judging_time(check, answer) for check, answer in RIGHT], RIGHT_TIME, RIGHT_TIME)
    checks = sorted({check for check, _ in RIGHT})
    cold = [judging_time(check, Nonsense) for check in checks]
    row("no name to be found, first time", cold, MEDIAN, LARGEST)
    again = [judging_time(check, Nonsense) for check in checks]
    row("no name to be found, later", again, MEDIAN, LARGEST)
    row("wrong answers", [judging_time(check, answer) for check, answer in WRONG], MEDIAN, LARGEST)


if __name__ == "__main__":
    latency()
