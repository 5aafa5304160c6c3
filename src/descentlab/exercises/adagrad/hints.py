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
    "adagrad/lemma": (
        template(
            "S_t is a sum up to round t, and it changes at every round. Which function of NumPy makes all"
            " of them at once?"
        ),
        template("Before the first gradient that is not zero, S is zero. What should 0/0 add to the sum?"),
    ),
    "adagrad/steps": (
        template(
            "A step is a difference of two places. Which two, and who remembers the first once the rule "
            "has changed it?"
        ),
        template("The rule may change `params` in place: keep a copy of the place before each call."),
    ),
    "adagrad/surprise": (
        template("What stands under the root when the large gradient comes? It is counted itself, too."),
        template("A hundred squares of the size 1 and one square of the size 10 are in the sum."),
    ),
}
