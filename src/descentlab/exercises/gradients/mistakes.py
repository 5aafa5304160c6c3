"""Known mistakes in difference quotients and in checks of gradients."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

slope = MistakesOf("gradients/slopes")
best = MistakesOf("gradients/best-steps")
numerical = MistakesOf("gradients/numerical")
error = MistakesOf("gradients/relative-error")
backprop = MistakesOf("gradients/backprop")


def slopes_but(f, theta, h, **wrong):
    """The three slopes, with wrong ones in place of some of them."""
    right = {
        "forward": lambda: (f(theta + h) - f(theta)) / h,
        "central": lambda: (f(theta + h) - f(theta - h)) / (2 * h),
        "complex": lambda: np.imag(f(theta + 1j * h)) / h,
    }
    if not wrong:
        raise TypeError("which slope is wrong?")
    return {name: wrong.get(name, slope()) for name, slope in right.items()}


def central(loss, params, key, place, h, width):
    """(above − below) / width for one entry, which is put back."""
    entry = params[key][place].copy()
    params[key][place] = entry + h
    above = loss(params)
    params[key][place] = entry - h
    below = loss(params)
    params[key][place] = entry
    return (above - below) / width


def each_entry(params, slope_of):
    return {
        key: np.array([slope_of(key, place) for place in np.ndindex(p.shape)]).reshape(p.shape)
        for key, p in params.items()
    }


slope.value(
    "gradients/one-sided-over-two-h",
    lambda f, theta, h: slopes_but(f, theta, h, central=(f(theta + h) - f(theta)) / (2 * h)),
    what="a one-sided difference divided by 2h, called central",
    why="The forward quotient was copied and only its divisor was changed.",
    symptom="The central slope is half of the forward one.",
    hint="How far apart are your two points, and by what do you divide?",
)
slope.value(
    "gradients/central-over-h",
    lambda f, theta, h: slopes_but(f, theta, h, central=(f(theta + h) - f(theta - h)) / h),
    what="a central difference divided by h, not by 2h",
    why="The points were moved and the divisor was not.",
    symptom="The central slope is about twice the slope.",
    hint="How far apart are your two points, and by what do you divide?",
)


@slope(
    "gradients/tiny-h",
    what="slopes with h = 10⁻¹⁵, whatever h is given",
    why="“As small as possible” is right on paper and wrong in sixteen digits.",
    symptom="The slopes are small multiples of 10⁻¹⁶/h.",
    hint="What is 1 + 1e-16 on this computer?",
)
def tiny_h(f, theta, h):
    h = 1e-15
    return slopes_but(f, theta, h, forward=(f(theta + h) - f(theta)) / h)


slope.value(
    "gradients/backward-for-forward",
    lambda f, theta, h: slopes_but(f, theta, h, forward=(f(theta) - f(theta - h)) / h),
    what="the backward difference in place of the forward one",
    why="f(θ) − f(θ − h) is as good a slope, and another one.",
    symptom="The forward slope is off by h f″, to the other side.",
    hint="Which of your two points lies ahead of θ?",
)
slope.value(
    "gradients/real-part",
    lambda f, theta, h: slopes_but(f, theta, h, complex=np.real(f(theta + 1j * h)) / h),
    what="the complex step with the real part in place of the imaginary one",
    why="`.real` is the part one is used to.",
    symptom="The complex slope is f(θ)/h, which is huge.",
    hint="In which part of f(θ + ih) does h appear at first order?",
)


def steps(forward, central):
    return {"forward": forward, "central": central}


best.value(
    "gradients/equal-terms",
    lambda f, f2, f3, r: steps(2 * np.sqrt(abs(r * f / f2)), np.cbrt(6 * abs(r * f / f3))),
    what="the distance at which the two terms of the bound are equal; it is least elsewhere",
    why="For the forward difference the two are the same, or h² was differentiated to h.",
    symptom="Forward is right, central is the cube root of 2 too large.",
    hint="What is the derivative of h²/6?",
)
best.value(
    "gradients/half-is-lost",
    lambda f, f2, f3, r: steps(np.sqrt(2 * abs(r * f / f2)), np.cbrt(3 * abs(r * f / f3))),
    what="the forward distance with the ½ of (5) left out of the derivative",
    why="The derivative of h/2 was taken for 1.",
    symptom="Forward is too small by the square root of 2.",
    hint="What is the derivative of (h/2)|f″| by h?",
)
best.value(
    "gradients/third-is-lost",
    lambda f, f2, f3, r: steps(2 * np.sqrt(abs(r * f / f2)), np.cbrt(abs(r * f / f3))),
    what="the central distance without the factor that the derivative of h²/6 brings",
    why="The rule of thumb with |f| and |f‴| put in, in place of a derivation.",
    symptom="Central is too small by the cube root of 3.",
    hint="What is the derivative of (h²/6)|f‴| by h?",
)
best.value(
    "gradients/two-square-roots",
    lambda f, f2, f3, r: steps(2 * np.sqrt(abs(r * f / f2)), np.sqrt(3 * abs(r * f / f3))),
    what="the central distance with the square root of the forward one",
    why="The forward line was copied.",
    symptom="Central is near 10⁻⁸ in double precision.",
    hint="Set the derivative of (6) to zero and clear the fractions: which power of h is left?",
)
best.value(
    "gradients/thumb",
    lambda f, f2, f3, r: steps(np.sqrt(r), np.cbrt(r)),
    what="the rules of thumb √r and ∛r, which ask neither f nor its derivatives",
    why="They stand in every handbook.",
    symptom="The same h for every function.",
    hint="Make f″ a hundred times larger. Should h stay?",
)


@best(
    "gradients/signs-kept",
    what="the best distances without absolute values",
    why="f, f″ and f‴ are positive in the figure of the lesson.",
    symptom="A negative distance, or NaN, where a derivative is negative.",
    hint="What does your function give for f″ = −1?",
)
def signs_kept(f, f2, f3, r):
    with np.errstate(invalid="ignore"):
        return steps(2 * np.sqrt(np.float64(r * f / f2)), np.cbrt(3 * r * f / f3))


@numerical(
    "gradients/not-put-back",
    what="central differences that leave each entry where the second evaluation put it",
    why="`p += h`, `p -= 2 * h`, and the last `p += h` is missing.",
    symptom="The first entry is right, the rest are taken at other points; params drift by h an entry.",
    hint="Is params the same before and after your call, to the last bit?",
)
def not_put_back(loss, params, h):
    def moved(key, place):
        params[key][place] += h
        above = loss(params)
        params[key][place] -= 2 * h
        return (above - loss(params)) / (2 * h)

    return each_entry(params, moved)


@numerical(
    "gradients/put-back-by-adding",
    what="the right slopes, with entries that come back wrong by a rounding",
    why="`p += h`, `p -= 2 * h`, `p += h` is right on paper.",
    symptom="Every slope is right; some entries of params differ in their last bit.",
    hint="Adding h and subtracting it again need not give the same bits. Which number must be kept, and "
    "written back?",
)
def put_back_by_adding(loss, params, h):
    def moved(key, place):
        params[key][place] += h
        above = loss(params)
        params[key][place] -= 2 * h
        below = loss(params)
        params[key][place] += h
        return (above - below) / (2 * h)

    return each_entry(params, moved)


@numerical(
    "gradients/no-copy",
    what="a gradient of zeros: both points are the same array",
    why="`above = params` gives the dict a second name; no copy is made, or a copy of the dict alone.",
    symptom="Every entry is zero.",
    hint="Are these two arrays, or two names of one?",
)
def no_copy(loss, params, h):
    def same(key, place):
        above, below = dict(params), dict(params)
        above[key][place] += h
        below[key][place] -= h
        return (loss(above) - loss(below)) / (2 * h)

    return each_entry(params, same)


@numerical(
    "gradients/whole-numbers",
    what="central differences kept in arrays of whole numbers",
    why="An array made with `dtype=int`, or from a list of zeros, cuts off what stands behind the point.",
    symptom="Every entry is the slope without its decimals.",
    hint="What can your array hold? Put 0.3 into it and print it.",
)
def whole_numbers(loss, params, h):
    slopes = each_entry(params, lambda key, place: central(loss, params, key, place, h, 2 * h))
    return {key: g.astype(int) for key, g in slopes.items()}


@numerical(
    "gradients/forward-only",
    what="one-sided differences in place of central ones",
    why="One evaluation less for each entry.",
    symptom="Every entry is off by (h/2) f″: five digits agree, not eight.",
    hint="How does your error shrink when you halve h: by two, or by four?",
)
def forward_only(loss, params, h):
    def ahead(key, place):
        at = loss(params)
        entry = params[key][place].copy()
        params[key][place] = entry + h
        result = (loss(params) - at) / h
        params[key][place] = entry
        return result

    return each_entry(params, ahead)


numerical.value(
    "gradients/all-over-h",
    lambda loss, params, h: each_entry(params, lambda key, place: central(loss, params, key, place, h, h)),
    what="central differences divided by h, not by 2h",
    why="The points were moved and the divisor was not.",
    symptom="Every entry is twice the slope.",
    hint="How far apart are your two points, and by what do you divide?",
)
numerical.value(
    "gradients/half-of-it",
    lambda loss, params, h: {key: g / 2 for key, g in forward_only(loss, params, h).items()},
    what="one-sided differences divided by 2h",
    why="The forward quotient was copied and only its divisor was changed.",
    symptom="Every entry is half the slope.",
    hint="How far apart are your two points, and by what do you divide?",
)


def relative(one, other, size):
    """Each entry's difference, divided by its size; 0 against 0 counts as 0."""
    return np.abs(one - other) / np.where(size == 0, 1.0, size)


