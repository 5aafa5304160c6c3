"""Hints of lesson 06-adam: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "adam/update": (
        template(
            "Print t at every call, with two arrays in `params`. It counts calls, not arrays, and it "
            "starts at 1."
        ),
        template(
            "At the first call the corrected averages are the gradient and its square, so every entry "
            "moves by about η. Is your first step that long?"
        ),
        template("The corrected averages are for the step alone. What is stored for the next call?"),
    ),
    "adam/weights": (
        template(
            "Unroll the average for three calls on paper. How often has the first gradient been "
            "multiplied by β?"
        ),
        template(
            "The newest gradient has not been multiplied by β at all. The oldest one comes first in the "
            "array."
        ),
    ),
    "adam/steps": (
        template(
            "A step is a difference of two places. Who remembers the first one, if the rule changes the "
            "array in place?"
        ),
        template("One rule for all calls, or a new one at each? It must remember."),
    ),
    "adam/worst-growth": (
        template(
            "Equality holds where the two factors of each product are proportional. Write both for k and "
            "for k + 1 calls ago."
        ),
        template(
            "The quotient of two neighbouring gradients is what is asked. Is it more than 1, since the "
            "gradients grow?"
        ),
    ),
    "adam/eps-hat": (
        template("Bring both denominators into the form √v plus something. Which factor does that take?"),
        template("At t = 1 and β₂ = 0.99 the two numbers differ by a factor of ten. Does yours?"),
    ),
}
