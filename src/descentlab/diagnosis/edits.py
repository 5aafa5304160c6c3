"""Systematic edits of a rule's formula: what a slip of the pen or of the mind turns it into.

Each row is one: pattern → replacement, words, the kind whose hint is given (`rewriting.Row`; what a capital
letter stands for, `rewriting.RANGES` and `ADMITS`; what ± does, `rewriting.both_signs`). p is θ, call the
number of the call, keys how many arrays there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from descentlab.diagnosis.rewriting import Row, both_signs


@dataclass(frozen=True)
class Hint:
    """A question for one kind of edit."""

    words: str
    """{made}: what the edit makes otherwise, as "m, v"; {same}: as code, "self.m[k] is self.v[k]"."""
    experiment: str = ""
    """What the words propose to try, a key of `EXPERIMENTS`; said only where it shows the mistake."""


TEN_TIMES = Hint(
    "Make all gradients ten times larger. What should happen to the step, and what happens to yours?",
    "ten times the gradients",
)
# Of each kind the first whose experiment shows the mistake; the last has none.
HINTS: Mapping[str, tuple[Hint, ...]] = {
    "left out": (
        Hint("Put what you compute for {made} beside the formula. Check each factor and each term."),
    ),
    "sign": (
        Hint("Follow one sign, line by line, from the gradient to θ. How many minus signs should it meet?"),
    ),
    "brackets": (
        Hint("Where {made} is made: read the line as Python does. What does each factor multiply?"),
    ),
    "name": (Hint("Check each name in what you compute for {made}. Does the formula have it there?"),),
    "old": (Hint("What you compute {made} from: has it already been updated in this call, or not yet?"),),
    "order": (
        Hint("Which line needs a value as the call before left it, and which one as this call has made it?"),
    ),
    "root": (
        TEN_TIMES,
        Hint("Work {made} out by hand for the first call. Over what does the root go?"),
    ),
    "square": (
        TEN_TIMES,
        Hint(
            "Where {made} is made: to what does the formula apply a power, and to what does your line, "
            "if to anything?"
        ),
    ),
    "eps": (
        Hint(
            "Try gradients of 1e-9: there ε decides. Where does the formula add it?",
            "gradients of 1e-9",
        ),
        Hint("Where {made} is made: to what does the formula add ε, and what do you add it to?"),
    ),
    "weights": (
        Hint(
            "Is {made} an average, or a sum? With the same gradient at every call, where should it end?",
            "the same gradient always",
        ),
        Hint("Which weight in {made} is the large one, and what should it multiply?"),
    ),
    "exchanged": (Hint("Which weight in {made} is the large one, and what should it multiply?"),),
    "factor": (Hint("Work {made} out by hand for the first two calls. What multiplies what?"),),
    "turned": (
        Hint("Where {made} is made: which factors should make the result larger, and which smaller?"),
    ),
    "power": (Hint("Work {made} out by hand for the first and for the second call."),),
    "raised": (Hint("Which factor of {made} changes from call to call? Should it?"),),
    "array": (Hint("Two coordinates of one array have different gradients: what may they share in {made}?"),),
    "extra": (Hint("Which part of your line for {made} has no counterpart in the formula?"),),
    "clip": (
        Hint(
            "Try a gradient of 10 000. Which line of yours limits it, and does the formula?",
            "one gradient of 10 000",
        ),
        Hint("Which line of yours limits the gradient, and does the formula have it?"),
    ),
    "constant": (
        Hint(
            "Make each argument of the constructor ten per cent smaller. Does each change the steps?",
            "each argument ten per cent less",
        ),
        Hint("Which numbers are typed into your class? Which argument of the constructor belongs there?"),
    ),
    "start": (
        Hint(
            "What should be remembered before the first call, and what after it? Print both. Does your "
            "line divide them by something that the formula has not?"
        ),
    ),
    "memory": (Hint("Print {made} before and after each call. What should the next call know of it?"),),
    "stored": (Hint("After a call, print {made}: is it still the average, or something made of it?"),),
    "one array": (Hint("Print {same}. Are they two things, or two names of one?"),),
    "clock": (Hint("Print t on five calls. When does it grow, and how often in one call?"),),
    "twice": (Hint("Count how often each quantity enters {made} in one call."),),
    "loop": (Hint("Print k in the innermost loop. How often does each of your lines run in one call?"),),
    "operator": (Hint("Check the operators in {made}, one by one: a sum, a product, or a quotient?"),),
    "schedule": (
        Hint(
            "Call twice with the same gradient. Should the rate of the rule itself change?",
            "the same gradient twice",
        ),
        Hint("Which of your factors depends on the number of the call, and should it?"),
    ),
}
# One name, constant or operator in one place for another: less often than the rest, and many.
RARE = ("name", "constant", "old", "operator", "raised")
# Two of these in one line are not looked for.
UNLIKELY = (*RARE, "extra", "clip", "schedule", "array")
# Made everywhere, these give other numbers in another form of the rule: forms are equal at constant
# hyperparameters, for gradients that are given.
BY_FORM = ("schedule", "power", "extra")

# What stands in place of the gradient.
GRADIENTS = (
    Row("g", "sign(g)", "only the sign of the gradient", "array"),
    Row("g", "above(g)", "only the sign of the gradient, with −1 for 0", "array"),
    Row("g", "clip_1(g)", "the gradient cut off at ±1", "clip"),
    Row("g", "clip_5(g)", "the gradient cut off at ±5", "clip"),
    Row("g", "clip_10(g)", "the gradient cut off at ±10", "clip"),
    Row("g", "mean(g)", "the mean of the array's gradient in place of the gradient", "array"),
    Row("g", "total(g)", "the sum of the array's gradient in place of the gradient", "array"),
    Row("g", "g / norm(g)", "each array's gradient scaled to length one", "array"),
    Row("g", "g / all_norm", "the whole gradient scaled to length one", "array"),
    Row("g", "g / size(g)", "the gradient divided by the number of coordinates", "extra"),
    Row("g", "g / length(g)", "the gradient divided by its length len(g)", "extra"),
    Row("g", "g - mean(g)", "the gradient less the mean of its array", "array"),
    Row("g", "g**2", "the square of the gradient in place of the gradient", "square"),
    Row("g", "abs(g)", "the size |g| in place of the gradient", "sign"),
)

# In one place of one line.
SUMS = (
    # An average, and its weights.
    Row("W * A + (1 - W) * B", "(1 - W) * A + W * B", "{W} and 1 − {W} exchanged", "exchanged"),
    Row("W * A + (1 - W) * B", "W * (A + B)", "{W} multiplying {B} as well, without 1 − {W}", "weights"),
    Row("W * A + (1 - W) * B", "A + B", "no weights {W} and 1 − {W}", "weights"),
    Row("W * A + (1 - W) * B", "(1 - W) * (W * A) + B", "1 − {W} multiplying {A} in place of {B}", "weights"),
    Row("W * A + (1 - W) * B**2", "W * A + ((1 - W) * B)**2", "1 − {W} squared too", "square"),
    Row(
        "W * A + (1 - W) * B**2", "(W * A + (1 - W) * B)**2", "{B} averaged first and then squared", "square"
    ),
    # One minus something.
    Row("1 - B", "B", "{B} in place of {1 - B}", "factor"),
    Row("1 - B", "1 + B", "{1 + B} in place of {1 - B}", "sign"),
    Row("1 - B", "1", "the factor {1 - B} left out", "left out"),
    # ε.
    Row("sqrt(A) + eps", "sqrt(A + eps)", "ε inside the root", "eps"),
    Row("sqrt(A) + eps", "sqrt(A + eps) + eps", "ε twice, under the root and beside it", "eps"),
    Row("sqrt(A) + eps", "sqrt(A + eps**2)", "ε² inside the root", "eps"),
    Row("sqrt(A) + eps", "sqrt(A) + sqrt(eps)", "√ε in place of ε", "eps"),
    Row("R + eps", "R**2 + eps", "{R} squared before ε is added", "square"),
    # Signs, operators, terms.
    Row("A + B", "A - B", "− {B:2} in place of + {B:2}", "sign"),
    Row("T - B", "T + B", "+ {B:2} in place of − {B:2}", "sign"),
    Row("T + Z", "T * Z", "{T:2} times {Z:2} in place of their sum", "operator"),
    Row("T - B", "T * B", "{T:2} times {B:2} in place of their difference", "operator"),
    Row("A + B", "A", "the term {B:2} left out", "left out"),
    Row("T - B", "T", "the term {B:2} left out", "left out"),
    Row("A + B", "B", "the term {A:2} left out", "left out"),
    Row("T - B", "abs(T - B)", "|{T - B}| in place of {T - B}", "sign"),
    Row("T - B", "0 - B", "the term {T:2} left out", "left out"),
    Row("T - B", "B - T", "{B} and {T} subtracted the wrong way round", "sign"),
    # Read as Python reads it without brackets.
    Row("A + B / (C + E)", "A + B / C + E", "no brackets: + {E} outside the division", "eps"),
    Row("T - B / (C + E)", "T - B / C - E", "no brackets: − {E} outside the division", "eps"),
    Row("T - B / (C + E)", "T - B / C + E", "no brackets: + {E} outside the division", "eps"),
    Row("W * A + (1 - W) * B", "W * A + 1 - W * B", "no brackets: {W * A} + 1 − {W * B}", "brackets"),
    # A factor that reaches further than it should, or another one.
    Row("A * B - C * E", "A * (B - C * E)", "{A} multiplying {C * E} as well", "factor"),
    *both_signs("A * B ± lr * C", "lr * (A * B) ± lr * C", "{lr} multiplying {A * B} as well", "twice"),
    *both_signs("N * B ± C", "N * B ± (1 - N) * C", "{C:2} weighted with 1 − {N}", "weights"),
    *both_signs(
        "N * B ± C", "(1 - N) * B ± N * C", "weights 1 − {N} and {N} in place of {N} and 1", "exchanged"
    ),
    *both_signs("N * B ± C", "(1 - N) * B ± C", "1 − {N} in place of {N}", "factor"),
    *both_signs("N * B ± C", "N * (B ± C)", "{N} multiplying {C} as well", "factor"),
    Row(
        "N + B**2",
        "0.9 * N + 0.1 * B**2",
        "an exponential moving average of decay 0.9 in place of the sum",
        "weights",
    ),
    Row(
        "N + B**2",
        "0.99 * N + 0.01 * B**2",
        "an exponential moving average of decay 0.99 in place of the sum",
        "weights",
    ),
    # A velocity.
    Row("A + V", "A + V - lr * g", "the push {lr * g} added once more", "twice"),
    Row("T - V", "T - V - lr * g", "the push {lr * g} added once more", "twice"),
    Row("A + V", "A + lr * V", "the rate multiplying {V} once more", "twice"),
    Row("T - V", "T - lr * V", "the rate multiplying {V} once more", "twice"),
    # Seldom: after what has the same numbers where ε is small beside the root.
    Row("sqrt(A) + eps", "max(sqrt(A), eps)", "the larger of {sqrt(A)} and ε in place of their sum", "eps"),
    Row("sqrt(A) + eps", "sqrt(max(A, eps))", "the larger of {A} and ε under the root", "eps"),
)
PRODUCTS = (
    Row("A * B", "B", "the factor {A:2} left out", "left out"),
    Row("A * B", "A", "the factor {B:2} left out", "left out"),
    Row("A * B", "B / A", "a division by {A:2}", "turned"),
    Row("A * B", "A + B", "{A:2} plus {B:2} in place of their product", "operator"),
    Row("F * B", "F * (F * B)", "the factor {F:2} twice", "twice"),
    Row("F * B**2", "(F * B)**2", "{F} squared too", "square"),
    Row("N * B", "(1 - N) * B", "1 − {N} in place of {N}", "factor"),
    Row("(1 + N) * B", "1 + N * B", "no brackets: 1 + {N * B}", "brackets"),
    Row("(1 - N) * B", "1 - N * B", "no brackets: 1 − {N * B}", "brackets"),
)
QUOTIENTS = (
    Row("A / B", "A", "the division by {B:2} left out", "left out"),
    Row("A / B", "A * B", "a multiplication with {B:2} in place of the division", "turned"),
    Row("A / B", "B / A", "{A / B} turned over", "turned"),
    Row("A / B", "1 / B", "1 in place of {A} in the numerator", "left out"),
    Row("A / B", "A / sqrt(B)", "the root of {B} in the denominator", "root"),
    Row("A * B / C", "A / C", "the factor {B:2} left out in the numerator", "left out"),
    Row("A * B / C", "A + B / C", "{A} plus {B / C} in place of their product", "operator"),
    Row("A * B / (C + E)", "(A / C + E) * B", "{E} added to {A / C}", "eps"),
    Row("A / (B + C)", "A / B + C", "no brackets: {C} outside the division", "eps"),
    Row("A / (B + C)", "A / B * C", "a multiplication with {C}, not its addition to {B}", "eps"),
)
POWERS = (
    Row("A**B", "A * B", "{A} {B} in place of {A**B}", "power"),
    Row("A**B", "A", "{A} without the power {B}", "power"),
    Row("A**B", "A**(B + 1)", "the power {B} + 1 in place of {B}", "power"),
    Row("A**B", "A**(B - 1)", "the power {B} − 1 in place of {B}", "power"),
)
SQUARES = (
    Row("A**2", "A", "{A} in place of {A**2}", "square"),
    Row("A**2", "abs(A)", "|{A}| in place of {A**2}", "square"),
    Row("A**2", "(lr * A)**2", "η squared into the sum together with {A}", "twice"),
    Row("A**2", "2 * A", "2 {A} in place of {A**2}", "square"),
    Row("A**2", "mean(A**2)", "the mean of {A**2} over the array", "array"),
    Row("A**2", "total(A**2)", "the sum of {A**2} over the array", "array"),
)
ROOTS = (
    Row("sqrt(A)", "A", "the root of {A} left out", "root"),
    Row("sqrt(A)", "A**2", "the square of {A} in place of its root", "root"),
    Row("sqrt(A)", "cube_root(A)", "the cube root of {A}", "root"),
    Row("sqrt(A)", "sqrt(sqrt(A))", "the root of {A} taken twice", "root"),
    Row("sqrt(A)", "sqrt(abs(A))", "the root of |{A}|", "sign"),
    Row("sqrt(A)", "sqrt(mean(A))", "one root for the whole array: √ of the mean of {A}", "array"),
    Row("sqrt(A)", "mean(sqrt(A))", "the mean of the roots of {A} over the array", "array"),
    Row("sqrt(A)", "norm(sqrt(A))", "one root for the whole array: √ of the sum of {A}", "array"),
    Row("sqrt(A + eps)", "sqrt(A) + eps", "ε outside the root", "eps"),
    Row("sqrt(A + eps)", "sqrt(A + eps**2)", "ε² in place of ε", "eps"),
    Row("sqrt(A + eps)", "sqrt(A + eps) + eps", "ε twice, under the root and beside it", "eps"),
    Row("sqrt(A + eps)", "sqrt(max(A, eps))", "the larger of {A} and ε under the root", "eps"),
    Row("sqrt(N)", "sqrt(N / call)", "{N} divided by the number of calls", "schedule"),
)
NAMES = (
    Row("H", "K", "{K} in place of {H} in one place", "name"),
    Row("H", "X", "{X} in place of {H} in one place", "constant"),
    Row("D", "1 - D", "1 − {D} in place of {D}", "factor"),
    Row("D", "D**call", "{D} to the power t in place of {D} in one place", "raised"),
    Row("S", "S / (1 - D**call)", "{S} divided by 1 − {D}ᵗ, as Adam's averages are", "start", "no clock"),
    Row("S", "S / (1 - D)", "{S} divided by 1 − {D}", "operator"),
    Row("S", "before(S)", "the {S} of the call before in place of the new one", "old"),
    Row("Q", "O", "{O} in place of {Q}", "name"),
    *GRADIENTS,
    Row("g", "g - S", "g − {S} in place of g", "name"),
)
IN_ONE_PLACE = (*SUMS, *PRODUCTS, *QUOTIENTS, *POWERS, *SQUARES, *ROOTS, *NAMES)

# In all places of one line.
IN_ONE_LINE = (Row("G, J", "J, G", "{G} and {J} exchanged", "name"),)
# The same, where the pattern stands there more than once.
IN_ONE_LINE_TWICE = (Row("H", "K", "{K} in place of {H} in the line of {target}", "name"),)

# In all places of all lines; two of these at once are looked for as well.
EVERYWHERE = (
    Row("H, L", "L, H", "{H} and {L} exchanged", "name"),
    Row("H", "K", "{K} in place of {H} everywhere", "name"),
    Row("lr", "1", "the rate left out", "left out"),
    Row("H", "X", "{H} = {X} whatever the constructor is given", "constant"),
    Row("1 - D, D", "D, 1 - D", "{D} and 1 − {D} exchanged everywhere", "exchanged"),
    Row("D", "D**call", "{D} to the power t in place of {D}", "power"),
    Row("lr", "lr / sqrt(call)", "the rate divided by √t", "schedule"),
    Row("lr", "lr / call", "the rate divided by t", "schedule"),
    Row("lr", "lr**2", "the rate applied twice", "twice"),
    Row("lr", "sqrt(lr)", "the root of the rate", "root"),
    Row("lr", "1 / lr", "a division by the rate", "turned"),
    Row("lr", "lr / 2", "half the rate", "left out"),
    Row("lr", "2 * lr", "twice the rate", "twice"),
    Row("lr", "keys * lr", "each step taken once for every array, so as many times over", "twice"),
    Row("lr", "lr / keys", "each step divided by the number of arrays", "turned"),
    *(Row(row.pattern, row.replacement, f"{row.words} everywhere", row.kind) for row in GRADIENTS),
    Row("g", "before(g)", "the gradient of the call before everywhere", "old"),
    Row("g", "g + Y * p", "a weight decay of {Y} in the gradient everywhere", "extra"),
    Row("g**2, g", "g, g**2", "g and g² exchanged", "square", "g²"),
)
# In all places of all lines, with any part of the formula for a letter.
EVERYWHERE_ALONE = (
    Row("g**2", "total(g**2)", "the sum of the array's squares in place of each square", "array"),
    Row("g**2", "mean(g**2)", "the mean of the array's squares in place of each square", "array"),
    Row("g**2", "all_norm**2", "the sum of all arrays' squares in place of each square", "array"),
    Row("g**2", "g", "the gradient in place of its square", "square"),
    Row("g**2", "abs(g)", "|g| in place of g²", "square"),
    Row("A / (1 - B**t)", "A", "no correction of m and v for their start at zero", "left out"),
    Row("N**t", "N * t", "β t in place of βᵗ", "power"),
    Row("D**t", "D * t", "{D} t in place of {D}ᵗ", "power"),
    Row("N**t", "N", "β in place of βᵗ", "power"),
    Row("D**t", "D", "{D} in place of {D}ᵗ", "power"),
    Row("1 - N**t", "N**t", "βᵗ in place of 1 − βᵗ", "power"),
    Row("A / (1 - B**t)", "A * (1 - B**t)", "both corrections multiplied, not divided", "turned"),
    Row("A / (1 - B**t)", "A if first else A / (1 - B**t)", "no correction at the first call", "left out"),
    Row(
        "A / (1 - B**t)",
        "A if first else A / (1 - B**(t - 1))",
        "t increased after its use, and no correction where it is 0",
        "clock",
    ),
)
EXCHANGED_EVERYWHERE = (
    Row("1 - D**t, 1 - M**t", "1 - M**t, 1 - D**t", "{1 - D**t} and {1 - M**t} exchanged", "name"),
)

# Whole lines.
LINES = (
    Row("S = E", "S = max(before(S), E)", "the largest {S} so far kept", "memory"),
    Row("S = P + (1 - W) * A", "S = max(before(S), A)", "the largest {A} so far in {S}", "memory"),
    Row("S = P + U", "S = max(before(S), U)", "the largest {U} so far in {S}", "memory"),
    Row("S = P - U", "S = max(before(S), 0 - U)", "the largest {0 - U} so far in {S}", "memory"),
    Row(
        "S = P + (1 - W) * A",
        "S = A if first else P + (1 - W) * A",
        "{S} set to its newest part at the first call",
        "start",
    ),
    Row("S = P + U", "S = U if first else P + U", "{S} set to its newest part at the first call", "start"),
    Row(
        "S = P - U", "S = 0 - U if first else P - U", "{S} set to its newest part at the first call", "start"
    ),
    Row("t = E", "t = 1", "t = 1 at every call", "clock"),
    Row("t = E", "t = call - 1", "t increased after its use, so that it is 0 at the first call", "clock"),
    Row("t = E", "t = max(call - 1, 1)", "t one call behind, 1 at the first two calls", "clock"),
    Row("t = E", "t = call + 1", "t one step ahead, 2 at the first call", "clock"),
    Row("t = E", "t = keys * call + position - (keys - 1)", "t increased once for every array", "clock"),
    Row(
        "t = E",
        "t = keys * call + place - (keys - 1)",
        "t increased once for every array, in the order of the gradients",
        "clock",
    ),
)
# The last line.
STEP = (
    *both_signs("p = p ± A", "p = p ± A - lr * Y * p", "a weight decay of {Y} beside the step", "extra"),
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
    Row("p = p + A", "p = p - A", "the step in the opposite direction", "sign"),
    Row("p = p - A", "p = p + A", "the step in the opposite direction", "sign"),
    *both_signs("p = p ± A", "p = p * (1 ± A)", "the parameter multiplied by 1 minus the step", "name"),
    Row("p = p - lr * A", "p = lr * (p - A)", "η multiplying θ as well", "brackets"),
    Row("p = p - lr * A / B", "p = lr * (p - A / B)", "η multiplying θ as well", "brackets"),
    *both_signs("p = p ± A", "p = 0 ± A", "the parameter replaced by the step alone", "left out"),
)
# What a state is before the first call.
STARTS = (
    Row("S", "1", "{S} starting at one, not at zero", "start"),
    Row("S", "g", "{S} starting at the first gradient, not at zero", "start"),
    Row("S", "g**2", "{S} starting at the first squared gradient, not at zero", "start"),
    Row("S", "p", "{S} starting at the parameters, not at zero", "start"),
    Row("S", "eps", "{S} starting at ε, not at zero", "start", "ε"),
    Row("S", "0 - g", "{S} starting at minus the gradient, not at zero", "start", "no ε"),
)