@error(
    "gradients/no-guard",
    what="a relative error without a guard for 0 against 0",
    why="The formula has none; zero gradients are common all the same.",
    symptom="NaN where both gradients are zero.",
    hint="What is your error where both are exactly zero? Divide 0 by 0?",
)
def no_guard(one, other):
    with np.errstate(all="ignore"):
        return np.max(np.abs(one - other) / np.maximum(np.abs(one), np.abs(other)))


error.value(
    "gradients/absolute-error",
    lambda one, other: np.max(np.abs(one - other)),
    what="the absolute error, divided by nothing",
    why="“The difference” was taken for the error.",
    symptom="The error grows with the size of the gradients.",
    hint="Make both gradients a thousand times larger. Should the error change?",
)


error.value(
    "gradients/sum-of-sizes",
    lambda one, other: np.max(relative(one, other, np.abs(one) + np.abs(other))),
    what="the difference divided by |a| + |b|, as some courses do; this lesson divides by the larger one",
    why="Both are in use; the sum halves the error of nearly equal numbers.",
    symptom="About half the expected error.",
    hint="By what does this lesson divide: the sum of the sizes, or the larger of them?",
)


error.value(
    "gradients/mean-of-errors",
    lambda one, other: np.mean(relative(one, other, np.maximum(np.abs(one), np.abs(other)))),
    what="the mean of the entries' errors in place of the largest",
    why="A mean hides the one entry that is wrong.",
    symptom="Smaller than the expected error wherever entries differ.",
    hint="One entry of a thousand is wrong: should your error show it?",
)


