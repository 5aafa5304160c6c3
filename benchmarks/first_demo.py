"""`python benchmarks/first_demo.py`: how long a person waits for the demo's table, in a fresh clone.

Clones this repository's last commit into a temporary folder and types `make demo` twice: the first makes the
environment, installs, grades and writes the feedback; the second finds everything done.
"""

import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def seconds(clone: Path) -> float:
    """Of one `make demo`, by the clock."""
    begun = time.monotonic()
    subprocess.run(["make", "demo"], cwd=clone, check=True)
    return time.monotonic() - begun


def main() -> None:
    """Print both, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first, second = seconds(clone), seconds(clone)
    print(f"first `make demo`, from nothing: {first:.0f} s")
    print(f"second: {second:.1f} s, {first / second:.0f} times as fast")


if __name__ == "__main__":
    main()
