"""How long a verdict takes, and whether it is the same whatever the seed.

    python benchmarks/diagnosis.py                    latency of right and wrong answers
    python benchmarks/diagnosis.py --right 1000    right answers pass at that many seeds
    python benchmarks/diagnosis.py --wrong 100        wrong answers have one name at that many seeds;
                                                      --check update: of the checks with that word alone

Prints figures; decides nothing.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "benchmarks" / "blind"), str(ROOT / "tests" / "checks")]

from blind_collection import HERE, blind_set  # noqa: E402
from right_answers import RIGHT_ANSWERS  # noqa: E402

from descentlab.checks import record  # noqa: E402
from descentlab.exercises.answers.catalogue import catalogue  # noqa: E402
from descentlab.judging import judge, run  # noqa: E402

# Seconds that a verdict may take: on a right answer, and in the median and at most on a wrong one.
RIGHT_TIME, MEDIAN, LARGEST = 0.02, 0.3, 1.0
RIGHT = [(check, answer) for check, answers in RIGHT_ANSWERS.items() for answer in answers]


def wrong() -> list[tuple[str, str, object]]:
    """Name, check and answer of every wrong rule at hand."""
    known = [(entry.id, entry.check, entry.make()) for entry in catalogue() if not entry.edits]
    return known + [(blind.name, blind.check, blind.answer) for blind in blind_set(HERE / "first")]


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
    cold = [judging_time(check, Nonsense) for check in RIGHT_ANSWERS]
    row("no name to be found, first time", cold, MEDIAN, LARGEST)
    again = [judging_time(check, Nonsense) for check in RIGHT_ANSWERS]
    row("no name to be found, later", again, MEDIAN, LARGEST)
    row("wrong answers", [judging_time(check, answer) for _, check, answer in wrong()], MEDIAN, LARGEST)


def variants_at(seed: int) -> list[str]:
    return [
        f"{answer.__name__} at seed {seed}" for check, answer in RIGHT if not run(check, answer, seed).passed
    ]


def names_at(seed: int, word: str) -> list[tuple[str, str | None]]:
    return [(name, run(check, answer, seed).mistake) for name, check, answer in wrong() if word in check]


def right_answers_pass(seeds: range, jobs: int) -> None:
    with ProcessPoolExecutor(jobs) as pool:
        failed = [name for names in pool.map(variants_at, seeds, chunksize=10) for name in names]
    print(f"right answers: {len(RIGHT)} at seeds {seeds}, {len(failed)} not accepted", *failed[:10])


def names_stay(seeds: range, word: str, jobs: int) -> None:
    said: dict[str, Counter] = {}
    with ProcessPoolExecutor(jobs) as pool:
        for names in pool.map(partial(names_at, word=word), seeds):
            for name, id in names:
                said.setdefault(name, Counter())[id] += 1
    moving = {name: counts for name, counts in said.items() if len(counts) > 1}
    print(f"wrong answers: {len(said)} at seeds {seeds}, {len(moving)} with more than one name")
    for name, counts in moving.items():
        print(f"  {name}: {dict(counts.most_common())}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--right", type=int, default=0, help="seeds for the right answers")
    parser.add_argument("--wrong", type=int, default=0, help="seeds for the wrong answers")
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--check", default="", help="wrong answers to checks with this in their name alone")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.right:
        right_answers_pass(range(arguments.first, arguments.first + arguments.right), arguments.jobs)
    if arguments.wrong:
        seeds = range(arguments.first, arguments.first + arguments.wrong)
        names_stay(seeds, arguments.check, arguments.jobs)
    if not arguments.right and not arguments.wrong:
        latency()


if __name__ == "__main__":
    main()
