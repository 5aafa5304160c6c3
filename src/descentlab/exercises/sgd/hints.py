"""Hints of lesson 01-sgd: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "sgd/update": (
        "Take θ = 1 and the loss θ²: the gradient is 2. On which side of 1 must the next θ lie?",
        "`params` is a dict. Each of its arrays has its own gradient under the same key, and changes "
        "in place.",
        "The learning rate was kept by the constructor. Which name does it have inside the object?",
    ),
    "sgd/largest-stable": (
        "Run descent with one η and look at the end: is it farther from the minimum than the start?",
        "You know one η that is too small and one that is too large. What does the η in the middle "
        "tell you, and how often must you halve the interval for 2 %?",
    ),
    "sgd/worst-factor": (
        "One step multiplies what is left along each axis by a factor of its own. Write it for one "
        "curvature.",
        "A factor of −1.2 is worse than one of 0.9: what counts is how large it is, not its sign.",
    ),
    "sgd/best-lr": (
        "Draw the factor's absolute value over η for the smallest and the largest curvature. Which of the"
        " two lines is higher for a small η, which for a large one?",
        "The higher of the two is lowest where they cross. There the two factors differ in their sign alone.",
    ),
    "sgd/noise-floor": (
        "Write the new x as one part with the old x and one with the noise. By what is the old x multiplied?",
        "Square both parts: the first one's mean square is a multiple of V, the second does not know V. "
        "What is the noise multiplied by before it is squared?",
        "Bring both terms with V to one side. One factor η can be divided out.",
    ),
    "sgd/batch-noise": (
        "Try three rows whose deviations are 1, 1 and −2. What is the mean of their squares, and what is "
        "the mean product of two different rows?",
        "The sum of all N deviations is zero, so its square is zero, too. Solve that for c.",
        "The square of a sum of B deviations has B squares and B(B − 1) products. The mean over the batch"
        " divides that by the square of B.",
    ),
}