@error(
    "gradients/zeros-skipped",
    what="a relative error that skips 0 against 0, and is left with nothing where all is zero",
    why="`nanmax` passes over a NaN, but not over nothing else.",
    symptom="NaN for arrays of zeros, right everywhere else.",
    hint="What does your function give for two arrays of zeros?",
)
def zeros_skipped(one, other):
    size = np.maximum(np.abs(one), np.abs(other))
    errors = np.abs(one - other)[size > 0] / size[size > 0]
    return np.max(errors) if errors.size else np.nan


error.value(
    "gradients/small-number-below",
    lambda one, other: np.max(np.abs(one - other) / (np.maximum(np.abs(one), np.abs(other)) + 1e-8)),
    what="a relative error with 10⁻⁸ added to the denominator",
    why="It spares the guard for 0 against 0, and is common in published code.",
    symptom="Right for gradients of size one, far too small for small ones.",
    hint="Make both gradients 10⁷ times smaller. Should the error change?",
)
error.value(
    "gradients/tiny-number-below",
    lambda one, other: np.max(np.abs(one - other) / (np.maximum(np.abs(one), np.abs(other)) + 1e-12)),
    like="gradients/small-number-below",
    what="a relative error with a small number, 10⁻¹², added to the denominator",
    symptom="Right for gradients of size one, wrong in the sixth digit for gradients of 10⁻⁷.",
)


