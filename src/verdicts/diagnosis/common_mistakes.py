"""Mistakes that several students of a class make: their results are equal on the problems that everybody gets.

Two digests stand for results. They are taken on grids that are shifted by half a step, of eight times the check's tolerance
or so: of results that differ by rounding one digest at least is the same. A class's file says which results have a name,
in the form of a course's `mistakes.md`; in a notebook only who has the results reads it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from verdicts import agreement
from verdicts.diagnosis import Explanation
from verdicts.diagnosis.catalogue import Section, sections
from verdicts.inline import CheckDefinition, Pairs, public_in
from verdicts.recording.evidence_bytes import OddEvidenceError, pack, unpack
from verdicts.recording.probes import ProbeRun, Runs
from verdicts.spec import FunctionCheck, ValueCheck
from verdicts.values import Carried, Rules, carried, first, kind_of, leaves, outcomes, same
from verdicts.values.arguments import decoded

SHIFTS = 0.25, 0.75
"""Of the grids, in steps: zero and round numbers are not at the edge of a cell."""
MOST_NAMED = 30
"""The names of one check that a notebook holds."""

Compared = FunctionCheck | ValueCheck | CheckDefinition


def results_in(evidence: bytes, public: Pairs) -> list[Carried]:
    """What an answer gives on the problems that everybody gets; of a run that ends in an error its type."""
    return results_of({run["probe"]: run for run in unpack(evidence)["runs"]}, public)


def results_of(runs: Runs, public: Pairs) -> list[Carried]:
    """As `results_in`, of the runs by the probe's name."""
    names = [f"problem {number}" if problem else "value" for number, (problem, _) in enumerate(public, 1)]
    return [_result_of(runs.get(name, {})) for name in names]


def _result_of(run: ProbeRun) -> Carried:
    if "result" in run and "error" not in run:
        return run["result"]
    return outcomes.raised(str(run.get("error", {}).get("type")))


def alike(check: Compared, public: Pairs, results: Sequence[Carried]) -> tuple[str, ...]:
    """Two digests of the results on the problems that everybody gets; of results that tell nothing only what they are."""
    if said := next(_tells_nothing(check, public, results), ""):
        return (said,)
    problems = [problem for problem, _ in public]
    return tuple(
        letters_for(check.name, problems, [on_grid(check, result, shift) for result in results])
        for shift in SHIFTS
    )


def _tells_nothing(check: Compared, public: Pairs, results: Sequence[Carried]) -> Iterator[str]:
    rules, pairs = Rules(check.rtol, check.atol, by_entry=True), [*zip(results, public, strict=True)]
    if all(first(mine, right, rules) is None for mine, (_, right) in pairs):
        yield "right on everybody's problems"
    if all(kind_of(one) is outcomes.RAISED for one in results):
        yield "an error everywhere"
    if len(results) > 1 and all(same(one, results[0]) for one in results):
        yield "one value everywhere"
    for name in public[0][0]:
        if all(same(mine, carried(decoded(problem[name]))) for mine, (problem, _) in pairs):
            yield f"the argument {name}, unchanged"


def letters_for(*parts: Any) -> str:
    """Sixteen letters that stand for these."""

    def plain(array: np.ndarray) -> tuple[Any, ...]:
        return array.dtype.str, array.shape, array.tobytes().hex()

    letters = hashlib.sha256(json.dumps(parts, default=plain).encode()).digest()[:16]
    return "".join(chr(ord("A") + byte % 26) for byte in letters)


def on_grid(check: Compared, result: Carried, shift: float) -> list[Any]:
    """Where the parts of a result are on a grid."""
    return [(path, _cell(check, leaf, shift)) for path, leaf in leaves(result)]


def _cell(check: Compared, leaf: Carried, shift: float) -> Any:
    if not agreement.is_array(leaf, "fiubc"):
        return leaf
    numbers = np.array([leaf.real, leaf.imag], float)
    with np.errstate(all="ignore"):
        scale = np.exp2(np.floor(np.log2(agreement.result_tolerance(numbers, 1.0)) + shift))
        step = 8 * (check.atol + check.rtol * scale)
        return (np.floor(numbers / step + shift) if step else numbers) + 0.0  # not -0.0


# ------------------------------------------------------------------------------------------- names


