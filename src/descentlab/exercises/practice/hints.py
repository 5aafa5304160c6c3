"""Hints of lesson 08-practice: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "practice/best-next": (
        template("Write the next a as a polynomial in η. Where is the bottom of a parabola?"),
        template("Without noise the best η takes θ to the minimum in one call. Does yours?"),
    ),
    "practice/adamw": (
        template("Feed gradients of zero. What share of each parameter should be left after one call?"),
        template("Which of m, v, m̂ and v̂ know of the decay? In the text above: none of them."),
        template("With weight_decay=0 the class of lesson 06 should come out, digit by digit."),
    ),
    "practice/effective": (
        template("Write the weights for two calls. What do they sum to, before and after the correction?"),
        template("Divide each weight by the sum of all. What is the sum of the squares of these shares?"),
        template("At the first call there is one gradient. How many is its average worth?"),
    ),
    "practice/schedule": (
        template("At the top of a cosine wave the angle is 0, at the next bottom it is π."),
        template("Which fraction of the way from the top to the last call has been done at call t?"),
    ),
    "practice/clip": (
        template("First one number for all arrays together. Then one factor for all of them."),
        template("What does your function do with gradients of zeros, and with a norm below the limit?"),
    ),
    "practice/rest": (
        template("At rest the mean step is zero. Write that equation for each of the two rules."),
        template(
            "The sign is 1, −1, or, as the parameter steps to and fro across the minimum, anything between "
            "on average. Which parameters can the decay still hold?"
        ),
    ),
}
