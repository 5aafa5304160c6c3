"""Running a student's class, function or value, and keeping the results as arrays.

An exception of the student's code becomes a short record with the student's own line; it never stops the check.
"""

import builtins
import copy
import io
import linecache
import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dis import get_instructions
from traceback import walk_tb
from types import CodeType, FunctionType
from typing import Any

from verdicts.recording.evidence_bytes import Evidence
from verdicts.recording.probes import FunctionProbe
from verdicts.recording.time_limit import TimeLimitError, time_limit
from verdicts.values import carried

MAX_MESSAGE = 300
"""Characters of a name, or of a message of Python's."""
MAX_PRINTED = 2_000
AGAIN_SECONDS = 0.3

# The code of functions with no line, and with only a docstring.
EMPTY_BODIES = tuple(
    compile(f"def f(): {body}", "", "exec").co_consts[0].co_code for body in ("...", "'documented'")
)
PACKAGE_FOLDER = os.path.join(os.path.realpath(f"{__file__}/../../.."), "")


Call = Callable[[Evidence, Any, Any], None]
"""Records an answer's run on a probe into a dict, bit by bit, and lets the answer's errors through."""


def call_function(run: Evidence, answer: Any, probe: FunctionProbe) -> None:
    """Record a function's result, and its arguments as the call left them."""
    args = [a if callable(a) else copy.deepcopy(a) for a in probe.args]
    run["result"] = carried(answer(*args))
    run["args"] = [carried(a) for a in args if not callable(a)]


def run_answer(
    answer: Any, probes: Sequence[Any], call: Call, body: Callable[..., Any] | None = None
) -> Evidence:
    """Put the student's answer through each probe.

    Args:
        call: records one probe's run into a dict.
        body: the function whose lines are the answer, where that is not the answer itself.
    """
    if answer is None or answer is Ellipsis or _is_empty(body or answer):
        return {"state": "unanswered", "runs": []}
    if not callable(answer):
        return {"state": "not-callable", "given": type(answer).__name__[:MAX_MESSAGE], "runs": []}
    runs: list[Evidence] = []
    with captured() as printed:
        try:
            with time_limit():
                for probe in probes:
                    runs.append({"probe": probe.name})
                    fill(runs[-1], answer, probe, call)
                    error = runs[-1].get("error", {})
                    if error.get("type") == "NotImplementedError":
                        return {"state": "unanswered", "runs": [], "error": error} | _calls(answer, error)
        except TimeLimitError as error:
            described = describe(error.__cause__ or error)
            described.pop("message", None)
            runs[-1]["error"] = described | {
                "type": "waiting" if error.waited else "endless",
                "seconds": f"{error.seconds:g}",
            }
    return {"state": "answered", "runs": runs, "printed": printed()}


def run_again(answer: Any, probe: Any, call: Call) -> Evidence:
    """An answer's run on a probe once more; without a result if that takes long."""
    with captured(), suppress(TimeLimitError), time_limit(AGAIN_SECONDS):
        return run_trusted(answer, probe, call)
    return {"probe": probe.name}


def run_trusted(answer: Any, probe: Any, call: Call = call_function) -> Evidence:
    """An answer's run on a probe, as `run_answer` records it, with output and time unlimited."""
    run: Evidence = {"probe": probe.name}
    fill(run, answer, probe, call)
    return run


def keep_value(answer: Any) -> Evidence:
    """Keep the student's value: a number, an array, a word or a tuple of these."""
    if answer is None or answer is Ellipsis:
        return {"state": "unanswered", "runs": []}
    with captured() as printed:
        run = {"probe": "value", "result": carried(answer)}
    return {"state": "answered", "runs": [run], "printed": printed()}


def _calls(answer: Any, error: Evidence) -> dict[str, str]:
    """The unanswered functions that an answer calls, if that is why it fails."""
    parts = vars(answer).values() if isinstance(answer, type) else [answer]
    names = {part.__code__.co_name for part in parts if isinstance(part, FunctionType)}
    function = error.get("function", "")
    return {"calls": function} if names and function.isidentifier() and function not in names else {}


def _is_empty(function: Any) -> bool:
    """Whether a function has no line of its own: `pass`, `...`, a docstring."""
    try:
        code = getattr(function, "__code__", None)
    except Exception:  # an object of the student's that has every attribute
        return False
    if not isinstance(code, CodeType) or code.co_code not in EMPTY_BODIES:
        return False
    # `lambda: 3` has the steps of `pass`, and returns another constant than None.
    return all(step.argval is None for step in get_instructions(code) if "CONST" in step.opname)


def fill(run: Evidence, answer: Any, probe: Any, call: Call) -> None:
    """Run the answer on one probe and record its results until it raises."""
    try:
        call(run, answer, probe)
    except (TimeLimitError, KeyboardInterrupt):
        raise
    except BaseException as error:
        run["error"] = describe(error)


def describe(error: BaseException) -> Evidence:
    """Type, message and the student's own line of an exception: the last frame that is not ours.

    Python's own words, never ours; an empty message if the exception cannot be printed.
    """
    described: Evidence = {"type": type(error).__name__[:MAX_MESSAGE], "message": ""}
    with suppress(BaseException):
        described["message"] = str(error)[:MAX_MESSAGE]
    for frame, number in reversed([*walk_tb(error.__traceback__)]):
        code = frame.f_code
        if not code.co_filename.startswith(PACKAGE_FOLDER) and "site-packages" not in code.co_filename:
            described["line"] = linecache.getline(code.co_filename, number or 0).strip()[:MAX_MESSAGE]
            described["function"] = code.co_name[:MAX_MESSAGE]
            break
    return described


@contextmanager
def captured() -> Iterator[Callable[[], str]]:
    """Collect the output and warnings of the student's code, apart from the verdict, and answer no question of it."""
    text, asked = io.StringIO(), builtins.input
    builtins.input = _nobody
    with warnings.catch_warnings(), redirect_stdout(text), redirect_stderr(text):
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, category, *rest, **named: text.write(
            f"{category.__name__}: {message}\n"
        )
        try:
            yield lambda: _collapsed(text.getvalue())
        finally:
            builtins.input = asked


def _nobody(prompt: object = "") -> str:
    raise EOFError("while a check runs, nobody answers input()")


def _collapsed(text: str) -> str:
    """The printed text with each different line once and its count: a rule runs some forty times here.

    The rows of an array stay together: from the second on they begin with a space.
    """
    lines = text[: 50 * MAX_PRINTED].replace("\n ", "\v ").split("\n")
    counts = Counter(filter(str.strip, lines)).items()
    return "\n".join(f"{line}   (× {n})" if n > 1 else line for line, n in counts).replace("\v", "\n")[
        :MAX_PRINTED
    ]
