"""The words in which differences are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from descentlab.checks.recording.probes import RuleProbe


def place_of(probe: RuleProbe, call: int) -> str:
    """A call in words, and the probe where it is not the main one."""
    return f"call {call}" if probe.name == "main" else f"call {call} (probe {probe.name!r})"


def told_apart(actual: float, expected: float) -> tuple[str, str]:
    """Both numbers with six digits, or with as many as show that they differ."""
    for digits in (6, 9, 12, 17):
        texts = f"{actual:.{digits}g}", f"{expected:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def rule_error_text(error: Mapping[str, Any], probe: RuleProbe) -> str:
    """An exception of a rule's class in one line; where the call itself failed, how the class is called."""
    text = error_text(error)
    if error.get("line") or error.get("function") or error.get("type") not in ("TypeError", "AttributeError"):
        return text
    if error.get("during") == "making":
        arguments = ", ".join(probe.hyper)
        return f"your __init__ does not take the arguments {arguments}: {text}"
    if error["type"] == "AttributeError":
        return f"your class needs a method update(self, params, grads): {text}"
    return f"`update` is called as rule.update(params, grads), so define update(self, params, grads): {text}"


def error_text(error: Mapping[str, Any]) -> str:
    """An exception of the student's code in one line, with the line it happened in."""
    if not error:
        return "no numbers were recorded"
    if error.get("type") == "endless":
        line = error.get("line")
        where = f", in your line `{line}`" if line else ""
        return f"your code did not finish: {error.get('message', '')}{where}"
    text = f"{error.get('type', 'error')}: {error.get('message', '')}"
    line = error.get("line")
    return f"{text}, in your line `{line}`" if line else text


def kind_of(value: Any) -> str:
    """What an answer is, where it is not what was asked for."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return repr(value[:40])
    if isinstance(value, np.ndarray):
        return f"a {value.dtype} array of shape {value.shape}" if value.shape else f"{value.item()!r}"
    if isinstance(value, Mapping) and "odd" in value:
        return f"a {str(value['odd'])[:40]}"
    return f"a {type(value).__name__}"


def at(index: tuple[int, ...]) -> str:
    """A place in an array, as it is written in code; nothing for a single number."""
    return f"[{', '.join(map(str, index))}]" if index else ""
