"""Systematic edits of a rule's formula, as slips make them.

Each row is one: pattern → replacement, words, the kind of its hint (`formula.Rewrite`; for capital letters see
`formula.RANGES` and `ADMITS`, for ± `formula.both_signs`). p is θ, call the
number of the call, keys how many arrays there are. A course adds rows of its own: `rows` has both.
"""

from collections.abc import Mapping
from functools import cache

from descentlab.rule_diagnosis.equal_forms import EDITS
from descentlab.rule_diagnosis.formula import Rewrite, both_signs

HINTS: Mapping[str, str] = {
    "left out": "Compare what you compute for {made} with the formula: check each factor and each term.",
    "sign": "Follow one sign, line by line, from the gradient to θ. How many minus signs should it meet?",
    "brackets": "Where {made} is made: read the line as Python does. What does each factor multiply?",
    "name": "Check each name in what you compute for {made}. Does the formula have it there?",
    "old": "What you compute {made} from: has it already been updated in this call, or not yet?",
    "order": "Which line needs the value of the call before, and which one this call's?",
    "root": "Work {made} out by hand for the first call. Over what does the root go?",
    "square": "Where {made} is made: what does the formula square, and what do you square?",
    "eps": "Where {made} is made: to what does the formula add ε, and what do you add it to?",
    "weights": "Which weight in {made} is the large one, and what should it multiply?",
    "exchanged": "Which weight in {made} is the large one, and what should it multiply?",
    "factor": "Work {made} out by hand for the first two calls. What multiplies what?",
    "turned": "Where {made} is made: which factors should make the result larger, and which smaller?",
    "power": "Work {made} out by hand for the first and for the second call.",
    "array": "Two coordinates of one array have different gradients: what may they share in {made}?",
    "extra": "Which part of your line for {made} has no counterpart in the formula?",
    "clip": "Which line of yours limits the gradient, and does the formula have it?",
    "constant": "Which numbers are typed into your class? Which argument of the constructor belongs there?",
    "start": "What should be remembered before the first call, and what after it? Print both.",
    "memory": "Print {made} before and after each call. What should the next call know of it?",
    "stored": "After a call, print {made}: is it still the average, or something made of it?",
    "one array": "Print {same}. Are they two things, or two names of one?",
    "clock": "Print t on five calls. When does it grow, and how often in one call?",
    "twice": "Count how often each quantity enters {made} in one call.",
    "operator": "Check the operators in {made}, one by one: a sum, a product, or a quotient?",
    "pair": "Compare these two places with the formula, one after the other.",
    "schedule": "Which of your factors depends on the number of the call, and should it?",
}
"""A question for each kind of edit. {made}: the changed quantities, as "m, v"; {same}: the same as code,
"self.m[k] is self.v[k]"."""
# One name, constant or operator replaced in one place: many, but rarer than the rest.
RARE_KINDS = ("name", "constant", "old", "operator")
# Two of these in one line are not tried.
UNLIKELY_KINDS = (*RARE_KINDS, "extra", "clip", "schedule", "array")

# The gradient replaced.
GRADIENTS = (
    Rewrite("g", "sign(g)", "only the sign of the gradient", "array"),
    Rewrite("g", "above(g)", "only the sign of the gradient, with −1 for 0", "array"),
    Rewrite("g", "clip_1(g)", "the gradient cut off at ±1", "clip"),
    Rewrite("g", "clip_5(g)", "the gradient cut off at ±5", "clip"),
    Rewrite("g", "mean(g)", "the mean of the array's gradient instead of the gradient", "array"),
    Rewrite("g", "g / norm(g)", "each array's gradient scaled to length one", "array"),
    Rewrite("g", "g / all_norm", "the whole gradient scaled to length one", "array"),
    Rewrite("g", "g / size(g)", "the gradient divided by the number of coordinates", "extra"),
    Rewrite("g", "g / length(g)", "the gradient divided by its length len(g)", "extra"),
    Rewrite("g", "g**2", "the square of the gradient instead of the gradient", "square"),
)

