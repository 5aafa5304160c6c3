"""Hints of lesson 03-nesterov: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "nesterov/update": (
        "`params` holds the point that looks ahead, not the ball. Which velocity is taken back, and "
        "which one is added?",
        "Work out the first call by hand: v was zero, so nothing is taken back. How many times ηg "
        "does the point move?",
        "Two velocities are needed in one line. Keep the old one before you overwrite it.",
    ),
    "nesterov/look-ahead": (
        "At which point is the gradient taken: at the ball, or where the velocity alone would carry it?",
        "Start with one step by hand. Before it the velocity is zero, as many zeros as `theta` has numbers.",
        "The list of places has one entry more than there are steps: the start counts.",
    ),
    "nesterov/matrix": (
        "Put the gradient of the bowl at the look-ahead point into the ball's recursion. Express that"
        " point by θ_t and θ_{t−1}.",
        "Look at what θ_t and θ_{t−1} are multiplied by. A common factor with η and λ comes out of both.",
        "Check with μ = 0: it must be plain descent. Then check with ηλ = 1: the ball is at the "
        "bottom after one step.",
    ),
    "nesterov/limit": (
        "At the limit one eigenvalue is −1. Put s = −1 into the equation with the trace and the "
        "determinant of your matrix.",
        "At s = −1 every term has a plus sign. Which terms hold the factor with η and λ?",
        "A bowl has several curvatures and one η. In which direction does the ball diverge first?",
    ),
    "nesterov/critical": (
        "Write the equation with the trace and the determinant of your matrix. Both have a factor "
        "1 − q: divide by it once.",
        "It is a quadratic in μ. Of its two solutions only one lies between 0 and 1.",
    ),
    "nesterov/slip": (
        "Run the four lines on paper from v = 1, with a gradient of zero. What should the point do?",
        "One line needs a number that another line has overwritten by then. Which line comes too late?",
    ),
}
