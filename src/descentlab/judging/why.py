"""`why`: the first difference, call by call, with both states."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.recording.evidence_bytes import calls_of
from descentlab.checks.recording.probes import ProbeRun, RuleProbe
from descentlab.comparing.results import Difference
from descentlab.diagnosis.rules.case import number_at
from descentlab.sentences import say

ALIGN_LEFT = 'style="text-align: left"'
Table = list[list[str]]


class Why:
    """A text and tables; shown as HTML in a notebook and as text elsewhere."""

    def __init__(self, *parts: str | Table) -> None:
        self.parts = parts

    def __repr__(self) -> str:
        return "\n\n".join(part if isinstance(part, str) else _as_text(part) for part in self.parts)

    def _repr_html_(self) -> str:
        return "".join(
            f"<p>{escape(part)}</p>" if isinstance(part, str) else _as_html(part) for part in self.parts
        )


def step_table(probe: RuleProbe, actual: ProbeRun, expected: ProbeRun) -> Table:
    """A row for each call, a column for each array: agreement, or both steps."""
    table = [[say("call"), *(f'"{key}"' for key in probe.start)]]
    calls = calls_of(actual)
    before: Mapping[str, np.ndarray] = probe.start
    actual_before: Mapping[str, Any] = probe.start
    for number, call in enumerate(expected["calls"], start=1):
        after = calls[number - 1]["params"] if number <= len(calls) else {}
        steps = (
            _step(actual_before.get(key), after.get(key), before[key], array, expected["tolerance"][key])
            for key, array in call["params"].items()
        )
        table.append([str(number), *steps])
        before, actual_before = call["params"], after
    return table


def _step(actual_before: Any, actual: Any, before: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """One array's cell: agreement, or the first wrong step."""
    if actual is None:
        return say("✗ not there")
    if not isinstance(actual, np.ndarray) or actual.shape != expected.shape or actual.dtype.kind != "f":
        return f"✗ {type(actual).__name__} {getattr(actual, 'shape', '')}"
    near = agreement.within(actual, expected, tolerance)
    if near.all():
        return "✓"
    index = tuple(int(i) for i in np.argwhere(~near)[0])
    is_like = isinstance(actual_before, np.ndarray) and actual_before.shape == expected.shape
    step = actual[index] - (actual_before[index] if is_like else np.nan)
    expected_step = expected[index] - before[index]
    if agreement.within(step, expected_step, agreement.RTOL * abs(expected_step)):
        return say("(step right, off from before)")
    return say(
        "✗ {place}step {actual}, expected {expected}",
        place=f"{list(index)} " if index else "",
        actual=f"{step:.5g}",
        expected=f"{expected_step:.5g}",
    )


def memory_tables(
    probe: RuleProbe, reference: ProbeRun, actual: ProbeRun, difference: Difference
) -> list[str | Table]:
    """For the first wrong number, call by call: the gradient, the expected states and the answer's.

    Memory is recorded in the first run alone.
    """
    key, remembered = difference.key, actual.get("remembered")
    if key not in probe.start or not isinstance(remembered, list):
        return []
    index = difference.index or (0,) * probe.start[key].ndim
    given = set(probe.hyper.values())
    expected = _numbers(reference.get("remembered", ()), key, index, given)
    numbers = _numbers(remembered, key, index, given)
    calls = range(len(probe.gradients))
    table = [[say("call"), *(str(call + 1) for call in calls)]]
    table.append([say("gradient"), *(f"{gradients[key][index]:.6g}" for gradients in probe.gradients)])
    for name, row in expected.items():
        table.append([say("expected {state}", state=name), *(row.get(call, "") for call in calls)])
    for name, row in numbers.items():
        table.append([say("your {state}", state=f"self.{name}"), *(row.get(call, "") for call in calls)])
    table = [list(row) for row in zip(*table, strict=True)]
    where = f'"{key}"{list(index) if index else ""}'
    return [say("What is remembered for {where} after each call:", where=where), table]


def _numbers(
    states: Sequence[Any], key: str, index: tuple[int, ...], given: set[float]
) -> dict[str, dict[int, str]]:
    """One coordinate's number by attribute and call, without the constructor's arguments."""
    found: dict[str, dict[int, str]] = {}
    for call, state in enumerate(states):
        for name, value in state.items() if isinstance(state, Mapping) else ():
            number = number_at(value, key, index)
            if isinstance(value, Mapping) and key not in value:
                text = say('no "{key}"', key=key)
            elif number is None or number in given:
                continue
            else:
                text = f"{number:.6g}"
            found.setdefault(name, {})[call] = text
    return found


def _as_text(table: Table) -> str:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return "\n".join(line.rstrip() for line in lines)


def _as_html(table: Table) -> str:
    rows = "".join(table_row(row) for row in table[1:])
    return f"<table><thead>{table_row(table[0], 'th')}</thead><tbody>{rows}</tbody></table>"


def table_row(cells: Iterable[str], tag: str = "td") -> str:
    """A row of an HTML table, aligned left: JupyterLab's style would align it right."""
    return f"<tr>{''.join(f'<{tag} {ALIGN_LEFT}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
