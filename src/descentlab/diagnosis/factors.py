"""Functions and values: results off by a factor that one recognises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from descentlab.checks.spec import Check
from descentlab.diagnosis.explanation import Explanation

Run = Mapping[str, Any]


def explain(
    check: Check, mine: Mapping[str, Run], theirs: Mapping[str, Run], seed: int
) -> Explanation | None:
    return None
