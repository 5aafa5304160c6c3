"""`python -m autograde.lessons`: rebuilds every notebook of the course in the current folder."""

import argparse
import sys
from pathlib import Path

from autograde.assignments.settings import LessonError
from autograde.lessons.build import build, drift, lesson_texts
from autograde.lessons.words import LIMIT, words_to_read
from descentlab.sentences import say


def main() -> int:
    """Returns 0 (done, or nothing has drifted), 1 (drift found) or 2 (cannot be built)."""
    parser = argparse.ArgumentParser(prog="python -m autograde.lessons", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what has drifted")
    parser.add_argument("--words", action="store_true", help="write nothing; count what a reader reads")
    parser.add_argument("--force", action="store_true", help="overwrite notebooks that were edited by hand")
    options = parser.parse_args()
    course = Path.cwd()
    if not lesson_texts(course):
        none = say(
            "no lesson (solutions/NN-rule/rule.md) in {folder}: run this at the course root", folder=course
        )
        print(none, file=sys.stderr)
        return 2
    if options.words:
        print("\n".join(_counted(text) for text in lesson_texts(course)))
        return 0
    try:
        if options.check:
            drifted = drift(course)
            print("\n".join(drifted) or say("no drift"))
            return int(bool(drifted))
        for path in build(course, force=options.force):
            print(say("wrote {file}", file=path.relative_to(course)))
    except LessonError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def _counted(text: Path) -> str:
    words = words_to_read(text.read_text(encoding="utf-8"))
    return say(
        "{lesson}: {words} of at most {limit} words", lesson=text.parent.name, words=words, limit=LIMIT
    )


if __name__ == "__main__":
    sys.exit(main())
