"""Hints of lesson 04-adagrad: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "adagrad/update": (
        template("What is kept between the calls only grows. Does yours, and is there one for each key?"),
        template(
            "At the very first call every entry moves by about η, whatever its gradient's size. Print the"
            " first step for gradients 0.001 and 1000."
        ),
        template("The number ε is added after the root is taken, not before."),
    ),
    "adagrad/hindsight": (
        template(
            "Each Gᵢ² is a sum over the rounds of one coordinate's squares: over which axis of `gradients`?"
        ),
        template(
            "Take two coordinates with G = 1 and G = 3. A sum a/s₁ + b/s₂ with s₁ + s₂ fixed is least "
            "where its two derivatives agree."
        ),
        template("The scales must sum to `total`. Find their ratios first, then stretch them."),
    ),
    "adagrad/after-a-calm": (
        template("Which squares are in the sum when the large gradient is divided? Its own, too?"),
        template("A step goes against the gradient: which sign has it where the gradient is negative?"),
        template("Test it: without any calm the step is 1 long, whatever the gradient is."),
    ),
    "adagrad/best-bound": (
        template("Only the bracket depends on η. Where is its derivative zero?"),
        template("At the best η both terms of the bracket are equally large. Put that η into (6)."),
    ),
    "adagrad/rescaled": (
        template(
            "The chain rule gives the slope along u as the slope along θ divided by c. And a step of θ is a "
            "step of u divided by c."
        ),
        template("Both factors together must be the root of h. So c is a root of a root."),
        template(
            "θ is u divided by c, coordinate by coordinate. Each entry of A meets two of these divisions."
        ),
    ),
}
