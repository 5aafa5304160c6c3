"""Hints of lesson 01-sgd: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "sgd/update": (
        template("Take θ = 1 and the loss θ²: the gradient is 2. On which side of 1 must the next θ lie?"),
        template(
            "`params` is a dict. Each of its arrays has its own gradient under the same key, and changes "
            "in place."
        ),
        template("The learning rate was kept by the constructor. Which name does it have inside the object?"),
    ),
    "sgd/largest-stable": (
        template(
            "Run descent with one η and look at the end: is it farther from the minimum than the start?"
        ),
        template(
            "You know one η that is too small and one that is too large. What does the η in the middle "
            "tell you, and how often must you halve the interval for three digits?"
        ),
    ),
    "sgd/worst-factor": (
        template(
            "One step multiplies what is left along each axis by a factor of its own. Write it for one "
            "curvature."
        ),
        template("A factor of −1.2 is worse than one of 0.9: what counts is how large it is, not its sign."),
    ),
    "sgd/best-lr": (
        template(
            "Draw the factor's absolute value over η for both curvatures in one picture. Which of the two"
            " lines is higher for a small η, which for a large one?"
        ),
        template(
            "The higher of the two is lowest where they cross. There the two factors differ in their sign"
            " alone."
        ),
    ),
    "sgd/noise-floor": (
        template(
            "The gradient that descent sees is the true one, curvature times x, plus one row of `noise`."
        ),
        template("The columns are runs, side by side. All of them start at zero and take one step a row."),
        template(
            "The floor is what is left when the start is forgotten: average the squares over the later "
            "half of the steps."
        ),
    ),
}
