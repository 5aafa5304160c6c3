"""A measured number beside the theory's."""

import pytest

from descentlab import claim


@pytest.mark.parametrize(
    ("measured", "theory", "within", "mark"),
    [
        (1.001, 1.0, 0.01, "✓"),
        (1.1, 1.0, 0.01, "✗"),
        (0.0, 0.0, 0.0, "✓"),
        (1e-3, 0.0, 1e-2, "✓"),
        (float("nan"), 1.0, 9.0, "✗"),
        (float("inf"), 1.0, 9.0, "✗"),
        (-1.0, 1.0, 0.5, "✗"),
    ],
)
def test_a_claim_says_both_numbers_and_whether_they_agree(capsys, measured, theory, within, mark):
    claim("largest η", measured, theory, within)
    line = capsys.readouterr().out
    assert line.startswith("largest η: measured ")
    assert f"theory {theory:.5g}" in line
    assert mark in line
