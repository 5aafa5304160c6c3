"""The checks that a solution's own cells define: asked of it in a box, tried, and refused where they tell nothing.

More than a hundred problems are drawn for each. Everybody gets the first of them. Refused is a check that the solution
cannot be held to, that has no other problems, or on which an answer without any computing earns something.
"""

import ast
import base64
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from dis import get_instructions
from functools import partial
from itertools import chain, permutations, zip_longest
from math import inf, prod
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np
from nbformat import NotebookNode, from_dict

from autograde.entries.answer_key import KeyNotebook, Solution, Solved, fields_of, grade_id_of
from autograde.entries.wording import error_of
from autograde.errors import UsageError
from autograde.pipeline.run_cells import code_of
from autograde.pipeline.solver import Solver
from autograde.sandbox import CellResult, CellTask
from verdicts.courses import is_inline
from verdicts.diagnosis.common_mistakes import results_line
from verdicts.inline import OF_ANOTHER, CheckDefinition, Pairs, Problem, public_in
from verdicts.judging.examiners import examiner_of, make_known
from verdicts.recording.evidence_bytes import OddEvidenceError, pack
from verdicts.solving import remedy
from verdicts.spec import Criterion
from verdicts.values import arguments, carried, is_of, kind, kind_of, numbers, outcomes, rows

SEEDS = range(14)
"""Those of students whose problems are tried: a hundred, or more."""

Tried = tuple[int, Problem, Any]
"""The origin of a problem, the problem, and what the solution gives."""

SHARED = 8
"""The problems that everybody gets, the examples among them."""

PART_SHARED = 3
"""At most one problem in so many different ones goes to everybody."""

MOST_OWN = 32
"""The most problems of an idea that are drawn for one student, so that guesses earn little."""

MOST_BY_CHANCE = 0.1
"""The share of the points that an answer which computes nothing may earn on average."""

MOST_ALWAYS = 0.25
"""The share of the points of what it always has right, which no number of problems changes."""

MOST_ENTRIES = 8
FEW = 50
FOLDED = """\
# The problems on which {check} tries your answer here: other problems count when your work is graded.
# {asked}
problems({held!r})"""
MAGIC = re.compile(r"^[%!].*", re.MULTILINE)
KEPT: Mapping[str, Callable[[np.ndarray], bool]] = {
    "sorted": lambda value: value.ndim == 1 and value.size > 1 and bool((np.diff(value) >= 0).all()),
    "symmetric": lambda value: value.ndim == 2 and np.array_equal(value, value.T),
    "of sum 1": lambda value: value.size > 1 and np.isclose(value.sum(), 1),
    "at most 1": lambda value: value.size > 0 and value.max() <= 1,
}
"""What an example may be and the problems around it need not."""


def inline_cells(key: KeyNotebook) -> dict[str, str]:
    """The checks that a notebook defines itself, by the grade_id of their cells."""
    return {
        grade_id: cell.check for grade_id, cell in key.cells.items() if cell.check and is_inline(cell.check)
    }


def without_inline(key: KeyNotebook) -> KeyNotebook:
    """A notebook's key without the checks that it defines itself."""
    return replace(key, cells={of: cell for of, cell in key.cells.items() if of not in inline_cells(key)})


