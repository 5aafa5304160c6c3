"""The slips about averages: rows that the diagnosis' tables of edits begin with (see `diagnosis.edits`)."""

from collections.abc import Mapping

from descentlab.diagnosis.formula import Row

EDITS: Mapping[str, tuple[Row, ...]] = {
    "in one place": (
        # An average, and its weights.
        Row("W * A + (1 - W) * B", "(1 - W) * A + W * B", "{W} and 1 − {W} exchanged", "exchanged"),
        Row("W * A + (1 - W) * B", "W * (A + B)", "{W} multiplying {B} as well, without 1 − {W}", "weights"),
        Row("W * A + (1 - W) * B", "A + B", "no weights {W} and 1 − {W}", "weights"),
        Row(
            "W * A + (1 - W) * B",
            "(1 - W) * (W * A) + B",
            "1 − {W} multiplying {A} in place of {B}",
            "weights",
        ),
        Row("W * A + (1 - W) * B**2", "W * A + ((1 - W) * B)**2", "1 − {W} squared too", "square"),
        Row(
            "W * A + (1 - W) * B**2",
            "(W * A + (1 - W) * B)**2",
            "{B} averaged first and then squared",
            "square",
        ),
        Row("W * A + (1 - W) * B", "W * A + 1 - W * B", "no brackets: {W * A} + 1 − {W * B}", "brackets"),
        Row(
            "N + B**2",
            "0.9 * N + 0.1 * B**2",
            "an exponential moving average of decay 0.9 in place of the sum",
            "weights",
        ),
        Row(
            "N + B**2",
            "0.99 * N + 0.01 * B**2",
            "an exponential moving average of decay 0.99 in place of the sum",
            "weights",
        ),
        Row("S", "S / (1 - D**call)", "{S} divided by 1 − {D}ᵗ, as Adam's averages are", "start", "no clock"),
    ),
    "everywhere alone": (
        Row("A / (1 - B**t)", "A", "no correction of m and v for their start at zero", "left out"),
        Row("A / (1 - B**t)", "A * (1 - B**t)", "both corrections multiplied, not divided", "turned"),
        Row(
            "A / (1 - B**t)", "A if first else A / (1 - B**t)", "no correction at the first call", "left out"
        ),
        Row(
            "A / (1 - B**t)",
            "A if first else A / (1 - B**(t - 1))",
            "t increased after its use, and no correction where it is 0",
            "clock",
        ),
    ),
    "lines": (
        Row(
            "S = P + (1 - W) * A",
            "S = A if first else P + (1 - W) * A",
            "{S} set to its newest part at the first call",
            "start",
        ),
        Row("S = P + (1 - W) * A", "S = max(before(S), A)", "the largest {A} so far in {S}", "memory"),
    ),
}