error.value(
    "gradients/one-side-below",
    lambda one, other: np.max(relative(one, other, np.abs(other))),
    what="the difference divided by the size of the second array alone",
    why="One of the two was taken for the truth.",
    symptom="Another error when the two arrays change places.",
    hint="Swap your two arguments. Should the error change?",
)


@error(
    "gradients/largest-of-all-below",
    what="the largest difference divided by the largest entry of all",
    why="The two maxima were taken before the division.",
    symptom="Smaller than the expected error: errors of small entries vanish beside a large one.",
    hint="Which comes first in (7): the division, or the largest?",
)
def largest_of_all_below(one, other):
    size = np.max(np.maximum(np.abs(one), np.abs(other)))
    return np.max(np.abs(one - other)) / (size or 1.0)


def gradient(params, x, t, outer_of, inner_of):
    a = np.tanh(x @ params["W1"] + params["b1"])
    outer = outer_of(a @ params["W2"] + params["b2"] - t, len(x))
    inner = inner_of(outer @ params["W2"].T, a)
    return {"W2": a.T @ outer, "b2": outer.sum(axis=0), "W1": x.T @ inner, "b1": inner.sum(axis=0)}


backprop.value(
    "gradients/sum-for-mean",
    lambda params, x, t: gradient(params, x, t, lambda d, n: d, lambda d, a: d * (1 - a**2)),
    what="the gradient of the sum over the rows; the loss is their mean",
    why="The division by n stands in the loss and was forgotten in its derivative.",
    symptom="Every entry of every key is n times the expected one.",
    hint="Is the ratio of the two gradients one constant?",
)
backprop.value(
    "gradients/no-slope-of-tanh",
    lambda params, x, t: gradient(params, x, t, lambda d, n: d / n, lambda d, a: d),
    what="a gradient that goes through tanh as if its slope were one",
    why="The factor 1 − a² was left out on the way back.",
    symptom="W2 and b2 are right, W1 and b1 are not.",
    hint="Which keys are right? What lies between them and the others on the way back?",
)
backprop.value(
    "gradients/slope-at-the-input",
    lambda params, x, t: gradient(params, x, t, lambda d, n: d / n, lambda d, a: d * (1 - a)),
    what="a gradient with 1 − a in place of 1 − a²",
    why="The slope of tanh, written from memory.",
    symptom="W2 and b2 are right, W1 and b1 are not.",
    hint="Differentiate tanh, and write the result in terms of a = tanh z.",
)
backprop.value(
    "gradients/tanh-twice",
    lambda params, x, t: gradient(params, x, t, lambda d, n: d / n, lambda d, a: d * (1 - np.tanh(a) ** 2)),
    what="a gradient with 1 − tanh²(a), where a is a tanh already",
    why="The formula of the slope was applied to the output of the layer.",
    symptom="W2 and b2 are right, W1 and b1 are too large.",
    hint="What has gone through tanh already: the input of the hidden layer, or a?",
)
backprop.value(
    "gradients/slope-of-the-logistic",
    lambda params, x, t: gradient(params, x, t, lambda d, n: d / n, lambda d, a: d * a * (1 - a)),
    what="a gradient with a(1 − a), which is the slope of the logistic function",
    why="The two are taught side by side.",
    symptom="W2 and b2 are right, W1 and b1 are not.",
    hint="Whose slope is a(1 − a)?",
)


@backprop(
    "gradients/mean-for-biases",
    what="a gradient with the mean over the rows for the biases, where δ is divided by n already",
    why="A mean over rows is a habit.",
    symptom="b1 and b2 are 1/n times the expected ones, W1 and W2 are right.",
    hint="How often do you divide by n on the way to b2?",
)
def mean_for_biases(params, x, t):
    result = gradient(params, x, t, lambda d, n: d / n, lambda d, a: d * (1 - a**2))
    return {key: g / len(x) if key.startswith("b") else g for key, g in result.items()}


backprop.value(
    "gradients/wrong-direction",
    lambda params, x, t: gradient(params, x, t, lambda d, n: -d / n, lambda d, a: d * (1 - a**2)),
    what="a gradient with t − z in place of z − t",
    why="“Target minus output” is the error of older texts.",
    symptom="Every entry is −1 times the expected one.",
    hint="Follow one sign from the loss to the first key.",
)