def define(
    solver: Solver,
    key: KeyNotebook,
    notebook: NotebookNode,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> list[str]:
    """What a release says of the checks that a solution's cells define; the solver knows the solution from now on.

    Raises:
        UsageError: it has no answers, or a cell defines no check that can be asked and tells something.
    """
    found = inline_cells(key)
    if not found:
        return []
    if any(fields_of(cell).get("checksum") for cell in notebook.cells):
        raise UsageError(f"{key.name}.ipynb was handed out and has no answers: name the solution.")
    tags = [tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    for tag in tags:
        check = tag.removeprefix("draws: ")
        if check != tag and check not in found.values():
            raise UsageError(f"a cell draws problems of {check!r}, which is no check here")
    ask = pack({"solve": "definition", "draws": tags}).decode()
    cells = code_of(notebook)
    tasks = [CellTask(source, 0, handed=ask) if of in found else CellTask(source) for source, of in cells]
    ran = dict(
        zip(
            (of for _, of in cells),
            solver.sandbox.submit_run(tasks, 0, files=files).result().cells,
            strict=False,
        )
    )
    section, definitions, refused = key.name, {}, []
    for cell in notebook.cells:
        grade_id = grade_id_of(cell)
        if cell.cell_type == "markdown" and (heading := re.match(r"#+ (.+)", cell.source)):
            section = f"{key.name}, {heading[1]}"
        elif check := found.get(grade_id):
            if [*found.values()].count(check) > 1:
                raise UsageError(f"cell {grade_id!r}: {check} is defined twice")
            try:
                definition = _definition(ran.get(grade_id))
                lines = [source.splitlines() for source in _cells_of(definition.functions, notebook)]
            except UsageError as error:
                refused.append(f"cell {grade_id!r}: {error}")
                continue
            definitions[grade_id] = replace(definition, name=check, section=section, cells=lines).packed()
    if refused:
        raise UsageError("\n".join(refused))
    beside = {name: base64.b64encode(data).decode() for name, data in files.items()}
    solver.solutions[key.name] = Solution(cells, beside, definitions)
    return [*try_checks(solver, key.name)]


def _definition(ran: CellResult | None) -> CheckDefinition:
    try:
        return CheckDefinition.of_text((ran.evidence or b"").decode())
    except (AttributeError, OddEvidenceError, KeyError):
        reason = error_of(from_dict({"outputs": ran.outputs if ran else []}))
        raise UsageError(reason or "it defines no check") from None


def _cells_of(functions: set[str], notebook: NotebookNode) -> Iterator[str]:
    """The locked cells that define these functions, and what those need of others and of imports, in their order."""
    needed, missing, chosen = set(functions), set(functions), []
    for cell in reversed(notebook.cells):
        fields = fields_of(cell)
        if cell.cell_type == "code" and not fields.get("grade"):
            tree = ast.parse(MAGIC.sub("", cell.source))
            if not fields.get("locked"):
                tree.body = [one for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
            code = compile(tree, "", "exec")
            if (made := {*_names(code, "STORE_NAME")}) & needed:
                needed |= {*_names(code, "LOAD_GLOBAL", "LOAD_NAME")}
                missing -= made
                chosen.append(ast.unparse(tree))
    if missing:
        raise UsageError(f"{min(missing)} is no function of a locked cell: lock the cell that defines it")
    yield from reversed(chosen)


def _names(code: CodeType, *operations: str) -> Iterator[str]:
    """Yield the names with which code, and what it defines, does this."""
    for step in get_instructions(code):
        if step.opname in operations:
            yield step.argval
        if isinstance(step.argval, CodeType):
            yield from _names(step.argval, *operations)


def try_checks(solver: Solver, notebook: str) -> Iterator[str]:
    """Yield the line that a release prints of each check that a solution defines; the solution gets its folded cells.

    Raises:
        UsageError: a check tells nothing, or its solution gives no result; a line for each.
    """
    solution = solver.solutions[notebook]
    definitions = {of: CheckDefinition.of_text(text) for of, text in solution.definitions.items()}
    found: dict[str, list[Solved]] = {of: [] for of in definitions}
    for seeds in (SEEDS[:1], SEEDS[1:]):  # what fails for the first is not asked again
        asked = [
            (of, seed)
            for of, one in definitions.items()
            for seed in seeds
            if not found[of] or (one.examples and not found[of][0].failed)
        ]
        for (of, _), one in zip(asked, solver.solve(notebook, asked), strict=True):
            found[of].append(one)
    packed: dict[str, str] = {}
    folded: dict[str, str] = {}
    lines, refused = [], []
    for of, definition in definitions.items():
        try:
            if definition.examples:
                said, packed[of], folded[of] = _tried(definition, found[of])
            elif why := found[of][0].failed:
                raise UsageError(why)
            else:
                said, packed[of] = "a value", definition.packed(solved=found[of][0].pairs)
            lines.append(f"{definition.name}: {said}")
        except (UsageError, LookupError) as error:  # the latter where parts= names what the result has not
            refused.append(f"cell {of!r}: {definition.name}: {error}")
    if refused:
        raise UsageError("\n".join(refused))
    solver.solutions[notebook] = replace(solution, definitions=packed, folded=folded)
    yield from lines


def results_of_code(solver: Solver, notebook: str, grade_id: str, code: str) -> str:
    """The line of a class's file with what other code than the solution's gives, run below its cells.

    Raises:
        UsageError: it gives no result.
    """
    solution = solver.solutions[notebook]
    public = public_in(solution.definitions[grade_id])
    cells = [(f"{code}\n{call}" if of == grade_id else call, of) for call, of in solution.cells]
    asked = grade_id, [problem for problem, _ in public]
    (found,) = solver.solve(notebook, [asked], replace(solution, cells=cells))
    if found.failed:
        raise UsageError(f"a mistake in cell {grade_id!r}, {code.splitlines()[0]!r} …: {found.failed}")
    return results_line(public, found.results)


def _tried(definition: CheckDefinition, found: Sequence[Solved]) -> tuple[str, str, str]:
    """What a release says of a check's problems, its definition with those of everybody, packed, and its folded cell.

    Raises:
        UsageError: it is refused.
    """
    if why := next((one.failed for one in found if one.failed), ""):
        raise UsageError(why)
    for _, result in (*found[0].pairs, *found[-1].pairs):
        one, named = definition.one_result(result), len(definition.parts)
        many = named if kind_of(one) is outcomes.RAISED else len(rows.parts_of(one))
        if named not in (0, many):
            raise UsageError(f"parts= has {named} names, and the result {many} parts")
    many = len(definition.examples)
    public, own = _parted(definition, found)
    if not own:
        raise UsageError(f"all of its problems are everybody's: {remedy(definition)}")
    definition = replace(definition, shared=[(origin, problem) for origin, problem, _ in public[many:]])
    solved = [one[1:] for one in public]
    definition = replace(definition, least=_least(definition, solved, own))
    said = [*_said([problem for problem, _ in solved[:many]], [problem for _, problem, _ in own])]
    if (different := len(public) + len(own)) < FEW:
        said.append(f"{different} different problems")
    asked, held = definition.asked(solved[0][1]), definition.packed(solved=solved, whole=True)
    return ", ".join(said), held, FOLDED.format(check=definition.name, asked=asked, held=held)


def _parted(definition: CheckDefinition, found: Sequence[Solved]) -> tuple[list[Tried], list[Tried]]:
    """Of the different problems that were drawn, those that everybody gets, the examples first, and the others."""
    many = len(definition.examples)
    drawn: dict[bytes, Tried] = {}
    alike = defaultdict(list)
    for origin, (problem, result) in chain(*(zip(one.origins, one.pairs, strict=True) for one in found)):
        if (packed := pack(dict(problem))) not in drawn:
            drawn[packed] = origin, problem, result
            alike[many if definition.is_generated else origin].append(packed)
    given = many if definition.is_generated else 1
    in_turn = chain(*zip_longest(*(some[given : len(some) // PART_SHARED] for some in alike.values())))
    public = [pack(dict(problem)) for problem in found[0].problems[:many]]
    public += [*filter(None, in_turn)][: max(0, SHARED - many)]
    return [drawn[packed] for packed in public], [
        one for packed, one in drawn.items() if packed not in public
    ]


def _least(definition: CheckDefinition, public: Pairs, own: Sequence[Tried]) -> int:
    """How many problems of each origin a student gets, so that no answer earns much that computes nothing.

    It knows the results of the public problems, and guesses the others.

    Raises:
        UsageError: the most are not enough.
    """
    pairs = [one[1:] for one in own]
    shared = [*definition.shared, *((origin, problem) for origin, problem, _ in own)]
    check = make_known(replace(definition, shared=shared), [*public, *pairs])
    examiner, probes = examiner_of(check), check.draw(0)[len(public) :]
    ideas = [one for one in check.criteria if one.weight]
    least = definition.each
    for what, guess in _guesses(definition, public):
        guessed = [guess(*pair) for pair in pairs]
        good = {
            one.name: [
                not examiner.difference(one, probe, {"result": result}, {"result": right})
                for probe, result, (_, right) in zip(probes, guessed, pairs, strict=True)
                if not one.probes or probe.name in one.probes
            ]
            for one in ideas
        }
        always = _earned(ideas, good, inf)
        numbers = range(least, MOST_OWN + 1) if always <= MOST_ALWAYS else ()
        enough = (one for one in numbers if _earned(ideas, good, one) <= always + MOST_BY_CHANCE)
        if not (least := next(enough, 0)):
            raise UsageError(f"{what} is right too often: {remedy(definition)}")
    return least


def _earned(ideas: Sequence[Criterion], good: Mapping[str, Sequence[bool]], least: float) -> float:
    """What a guess earns on average that is right on these of an idea's problems, if a student gets so many of them."""
    chance = {name: (sum(some) / max(1, len(some))) ** min(least, len(some)) for name, some in good.items()}
    each = (one.weight * prod(chance[name] for name in (one.name, *one.needs)) for one in ideas)
    return sum(each) / sum(one.weight for one in ideas)


Guess = Callable[[Problem, Any], Any]
"""A result that nobody computed, of a problem and the right result."""


def _guesses(definition: CheckDefinition, public: Pairs) -> Iterator[tuple[str, Guess]]:
    """Yield results that nobody computed, and what they are."""
    yield "zero", lambda problem, right: _each(right, _nothing)
    for _, result in public:
        yield "the result of a public problem", lambda problem, right, result=result: result
    yield (
        "the result of the nearest public problem",
        lambda problem, right: min(public, key=lambda pair: _distance(problem, pair[0]))[1],
    )

    def handed_on(name: str, read: Callable[[Any], Any]) -> Guess:
        return lambda problem, right: _each(
            right if definition.method else None, lambda leaf: carried(read(problem[name]))
        )

    for name in definition.examples[0]:
        yield f"the argument {name}", handed_on(name, arguments.decoded)
        for place in range(-MOST_ENTRIES, MOST_ENTRIES):
            yield f"one number of {name}", handed_on(name, partial(_entry, place))


def _entry(place: int, value: Any) -> Any:
    number = _numbers(value)
    return None if number is None else np.take(number, place, mode="wrap")


def _distance(problem: Problem, other: Problem) -> float:
    """How far two problems are from each other: the sum over the arguments, each at most 1."""
    far = 0.0
    for name, value in problem.items():
        one, near = _numbers(value), _numbers(other[name])
        if one is None or near is None or one.shape != near.shape:
            far += pack({"": value}) != pack({"": other[name]})
        else:
            scale = np.abs(one) + np.abs(near)
            far += np.mean(np.abs(one - near) / np.where(scale, scale, 1))
    return far


def _nothing(leaf: Any) -> Any:
    return np.zeros_like(leaf) if is_of("array", leaf) else "" if is_of("str", leaf) else carried(None)


def _each(result: Any, of: Callable[[Any], Any]) -> Any:
    """A result with something else in place of each value without a name."""
    if kind.has_names(result):
        return {key: _each(item, of) for key, item in result.items()}
    return [_each(item, of) for item in result] if is_of("list", result) else of(result)


def _said(given: Sequence[Problem], problems: Sequence[Problem]) -> Iterator[str]:
    """Yield what a release says of a check's problems: ranges, what never varies, and what the examples lose."""
    alone = []
    for name in (name for name in given[0] if " in call " not in name and OF_ANOTHER not in name):
        values, examples = ([_numbers(one[name]) for one in each] for each in (problems, given))
        if len({pack({name: one[name]}) for one in problems}) <= len(given):
            yield f"{name} as in the examples"
        elif any(value is None for value in (*values, *examples)):
            yield f"{name} varies"
        else:
            yield f"{name} {min(map(np.min, values)):.4g} … {max(map(np.max, values)):.4g}"
            lost = (
                words
                for words, holds in KEPT.items()
                if all(map(holds, examples)) and not all(map(holds, values))
            )
            yield from (f"{name} is no longer {words}" for words in lost)
            alone += [name] if not values[0].ndim else []
    for low, high in permutations(alone, 2):
        if all(one[low] < one[high] for one in given) and not all(one[low] < one[high] for one in problems):
            yield f"{low} is no longer below {high}"


def _numbers(value: Any) -> np.ndarray | None:
    """The numbers of an argument as an array; None where it is anything else."""
    array = numbers.as_array(arguments.decoded(value))
    return array if array is not None and array.dtype.kind in "fiu" and array.size else None
