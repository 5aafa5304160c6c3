"""Hints of lesson 08-practice: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "practice/best-next": (
        "Write the next a as a polynomial in η. Where is the bottom of a parabola?",
        "Without noise the best η takes θ to the minimum in one call. Does yours?",
    ),
    "practice/adamw": (
        "Feed gradients of zero. What share of each parameter should be left after one call?",
        "Which of m, v, m̂ and v̂ know of the decay? In the text above: none of them.",
        "With weight_decay=0 the class of lesson 06 should come out, digit by digit.",
    ),
    "practice/effective": (
        "Write the weights for two calls. What do they sum to, before and after the correction?",
        "Divide each weight by the sum of all. What is the sum of the squares of these shares?",
        "At the first call there is one gradient. How many is its average worth?",
    ),
    "practice/schedule": (
        "At the top of a cosine wave the angle is 0, at the next bottom it is π.",
        "Which fraction of the way from the top to the last call has been done at call t?",
    ),
    "practice/clip": (
        "First one number for all arrays together. Then one factor for all of them.",
        "What does your function do with gradients of zeros, and with a norm below the limit?",
    ),
    "practice/rest": (
        "At rest the mean step is zero. Write that equation for each of the two rules.",
        "The sign is 1, −1, or, as the parameter steps to and fro across the minimum, anything between "
        "on average. Which parameters can the decay still hold?",
    ),
}
