"""Writes descentlab.pot, the templates of every sentence that people read: `make sentences`.

Those in the code are collected by Babel; those in tables of data are taken from the tables themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from typer.main import get_command

from autograde.cli import app
from autograde.commands import help_texts
from descentlab.checks.recording.probes import function_probes, rule_probes
from descentlab.checks.spec import FunctionCheck, RuleCheck
from descentlab.derivations import all_derivations
from descentlab.diagnosis import edits
from descentlab.diagnosis.errors import IN_FUNCTIONS, KNOWN
from descentlab.diagnosis.rewriting import Row
from descentlab.exercises import all_checks
from descentlab.exercises.catalogue import catalogue as mistakes
from descentlab.hints import all_hints
from descentlab_variants.table import VARIANTS

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = dict.fromkeys(("say", "tell", "warn", "template", "Phrase"))
KEYWORDS |= dict.fromkeys(("say_count", "tell_count"), (1, 2))
# Calls of several templates, and their places: each is collected by itself.
OF_SEVERAL = {"fact_of": (1, 2), "explanation_of": (2, 3, 4)}
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]


def templates() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """Where each template stands, and the template; of what is counted, for one thing and for many."""
    for folder in ("src", "autograde"):
        yield from _extracted(folder, KEYWORDS)
    for function, places in OF_SEVERAL.items():
        for place in places:
            yield from _extracted("src/descentlab/diagnosis", {function: (place,)})
    yield from _in_mistakes()
    yield from _in_checks()
    yield from _in_lessons()
    yield from _in_diagnosis()
    yield from ((f"autograde {owner.name}", text) for owner, _, text in help_texts(get_command(app)))
    yield from (("descentlab_variants/table.py", variant.sentence) for variant in VARIANTS)


def _extracted(folder: str, keywords: dict[str, tuple[int, ...] | None]) -> Iterator[tuple[str, Any]]:
    for file, line, message, _, _ in extract_from_dir(ROOT / folder, METHODS, keywords=keywords):
        yield f"{folder}/{file}:{line}", message


def _in_mistakes() -> Iterator[tuple[str, str]]:
    for entry in mistakes():
        texts = (entry.what, entry.why, entry.symptom, entry.hint, entry.cause, entry.section)
        yield from ((entry.id, text) for text in texts if text)


def _in_lessons() -> Iterator[tuple[str, str]]:
    yield from ((f"hint of {name}", text) for name, hints in all_hints().items() for text in hints)
    yield from ((f"derivation of {name}", text) for name, text in all_derivations().items())


def _in_diagnosis() -> Iterator[tuple[str, str]]:
    for table in vars(edits).values():
        for row in table if isinstance(table, tuple) else ():
            if isinstance(row, Row):
                yield "diagnosis/edits.py", row.words
    yield from (("diagnosis/edits.py", hint.words) for hints in edits.HINTS.values() for hint in hints)
    for *_, meaning, hint in KNOWN:
        yield from (("diagnosis/errors.py", text) for text in (meaning, hint))
    yield from (("diagnosis/errors.py", text) for text in IN_FUNCTIONS.values())


def _in_checks() -> Iterator[tuple[str, str]]:
    for check in all_checks().values():
        names = [check.section, *(criterion.name for criterion in check.criteria)]
        names += [asks] if (asks := getattr(check, "asks", "")) else []
        if isinstance(check, RuleCheck):
            names += [probe.name for probe in rule_probes(check, 0)]
        elif isinstance(check, FunctionCheck):
            with np.errstate(all="ignore"):
                names += [*check.parts, *(probe.name for probe in function_probes(check, 0))]
        yield from ((check.name, name) for name in names)


def catalogue() -> Catalog:
    """All templates, without translations."""
    collected = Catalog(project="descentlab", charset="utf-8", fuzzy=False)
    for place, message in templates():
        collected.add(message, auto_comments=[place])
    return collected


def main() -> None:
    """Write the catalogue; default: descentlab.pot in the current folder."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "descentlab.pot")
    collected = catalogue()
    with file.open("wb") as stream:
        write_po(stream, collected, width=0, omit_header=False)
    print(f"wrote {len(collected)} templates to {file}")


if __name__ == "__main__":
    main()
