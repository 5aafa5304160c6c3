"""A term of a large class: what report, export and feedback take.

python benchmarks/term.py demo --students 1000 --assignments 8      (demo: what `autograde demo` has made)

Each line has the seconds by the clock, the processor's, and the latter as a ratio to what nbconvert's own
HTML exporter takes for the same notebooks in the same run.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from large_course import NOTEBOOK, ORIGIN, class_asked_for, make_large

SAMPLE = 20  # notebooks that nbconvert makes pages of


def processor_seconds() -> float:
    """What this process's children have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(what: str, stock: float, *words: str) -> None:
    """Run a command of the course's and print what it took; `stock` is what the ratio is to, in seconds."""
    began, used = time.perf_counter(), processor_seconds()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("autograde")), *words], capture_output=True, text=True
    )
    clock, processor = time.perf_counter() - began, processor_seconds() - used
    print(
        f"{what:32s} {clock:7.2f} s  {processor:7.2f} s of the processor  {processor / stock:6.3f} x"
        f"  exit {done.returncode}",
        flush=True,
    )
    if done.returncode not in (0, 1):
        print(done.stderr)


def stock_seconds(course: Path) -> tuple[int, float]:
    """How many pages there are, and the processor's seconds in which nbconvert makes as many, of a sample."""
    from nbconvert import HTMLExporter

    notebooks = sorted(course.glob(f"autograded/*/{ORIGIN}/{NOTEBOOK}.ipynb"))
    exporter = HTMLExporter()
    exporter.from_filename(str(notebooks[0]))  # what is loaded at the first use
    began = time.process_time()
    for path in notebooks[1 : SAMPLE + 1]:
        exporter.from_filename(str(path))
    return len(notebooks), (time.process_time() - began) / SAMPLE * len(notebooks)


def main() -> None:
    """Print the seconds of each command."""
    asked = class_asked_for(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="autograde-term-") as scratch:
        course = make_large(asked, scratch)
        where = ("--course-dir", str(course))
        count, stock = stock_seconds(course)
        print(f"nbconvert's own HTML of {count} pages: {stock:.1f} s of the processor, the 1 of the ratios")
        timed("start of a command", stock, "report", "--help")
        timed("report of one assignment", stock, "report", ORIGIN, *where)
        timed("report of the term", stock, "report", *where)
        timed("export csv of one assignment", stock, "export", ORIGIN, *where, "--out", f"{scratch}/one.csv")
        timed("export csv of all", stock, "export", *where, "--out", f"{scratch}/all.csv")
        timed("feedback, every page new", stock, "feedback", ORIGIN, *where)
        timed("feedback, nothing new", stock, "feedback", ORIGIN, *where)


if __name__ == "__main__":
    main()
