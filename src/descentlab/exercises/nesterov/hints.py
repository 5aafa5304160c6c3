"""Hints of lesson 03-nesterov: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "nesterov/update": (
        template(
            "`params` holds the point that looks ahead, not the ball. Which velocity is taken back, and "
            "which one is added?"
        ),
        template(
            "Work out the first call by hand: v was zero, so nothing is taken back. How many times ηg "
            "does the point move?"
        ),
        template("Two velocities are needed in one line. Keep the old one before you overwrite it."),
    ),
    "nesterov/look-ahead": (
        template(
            "At which point is the gradient taken: at the ball, or where the velocity alone would carry it?"
        ),
        template(
            "Start with one step by hand. Before it the velocity is zero, as many zeros as `theta` has "
            "numbers."
        ),
        template("The two lists each have one entry more than there are steps: the start counts."),
    ),
    "nesterov/matrix": (
        template(
            "Put the gradient of the bowl at the look-ahead point into the ball's recursion. Express that"
            " point by θ_t and θ_{t−1}."
        ),
        template(
            "Look at what θ_t and θ_{t−1} are multiplied by. A common factor with η and λ comes out of both."
        ),
        template(
            "Check with μ = 0: it must be plain descent. Then check with ηλ = 1: the ball is at the "
            "bottom after one step."
        ),
    ),
    "nesterov/critical": (
        template(
            "Two roots meet where something under a square root is zero. Write it for the matrix of this "
            "lesson."
        ),
        template("It is a quadratic in μ. Of its two solutions only one lies between 0 and 1."),
    ),
    "nesterov/slip": (
        template(
            "Run the four lines on paper from v = 1, with a gradient of zero. What should the point do?"
        ),
        template(
            "One line needs a number that another line has overwritten by then. Which line comes too late?"
        ),
    ),
}
