"""One word, one meaning: prints the names of modules and of public classes that stand for two things."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Each lesson's files, which are found by their names; and commands, each named as the room that it starts.
SAME = (
    "exercises/*/checks.py",
    "exercises/*/withheld/reference.py",
    "autograde/commands/*.py",
    "__init__.py",
)
CLASS = re.compile(r"[A-Z]\w*[a-z]\w*")


def names_in(file: Path) -> Iterator[str]:
    """Yield a module's name, and those of its public classes and of types by another name."""
    if not any(map(file.match, SAME)):
        yield f"module {file.stem}"
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node]
        names = (getattr(one, "name", getattr(one, "id", "")) for one in targets)
        yield from (f"class {name}" for name in names if CLASS.fullmatch(name))


def main() -> int:
    """Print each name that occurs twice with its files; 1 if there is one."""
    where = defaultdict(list)
    for file in sorted(file for top in ("src", "autograde") for file in (ROOT / top).rglob("*.py")):
        for name in names_in(file):
            where[name].append(file.relative_to(ROOT).as_posix())
    twice = [f"{name}: {', '.join(files)}" for name, files in where.items() if len(files) > 1]
    print("\n".join(twice), end="\n" * bool(twice))
    return bool(twice)


if __name__ == "__main__":
    sys.exit(main())
