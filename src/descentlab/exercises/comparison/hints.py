"""Hints of lesson 07-comparison: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "comparison/six-rules": (
        "The start may be a tuple of whole numbers. Which kind of array can hold the steps?",
        "Every path needs its own copy of each place: the rules change their array in place.",
    ),
    "comparison/by-chance": (
        "Toss a coin once for each seed. How many of all equally likely rows of tosses count?",
        "Either of the two rules may be the lucky one. Both cases count, each once.",
        "`math.comb(n, k)` is the number of rows with k heads. For which k does a row count?",
    ),
    "comparison/same-path": (
        "Write the first step of each rule with c g in the place of g.",
        "Which memories become c times as large, and which c² times? What is left of c in the step then?",
        "Where the factor cancels, one small number does not take part. It has units, too.",
    ),
    "comparison/rotation-gap": (
        "In the turned problem the start is turned too. What does the gradient there do with a point "
        "before it can use the plain gradient?",
        "Compare like with like: turn the second path back before you take the difference.",
        "Turning forth and back by the same angle must change nothing. Check that with one point.",
    ),
    "comparison/all-pairs": (
        "Go from a prediction to a target by way of the mean: two differences in the place of one.",
        "Square their sum. What do the products of the two differences sum to, over all targets?",
        "The slope: in how many pairs does one prediction stand, and by what is the sum divided?",
    ),
    "comparison/logit-loss": (
        "Write ln s and ln(1 − s) with e⁻ᶻ and eᶻ before you take any logarithm of a number.",
        "Both are of the form ln(1 + eˣ). For large x that is nearly x: which NumPy function adds "
        "exponentials under a logarithm?",
        "The slope of ln(1 + eᶻ) is s, and that of ln(1 + e⁻ᶻ) is s − 1. Then think of the mean.",
    ),
}
