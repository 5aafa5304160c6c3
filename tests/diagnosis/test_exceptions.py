"""What is said of an exception fits what raises it, in Python and NumPy as they are installed."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from verdicts.diagnosis.exceptions import explain_error, known_exceptions
from verdicts.sentences import rows

LINES = dict(rows(Path(__file__).with_name("exceptions.txt")))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_line_that_raises_is_explained(line):
    with pytest.raises(Exception) as raised:
        exec(line.replace(" ¶ ", "\n"), {"np": np, "math": math, "date": date})
    error = {"type": raised.type.__name__, "message": str(raised.value), "line": line}
    assert explain_error(error, "n = 3").id == f"error/{LINES[line]}"


def test_each_section_explains_such_a_line():
    assert {row["id"] for row in known_exceptions()} == set(LINES.values())
