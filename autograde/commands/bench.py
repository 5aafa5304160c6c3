"""`autograde bench`: how fast, beside stock nbgrader."""

from __future__ import annotations

import os

from autograde import arguments
from autograde.commands import app
from autograde.errors import MachineError, UsageError
from autograde.roles import needs
from autograde.telling import tell


@app.command("bench", cls=needs("grader"))
def bench_command(
    against: arguments.OtherGrader = None,
    submissions: arguments.SubmissionCount = 40,
    jobs: arguments.Jobs = None,
) -> None:
    """Grade a class of small submissions (one stub, one check, no figure) and print how long that took.

    Example:  autograde bench --against stock
    """
    from autograde_bench.whole_commands import measure_commands

    if against not in (None, "stock"):
        raise UsageError.say("--against {grader}: only stock is known.", grader=against)
    measured = measure_commands(submissions, against == "stock", jobs or len(os.sched_getaffinity(0)))
    for one in measured:
        tell(
            "{name:<10} {each:8.1f} ms a submission   {rate:8.1f} a second   {cpu:8.1f} ms of processor",
            name=one.name,
            each=one.each * 1000,
            rate=1 / one.each,
            cpu=one.cpu_seconds / len(one.scores) * 1000,
        )
    if len(measured) == 2:
        ours, stock = measured
        times = stock.seconds / ours.seconds
        tell("ratio      {times:8.1f} × as fast, on {n} submissions", times=times, n=submissions)
        if ours.scores != stock.scores:
            raise MachineError.say("the two graders' scores differ.")
        tell("scores     the same")
