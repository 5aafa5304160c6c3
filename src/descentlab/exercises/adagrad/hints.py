"""Hints of lesson 04-adagrad: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "adagrad/update": (
        "What is kept between the calls only grows. Does yours, and is there one for each key?",
        "At the very first call every entry moves by about η, whatever its gradient's size. Print the"
        " first step for gradients 0.001 and 1000.",
        "The number ε is added after the root is taken, not before.",
    ),
    "adagrad/hindsight": (
        "Each Gᵢ² is a sum over the rounds of one coordinate's squares: over which axis of `gradients`?",
        "Take two coordinates with G = 1 and G = 3. A sum a/s₁ + b/s₂ with s₁ + s₂ fixed is least "
        "where its two derivatives agree.",
        "The scales must sum to `total`. Find their ratios first, then stretch them.",
    ),
    "adagrad/after-a-calm": (
        "Which squares are in the sum when the large gradient is divided? Its own, too?",
        "A step goes against the gradient: which sign has it where the gradient is negative?",
        "Test it: without any calm the step is 1 long, whatever the gradient is.",
    ),
    "adagrad/best-bound": (
        "Only the bracket depends on η. Where is its derivative zero?",
        "At the best η both terms of the bracket are equally large. Put that η into (6).",
    ),
    "adagrad/rescaled": (
        "The chain rule gives the slope along u as the slope along θ divided by c. And a step of θ is a "
        "step of u divided by c.",
        "Both factors together must be the root of h. So c is a root of a root.",
        "θ is u divided by c, coordinate by coordinate. Each entry of A meets two of these divisions.",
    ),
}
