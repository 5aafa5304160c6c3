"""Hints of lesson 06-adam: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "adam/update": (
        "Print t at every call, with two arrays in `params`. It counts calls, not arrays, and it "
        "starts at 1.",
        "At the first call the corrected averages are the gradient and its square, so every entry "
        "moves by about η. Is your first step that long?",
        "The corrected averages are for the step alone. What is stored for the next call?",
    ),
    "adam/weight-sum": (
        "Let every x be 1, with a start at zero. Then the average itself is the sum of its weights.",
        "How far from 1 is that average after each call? By which factor does one call change it?",
    ),
    "adam/uncorrected": (
        "With a gradient of 1 at every call, what is m, and what is v?",
        "Both are sums of weights. Which of the two stands under a root?",
        "Compare with the measured lines: about 3.16 for the usual decays at the first call.",
    ),
    "adam/longest-step": (
        "Which b makes the sum of its squares v̂? It holds a weight and a gradient.",
        "What has the other factor to be, so that the product is one term of m̂?",
        "Print both lists of weights: each sums to 1. Then no gradient is left in your sum. "
        "At t = 1 the answer is 1.",
    ),
    "adam/worst-growth": (
        "Equality holds where the two factors of each product are proportional. Write both for k and "
        "for k + 1 calls ago.",
        "The quotient of two neighbouring gradients is what is asked. Is it more than 1, since the "
        "gradients grow?",
    ),
    "adam/eps-hat": (
        "Bring both denominators into the form √v plus something. Which factor does that take?",
        "At t = 1 and β₂ = 0.99 the two numbers differ by a factor of ten. Does yours?",
    ),
}