# In one place of one line.
SUMS = (
    # One minus something.
    Rewrite("1 - B", "1 + B", "{1 + B} instead of {1 - B}", "sign"),
    # ε.
    Rewrite("sqrt(A) + eps", "sqrt(A + eps)", "ε inside the root", "eps"),
    Rewrite("sqrt(A) + eps", "sqrt(A + eps) + eps", "ε twice, under the root and outside it", "eps"),
    Rewrite("sqrt(A) + eps", "sqrt(A + eps**2)", "ε² inside the root", "eps"),
    Rewrite("R + eps", "R**2 + eps", "{R} squared before ε is added", "square"),
    # Signs, operators, terms.
    Rewrite("A + B", "A - B", "− {B:2} instead of + {B:2}", "sign"),
    Rewrite("T - B", "T + B", "+ {B:2} instead of − {B:2}", "sign"),
    Rewrite("A + B", "A", "the term {B:2} left out", "left out"),
    Rewrite("T - B", "T", "the term {B:2} left out", "left out"),
    Rewrite("A + B", "B", "the term {A:2} left out", "left out"),
    Rewrite("T - B", "abs(T - B)", "|{T - B}| instead of {T - B}", "sign"),
    # Read as Python reads it, without the brackets.
    Rewrite("T - B / (C + E)", "T - B / C - E", "no brackets: − {E} outside the division", "eps"),
    # A factor that covers too much, or another one.
    Rewrite("A * B - C * E", "A * (B - C * E)", "{A} multiplying {C * E} as well", "factor"),
    *both_signs("A * B ± lr * C", "lr * (A * B) ± lr * C", "{lr} multiplying {A * B} as well", "twice"),
    *both_signs("N * B ± C", "N * B ± (1 - N) * C", "{C:2} weighted with 1 − {N}", "weights"),
    *both_signs("N * B ± C", "N * (B ± C)", "{N} multiplying {C} as well", "factor"),
    # A velocity.
    Rewrite("A + V", "A + V - lr * g", "the push {lr * g} added once more", "twice"),
    Rewrite("T - V", "T - V - lr * g", "the push {lr * g} added once more", "twice"),
    Rewrite("A + V", "A + lr * V", "the rate multiplying {V} once more", "twice"),
    Rewrite("T - V", "T - lr * V", "the rate multiplying {V} once more", "twice"),
)
PRODUCTS = (
    Rewrite("A * B", "B", "the factor {A:2} left out", "left out"),
    Rewrite("A * B", "A", "the factor {B:2} left out", "left out"),
    Rewrite("(1 + N) * B", "1 + N * B", "no brackets: 1 + {N * B}", "brackets"),
)
QUOTIENTS = (
    Rewrite("A / B", "A", "the division by {B:2} left out", "left out"),
    Rewrite("A / B", "A * B", "a multiplication with {B:2} instead of the division", "turned"),
    Rewrite("A * B / C", "A / C", "the factor {B:2} left out in the numerator", "left out"),
    Rewrite("A * B / C", "A + B / C", "{A} plus {B / C} instead of their product", "operator"),
    Rewrite("A * B / (C + E)", "(A / C + E) * B", "{E} added to {A / C}", "eps"),
    Rewrite("A / (1 - N**t)", "A - N**t", "no brackets around 1 − {N}ᵗ: {A} / 1 − {N}ᵗ", "brackets"),
    Rewrite("A / (B + C)", "A / B * C", "a multiplication with {C}, not its addition to {B}", "eps"),
)
POWERS = (
    Rewrite("A**B", "A", "{A} without the power {B}", "power"),
    Rewrite("A**B", "A**(B + 1)", "the power {B} + 1 instead of {B}", "power"),
)
SQUARES = (
    Rewrite("A**2", "A", "{A} instead of {A**2}", "square"),
    Rewrite("A**2", "(lr * A)**2", "η squared into the sum together with {A}", "twice"),
    Rewrite("A**2", "2 * A", "2 {A} instead of {A**2}", "square"),
)
ROOTS = (
    Rewrite("sqrt(A)", "A", "the root of {A} left out", "root"),
    Rewrite("sqrt(A)", "cube_root(A)", "the cube root of {A}", "root"),
    Rewrite("sqrt(A)", "sqrt(abs(A))", "the root of |{A}|", "sign"),
    Rewrite("sqrt(A + eps)", "sqrt(A) + eps", "ε outside the root", "eps"),
    Rewrite("sqrt(A + eps)", "sqrt(A + eps) + eps", "ε twice, under the root and outside it", "eps"),
    Rewrite("sqrt(N)", "sqrt(N / call)", "{N} divided by the number of calls", "schedule"),
)
NAMES = (
    Rewrite("H", "K", "{K} instead of {H} in one place", "name"),
    Rewrite("H", "X", "{X} instead of {H} in one place", "constant"),
    Rewrite("D", "1 - D", "1 − {D} instead of {D}", "factor"),
    Rewrite("D", "D / 2", "half of {D} instead of {D}", "factor"),
    Rewrite("S", "S / (1 - D)", "{S} divided by 1 − {D}", "operator"),
    Rewrite("Q", "O", "{O} instead of {Q}", "name"),
    *GRADIENTS,
    Rewrite("g", "g - S", "g − {S} instead of g", "name"),
)
IN_ONE_PLACE = (*SUMS, *PRODUCTS, *QUOTIENTS, *POWERS, *SQUARES, *ROOTS, *NAMES)

# In all places of one line that has the pattern more than once.
IN_ONE_LINE = (Rewrite("H", "K", "{K} instead of {H} in the line of {target}", "name"),)

