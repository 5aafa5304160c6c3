"""Hints of lesson 07-comparison: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "comparison/six-rules": (
        template("The start may be a tuple of whole numbers. Which kind of array can hold the steps?"),
        template("Every path needs its own copy of each place: the rules change their array in place."),
    ),
    "comparison/best-rate": (
        template(
            "A run that ended in NaN or inf is as bad as a run can be. What must it count as before the "
            "median is taken?"
        ),
        template("The median is taken over the seeds: over which axis of `losses`?"),
    ),
    "comparison/scale-gap": (
        template(
            "Multiplying a loss multiplies its gradient. Both paths begin at the same point, each with a "
            "new rule."
        ),
        template(
            "The gap is the largest distance between the paths, measured in units of how far the plain "
            "path gets from its start. The end need not be the farthest point."
        ),
    ),
    "comparison/rotation-gap": (
        template(
            "In the turned problem the start is turned too. What does the gradient there do with a point "
            "before it can use the plain gradient?"
        ),
        template("Compare like with like: turn the second path back before you take the difference."),
        template("Turning forth and back by the same angle must change nothing. Check that with one point."),
    ),
    "comparison/row-error": (
        template("What is the shape of (7, 1) minus (7,)? Print it."),
        template(
            "Give the targets the shape of the predictions first. Then every row meets its own target, "
            "and the mean is over the rows."
        ),
    ),
    "comparison/reported": (
        template("Which of the two lists may choose an epoch, and which one may only be read there?"),
        template(
            "With two equal maxima the earlier epoch counts. What does NumPy's function for the place of "
            "a maximum do?"
        ),
    ),
}
