"""Known mistakes in RMSprop."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("rmsprop/update")
decay_for = MistakesOf("rmsprop/decay-for")
spread = MistakesOf("rmsprop/variance")
faults = MistakesOf("rmsprop/faults")

mistake.section(
    "05-rmsprop, an average that forgets", "leaky", "exchanged", "decays-the-new", "weights", "is-adagrad"
)
mistake.section("05-rmsprop, the first step", "bias-corrected", "start", "in-full")


@mistake.base
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


mistake.differs(
    "rmsprop/leaky-sum",
    average=lambda self, h, g: self.decay * h + g**2,
    what="RMSprop with g² in place of (1 − ρ) g²",
    why="“Decay what was there and add the new square”: a sum that leaks, not an average.",
    symptom="Every step is √(1 − ρ) times the expected one.",
    hint=(
        "Do the weights of your average sum to one? With the same gradient at every call, where should h end?"
    ),
    experiment="the same gradient always",
)
mistake.differs(
    "rmsprop/not-squared",
    average=lambda self, h, g: self.decay * h + (1 - self.decay) * g,
    what="RMSprop that averages the gradient, not its square",
    why="The square in the name of the rule was left out of the line.",
    symptom="NaN wherever the average is negative.",
    hint="With a negative gradient: what happens under the root?",
    experiment="negative gradients",
)
mistake.differs(
    "rmsprop/weights-exchanged",
    average=lambda self, h, g: (1 - self.decay) * h + self.decay * g**2,
    what="RMSprop with ρ and 1 − ρ exchanged",
    why="Some texts call the weight of the new square the decay.",
    symptom="The first step is √((1 − ρ)/ρ) times the expected one.",
    hint="Which has the longer memory, 0.1 or 0.9?",
)
mistake.differs(
    "rmsprop/factor-squared",
    average=lambda self, h, g: self.decay * h + ((1 - self.decay) * g) ** 2,
    what="RMSprop with the factor 1 − ρ inside the square",
    why="`((1 - rho) * g) ** 2`: a bracket too far.",
    symptom="Every step is 1/√(1 − ρ) times the expected one.",
    hint=(
        "The square stands in the formula for h: over which factors should it go, and over which does yours?"
    ),
)
mistake.differs(
    "rmsprop/eps-inside",
    step=lambda self, g, h: self.lr * g / np.sqrt(h + self.eps),
    like="adagrad/eps-inside",
    what="RMSprop with ε inside the root",
    hint="Try gradients of 1e-9. Where does this lesson's formula have ε?",
)


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


mistake.differs(
    "rmsprop/no-root",
    step=lambda self, g, h: self.lr * g / (h + self.eps),
    what="RMSprop without the square root",
    why="The R of RMS was left out.",
    symptom="Steps shrink when gradients grow.",
    hint="Make g ten times larger: should the step change?",
    experiment="ten times the gradients",
)
mistake.differs(
    "rmsprop/mean-over-the-array",
    average=lambda self, h, g: self.decay * h + (1 - self.decay) * np.mean(g**2),
    what="RMSprop with the mean of g² over each array",
    why="The M of RMS, taken over coordinates in place of time.",
    symptom="All coordinates of an array share one rate; the scalar is right.",
    hint="One number, or one for each coordinate?",
)
mistake.differs(
    "rmsprop/decays-the-new",
    average=lambda self, h, g: self.decay * (h + g**2),
    what="RMSprop with ρ on the new square too: h ← ρ (h + g²)",
    why="A bracket that looks tidy.",
    symptom="Every step is √((1 − ρ)/ρ) times the expected one.",
    hint="Is the newest gradient weighted with 1 − ρ?",
)


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


mistake.differs(
    "rmsprop/is-adagrad",
    average=lambda self, h, g: h + g**2,
    what="AdaGrad, the rule of another lesson: its sum does not fade",
    why="The rule of the lesson before, copied and not changed.",
    symptom="The first step is √(1 − ρ) times the expected one; ρ is not used.",
    hint="Let the gradient be small from now on. Will your steps ever grow again?",
    experiment="gradients small from now on",
)
mistake.differs(
    "rmsprop/no-brackets",
    step=lambda self, g, h: self.lr * g / np.sqrt(h) + self.eps,
    like="adagrad/no-brackets",
    what="RMSprop with ε outside the division, because brackets are missing",
)
decay_for.value(
    "rmsprop/decay-for-zero",
    lambda held, usual, calls: (2 * usual / held) ** (1 / calls),
    what="the ρ that brings held down to twice usual where new squares are zero",
    why="Only the old share ρ h was followed; the new squares fill h up to usual.",
    symptom="Nearly right where much is to be forgotten.",
    hint="While h forgets, new squares arrive. To which value does h tend?",
)
decay_for.value(
    "rmsprop/decay-for-all-of-held",
    lambda held, usual, calls: (usual / held) ** (1 / calls),
    what="the ρ that brings held itself, and not its distance from usual, down to usual",
    why="The distance from the value that h tends to was taken to be h.",
    symptom="Nearly right where much is to be forgotten.",
    hint="Which quantity shrinks by the factor ρ: h, or its distance from something?",
)
decay_for.value(
    "rmsprop/decay-for-twice-the-distance",
    lambda held, usual, calls: (2 * usual / (held - usual)) ** (1 / calls),
    what="the ρ after which the distance from usual, and not h, is twice usual",
    why="h ≤ 2 · usual was read as a distance of 2 · usual.",
    symptom="Too large.",
    hint="If h is twice usual, how far is it from usual?",
)
decay_for.value(
    "rmsprop/decay-for-the-time-constant",
    lambda held, usual, calls: 1 - 1 / calls,
    what="the ρ whose time constant 1/(1 − ρ) is the number of calls",
    why="A time constant was taken for the time in which everything is forgotten.",
    symptom="The same ρ for every amount.",
    hint="Must ρ not depend on how much there is to forget?",
)
decay_for.value(
    "rmsprop/decay-for-half-life",
    lambda held, usual, calls: 0.5 ** (1 / calls),
    what="the ρ that halves an old square in the given number of calls",
    why="“Twice usual” was read as half of what is held.",
    symptom="The same ρ for every amount.",
    hint="Must ρ not depend on how much there is to forget?",
)
decay_for.value(
    "rmsprop/decay-for-no-root",
    lambda held, usual, calls: usual / (held - usual),
    what="the factor of all calls together, not of one",
    why="The last step, the root, was left out.",
    symptom="Far too small.",
    hint="Multiply your number by itself as often as there are calls. What is left?",
)


def spread_by(gradients, of_square, of_delta, keep):
    """v ← of_square · v + of_delta · δ², a ← a + (1 − ρ) δ; `keep` is ρ."""
    v = a = 0.0
    for g in gradients:
        delta = g - a
        v, a = of_square * v + of_delta * delta**2, a + (1 - keep) * delta
    return v


def averages(gradients, decay):
    """n and a after each call."""
    n = a = 0.0
    result = []
    for g in gradients:
        n, a = decay * n + (1 - decay) * g**2, decay * a + (1 - decay) * g
        result.append((n, a))
    return np.array(result).T


@spread(
    "rmsprop/spread-by-subtraction",
    what="the difference of two averages: right on paper, and rounding alone where they are nearly equal",
    why="The formula under the root was computed as it stands.",
    symptom="Right wherever the spread is not small beside the mean.",
    hint="Print both averages with all their digits. How many of them are left after the subtraction?",
)
def spread_by_subtraction(gradients, decay):
    n, a = averages(gradients, decay)
    return n[-1] - a[-1] ** 2


spread.value(
    "rmsprop/spread-never-negative",
    lambda gradients, decay: max(spread_by_subtraction(gradients, decay), 0.0),
    what="the difference of two averages, with 0 in place of what is negative",
    why="NaN was cured, rounding was not.",
    symptom="Right wherever the spread is not small beside the mean.",
    hint="Print both averages with all their digits. How many of them are left after the subtraction?",
    group="rmsprop/spread-by-subtraction",
)


@spread(
    "rmsprop/spread-with-the-old-mean",
    what="n − a² with the mean from before the call",
    why="The line of a stands below the line that uses it.",
    symptom="Far too large on a steady slope.",
    hint="Which a belongs to the n you just made?",
)
def spread_with_the_old_mean(gradients, decay):
    n, a = averages(gradients, decay)
    return n[-1] - a[-2] ** 2


@spread(
    "rmsprop/spread-mean-not-squared",
    what="n − a in place of n − a²",
    why="“Less the mean” leaves out that the mean must be squared.",
    symptom="Wrong units: the difference grows as a does.",
    hint="Check the units: in what is n measured, in what a?",
)
def spread_mean_not_squared(gradients, decay):
    n, a = averages(gradients, decay)
    return n[-1] - a[-1]


@spread(
    "rmsprop/spread-starts-at-the-first",
    what="averages that start at the first gradient and its square, not at zero",
    why="An average of one number is that number.",
    symptom="0 on a steady slope.",
    hint="What is in v and a before the first call?",
)
def spread_starts_at_the_first(gradients, decay):
    v, a = 0.0, gradients[0]
    for g in gradients:
        v, a = decay * (v + (1 - decay) * (g - a) ** 2), a + (1 - decay) * (g - a)
    return v


spread.value(
    "rmsprop/spread-of-differences",
    lambda gradients, decay: spread_by(gradients, decay, (1 - decay) * decay**2, decay),
    what="an average of (g − a)² with the new mean a",
    why="Both are called variance; with a moving average they are two quantities.",
    symptom="After one call (1 − ρ) ρ² g² in place of ρ (1 − ρ) g².",
    hint="With one gradient, is your v the one you derived?",
)
spread.value(
    "rmsprop/spread-of-old-differences",
    lambda gradients, decay: spread_by(gradients, decay, 1 - decay, decay),
    what="an average of (g − a)² with the old mean a: its second factor is 1 − ρ alone",
    why="The average of squared deviations, written as every other average.",
    symptom="Every number is the expected one divided by ρ.",
    hint="After one call v is ρ (1 − ρ) g². What is yours?",
)
spread.value(
    "rmsprop/spread-is-a-variance",
    lambda gradients, decay: np.var(gradients),
    what="the plain variance of all gradients",
    why="np.var weighs all gradients alike.",
    symptom="0 on a steady slope, whatever ρ is.",
    hint="Which gradients count most in n and a?",
)


def watched(make, first, second):
    """The steps of the second call, by key: the first call has the gradients `first`, if any."""
    rule, params = make(), {key: np.zeros(1) for key in second}
    if first:
        rule.update(params, first)
    before = {key: params[key].copy() for key in params}
    rule.update(params, second)
    return {key: float((params[key] - before[key])[0]) for key in params}


def one_each(of_w, of_b):
    """Gradients for two keys."""
    return {"W": np.array([of_w]), "b": np.array([of_b])}


def mixed(make):
    """Whether either key's first step depends on the other's gradient."""
    usual = watched(make, None, one_each(1.0, 2.0))
    other_b, other_w = watched(make, None, one_each(1.0, 9.0)), watched(make, None, one_each(7.0, 2.0))
    return not np.isclose(usual["W"], other_b["W"]) or not np.isclose(usual["b"], other_w["b"])


@faults(
    "rmsprop/faults-same-gradients",
    what="a test that gives the same gradients at both calls",
    why="Two equal calls, two equal steps, so no memory: some memories show only where gradients change.",
    symptom="Right but for the rule whose average is corrected for its start.",
    hint="Which rule that remembers makes equal steps as long as gradients are equal?",
)
def faults_same_gradients(make):
    same = one_each(1.0, 2.0)
    first, second = watched(make, None, same), watched(make, same, same)
    return {"remembers": not np.isclose(first["W"], second["W"]), "mixes": mixed(make)}


@faults(
    "rmsprop/faults-one-optimizer",
    what="a test that compares two calls with different gradients",
    why="The steps differ because the gradients do: a fresh optimizer for the second call is missing.",
    symptom="Says of most rules that they remember.",
    hint="Would a rule without any memory make equal steps in your two calls?",
)
def faults_one_optimizer(make):
    first = watched(make, None, one_each(1.0, 2.0))
    second = watched(make, one_each(1.0, 2.0), one_each(-3.0, 5.0))
    return {"remembers": not np.isclose(first["W"], second["W"]), "mixes": mixed(make)}


@faults(
    "rmsprop/faults-one-direction",
    what="a test that changes the gradient of the second key alone",
    why="Squares are handed on from the first key to the second, never back.",
    symptom="Does not see what is handed on from key to key.",
    hint="Change the first key's gradient too. Whose step do you look at?",
)
def faults_one_direction(make):
    usual, other = watched(make, None, one_each(1.0, 2.0)), watched(make, None, one_each(1.0, 9.0))
    after = watched(make, one_each(5.0, 4.0), one_each(1.0, 2.0))
    return {
        "remembers": not np.isclose(usual["W"], after["W"]),
        "mixes": not np.isclose(usual["W"], other["W"]),
    }
