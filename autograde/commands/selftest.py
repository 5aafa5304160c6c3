"""`autograde selftest`: attacks on the sandbox and the judge of this machine."""

from collections import Counter
from collections.abc import Collection
from typing import Annotated

import typer

from autograde.commands import JsonFile, app
from autograde.errors import UsageError

QUICK = (1, 2, 16, 66, 72, 74, 84, 87, 89, 139)  # one of each kind, a few seconds in all


@app.command("selftest")
def selftest_command(
    hostile: Annotated[bool, typer.Option("--hostile", help="All attacks: minutes.")] = False,
    only: Annotated[list[int] | None, typer.Option(help="Only this number; can be repeated.")] = None,
    json_file: JsonFile = None,
) -> None:
    """Attack the grader on this machine.

    The attacks forge scores, steal files, never end or break notebooks. Each attack runs in the sandbox between honest submissions, which must not notice. Without --hostile only
    a few are tried. The attacks are bounded and touch only folders of their own.

    Example:  autograde selftest --hostile

    Exit status: 0 all attacks failed; 1 one succeeded; 2 there is no sandbox to try.
    """
    from rich.console import Console

    from autograde.files import json_bytes, put_where_asked
    from autograde.sandbox import best_tier
    from autograde.selftest.hostile.suite import Suite

    cases = _chosen(set(only or ()) or (None if hostile else QUICK))
    console = Console(highlight=False, markup=False)
    tier = best_tier()
    console.print(f"isolation tier {tier.number}: {tier.name}; {len(cases)} cases")
    outcomes = _run(Suite(cases), console, len(cases))
    if json_file:
        put_where_asked(json_file, json_bytes([_as_json(outcome) for outcome in outcomes]))
    _show(console, outcomes)
    raise typer.Exit(1 if any(outcome.state == "BROKEN" for outcome in outcomes) else 0)


def _chosen(numbers: Collection[int] | None) -> tuple:
    """The attacks with these numbers, or all.

    Raises:
        UsageError: there is none with a number.
    """
    from autograde.selftest.hostile.suite import CASES

    unknown = set(numbers or ()) - {case.number for case in CASES}
    if unknown:
        last = max(case.number for case in CASES)
        raise UsageError(f"no case has the number {', '.join(map(str, sorted(unknown)))}: 1 to {last}.")
    return tuple(case for case in CASES if numbers is None or case.number in numbers)


def _run(suite, console, total: int) -> list:
    from rich.progress import Progress

    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("attacking", total=total)
        return suite.run(lambda outcome: bar.advance(task))


def _show(console, outcomes: list) -> None:
    from rich.table import Table

    table = Table("no.", "tries", "result", "seen", box=None, pad_edge=False)
    for outcome in outcomes:
        words = str(outcome.case.number), outcome.case.tries, outcome.state, outcome.seen
        table.add_row(*map(_safe, words), style="red" if outcome.state == "BROKEN" else "")
    console.print(table)
    counts = Counter(outcome.state for outcome in outcomes)
    console.print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))


def _safe(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:160]


def _as_json(outcome) -> dict:
    case = outcome.case
    return {"number": case.number, "tries": case.tries, "result": outcome.state, "seen": outcome.seen}
