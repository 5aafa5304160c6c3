"""Known mistakes in RMSprop."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("rmsprop/update")
drift = MistakesOf("rmsprop/drift")
spread = MistakesOf("rmsprop/spread")
weights = MistakesOf("rmsprop/weights")

mistake.section(
    "05-rmsprop, weights that fade", "leaky", "exchanged", "decays-the-new", "weights", "is-adagrad"
)
mistake.section("05-rmsprop, the first steps", "bias-corrected", "start", "in-full")


class CorrectRMSprop:
    """`average` gives the new h of a key, `step` what is taken from the parameter."""

    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            self.h[k] = self.average(h, grads[k])
            params[k] -= self.step(grads[k], self.h[k])

    def average(self, h, g):
        return self.decay * h + (1 - self.decay) * g**2

    def step(self, g, h):
        return self.lr * g / (np.sqrt(h) + self.eps)


@mistake(
    "rmsprop/leaky-sum",
    what="RMSprop with g² in place of (1 − ρ) g²",
    why="“Decay what was there and add the new square”: a sum that leaks, not an average.",
    symptom="Every step is √(1 − ρ) times the expected one.",
    hint=(
        "Do the weights of your average sum to one? With the same gradient at every call, where should h end?"
    ),
    experiment="the same gradient always",
)
class LeakySum(CorrectRMSprop):
    def average(self, h, g):
        return self.decay * h + g**2


@mistake(
    "rmsprop/not-squared",
    what="RMSprop that averages the gradient, not its square",
    why="The square in the name of the rule was left out of the line.",
    symptom="NaN wherever the average is negative.",
    hint="With a negative gradient: what happens under the root?",
    experiment="negative gradients",
)
class NotSquared(CorrectRMSprop):
    def average(self, h, g):
        return self.decay * h + (1 - self.decay) * g


@mistake(
    "rmsprop/weights-exchanged",
    what="RMSprop with ρ and 1 − ρ exchanged",
    why="Some texts call the weight of the new square the decay.",
    symptom="The first step is √((1 − ρ)/ρ) times the expected one.",
    hint="Which has the longer memory, 0.1 or 0.9?",
)
class WeightsExchanged(CorrectRMSprop):
    def average(self, h, g):
        return (1 - self.decay) * h + self.decay * g**2


@mistake(
    "rmsprop/factor-squared",
    what="RMSprop with the factor 1 − ρ inside the square",
    why="`((1 - rho) * g) ** 2`: a bracket too far.",
    symptom="Every step is 1/√(1 − ρ) times the expected one.",
    hint=(
        "The square stands in the formula for h: over which factors should it go, and over which does yours?"
    ),
)
class FactorSquared(CorrectRMSprop):
    def average(self, h, g):
        return self.decay * h + ((1 - self.decay) * g) ** 2


@mistake(
    "rmsprop/eps-inside",
    what="RMSprop with ε inside the root",
    why="Many texts print √(h + ε); with ε = 10⁻⁸ no one can see the difference.",
    symptom="Right with a tiny ε, off by a few per cent with ε = 0.1 (by more where gradients are small), "
    "and by a factor for gradients of 10⁻⁹.",
    hint="Try gradients of 1e-9. Where does this lesson's formula have ε?",
    experiment="gradients of 1e-9",
)
class EpsInside(CorrectRMSprop):
    def step(self, g, h):
        return self.lr * g / np.sqrt(h + self.eps)


@mistake(
    "rmsprop/bias-corrected",
    what="RMSprop with h corrected for its start at zero",
    why="The correction was taken over from Adam.",
    symptom="The first step is η in place of η/√(1 − ρ).",
    hint="Which rule of the course divides by 1 − ρᵗ?",
)
class BiasCorrected(CorrectRMSprop):
    calls = 0

    def update(self, params, grads):
        self.calls += 1
        super().update(params, grads)

    def step(self, g, h):
        return super().step(g, h / (1 - self.decay**self.calls))


@mistake(
    "rmsprop/first-square-in-full",
    what="RMSprop whose h is g² at the first call",
    why="Starting an average with the first value is common, and not what this formula says.",
    symptom="The first step is η in place of η/√(1 − ρ).",
    hint="What is h before the first call?",
)
class FirstSquareInFull(CorrectRMSprop):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.average(self.h[k], grads[k]) if k in self.h else grads[k] ** 2
            params[k] -= self.step(grads[k], self.h[k])


@mistake(
    "rmsprop/no-root",
    what="RMSprop without the square root",
    why="The R of RMS was left out.",
    symptom="Steps shrink when gradients grow.",
    hint="Make g ten times larger: should the step change?",
    experiment="ten times the gradients",
)
class NoRoot(CorrectRMSprop):
    def step(self, g, h):
        return self.lr * g / (h + self.eps)


@mistake(
    "rmsprop/mean-over-the-array",
    what="RMSprop with the mean of g² over each array",
    why="The M of RMS, taken over coordinates in place of time.",
    symptom="All coordinates of an array share one rate; the scalar is right.",
    hint="One number, or one for each coordinate?",
)
class MeanOverTheArray(CorrectRMSprop):
    def average(self, h, g):
        return self.decay * h + (1 - self.decay) * np.mean(g**2)


@mistake(
    "rmsprop/decays-the-new",
    what="RMSprop with ρ on the new square too: h ← ρ (h + g²)",
    why="A bracket that looks tidy.",
    symptom="Every step is √((1 − ρ)/ρ) times the expected one.",
    hint="Is the newest gradient weighted with 1 − ρ?",
)
class DecaysTheNew(CorrectRMSprop):
    def average(self, h, g):
        return self.decay * (h + g**2)


@mistake(
    "rmsprop/starts-at-one",
    what="RMSprop whose h starts at one",
    why="`ones_like` for `zeros_like`, to avoid a division by zero.",
    symptom="First steps are about η g/√ρ, small for small gradients.",
    hint="How large is the first step for a gradient of 1e-3, compared with later ones?",
    experiment="one gradient of 1e-3",
)
class StartsAtOne(CorrectRMSprop):
    def update(self, params, grads):
        for k in params:
            self.h.setdefault(k, np.ones_like(params[k]))
        super().update(params, grads)


@mistake(
    "rmsprop/is-adagrad",
    what="AdaGrad, the rule of another lesson: its sum does not fade",
    why="The rule of the lesson before, copied and not changed.",
    symptom="The first step is √(1 − ρ) times the expected one; ρ is not used.",
    hint="Let the gradient be small from now on. Will your steps ever grow again?",
    experiment="gradients small from now on",
)
class IsAdaGrad(CorrectRMSprop):
    def average(self, h, g):
        return h + g**2


@mistake(
    "rmsprop/no-brackets",
    what="RMSprop with ε outside the division, because brackets are missing",
    why="`lr * g / np.sqrt(h) + eps` reads like the formula and is computed otherwise.",
    symptom="Every parameter moves by an extra ε; NaN while the gradient has been zero.",
    hint="Read the line as Python does: what is ε added to?",
)
class NoBrackets(CorrectRMSprop):
    def step(self, g, h):
        return self.lr * g / np.sqrt(h) + self.eps


@drift(
    "rmsprop/start-not-copied",
    what="an instrument that keeps the array itself from before the last repeat, and not what it held",
    why='`before = params["theta"]` is a second name of the array, not a copy.',
    symptom="0 for rules that change the array in place; right for those that make a new one.",
    hint="If a rule changes the array in place, what does your remembered start hold afterwards?",
)
def start_not_copied(rule, cycle, repeats):
    params = {"theta": np.zeros(1)}
    for _ in range(repeats):
        before = params["theta"]
        for g in cycle:
            rule.update(params, {"theta": np.array([g])})
    return float((params["theta"] - before)[0])


@drift(
    "rmsprop/one-array-watched",
    what="an instrument that watches one array, and not what `params` holds after each call",
    why="The array was named before the loop and read under that name.",
    symptom="0 for rules that make a new array; right for those that change it in place.",
    hint="Where does a rule put its new array, if it makes one?",
)
def one_array_watched(rule, cycle, repeats):
    theta = np.zeros(1)
    params = {"theta": theta}
    for _ in range(repeats):
        before = float(theta[0])
        for g in cycle:
            rule.update(params, {"theta": np.array([g])})
    return float(theta[0]) - before


@drift(
    "rmsprop/drift-of-all-repeats",
    what="the way of all repeats together, not of the last",
    why="The start of the whole run was subtracted.",
    symptom="Right for one repeat.",
    hint="From which moment on is the way asked for?",
)
def drift_of_all_repeats(rule, cycle, repeats):
    params = {"theta": np.zeros(1)}
    for g in list(cycle) * repeats:
        rule.update(params, {"theta": np.array([g])})
    return float(params["theta"][0])


def averages(gradients, decay):
    """n and a after each call."""
    n = a = 0.0
    result = []
    for g in gradients:
        n, a = decay * n + (1 - decay) * g**2, decay * a + (1 - decay) * g
        result.append((n, a))
    return np.array(result).T


@spread(
    "rmsprop/spread-with-the-old-mean",
    what="n − a² with the mean from before the call",
    why="The line of a stands below the line that uses it.",
    symptom="The first value is n itself.",
    hint="Which a belongs to the n you just made?",
)
def spread_with_the_old_mean(gradients, decay):
    n, a = averages(gradients, decay)
    return n - np.append(0.0, a[:-1]) ** 2


@spread(
    "rmsprop/spread-mean-not-squared",
    what="n − a in place of n − a²",
    why="“Less the mean” leaves out that the mean must be squared.",
    symptom="Wrong units: the difference grows as a does.",
    hint="Check the units: in what is n measured, in what a?",
)
def spread_mean_not_squared(gradients, decay):
    n, a = averages(gradients, decay)
    return n - a


@spread(
    "rmsprop/spread-starts-at-the-first",
    what="averages that start at the first gradient and its square, not at zero",
    why="An average of one number is that number.",
    symptom="The first value is 0, and all are 0 on a steady slope.",
    hint="What is in n and a before the first call?",
)
def spread_starts_at_the_first(gradients, decay):
    n, a = gradients[0] ** 2, gradients[0]
    result = []
    for g in gradients:
        n, a = decay * n + (1 - decay) * g**2, decay * a + (1 - decay) * g
        result.append(n - a**2)
    return np.array(result)


@spread(
    "rmsprop/spread-corrected",
    what="averages that are divided by the sum of their weights, 1 − ρᵗ",
    why="Weights that sum to one: a correction that (6) and (7) do not have.",
    symptom="The first value is 0, and all are 0 on a steady slope.",
    hint="Does anything in (6) and (7) divide by the sum of the weights?",
)
def spread_corrected(gradients, decay):
    n, a = averages(gradients, decay) / (1 - decay ** np.arange(1, len(gradients) + 1))
    return n - a**2


@spread(
    "rmsprop/spread-of-differences",
    what="an average of (g − a)² with the new mean a",
    why="Both are called variance; with a moving average they are two quantities.",
    symptom="The first value is (1 − ρ) ρ² g² in place of ρ (1 − ρ) g².",
    hint="Expand the square: is it the same quantity?",
)
def spread_of_differences(gradients, decay):
    a, v, result = 0.0, 0.0, []
    for g in gradients:
        a = decay * a + (1 - decay) * g
        v = decay * v + (1 - decay) * (g - a) ** 2
        result.append(v)
    return np.array(result)


@weights(
    "rmsprop/weights-sum-to-one",
    what="weights that are divided by their sum",
    why="Weights of an average should sum to one; these do not, since h starts at zero.",
    symptom="A single call has the weight 1.",
    hint="Put one gradient into (2), with h = 0 before: what is its weight?",
)
def weights_sum_to_one(decay, calls):
    shares = decay ** np.arange(calls)[::-1]
    return shares / shares.sum()