@dataclass(frozen=True)
class NamedMistake:
    """A row of a class's file."""

    name: str
    hint: str = ""
    section: str = ""
    code: str = ""
    """The teacher's own, which a release runs; empty for results of the class."""
    digests: tuple[str, ...] = ()
    """Two, as `alike` gives them; none where its results are right by now, or of other problems."""


def row_of(check: str, public: Pairs, results: Sequence[Carried], name: str, **fields: str) -> str:
    """What to add to a class's file to give these results a name; `fields`: hint and section, where there are any."""
    lines = [f"- {field.capitalize()}: {text}" for field, text in fields.items() if text]
    return "\n".join((f"# {check}\n\n## {name}\n", *lines, _line_of(public, results), ""))


def _line_of(public: Pairs, results: Sequence[Carried]) -> str:
    return f"- Results: {pack({'of': _problems_of(public), 'results': [*results]}).decode()}"


def with_results(file: Path, solve: Callable[[str, str], tuple[Pairs, Sequence[Carried]]]) -> str:
    """The text of a class's file with what the code in it gives; `solve`: of a check and code, on everybody's problems."""
    text = file.read_text("utf-8")
    check = ""
    for section in sections(file):
        check = section.title if section.level == 1 else check
        if section.level > 1 and section.code:
            kept = [line for line in section.body.splitlines() if not line.startswith("- Results: ")]
            line = _line_of(*solve(check, section.code))
            text = text.replace(section.body, "\n".join(kept).rstrip() + f"\n{line}", 1)
    return text


def _problems_of(public: Pairs) -> str:
    return letters_for([problem for problem, _ in public])


def read_names(file: Path, definitions: Iterable[str]) -> dict[str, list[NamedMistake]]:
    """The rows of a class's file by check.

    Args:
        definitions: of the assignment's checks, as a release packed them.

    Raises:
        TextError: it is malformed or of another assignment, or two rows have one name or one result.
    """
    checks = {CheckDefinition.of_text(text).name: text for text in definitions}
    found: dict[str, list[NamedMistake]] = {name: [] for name in checks}
    check = ""
    for section in sections(file):
        check = section.title if section.level == 1 else check
        if check not in checks:
            raise section.error(f"is not below a check of this assignment: # {', # '.join(checks)}")
        if section.level == 1:
            continue
        row = _read_row(section, checks[check])
        for other in found[check]:
            if other.name == row.name:
                raise section.error("two mistakes have this name")
            if {*other.digests} & {*row.digests}:
                raise section.error(f"has the results of {other.name!r}: keep one of them")
        found[check].append(row)
    return found


def _read_row(section: Section, definition: str) -> NamedMistake:
    words, public = section.fields(("hint", "section", "results")), public_in(definition)
    held, digests = words.pop("results", ""), ()
    try:
        kept = unpack(held.encode()) if held or not section.code else {}
        if kept.get("of") == _problems_of(public):
            digests = alike(CheckDefinition.of_text(definition), public, kept["results"])
    except (OddEvidenceError, LookupError, TypeError, ValueError):
        raise section.error(
            "needs code, or a line '- Results: …' as `autograde mistakes` writes it"
        ) from None
    counts = len(digests) == len(SHIFTS)
    return NamedMistake(section.title, **words, code=section.code, digests=digests if counts else ())


def masked(rows: Iterable[NamedMistake]) -> dict[str, str]:
    """The names, hints and sections, so that only who has the results reads them."""
    return {
        letters_for("place", digest): _veiled(
            json.dumps([row.name, row.hint, row.section]).encode(), digest
        ).hex()
        for row in islice(rows, MOST_NAMED)
        for digest in row.digests
    }


def _veiled(words: bytes, digest: str) -> bytes:
    veil = hashlib.shake_256(digest.encode()).digest(len(words))
    return bytes(one ^ other for one, other in zip(words, veil, strict=True))


def named(names: Mapping[str, str], digests: Sequence[str]) -> Explanation | None:
    """The mistake that a class gave a name to, of the results with these digests; None if there is none."""
    for digest in digests:
        if text := names.get(letters_for("place", digest)):
            name, hint, section = json.loads(_veiled(bytes.fromhex(text), digest))
            return Explanation(name, f"Your results are those of “{name}”.", hint, section=section)
    return None
