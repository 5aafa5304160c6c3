"""Known mistakes in Adam, in sums of weights, in its longest step and in the other place of ε."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("adam/update")
in_the_rate = MistakesOf("adam/update")
sums = MistakesOf("adam/weight-sum")
raw_step = MistakesOf("adam/uncorrected")
longest = MistakesOf("adam/longest-step")
growth = MistakesOf("adam/worst-growth")
other_eps = MistakesOf("adam/eps-hat")

mistake.section("06-adam, where ε stands", "eps", "no-brackets")
mistake.section(
    "06-adam, two averages that start at zero",
    *("leaky", "v-of-m", "beta1-in-v", "exchanged", "not-squared", "weights", "made-anew", "forgotten"),
    *("amsgrad", "shared-memory"),
)


@mistake.base
class CorrectAdam:
    """`first` and `second` give the new m and v of a key, `hats` corrects them, `step` moves."""

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.averages(k, grads[k])
            m_hat, v_hat = self.hats(k)
            params[k] -= self.step(m_hat, v_hat)

    def averages(self, k, g):
        self.m[k] = self.first(self.m.get(k, 0.0), g)
        self.v[k] = self.second(self.v.get(k, 0.0), g)

    def first(self, m, g):
        return self.b1 * m + (1 - self.b1) * g

    def second(self, v, g):
        return self.b2 * v + (1 - self.b2) * g**2

    def hats(self, k):
        return self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - self.b2**self.t)

    def step(self, m_hat, v_hat):
        return self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@mistake(
    "adam/stores-the-hats",
    what="Adam that stores the corrected averages m̂ and v̂ back into m and v",
    why="`m = m / (1 - b1**t)` on the stored array: the hat replaces what the next call starts from.",
    symptom="The first call is right; from the second on the averages are too large.",
    hint="After the call, which version does the next call start from?",
)
class StoresTheHats(CorrectAdam):
    def hats(self, k):
        self.m[k], self.v[k] = super().hats(k)
        return self.m[k], self.v[k]


@mistake(
    "adam/stores-m-hat",
    what="Adam that stores the corrected m̂ back into m",
    why="The correction is written on the stored array.",
    symptom="The first call is right; the second step is several times too large.",
    hint="After the call, look at the stored m: is it the average, or its correction?",
)
class StoresMHat(CorrectAdam):
    def hats(self, k):
        self.m[k], v_hat = super().hats(k)
        return self.m[k], v_hat


@mistake(
    "adam/clock-starts-at-zero",
    what="Adam that uses t before it grows: 1 − β⁰ is zero",
    why="`t += 1` stands at the end of the update.",
    symptom="NaN from the first call on: 0/0.",
    hint="What is 1 − β⁰?",
)
class ClockStartsAtZero(CorrectAdam):
    def update(self, params, grads):
        for k in params:
            self.averages(k, grads[k])
            params[k] -= self.step(*self.hats(k))
        self.t += 1


@mistake(
    "adam/clock-starts-at-two",
    what="Adam whose t is 2 at the first call",
    why="t starts at 1 and is raised before its use, or t + 1 is used after raising it.",
    symptom="The first step is (1 − β₁)/(1 − β₁²) · √((1 − β₂²)/(1 − β₂)) times η.",
    hint="Write the first step by hand for g = 1.",
    experiment="one call",
)
class ClockStartsAtTwo(CorrectAdam):
    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta1, beta2, eps)
        self.t = 1


@mistake(
    "adam/clock-ticks-for-every-array",
    what="Adam whose t grows once for every array",
    why="`self.t += 1` is indented into the loop.",
    symptom="The first array of the first call is right, the second has t = 2 already.",
    hint="How many times per call does the clock tick?",
)
class ClockTicksForEveryArray(CorrectAdam):
    def update(self, params, grads):
        for k in params:
            self.t += 1
            self.averages(k, grads[k])
            params[k] -= self.step(*self.hats(k))


@mistake(
    "adam/clock-ticks-in-gradients-order",
    like="adam/clock-ticks-for-every-array",
    why="`self.t += 1` is indented into the loop over the gradients.",
    group="adam/clock-ticks-for-every-array",
)
class ClockTicksInGradientsOrder(CorrectAdam):
    def update(self, params, grads):
        for k in grads:
            self.t += 1
            self.averages(k, grads[k])
            params[k] -= self.step(*self.hats(k))


@mistake(
    "adam/clock-stands",
    what="Adam whose t stays at 1",
    why="t is set anew in each call, or `=+` was written for `+=`.",
    symptom="The first call is right; later ones are corrected as if they were the first.",
    hint="Print t on five calls. Is the power t really in your factor?",
    group="adam/correction-never-fades",
)
class ClockStands(CorrectAdam):
    def update(self, params, grads):
        self.t = +1
        for k in params:
            self.averages(k, grads[k])
            params[k] -= self.step(*self.hats(k))


mistake.differs(
    "adam/no-power",
    hats=lambda self, k: (self.m[k] / (1 - self.b1), self.v[k] / (1 - self.b2)),
    what="Adam with the correction 1 − β, without the power t",
    why="The ᵗ of the formula was read as a mark, not as a power.",
    symptom="The first call is right; later ones are corrected as if they were the first.",
    hint="Does the correction converge to one as t grows?",
    group="adam/correction-never-fades",
)
mistake.differs(
    "adam/no-correction",
    hats=lambda self, k: (self.m[k], self.v[k]),
    what="Adam without the correction of m and v for their start at zero",
    why="RMSprop and momentum put together; the correction looks like a detail.",
    symptom="The first step is (1 − β₁)/√(1 − β₂) times η in place of η.",
    hint="How big is the first step, compared with η?",
    experiment="one call",
)
mistake.differs(
    "adam/only-m-corrected",
    hats=lambda self, k: (self.m[k] / (1 - self.b1**self.t), self.v[k]),
    what="Adam with m corrected and v not",
    why="One of the two averages was thought to be harmless.",
    symptom="The first step is 1/√(1 − β₂) times η.",
    hint="Which of your two averages starts from zero? If you made a hat, where is it used?",
    group="adam/v-not-corrected",
)


@mistake(
    "adam/v-hat-not-used",
    like="adam/only-m-corrected",
    what="Adam that computes v̂ and then divides by the root of v",
    why="The hat is missing in the last line.",
)
class VHatNotUsed(CorrectAdam):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.averages(k, grads[k])
            m_hat, _v_hat = self.hats(k)
            params[k] -= self.lr * m_hat / (np.sqrt(self.v[k]) + self.eps)


mistake.differs(
    "adam/only-v-corrected",
    hats=lambda self, k: (self.m[k], self.v[k] / (1 - self.b2**self.t)),
    what="Adam with v corrected and m not",
    why="One of the two averages was thought to be harmless.",
    symptom="The first step is 1 − β₁ times η.",
    hint="Both averages start from zero, and both are corrected. Print what your step takes for each: is it "
    "the corrected one, or one that was made and is not used?",
)


mistake.differs(
    "adam/correction-multiplied",
    hats=lambda self, k: (self.m[k] * (1 - self.b1**self.t), self.v[k] * (1 - self.b2**self.t)),
    what="Adam that multiplies by 1 − βᵗ in place of dividing",
    why="Corrections are often factors; this one is a divisor.",
    symptom="The first step is (1 − β₁)²/(1 − β₂) times η.",
    hint="Should the correction make a too small number larger or smaller?",
)


mistake.differs(
    "adam/times-for-power",
    hats=lambda self, k: (self.m[k] / (1 - self.b1 * self.t), self.v[k] / (1 - self.b2 * self.t)),
    what="Adam with 1 − β t in place of 1 − βᵗ",
    why="`*` for `**`.",
    symptom="The first call is right; at the second 1 − 2 β₂ is negative, and its root NaN.",
    hint="Evaluate your factor at t = 2.",
)


mistake.differs(
    "adam/bracket-before-power",
    hats=lambda self, k: (self.m[k] / (1 - self.b1) ** self.t, self.v[k] / (1 - self.b2) ** self.t),
    what="Adam with (1 − β)ᵗ in place of 1 − βᵗ",
    why="A pair of brackets too many: at t = 1 both are 1 − β.",
    symptom="The first call is right; the second has the factor (1 + β₁)/(1 − β₁) √((1 − β₂)/(1 + β₂)).",
    hint="Evaluate your factor at t = 2 with β = 0.9. What should it come to after many calls?",
)


@mistake(
    "adam/same-beta-in-corrections",
    what="Adam with v corrected by β₁",
    why="One line was copied from the other.",
    symptom="The first step is √((1 − β₁)/(1 − β₂)) times η.",
    hint="Which β stands in the line of v, and which one in the correction of v?",
)
class SameBetaInCorrections(CorrectAdam):
    def hats(self, k):
        factor = 1 - self.b1**self.t
        return self.m[k] / factor, self.v[k] / factor


mistake.differs(
    "adam/divides-by-power",
    hats=lambda self, k: (self.m[k] / self.b1**self.t, self.v[k] / self.b2**self.t),
    what="Adam that divides by βᵗ in place of 1 − βᵗ",
    why="The 1 − of the formula was left out.",
    symptom="The factor grows without end as t grows, where it should tend to one.",
    hint="What should the factor be for large t?",
)


@mistake(
    "adam/betas-exchanged",
    what="Adam with β₁ and β₂ exchanged",
    why="Two numbers close to one, passed or stored in the wrong order.",
    symptom="The first call is right; from the second on the averages have the wrong memories.",
    hint="Which average should be the slow one?",
)
class BetasExchanged(CorrectAdam):
    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta2, beta1, eps)


mistake.differs(
    "adam/not-squared",
    second=lambda self, v, g: self.b2 * v + (1 - self.b2) * g,
    what="Adam whose v averages g, not g²",
    why="The line of m was copied for v.",
    symptom="NaN wherever the average is negative.",
    hint="Can v be negative?",
)
mistake.differs(
    "adam/m-leaky-sum",
    first=lambda self, m, g: self.b1 * m + g,
    what="Adam with g in place of (1 − β₁) g in m",
    why="The momentum of an earlier lesson was taken over.",
    symptom="Every step is 1/(1 − β₁) times the expected one.",
    hint="What do the weights of m sum to? With the same gradient at every call, where should m end?",
    experiment="the same gradient always",
)
mistake.differs(
    "adam/v-leaky-sum",
    second=lambda self, v, g: self.b2 * v + g**2,
    what="Adam with g² in place of (1 − β₂) g² in v",
    why="“Decay what was there and add the new square.”",
    symptom="Every step is √(1 − β₂) times the expected one.",
    hint="What do the weights of v sum to? With the same gradient at every call, where should v end?",
    experiment="the same gradient always",
)


@mistake(
    "adam/v-of-m",
    what="Adam whose v averages m², not g²",
    why="m was at hand.",
    symptom="The first step is 1/(1 − β₁) times η.",
    hint="Which signal does v average?",
)
class VOfM(CorrectAdam):
    def averages(self, k, g):
        self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * g
        self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * self.m[k] ** 2


mistake.differs(
    "adam/beta1-in-v",
    second=lambda self, v, g: self.b1 * v + (1 - self.b1) * g**2,
    what="Adam whose v decays with β₁ and is corrected by β₂",
    why="One line was copied from the other.",
    symptom="The first step is √((1 − β₂)/(1 − β₁)) times η.",
    hint="Which memory does the line of v use, and which one its correction?",
)
mistake.differs(
    "adam/sum-over-the-array",
    second=lambda self, v, g: self.b2 * v + (1 - self.b2) * np.sum(g**2),
    what="Adam with the sum of g² over each array in v",
    why="`np.sum` for the word “sum”, or a norm.",
    symptom="All coordinates of an array share one v; the scalar is right.",
    hint="One number, or one for each coordinate?",
)
mistake.differs(
    "adam/mean-over-the-array",
    second=lambda self, v, g: self.b2 * v + (1 - self.b2) * np.mean(g**2),
    what="Adam with the mean of g² over each array in v",
    why="“The mean square” was taken over coordinates in place of time.",
    symptom="All coordinates of an array share one v; the scalar is right.",
    hint="One number, or one for each coordinate?",
)
mistake.differs(
    "adam/eps-inside",
    step=lambda self, m_hat, v_hat: self.lr * m_hat / np.sqrt(v_hat + self.eps),
    what="Adam with ε inside the root, where Algorithm 1 has it outside",
    why="√(v̂ + ε) looks as good; with ε = 10⁻⁸ no one can see the difference.",
    symptom="Right with a tiny ε; with ε = 0.1, or gradients of 10⁻⁹, off by much.",
    hint="Try gradients of 1e-9, or a large ε. Where does Algorithm 1 have it?",
    experiment="gradients of 1e-9",
)
mistake.differs(
    "adam/no-root",
    step=lambda self, m_hat, v_hat: self.lr * m_hat / (v_hat + self.eps),
    like="rmsprop/no-root",
    what="Adam without the square root",
    why="v̂ was taken for the size of the gradient; it is the size squared.",
)
mistake.differs(
    "adam/no-brackets",
    step=lambda self, m_hat, v_hat: self.lr * m_hat / np.sqrt(v_hat) + self.eps,
    what="Adam with ε outside the division, because brackets are missing",
    why="`lr * m_hat / np.sqrt(v_hat) + eps` reads like the formula and is computed otherwise.",
    symptom="Every parameter moves by an extra ε; NaN while the gradient has been zero.",
    hint="Read the line as Python does: what is ε added to?",
)


@in_the_rate.base
class CorrectedInTheRate(CorrectAdam):
    """m and v as they are, and one rate a call in which both are corrected."""

    def update(self, params, grads):
        self.t += 1
        rate = self.rate()
        for k in params:
            self.averages(k, grads[k])
            params[k] -= rate * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


in_the_rate.differs(
    "adam/eps-hat",
    rate=lambda self: self.lr * np.sqrt(1 - self.b2**self.t) / (1 - self.b1**self.t),
    what="Adam with the corrected rate η √(1 − β₂ᵗ)/(1 − β₁ᵗ) and ε beside √v, the ε̂ of the paper; "
    "Algorithm 1 adds ε to √v̂",
    why="The paper names it as a faster order of the same arithmetic; its ε is another one.",
    symptom="Right with a tiny ε; with ε = 0.1 off by more than half in places.",
    hint="With a large ε: is ε added to √v or to √v̂ in Algorithm 1?",
)


in_the_rate.differs(
    "adam/rate-without-root",
    rate=lambda self: self.lr * (1 - self.b2**self.t) / (1 - self.b1**self.t),
    what="Adam with the rate η (1 − β₂ᵗ)/(1 − β₁ᵗ), without the root of the first factor",
    why="v̂ stands under a root, so its correction does too.",
    symptom="The first step is √(1 − β₂) times the expected one.",
    hint="Where does the correction of v end up once you take the root of v̂?",
)


in_the_rate.differs(
    "adam/rate-turned-over",
    rate=lambda self: self.lr * (1 - self.b1**self.t) / np.sqrt(1 - self.b2**self.t),
    what="Adam with the rate η (1 − β₁ᵗ)/√(1 − β₂ᵗ): the two corrections turned over",
    why="Which of the two belongs on top was guessed.",
    symptom="The first step is (1 − β₁)²/(1 − β₂) times the expected one.",
    hint="Which of the two corrections belongs on top?",
)


@mistake(
    "adam/gradient-on-top",
    what="Adam with the gradient itself in the numerator: m̂ is not used",
    why="RMSprop with a correction; m was made and forgotten.",
    symptom="The first call is right; the second has no memory of the direction.",
    hint="What is m used for in your code?",
)
class GradientOnTop(CorrectAdam):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.averages(k, grads[k])
            params[k] -= self.step(grads[k], self.hats(k)[1])


@mistake(
    "adam/rate-compounds",
    what="Adam that overwrites its rate with the corrected one at each call",
    why="`self.lr = self.lr * …`: the next call starts from the corrected rate.",
    symptom="The rate is multiplied by a new correction at each call.",
    hint="Print self.lr on five calls.",
)
class RateCompounds(CorrectedInTheRate):
    def rate(self):
        self.lr = self.lr * np.sqrt(1 - self.b2**self.t) / (1 - self.b1**self.t)
        return self.lr


@mistake(
    "adam/made-anew",
    what="Adam that forgets m and v between the calls",
    why="The zero state is made inside `update`, without asking whether there is one already.",
    symptom="The first call is right; later ones have no memory.",
    hint="When is the zero state made?",
)
class MadeAnew(CorrectAdam):
    def update(self, params, grads):
        self.m, self.v = {}, {}
        super().update(params, grads)


mistake.differs(
    "adam/uphill",
    step=lambda self, m_hat, v_hat: -self.lr * m_hat / (np.sqrt(v_hat) + self.eps),
    what="Adam with steps in the opposite direction",
    why="`+=` is the first thing that comes to mind for an update.",
    symptom="Every step is −1 times the expected one.",
    hint="Which way is downhill?",
)


mistake.differs(
    "adam/rate-shrinks",
    step=lambda self, m_hat, v_hat: self.lr * m_hat / (np.sqrt(v_hat) + self.eps) / np.sqrt(self.t),
    what="Adam with a rate that shrinks like 1/√t",
    why="The paper's proof of convergence has such a rate; its Algorithm 1 has not.",
    symptom="The first call is right; call t is 1/√t times the expected step.",
    hint="With a steady gradient: should the step shrink?",
    experiment="the same gradient always",
)


@mistake(
    "adam/is-amsgrad",
    what="AMSGrad: Adam with the largest v̂ so far",
    why="A fix from a later paper, taken over from a library.",
    symptom="Right while v̂ grows; too small steps once it falls.",
    hint="Can your denominator ever fall?",
)
class IsAMSGrad(CorrectAdam):
    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta1, beta2, eps)
        self.largest = {}

    def hats(self, k):
        m_hat, v_hat = super().hats(k)
        self.largest[k] = np.maximum(self.largest.get(k, 0.0), v_hat)
        return m_hat, self.largest[k]


mistake.differs(
    "adam/mixed-weights-in-v",
    second=lambda self, v, g: self.b2 * v + (1 - self.b1) * g**2,
    what="Adam with v ← β₂ v + (1 − β₁) g²",
    why="Half of a copied line was changed.",
    symptom="The first step is √((1 − β₂)/(1 − β₁)) times η.",
    hint="Do the weights of v sum to one? With the same gradient at every call, where should v end?",
    experiment="the same gradient always",
)


mistake.differs(
    "adam/caret",
    hats=lambda self, k: (self.m[k] / (1 - self.b1 ^ self.t), self.v[k] / (1 - self.b2 ^ self.t)),
    what="a rule that writes βᵗ as `beta ^ t`",
    why="`^` is a power on paper and in other languages; in Python it is “exclusive or”.",
    symptom="A TypeError at the first call.",
    hint="Which sign is a power in Python?",
    group="error/power-sign",
)


# ------------------------------------------------------------------------------------ the sum of the weights


sums.value(
    "adam/sum-of-the-rest",
    lambda beta, t: beta**t,
    what="βᵗ: what is missing from 1, not the sum",
    why="The geometric series was taken for its own remainder.",
    symptom="It falls with t; the sum grows.",
    hint="The newest weight is 1 − β. At the first call there is no other. Is your sum that number at t = 1?",
)
sums.value(
    "adam/sum-one",
    lambda beta, t: 1.0,
    what="1, what the weights of an average should sum to",
    why="An average's weights were taken to sum to 1 from the first call on.",
    symptom="1 at every call.",
    hint="The average starts at zero. After one call with x = 1, is it 1?",
)
sums.value(
    "adam/sum-no-power",
    lambda beta, t: 1 - beta,
    what="1 − β, the newest weight alone",
    why="The sum over all calls was forgotten.",
    symptom="Right at the first call only.",
    hint="Evaluate your line at t = 1 and at t = 5. Should the sum of five weights be that of one?",
)
sums.value(
    "adam/sum-of-equal-weights",
    lambda beta, t: t * (1 - beta),
    what="t times 1 − β: every weight counted like the newest",
    why="That older weights shrink was forgotten.",
    symptom="Right at the first call only; later it passes 1.",
    hint="Take a large t in your line. May the sum of the weights pass 1?",
)
sums.value(
    "adam/sum-times-for-power",
    lambda beta, t: 1 - beta * t,
    what="1 − β t, with a product in place of a power",
    why="`*` for `**`.",
    symptom="Right at the first call only; later it is negative.",
    hint="Evaluate your line at t = 5. Can a sum of positive weights be negative?",
)
sums.value(
    "adam/sum-bracket-before-power",
    lambda beta, t: (1 - beta) ** t,
    what="(1 − β)ᵗ in place of 1 − βᵗ",
    why="A pair of brackets too many.",
    symptom="Right at the first call only; later it tends to zero.",
    hint="Which part of your line is raised to the power t? Take a large t: should the sum vanish?",
)
sums.value(
    "adam/sum-one-call-less",
    lambda beta, t: 1 - beta ** (t - 1),
    what="the sum of t − 1 weights",
    why="A range ended one early, or t was counted from zero.",
    symptom="0 at the first call.",
    hint="How many weights does your sum have at t = 1? How many gradients has the average seen?",
)
sums.value(
    "adam/sum-one-call-more",
    lambda beta, t: 1 - beta ** (t + 1),
    what="the sum of t + 1 weights",
    why="The start at zero was counted as a gradient, or a range ended one late.",
    symptom="1 − β² at the first call.",
    hint="How many weights does your sum have at t = 1? How many gradients has the average seen?",
)
sums.value(
    "adam/sum-not-scaled",
    lambda beta, t: (1 - beta**t) / (1 - beta),
    what="1 + β + … without the factor 1 − β of each weight",
    why="The geometric series was summed, and the factor in front of it forgotten.",
    symptom="1/(1 − β) times the expected sum.",
    hint="By which number is each x multiplied as it comes in? Does your sum have it?",
)
sums.value(
    "adam/sum-oldest-weight",
    lambda beta, t: (1 - beta) * beta ** (t - 1),
    what="the weight of the oldest x alone",
    why="One weight was worked out, and the sum over all forgotten.",
    symptom="Right at the first call only; later it tends to zero.",
    hint="How many terms does the sum have at t = 2? Should it grow or shrink with t?",
)


# ----------------------------------------------------------------------------- a step without the corrections


raw_step.value(
    "adam/raw-no-root",
    lambda beta1, beta2, t: (1 - beta1**t) / (1 - beta2**t),
    what="m/v: the root is missing",
    why="The sum of v's weights was taken for its root.",
    symptom="1/√(1 − β₂ᵗ) times too long.",
    hint="In (4), what is done to v before it divides? Find it in your line.",
)
raw_step.value(
    "adam/raw-turned-over",
    lambda beta1, beta2, t: np.sqrt(1 - beta2**t) / (1 - beta1**t),
    what="√v/m: numerator and denominator exchanged",
    why="The factor that corrects the step was written, not the step that lacks it.",
    symptom="One over the expected length.",
    hint="At the first call m is 1 − β₁. Is it in the numerator or in the denominator of your line?",
)
raw_step.value(
    "adam/raw-only-v",
    lambda beta1, beta2, t: 1 / np.sqrt(1 - beta2**t),
    what="the step with m corrected and v not",
    why="The sum of m's weights was taken for 1.",
    symptom="1/√(1 − β₂ᵗ).",
    hint="With all gradients 1, what is m after the first call? Is it in your line?",
)
raw_step.value(
    "adam/raw-only-m",
    lambda beta1, beta2, t: 1 - beta1**t,
    what="the step with v corrected and m not",
    why="The sum of v's weights was taken for 1.",
    symptom="1 − β₁ᵗ.",
    hint="With all gradients 1, what is v after the first call? Is it in your line?",
)
raw_step.value(
    "adam/raw-first-call-always",
    lambda beta1, beta2, t: (1 - beta1) / np.sqrt(1 - beta2),
    what="the first step's length at every call",
    why="The power t is missing in both sums.",
    symptom="Right at the first call only.",
    hint="Does your number change with t? Where does t stand in the sums of the weights?",
)
raw_step.value(
    "adam/raw-betas-exchanged",
    lambda beta1, beta2, t: (1 - beta2**t) / np.sqrt(1 - beta1**t),
    what="the step with β₁ and β₂ exchanged",
    why="Two arguments in the wrong order.",
    symptom="Below 1 where it should be above.",
    hint="Which of the two decays belongs to the average under the root?",
)
raw_step.value(
    "adam/raw-both-roots",
    lambda beta1, beta2, t: np.sqrt((1 - beta1**t) / (1 - beta2**t)),
    what="√(m/v): the root of both sums",
    why="The bracket of the root closes too late.",
    symptom="1/√(1 − β₁ᵗ) times the expected length.",
    hint="How far does the root reach in your line, and how far in (4)?",
)
raw_step.value(
    "adam/raw-corrected",
    lambda beta1, beta2, t: 1.0,
    what="1: the step of Adam with both corrections",
    why="The averages were corrected, though the question leaves that out.",
    symptom="1 at every call.",
    hint="The question is about m and v themselves. Are they 1 after the first call?",
)


# ------------------------------------------------------------------------------------------ the longest step


def normalised(beta, t):
    """The weights of a corrected average, the newest first."""
    powers = beta ** np.arange(t)
    return powers / powers.sum()


longest.value(
    "adam/longest-no-root",
    lambda beta1, beta2, t: np.sum(normalised(beta1, t) ** 2 / normalised(beta2, t)),
    what="the square of the longest step",
    why="Cauchy and Schwarz bound the square of a sum; the root was not taken.",
    symptom="The expected number squared.",
    hint="The inequality bounds (Σ a b)². Which power of m̂ does your last line bound?",
)


@longest(
    "adam/longest-not-normalised",
    what="the longest step of Adam without the corrections",
    why="The weights of m and v were taken, which sum to less than 1.",
    symptom="Right after very many calls; too long before.",
    hint="Print the sums of your two lists of weights at t = 2. What should they be for m̂ and v̂?",
)
def longest_not_normalised(beta1, beta2, t):
    k = np.arange(t)
    return (1 - beta1) / np.sqrt(1 - beta2) * np.sqrt(np.sum((beta1**2 / beta2) ** k))


longest.value(
    "adam/longest-in-the-end",
    lambda beta1, beta2, t: (1 - beta1) / np.sqrt((1 - beta2) * (1 - beta1**2 / beta2)),
    what="the limit after infinitely many calls",
    why="The geometric series was summed to infinity, and the corrections were taken for 1.",
    symptom="Right after very many calls only.",
    hint="Put t = 1 into your line. With a single gradient, can the step be longer than η?",
)
longest.value(
    "adam/longest-lone-gradient",
    lambda beta1, beta2, t: normalised(beta1, t)[0] / np.sqrt(normalised(beta2, t)[0]),
    what="the step of one gradient after silence",
    why="The sum was left out: one term stands for all.",
    symptom="Too short wherever older gradients can help.",
    hint="How many terms does your sum have? Older gradients add to m̂, too.",
)
longest.value(
    "adam/longest-sum-of-roots",
    lambda beta1, beta2, t: np.sum(normalised(beta1, t) / np.sqrt(normalised(beta2, t))),
    what="Σ p/√q: the terms were added, not their squares",
    why="The factor a is right; Cauchy and Schwarz ask for the sum of its squares.",
    symptom="Far too long.",
    hint="Read the inequality again: what is done to each a before the sum?",
)
longest.value(
    "adam/longest-divided-by-q",
    lambda beta1, beta2, t: np.sqrt(np.sum((normalised(beta1, t) / normalised(beta2, t)) ** 2)),
    what="√Σ (p/q)²: the weight of v̂ without its root",
    why="b was taken as q g; then its squares do not sum to v̂.",
    symptom="Far too long.",
    hint="Square your b and sum: is that v̂?",
)
longest.value(
    "adam/longest-betas-exchanged",
    lambda beta1, beta2, t: np.sqrt(np.sum(normalised(beta2, t) ** 2 / normalised(beta1, t))),
    what="the longest step with β₁ and β₂ exchanged",
    why="The two lists of weights were exchanged.",
    symptom="Another number from two calls on.",
    hint="Which average is in the numerator, and which decay does it have?",
)
longest.value(
    "adam/longest-of-the-paper",
    lambda beta1, beta2, t: (1 - beta1) / np.sqrt(1 - beta2),
    what="(1 − β₁)/√(1 − β₂), the bound that the paper states",
    why="The formula at the beginning of the section was taken.",
    symptom="The same number after any number of calls.",
    hint="The break-it above makes a longer step. Which argument of your function does your line never use?",
)
longest.value(
    "adam/longest-without-v",
    lambda beta1, beta2, t: np.sqrt(np.sum(normalised(beta1, t) ** 2)),
    what="√Σ p²: the weights of v̂ do not occur",
    why="a was taken for the weight of m̂ itself.",
    symptom="Below 1 from two calls on.",
    hint="Multiply your a by your b. Is that one term of m̂?",
)
longest.value(
    "adam/longest-bare-powers",
    lambda beta1, beta2, t: np.sqrt(np.sum((beta1**2 / beta2) ** np.arange(t))),
    what="√Σ β₁²ᵏ/β₂ᵏ: powers that sum to more than 1 in place of weights",
    why="Proportional to β₁ᵏ was read as equal to it.",
    symptom="Too long or too short by the same factor at any gradients.",
    hint="What does each of your two lists sum to? Step 1 says what it should be.",
)


# --------------------------------------------------------------------------------------- the worst growth


growth.value(
    "adam/growth-turned-over",
    0.8 / 0.99,
    what="the factor from one call to the one before it, so that the gradient shrinks",
    why="k counts calls backwards; forwards the ratio is the other way up.",
    symptom="0.8/0.99.",
    hint="Does a gradient with your factor grow or shrink from call to call?",
)
growth.value(
    "adam/growth-less-one",
    0.99 / 0.8 - 1,
    what="the share that is added at each call, not the factor",
    why="“Grows by 11 %” and “by the factor 1.11” are mixed up.",
    symptom="0.99/0.8 − 1.",
    hint="One gradient times your number: is that the next gradient, or the difference between them?",
)
growth.value(
    "adam/growth-in-percent",
    23.75,
    what="a percentage, not a factor",
    why="The figure gives the defaults' growth in percent.",
    symptom="23.75.",
    hint="One gradient times your number: is that the next gradient?",
)
growth.value(
    "adam/growth-in-whole-percent",
    24,
    what="a percentage, and a rounded one, not a factor",
    why="The figure gives the defaults' growth in whole percent.",
    symptom="24.",
    hint="One gradient times your number: is that the next gradient?",
)
growth.value(
    "adam/growth-rounded",
    1.24,
    what="a factor rounded to three digits",
    why="The figure's 11 % has two digits.",
    symptom="1.24.",
    hint="How many digits does the question ask for?",
)
growth.value(
    "adam/growth-of-the-defaults",
    0.999 / 0.9,
    what="the factor for the default decays",
    why="The number in the figure above the question was taken.",
    symptom="0.999/0.9.",
    hint="Which β₁ and β₂ does the question name?",
)
growth.value(
    "adam/growth-of-the-bound",
    0.2 / np.sqrt(0.01 * (1 - 0.64 / 0.99)),
    what="the longest step itself: a length, not the growth of a gradient",
    why="Both are numbers with η and a worst case.",
    symptom="0.2/√(0.01 (1 − 0.64/0.99)).",
    hint="The question asks what the gradient does from call to call. What does your number measure?",
)


# ------------------------------------------------------------------------------------- the other place of ε


other_eps.value(
    "adam/other-eps-divided",
    lambda eps, beta2, t: eps / np.sqrt(1 - beta2**t),
    what="ε divided by √(1 − β₂ᵗ) where it should be multiplied",
    why="The root was moved to the wrong side of the division.",
    symptom="Larger than ε; the right one is smaller.",
    hint="Divide √v + ε̂ by √(1 − β₂ᵗ), both terms. What must the second term equal?",
)
other_eps.value(
    "adam/other-eps-no-root",
    lambda eps, beta2, t: eps * (1 - beta2**t),
    what="ε times 1 − β₂ᵗ: the root is missing",
    why="v̂ is v over 1 − β₂ᵗ, but it stands under a root.",
    symptom="Too small by √(1 − β₂ᵗ).",
    hint="By what do you divide √v to get √v̂?",
)
other_eps.value(
    "adam/other-eps-no-power",
    lambda eps, beta2, t: eps * np.sqrt(1 - beta2),
    what="ε times √(1 − β₂), without the power t",
    why="The ᵗ was read as a mark, not as a power.",
    symptom="Right at the first call only.",
    hint="Does your number change from call to call?",
)
other_eps.value(
    "adam/other-eps-unchanged",
    lambda eps, beta2, t: eps,
    what="ε itself",
    why="In most programs the same number stands in both places.",
    symptom="1/√(1 − β₂ᵗ) times too large.",
    hint="Divide √v + ε̂ by √(1 − β₂ᵗ), both terms. What becomes of ε̂?",
)
other_eps.value(
    "adam/other-eps-rate-factor",
    lambda eps, beta2, t: eps * np.sqrt(1 - beta2**t) / (1 - 0.9**t),
    what="ε times the factor in front of (5), without η",
    why="The whole factor was moved into the denominator.",
    symptom="Too large by 1/(1 − β₁ᵗ) with the default β₁.",
    hint="Which part of the factor in front of (5) comes from v, and which from m?",
)
