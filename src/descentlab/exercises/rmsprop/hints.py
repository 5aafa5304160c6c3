"""Hints of lesson 05-rmsprop: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "rmsprop/update": (
        template(
            "AdaGrad's sum never forgets. What is each old sum multiplied by here, and what is each new "
            "square?"
        ),
        template(
            "Feed gradients that are 1 at every call: h tends to 1. If yours grows, or tends to another "
            "number, look at the two factors."
        ),
        template("The number ε is added after the root is taken, not before."),
    ),
    "rmsprop/weights": (
        template("Feed a single 1 at call k and zeros afterwards. What is left of it after all calls?"),
        template("The newest weight is the largest one. How old is the oldest square after t calls?"),
    ),
    "rmsprop/drift": (
        template("Only the last round counts, but the rule must have seen the earlier ones: it remembers."),
        template(
            "Where is θ just before the last round begins? Keep a number, not the array that the rule "
            "goes on changing."
        ),
    ),
    "rmsprop/spread": (
        template(
            "Two averages run side by side: one of the squares, one of the gradients. Which of them is "
            "squared at the end?"
        ),
        template(
            "Gradients that are all alike have no spread once the averages are full. Does yours go to zero?"
        ),
    ),
    "graves/update": (
        template(
            "There are four lines, and each key needs three memories. Which of the four lines does your "
            "code lack, or do twice?"
        ),
        template("Here ε stands under the root, together with the spread. In RMSprop it stood outside."),
        template(
            "The last memory is a velocity: part of the old one is kept, and the push goes against the "
            "gradient."
        ),
    ),
}
