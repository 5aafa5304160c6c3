"""A verdict out of the data that it is kept and sent as, read field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from descentlab.checks.comparing.criteria import CriterionResult
from descentlab.checks.judging.verdict import ComparedPaths, Verdict
from descentlab.checks.spec import Check, Criterion

STATUSES = ("answered", "unanswered", "borrowed", "no-evidence", "odd-evidence")
TEXTS = ("cause", "numbers", "hint", "section", "link", "printed", "code")


def read_verdict(check: Check, data: Mapping[str, Any]) -> Verdict:
    """The verdict on an answer to the check whose `Verdict.as_data` it is.

    Raises:
        ValueError: it is none on this check.
    """
    try:
        return _verdict(check, data)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise ValueError(f"no verdict on {check.name}") from error


def _verdict(check: Check, data: Mapping[str, Any]) -> Verdict:
    if data["check"] != check.name or data["status"] not in STATUSES:
        raise ValueError("another check")
    return Verdict(
        check=check.name,
        status=data["status"],
        criteria=tuple(_criterion(*pair) for pair in zip(check.criteria, data["criteria"], strict=True)),
        facts=_texts(data["facts"]),
        notes=_texts(data["notes"]),
        mistake=None if data["misconception"] is None else _text(data["misconception"]),
        symptom=_text(data["gives_away"]),
        paths=None if data["paths"] is None else _paths(data["paths"]),
        **{name: _text(data[name]) for name in TEXTS},
    )


def _criterion(criterion: Criterion, data: Mapping[str, Any]) -> CriterionResult:
    """What is said of the check's criterion; its name and weight are the check's own."""
    if (
        data["name"] != criterion.name
        or type(data["passed"]) is not bool
        or type(data["looked_at"]) is not bool
    ):
        raise ValueError("another criterion")
    return CriterionResult(
        criterion.name, data["passed"], _text(data["message"]), criterion.weight, data["looked_at"]
    )


def _paths(data: Mapping[str, Any]) -> ComparedPaths:
    first, second = map(int, data["entries"])
    actual, expected = (
        tuple((float(one), float(other)) for one, other in data[name]) for name in ("actual", "expected")
    )
    return ComparedPaths(_text(data["probe"]), _text(data["key"]), (first, second), actual, expected)


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(map(_text, values))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
