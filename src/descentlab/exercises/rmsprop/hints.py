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
    "rmsprop/decay-for": (
        template(
            "Take h = held and put g² = usual into (1). How far is h from usual before and after the call?"
        ),
        template(
            "The distance of h from usual shrinks by the same factor at each call. Which distance is allowed?"
        ),
        template("Test your answer: start at h = held, repeat (1), and print h when the calls are over."),
    ),
    "rmsprop/variance": (
        template(
            "The new mean is the old one plus a share of δ. Which share? Put g = a + δ into "
            "the average of squares."
        ),
        template(
            "After collecting, the old a has vanished. Test it: with v = 0 and a = 0 before the "
            "first gradient, what is v after it?"
        ),
        template(
            "Try gradients 2, 2, 2, …: the spread first grows and then dies out. The ratio of "
            "late values is ρ."
        ),
    ),
    "rmsprop/faults": (
        template(
            "An optimizer that remembers makes another step than a fresh one would, for the same "
            "gradients. So you need two of them."
        ),
        template(
            "Some memories do not show while all gradients are alike. Let the first call have "
            "other gradients than the second."
        ),
        template(
            "Keys can mix in one direction only. Change one key's gradient and look at the "
            "other's step; then the other way round."
        ),
    ),
    "graves/update": (
        template(
            "Expand the square and take the mean term by term: the mean of a constant times g is "
            "that constant times the mean of g."
        ),
        template("Here ε stands under the root, together with the spread. In RMSprop it stood outside."),
        template(
            "The last memory is a velocity: part of the old one is kept, and the push goes against the "
            "gradient."
        ),
    ),
}
