"""Hints of lesson 05-rmsprop: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "rmsprop/update": (
        "AdaGrad's sum never forgets. What is each old sum multiplied by here, and what is each new square?",
        "Feed gradients that are 1 at every call: h tends to 1. If yours grows, or tends to another "
        "number, look at the two factors.",
        "The number ε is added after the root is taken, not before.",
    ),
    "rmsprop/decay-for": (
        "Take h = held and put g² = usual into (1). How far is h from usual before and after the call?",
        "The distance of h from usual shrinks by the same factor at each call. Which distance is allowed?",
        "Test your answer: start at h = held, repeat (1), and print h when the calls are over.",
    ),
    "rmsprop/variance": (
        "The new mean is the old one plus a share of δ. Which share? Put g = a + δ into "
        "the average of squares.",
        "After collecting, the old a has vanished. Test it: with v = 0 and a = 0 before the "
        "first gradient, what is v after it?",
        "Try gradients 2, 2, 2, …: the spread first grows and then dies out. The ratio of late values is ρ.",
    ),
    "rmsprop/faults": (
        "An optimizer that remembers makes another step than a fresh one would, for the same "
        "gradients. So you need two of them.",
        "Some memories do not show while all gradients are alike. Let the first call have "
        "other gradients than the second.",
        "Keys can mix in one direction only. Change one key's gradient and look at the "
        "other's step; then the other way round.",
    ),
    "graves/update": (
        "Expand the square and take the mean term by term: the mean of a constant times g is "
        "that constant times the mean of g.",
        "Here ε stands under the root, together with the spread. In RMSprop it stood outside.",
        "The last memory is a velocity: part of the old one is kept, and the push goes against the gradient.",
    ),
}
