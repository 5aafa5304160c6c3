"""Mistakes that several students of a class make: their results are equal on the problems that everybody gets.

Two digests stand for results. They are taken on grids that are shifted by half a step, of eight times the check's tolerance
or so: of results that differ by rounding one digest at least is the same. A class's file says which results have a name,
in the form of a course's `mistakes.md`; in a notebook only who has the results reads it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from verdicts import agreement
from verdicts.diagnosis import Explanation, of_entries
from verdicts.diagnosis.catalogue import Catalogue, Mistake, TextError, sections
from verdicts.inline import CheckDefinition, Pairs, public_in
from verdicts.recording.evidence_bytes import OddEvidenceError, pack, unpack
from verdicts.recording.probes import ProbeRun, Runs
from verdicts.values import Carried, Rules, carried, first, kind_of, leaves, outcomes, same
from verdicts.values.arguments import decoded

SHIFTS = 0.25, 0.75
"""Of the grids, in steps: zero and round numbers are not at the edge of a cell."""
MOST_NAMED = 30
"""The names of one check that a notebook holds."""

Compared = Any
"""A check or its definition: both have a name and tolerances."""


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
    """Two digests of the results on the problems that everybody gets, each ending in `problems_of` these; of results that
    tell nothing only what they are.
    """
    if not public:
        return ()
    if said := next(_tells_nothing(check, public, results), ""):
        return (said,)
    problems = problems_of(public)
    return tuple(
        letters_for(check.name, [on_grid(check, result, shift) for result in results]) + problems
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
    text = json.dumps(parts, default=lambda array: (array.dtype.str, array.shape, array.tobytes().hex()))
    return "".join(chr(65 + byte % 26) for byte in hashlib.sha256(text.encode()).digest()[:16])


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


Named = tuple[Mistake, tuple[str, ...]]
"""A mistake to which a class gave a name, and the two digests of its results, as `alike` gives them; none where these are
right by now, tell nothing, or are of other problems.
"""


def row_of(check: str, code: str, name: str, hint: str, line: str) -> str:
    """What to add to a class's file to give a mistake a name; `line`: as `results_line` gives it."""
    said = f"- Hint: {hint}\n" if hint else ""
    return f"# {check}\n\n## {code}\n\n{name}\n\n{said}{line}\n"


def results_line(public: Pairs, results: Sequence[Carried]) -> str:
    """The line of a class's file that holds results on everybody's problems."""
    return f"- Results: {pack({'of': problems_of(public), 'results': [*results]}).decode()}"


def problems_of(public: Pairs) -> str:
    """What stands for the problems that everybody gets."""
    return letters_for([problem for problem, _ in public])


def with_results(file: Path, line_of: Callable[[str, str], str]) -> str:
    """The text of a class's file with what the code in it gives; `line_of`: the line of a check and code."""
    text, check = file.read_text("utf-8"), ""
    for section in sections(file):
        check = section.title if section.level == 1 else check
        if section.level > 1 and section.code:
            kept = [line for line in section.body.splitlines() if not line.startswith("- Results: ")]
            line = line_of(check, section.code)
            text = text.replace(section.body, "\n".join((*kept, line)), 1)
    return text


def read_names(file: Path, definitions: Iterable[str]) -> dict[str, list[Named]]:
    """The rows of a class's file by check.

    Args:
        definitions: of the assignment's checks, as a release packed them.

    Raises:
        TextError: it is malformed or of another assignment, or two rows have one name or one result.
    """
    checks = {CheckDefinition.of_text(text).name: text for text in definitions}
    found: dict[str, list[Named]] = {name: [] for name in checks}
    for entry in Catalogue(lambda _: [file]).all_mistakes:
        where = f"{file}, section {entry.id!r}"
        if entry.check not in checks:
            raise TextError(f"{where}: {entry.check} is no check of this assignment")
        digests = _digests_of(entry, checks[entry.check], where)
        for other, taken in found[entry.check]:
            if other.what == entry.what or {*taken} & {*digests}:
                raise TextError(f"{where}: has the name or the results of {other.id!r}: keep one of them")
        found[entry.check].append((entry, digests))
    return found


def _digests_of(entry: Mistake, definition: str, where: str) -> tuple[str, ...]:
    public = public_in(definition)
    try:
        held = unpack(entry.results.encode()) if entry.results else {}
        if held.get("of") != problems_of(public):
            return ()
        digests = alike(CheckDefinition.of_text(definition), public, held["results"])
    except (OddEvidenceError, LookupError, TypeError, ValueError):
        raise TextError(f"{where}: its results are not as `autograde mistakes` writes them") from None
    return digests if len(digests) == len(SHIFTS) else ()


@lru_cache(maxsize=100)  # for a class
def masked(rows: tuple[Named, ...]) -> Mapping[str, str]:
    """The names, hints and sections, so that only who has the results reads them."""
    held = {}
    for entry, digests in rows[:MOST_NAMED]:
        words = {name: getattr(entry, name) for name in ("id", "check", "what", "hint", "section")}
        for digest in digests:
            held[letters_for("place", digest)] = _veiled(json.dumps(words).encode(), digest).hex()
    return held


def _veiled(words: bytes, digest: str) -> bytes:
    veil = hashlib.shake_256(digest.encode()).digest(len(words))
    return bytes(one ^ other for one, other in zip(words, veil, strict=True))


def named(names: Mapping[str, str], digests: Sequence[str]) -> Explanation | None:
    """The mistake that a class gave a name to, of the results with these digests; None if there is none."""
    for digest in digests:
        if text := names.get(letters_for("place", digest)):
            words = json.loads(_veiled(bytes.fromhex(text), digest))
            return of_entries([Mistake(**words)], "Your results are those of")
    return None