# In all places of all lines; pairs of these are tried as well.
EVERYWHERE = (
    Rewrite("H, L", "L, H", "{H} and {L} exchanged", "name"),
    Rewrite("H", "K", "{K} instead of {H} everywhere", "name"),
    Rewrite("H", "X", "{H} = {X} whatever the constructor is given", "constant"),
    Rewrite("1 - D, D", "D, 1 - D", "{D} and 1 − {D} exchanged everywhere", "exchanged"),
    Rewrite("D", "D**call", "{D} to the power t instead of {D}", "power"),
    Rewrite("lr", "lr / sqrt(call)", "the rate divided by √t", "schedule"),
    Rewrite("lr", "lr / call", "the rate divided by t", "schedule"),
    Rewrite("lr", "lr / (1 + 0.1 * (call - 1))", "the rate divided by 1 + 0.1 (t − 1)", "schedule"),
    Rewrite("lr", "lr * 0.95**(call - 1)", "the rate multiplied by 0.95 after each call", "schedule"),
    Rewrite("lr", "lr**2", "the rate applied twice", "twice"),
    Rewrite("lr", "1 / lr", "a division by the rate", "turned"),
    Rewrite("lr", "lr / 2", "half the rate", "left out"),
    Rewrite("lr", "keys * lr", "each step taken once for every array, so as many times over", "twice"),
    *(Rewrite(row.pattern, row.replacement, f"{row.words} everywhere", row.kind) for row in GRADIENTS),
    Rewrite("g", "before(g)", "the gradient of the call before everywhere", "old"),
    Rewrite("g", "g + Y * p", "a weight decay of {Y} in the gradient everywhere", "extra"),
    Rewrite("g**2, g", "g, g**2", "g and g² exchanged", "square", "g²"),
)
# In all places of all lines, where a letter stands for any part of the formula.
EVERYWHERE_ALONE = (
    Rewrite("g**2", "total(g**2)", "the sum of the array's squares instead of each square", "array"),
    Rewrite("g**2", "mean(g**2)", "the mean of the array's squares instead of each square", "array"),
    Rewrite("g**2", "all_norm**2", "the sum of all arrays' squares instead of each square", "array"),
    Rewrite("g**2", "g", "the gradient instead of its square", "square"),
    Rewrite("g**2", "abs(g)", "|g| instead of g²", "square"),
    Rewrite("N**t", "N * t", "β t instead of βᵗ", "power"),
    Rewrite("D**t", "D * t", "{D} t instead of {D}ᵗ", "power"),
    Rewrite("N**t", "N", "β instead of βᵗ", "power"),
    Rewrite("1 - N**t", "N**t", "βᵗ instead of 1 − βᵗ", "power"),
    Rewrite("A / (1 - N**t)", "A - N**t", "no brackets around 1 − βᵗ", "brackets"),
)

# Whole lines.
LINES = (
    Rewrite("S = E", "S = max(before(S), E)", "the largest {S} so far kept", "memory"),
    Rewrite("S = P + U", "S = max(before(S), U)", "the largest {U} so far in {S}", "memory"),
    Rewrite("t = E", "t = call + 1", "t one step ahead, 2 at the first call", "clock"),
    Rewrite("t = E", "t = keys * call + position - (keys - 1)", "t increased once for every array", "clock"),
    Rewrite(
        "t = E",
        "t = keys * call + place - (keys - 1)",
        "t increased once for every array, in the order of the gradients",
        "clock",
    ),
)
# The last line.
STEP = (
    *both_signs("p = p ± A", "p = p ± A - lr * Y * p", "a weight decay of {Y} outside the step", "extra"),
    *both_signs(
        "p = p ± A",
        "carried = 0.9 * carried ± A; p = p + carried",
        "a momentum of 0.9 for the step",
        "extra",
        "no momentum",
    ),
    *both_signs(
        "p = p ± A",
        "carried = D * carried ± A; p = p + carried",
        "a momentum of {D} for the step",
        "extra",
        "no momentum",
    ),
    Rewrite("p = p + A", "p = p - A", "the step in the opposite direction", "sign"),
    Rewrite("p = p - A", "p = p + A", "the step in the opposite direction", "sign"),
    *both_signs("p = p ± A", "p = p * (1 ± A)", "the parameter multiplied by 1 minus the step", "name"),
    Rewrite("p = p - lr * A", "p = lr * (p - A)", "η multiplying θ as well", "brackets"),
    Rewrite("p = p - lr * A / B", "p = lr * (p - A / B)", "η multiplying θ as well", "brackets"),
    *both_signs("p = p ± A", "p = 0 ± A", "the parameter replaced by the step alone", "left out"),
)
# Initial values of states.
STARTS = (
    Rewrite("S", "1", "{S} starting at one, not at zero", "start"),
    Rewrite("S", "0.1", "{S} starting at 0.1, not at zero", "start"),
    Rewrite("S", "g", "{S} starting at the first gradient, not at zero", "start"),
    Rewrite("S", "g**2", "{S} starting at the first squared gradient, not at zero", "start"),
    Rewrite("S", "p", "{S} starting at the parameters, not at zero", "start"),
)

_TABLES = {
    "in one place": IN_ONE_PLACE,
    "everywhere alone": EVERYWHERE_ALONE,
    "lines": LINES,
    "starts": STARTS,
    "step": STEP,
}


@cache
def rows(table: str) -> tuple[Rewrite, ...]:
    """The rows of a table of edits: the course's, then those of any formula."""
    return (*EDITS.get(table, ()), *_TABLES[table])
