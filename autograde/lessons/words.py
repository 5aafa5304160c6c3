"""How much a lesson asks its reader to read: its words outside folds, stubs and model answers."""

from __future__ import annotations

import re

LIMIT = 2000
"""Words of a lesson at most, as `words_to_read` counts them."""

HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# Code, answers that the release does not have, folds, displayed formulas.
NOT_READ = re.compile(
    r"^```.*?^```\s*$|<!-- #region nbgrader=.*?<!-- #endregion -->|<details>.*?</details>|\$\$.*?\$\$",
    re.DOTALL | re.MULTILINE,
)
FORMULA = re.compile(r"\$[^$\n]+\$|`[^`\n]+`")
LINK = re.compile(r"\]\([^)\s]*\)")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def words_to_read(text: str) -> int:
    """The words of a lesson's text; a formula or a name in code within a sentence counts as one."""
    prose = NOT_READ.sub(" ", HEADER.sub("", text))
    return len(WORD.findall(LINK.sub("]", FORMULA.sub(" x ", prose))))
