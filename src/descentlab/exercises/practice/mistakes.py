"""Known mistakes in AdamW, in the best rate, in averages' worth, in schedules, in clipping, in rests."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("practice/adamw")
next_rate = MistakesOf("practice/best-next")
worth = MistakesOf("practice/effective")
plan = MistakesOf("practice/schedule")
clipping = MistakesOf("practice/clip")
resting = MistakesOf("practice/rest")


@mistake.base
class CorrectAdamW:
    """`seen` is the gradient that the averages see, `move` makes the step: an entry replaces one of them."""

    def __init__(self, lr, beta1, beta2, eps, weight_decay):
        self.lr, self.b1, self.b2, self.eps, self.w = lr, beta1, beta2, eps, weight_decay
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = self.seen(grads[k], params[k])
            self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * g**2
            m_hat, v_hat = self.hats(k)
            params[k] = self.move(params[k], m_hat, np.sqrt(v_hat) + self.eps)

    def hats(self, k):
        return self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - self.b2**self.t)

    def seen(self, g, p):
        return g

    def move(self, p, m_hat, root):
        return p - self.lr * (m_hat / root + self.w * p)


mistake.differs(
    "practice/l2-in-the-gradient",
    seen=lambda self, g, p: g + self.w * p,
    move=lambda self, p, m_hat, root: p - self.lr * m_hat / root,
    what="Adam with an L2 penalty: the decay is added to the gradient, and m and v see it",
    why="`g = grads[k] + self.weight_decay * params[k]`: what plain descent may do, taken over.",
    symptom="With gradients of zero every entry moves by η, whatever its size.",
    hint="Feed gradients of zero. Does each parameter lose the same share, or the same length?",
    experiment="gradients of zero",
)


mistake.differs(
    "practice/decay-without-rate",
    move=lambda self, p, m_hat, root: p - self.lr * m_hat / root - self.w * p,
    what="AdamW whose decay is not multiplied by η",
    why="`params[k] *= 1 - self.weight_decay`; some libraries do so.",
    symptom="The decay is 1/η times the expected one.",
    hint="Set η to zero. Should the parameters still move?",
    experiment="a rate of zero",
)


@mistake(
    "practice/decay-after-the-step",
    what="AdamW whose decay is a share of the parameter after Adam's step",
    why="The decay stands below the line of the step, and `params[k]` has moved already.",
    symptom="The first step differs by η w times Adam's step.",
    hint="Which parameter is multiplied by η w in your last line: that before the call, or after the step? "
    "If you keep the old ones: `dict(params)` copies no array, and `-=` changes the one that it holds.",
)
class DecayAfterTheStep(CorrectAdamW):
    def move(self, p, m_hat, root):
        moved = p - self.lr * m_hat / root
        return moved - self.lr * self.w * moved


mistake.differs(
    "practice/decay-divided",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat + self.w * p) / root,
    what="AdamW whose decay is divided by √v̂ + ε, as m̂ is",
    why="The decay was added to m̂: a pair of brackets around m̂ + w θ.",
    symptom="The decay is 1/(√v̂ + ε) times the expected one; m and v are right.",
    hint="Read your last line: which of its terms does the bracket in the denominator divide?",
)


@mistake(
    "practice/decay-in-m",
    what="AdamW whose m averages g + w θ, while v averages g²",
    why="The penalty was kept out of v alone.",
    symptom="The decay is remembered, and divided by √v̂.",
    hint="Which of m and v should know of the decay?",
)
class DecayInM(CorrectAdamW):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * (g + self.w * params[k])
            self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * g**2
            m_hat, v_hat = self.hats(k)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


mistake.differs(
    "practice/no-decay",
    move=lambda self, p, m_hat, root: p - self.lr * m_hat / root,
    what="Adam: there is no weight decay",
    why="The class of lesson 06 was pasted, or `weight_decay` is stored and never used.",
    symptom="With gradients of zero nothing moves.",
    hint="Feed gradients of zero. What is left of a parameter after one call, and what should be left?",
    experiment="gradients of zero",
)
mistake.differs(
    "practice/decay-grows",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root - self.w * p),
    what="AdamW whose decay pushes away from zero",
    why="A sign: the decay was added.",
    symptom="With gradients of zero parameters grow by 1 + η w.",
    hint="Feed gradients of zero. Do the parameters shrink or grow?",
    experiment="gradients of zero",
)
mistake.differs(
    "practice/decay-twice",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root + 2 * self.w * p),
    what="AdamW with twice the decay",
    why="The slope of w θ² in place of that of ½ w θ².",
    symptom="With gradients of zero the share lost is 2 η w.",
    hint="Feed gradients of zero. Which share of a parameter is lost in one call, as a multiple of η w?",
    experiment="gradients of zero",
)


mistake.differs(
    "practice/rate-squared",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root + self.lr * self.w * p),
    what="AdamW whose decay is multiplied by η twice",
    why="The decay has its own η, and stands in a bracket that is multiplied by η.",
    symptom="With gradients of zero the share lost is η² w.",
    hint="Feed gradients of zero at η = 0.1. Is the share that is lost η w?",
    experiment="gradients of zero",
)


mistake.differs(
    "practice/decay-by-the-sign",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root + self.w * np.sign(p)),
    what="AdamW whose decay takes η w from every parameter, whatever its size",
    why="The slope of w |θ|, the L1 penalty.",
    symptom="With gradients of zero every entry loses η w.",
    hint="Feed gradients of zero to parameters 1 and 10. Should both lose the same length?",
    experiment="gradients of zero",
)


mistake.differs(
    "practice/decay-of-the-default",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root + 0.01 * p),
    what="AdamW with a decay of 0.01, whatever `weight_decay` is",
    why="The default was typed in, or the argument is not stored.",
    symptom="With gradients of zero the share lost is 0.01 η.",
    hint="Make two optimizers, with weight_decay 0.1 and 0.2. Does the second lose twice the share?",
    experiment="twice the weight decay",
)
mistake.differs(
    "practice/no-correction",
    hats=lambda self, k: (self.m[k], self.v[k]),
    what="AdamW without the correction of m and v for their start at zero",
    why="The hats look like a detail beside the new term.",
    symptom="Adam's part of the first step is (1 − β₁)/√(1 − β₂) times η.",
    hint="Set weight_decay to 0. How long is the first step, compared with η?",
    experiment="one call",
)
mistake.differs(
    "practice/decay-in-both-places",
    seen=lambda self, g, p: g + self.w * p,
    what="AdamW that decays twice: by the gradient and beside Adam's step",
    why="The decay was added, and the penalty was left in the gradient.",
    symptom="With gradients of zero every entry loses η, and η w of itself.",
    hint="Search your class for `weight_decay`: in how many lines does it move the parameters?",
)


mistake.differs(
    "practice/l2-not-corrected",
    seen=lambda self, g, p: g + self.w * p,
    hats=lambda self, k: (self.m[k], self.v[k]),
    move=lambda self, p, m_hat, root: p - self.lr * m_hat / root,
    what="Adam with an L2 penalty in the gradient, and without the corrections m̂ and v̂",
    why="Two things at once: the penalty of plain descent, and averages that are used as they are.",
    symptom="With gradients of zero every entry first moves by (1 − β₁)/√(1 − β₂) times η.",
    hint="Feed gradients of zero. Does each parameter lose the same share, or the same length?",
    experiment="gradients of zero",
)


mistake.differs(
    "practice/l2-doubled",
    seen=lambda self, g, p: g + 2 * self.w * p,
    move=lambda self, p, m_hat, root: p - self.lr * m_hat / root,
    like="practice/l2-in-the-gradient",
    what="Adam with an L2 penalty in the gradient, of twice the weight",
    why="The slope of w θ² in place of that of ½ w θ², and in the gradient.",
)


@mistake(
    "practice/decay-in-v",
    what="AdamW whose v averages (g + w θ)², while m averages g",
    why="The penalty was kept out of m alone.",
    symptom="With gradients of zero nothing moves.",
    hint="Which of m and v should know of the decay?",
)
class DecayInV(CorrectAdamW):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * (g + self.w * params[k]) ** 2
            m_hat, v_hat = self.hats(k)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


mistake.differs(
    "practice/decay-half",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root + 0.5 * self.w * p),
    what="AdamW with half the decay",
    why="The ½ of the penalty ½ w θ² was kept in its slope.",
    symptom="With gradients of zero the share lost is ½ η w.",
    hint="Feed gradients of zero. Which share of a parameter is lost in one call, as a multiple of η w?",
    experiment="gradients of zero",
)
mistake.differs(
    "practice/decay-by-the-square",
    move=lambda self, p, m_hat, root: p - self.lr * (m_hat / root + self.w * p**2),
    what="AdamW whose decay is η w θ²",
    why="The penalty itself was subtracted, not its slope.",
    symptom="With gradients of zero a negative parameter moves away from zero.",
    hint="Feed gradients of zero to parameters 1, 2 and −1. Do all three lose the same share?",
    experiment="gradients of zero",
)


@mistake(
    "practice/decay-of-the-gradient",
    what="AdamW with η w g in place of η w θ",
    why="`grads[k]` for `params[k]` in the term of the decay.",
    symptom="With gradients of zero nothing moves.",
    hint="Feed gradients of zero. What should be left of a parameter after one call?",
    experiment="gradients of zero",
)
class DecayOfTheGradient(CorrectAdamW):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * g**2
            m_hat, v_hat = self.hats(k)
            params[k] = params[k] - self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + self.w * g)


@mistake(
    "practice/decay-corrected",
    what="AdamW whose decay is divided by 1 − β₁ᵗ, as m is",
    why="The correction was moved into the learning rate, and that rate multiplies the decay, too.",
    symptom="The decay of the first call is 1/(1 − β₁) times the expected one.",
    hint="Feed gradients of zero for two calls. Is the share that is lost the same in both?",
    experiment="gradients of zero",
)
class DecayCorrected(CorrectAdamW):
    def move(self, p, m_hat, root):
        return p - self.lr * m_hat / root - self.lr / (1 - self.b1**self.t) * self.w * p


mistake.differs(
    "practice/decay-after-without-rate",
    move=lambda self, p, m_hat, root: (1 - self.w) * (p - self.lr * m_hat / root),
    what="AdamW whose decay is not multiplied by η, and is a share of the parameter after Adam's step",
    why="`params[k] *= 1 - self.weight_decay` below the line of the step.",
    symptom="With gradients of zero the share lost is w.",
    hint="Set η to zero. Should the parameters still move?",
    experiment="a rate of zero",
)
mistake.differs(
    "practice/decay-alone",
    move=lambda self, p, m_hat, root: p - self.lr * self.w * p,
    what="the decay alone: Adam's step is missing",
    why="The class of lesson 06 was not carried over.",
    symptom="Every parameter shrinks by 1 − η w, whatever the gradients are.",
    hint="With weight_decay=0 your class should be Adam. Does it move then?",
)
mistake.differs(
    "practice/decay-times-the-step",
    move=lambda self, p, m_hat, root: p - self.lr * self.w * m_hat / root,
    what="Adam's step multiplied by the weight decay",
    why="w was taken for a factor of the step.",
    symptom="Every step is w times Adam's.",
    hint="With weight_decay=0 your class should be Adam. Does it move then?",
)


# ------------------------------------------------------------------------------------ the best next step


def with_next(lr, a, curvature, sigma):
    """The rate, and the next mean square with it, by (1)."""
    return lr, (1 - lr * curvature) ** 2 * a + lr**2 * sigma**2


next_rate.value(
    "practice/next-without-noise",
    lambda a, curvature, sigma: with_next(1 / curvature, a, curvature, sigma),
    what="one over the curvature: the best η where there is no noise",
    why="Newton's step; the second term of (1) was forgotten.",
    symptom="η = 1/λ, and the next a is σ²/λ².",
    hint="Near the minimum, what does a step of 1/λ make of the noise?",
)


next_rate.value(
    "practice/next-sigma-not-squared",
    lambda a, curvature, sigma: with_next(curvature * a / (curvature**2 * a + sigma), a, curvature, sigma),
    what="an η with σ in place of σ²",
    why="The derivative of η²σ² was taken as 2ησ.",
    symptom="η = λa/(λ²a + σ).",
    hint="Is σ squared in your η?",
)


next_rate.value(
    "practice/next-curvature-not-squared",
    lambda a, curvature, sigma: with_next(curvature * a / (curvature * a + sigma**2), a, curvature, sigma),
    what="an η with λ in place of λ² in the denominator",
    why="The inner derivative −λ was counted once.",
    symptom="η = λa/(λa + σ²).",
    hint="Set σ to 0: your η must be 1/λ.",
)


next_rate.value(
    "practice/next-curvature-of-one",
    lambda a, curvature, sigma: with_next(a / (a + sigma**2), a, curvature, sigma),
    what="an η for a curvature of 1",
    why="The lesson's picture has λ = 1; the stub's parabola has any.",
    symptom="η = a/(a + σ²).",
    hint="Set σ to 0: your η must be 1/λ.",
)


@next_rate(
    "practice/next-a-without-noise",
    what="the right η, and a next a without the noise",
    why="The first term of (1) was returned alone.",
    symptom="The next a is (1 − ηλ)² a.",
    hint="What does this call's noise add to the mean square?",
)
def next_a_without_noise(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma**2)
    return lr, (1 - lr * curvature) ** 2 * a


@next_rate(
    "practice/next-distance-for-square",
    what="an η with √a in place of a",
    why="a was taken for a distance; it is the mean of its square.",
    symptom="η = λ√a/(λ²√a + σ²).",
    hint="Is a a distance, or a squared distance?",
)
def next_distance_for_square(a, curvature, sigma):
    lr = curvature * np.sqrt(a) / (curvature**2 * np.sqrt(a) + sigma**2)
    return with_next(lr, a, curvature, sigma)


@next_rate(
    "practice/next-the-other-order",
    what="the right two numbers in the other order",
    why="The next a is what the exercise is about, so it came first.",
    symptom="(next a, η).",
    hint="Which of the two numbers does the stub's first line name first?",
)
def next_the_other_order(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma**2)
    return with_next(lr, a, curvature, sigma)[::-1]


# ---------------------------------------------------------------------------------- what an average is worth


worth.value(
    "practice/worth-in-the-end",
    lambda beta, t: (1 + beta) / (1 - beta),
    what="(1 + β)/(1 − β): what the average is worth after very many calls",
    why="The sums were taken to infinity.",
    symptom="Right for a late call; t is not in it.",
    hint="At the first call the average is one gradient. How many is it worth?",
)
worth.value(
    "practice/worth-time-constant",
    lambda beta, t: 1 / (1 - beta),
    what="1/(1 − β), the length of the memory",
    why="The sum of the weights βᵏ was taken for the number of gradients.",
    symptom="About half of the right number for a late call.",
    hint="Compare variances: where are the squares of the weights?",
)
worth.value(
    "practice/worth-sum-of-weights",
    lambda beta, t: (1 - beta**t) / (1 - beta),
    what="(1 − βᵗ)/(1 − β), the sum of the weights βᵏ",
    why="The weights were added, not their squares.",
    symptom="Right at the first call, about half for a late one.",
    hint="Compare variances: where are the squares of the weights?",
)
worth.value(
    "practice/worth-not-corrected",
    lambda beta, t: (1 + beta) / ((1 - beta) * (1 - beta ** (2 * t))),
    what="the worth of the average before its correction: one over the sum of its squared weights",
    why="The weights (1 − β) βᵏ were squared; after t calls they do not sum to one.",
    symptom="Right for a late call; 1/(1 − β)² at the first.",
    hint="What do your weights sum to after one call?",
)
worth.value(
    "practice/worth-turned-over",
    lambda beta, t: (1 - beta) * (1 + beta**t) / ((1 + beta) * (1 - beta**t)),
    what="the sum of the squared weights, not one over it",
    why="σ²/N was compared, and the fraction not turned over.",
    symptom="Right at the first call; later the numbers fall below 1.",
    hint="Is an average worth more gradients later, or fewer?",
)
worth.value(
    "practice/worth-all-equal",
    lambda beta, t: float(t),
    what="t: all gradients count the same",
    why="The weights were taken for equal.",
    symptom="Right at the first call; far too large for a late one.",
    hint="How much does the gradient of 1000 calls ago count?",
)


@worth(
    "practice/worth-one-term-more",
    what="sums of t + 1 weights",
    why="`range(t + 1)`: one gradient too many.",
    symptom="More than 1 at the first call.",
    hint="How many gradients has the average seen after the first call?",
)
def worth_one_term_more(beta, t):
    weights = beta ** np.arange(t + 1)
    return np.sum(weights) ** 2 / np.sum(weights**2)


# ---------------------------------------------------------------------------------------------- the schedule


def wave(t, lr, warmup, total, fall=lambda share: (1 + np.cos(np.pi * share)) / 2):
    """The schedule; `fall` is what is left of η at a share of the way from the top to the last call."""
    return lr * t / warmup if t <= warmup else lr * fall((t - warmup) / (total - warmup))


plan.value(
    "practice/plan-wave-from-the-start",
    lambda t, lr, warmup, total: lr * t / warmup if t <= warmup else lr / 2 * (1 + np.cos(np.pi * t / total)),
    what="a wave that begins at call 0, not at the top",
    why="cos(π t / total): the warm-up's calls were not taken off.",
    symptom="Right in the warm-up and at the last call; η jumps down after the warm-up.",
    hint="Right after the warm-up, is η still near its largest?",
)
plan.value(
    "practice/plan-whole-wave",
    lambda t, lr, warmup, total: wave(t, lr, warmup, total, lambda s: (1 + np.cos(2 * np.pi * s)) / 2),
    what="a whole wave, back at the top at the last call",
    why="2π in place of π.",
    symptom="η at the last call is the largest, not 0.",
    hint="What is η at the last call?",
)


plan.value(
    "practice/plan-quarter-wave",
    lambda t, lr, warmup, total: wave(t, lr, warmup, total, lambda s: np.cos(np.pi / 2 * s)),
    what="a quarter of a wave: cos from 0 to π/2",
    why="cos(π/2) is 0, and so is the last η; but there the wave is at its steepest.",
    symptom="Both ends are right, η between them is too large.",
    hint="Halfway between the top and the last call, is η half of the largest? Is the end flat?",
)


plan.value(
    "practice/plan-twice",
    lambda t, lr, warmup, total: wave(t, lr, warmup, total, lambda s: 1 + np.cos(np.pi * s)),
    what="a wave of twice the height",
    why="The ½ in front of 1 + cos was left out.",
    symptom="η jumps to twice its top after the warm-up.",
    hint="Right after the warm-up, is η still near its largest?",
)


plan.value(
    "practice/plan-below-zero",
    lambda t, lr, warmup, total: wave(t, lr, warmup, total, lambda s: np.cos(np.pi * s)),
    what="a wave that falls to −η",
    why="η cos, without the 1 +.",
    symptom="η at the last call is −η.",
    hint="What is η at the last call? What would a negative one do?",
)


plan.value(
    "practice/plan-straight",
    lambda t, lr, warmup, total: wave(t, lr, warmup, total, lambda s: 1 - s),
    what="a straight line down",
    why="Another shape that people use.",
    symptom="Right at the top and at the end, and halfway.",
    hint="A quarter of the way down, how much has a cosine fallen? It starts flat.",
)


plan.value(
    "practice/plan-starts-at-zero",
    lambda t, lr, warmup, total: lr * (t - 1) / warmup if t <= warmup else wave(t, lr, warmup, total),
    what="a warm-up that begins with η = 0",
    why="(t − 1)/warmup: the calls were counted from 0.",
    symptom="0 at the first call, and less than η at the top.",
    hint="What is η at the first call, and at call `warmup`?",
)
plan.value(
    "practice/plan-starts-at-zero-and-jumps",
    lambda t, lr, warmup, total: lr * (t - 1) / warmup if t < warmup else wave(t, lr, warmup, total),
    what="a warm-up that begins with η = 0 and jumps to the top",
    why="(t − 1)/warmup: the calls were counted from 0, and the wave begins at the top.",
    symptom="0 at the first call, too small in the warm-up, right from the top on.",
    hint="What is η at the first call? Is it the first of `warmup` equal rises?",
)


@plan(
    "practice/plan-wave-not-shortened",
    what="a wave that lasts `total` calls from the top on",
    why="(t − warmup)/total: the way to the end is shorter than the whole run.",
    symptom="η at the last call is not 0.",
    hint="How many calls lie between the top and the last call?",
)
def plan_wave_not_shortened(t, lr, warmup, total):
    return lr * t / warmup if t <= warmup else lr / 2 * (1 + np.cos(np.pi * (t - warmup) / total))


# -------------------------------------------------------------------------------------------------- clipping


def norm_of(grads):
    """The norm of all entries together."""
    return np.sqrt(sum(np.sum(g**2) for g in grads.values()))


def clipped(grads, limit, norm):
    """All entries times one factor, where `norm` is above the limit."""
    return {k: g * (limit / norm if norm > limit else 1.0) for k, g in grads.items()}


clipping.value(
    "practice/clip-each-array",
    lambda grads, limit: {k: g * min(1.0, limit / max(np.linalg.norm(g), 1e-300)) for k, g in grads.items()},
    what="arrays that are clipped one by one",
    why="The norm is computed inside the loop over the arrays.",
    symptom="Small arrays stay, large ones shrink.",
    hint="Divide your result by the gradient, array by array. Is it one factor?",
)
clipping.value(
    "practice/clip-each-entry",
    lambda grads, limit: {k: np.clip(g, -limit, limit) for k, g in grads.items()},
    what="entries that are cut at ± the limit",
    why="`np.clip` does something else by the same name.",
    symptom="Most entries stay as they are.",
    hint="Divide your result by the gradient, entry by entry. Is it one factor?",
)


@clipping(
    "practice/clip-always",
    what="gradients that always have the limit's norm, short ones too",
    why="The comparison was left out.",
    symptom="Right above the limit; below it gradients grow, and zeros become NaN.",
    hint="What does your function do with a gradient that is short already, and with zeros?",
)
def clip_always(grads, limit):
    with np.errstate(invalid="ignore", divide="ignore"):
        return {k: g * (limit / norm_of(grads)) for k, g in grads.items()}


@clipping(
    "practice/clip-to-one",
    what="gradients of norm 1 in place of the limit",
    why="The gradient was divided by its norm and not multiplied by the limit.",
    symptom="The norm is 1 above the limit.",
    hint="Above the limit, what is the norm of your result?",
)
def clip_to_one(grads, limit):
    norm = norm_of(grads)
    return {k: g / norm if norm > limit else g for k, g in grads.items()}


clipping.value(
    "practice/clip-squared-norm",
    lambda grads, limit: clipped(grads, limit, norm_of(grads) ** 2),
    what="a norm without its root",
    why="The sum of squares was taken for the norm.",
    symptom="Too short by another factor of the norm.",
    hint="Is your norm of the array [3, 4] equal to 5?",
)


clipping.value(
    "practice/clip-sum-of-norms",
    lambda grads, limit: clipped(grads, limit, sum(np.linalg.norm(g) for g in grads.values())),
    what="the sum of the arrays' norms in place of the norm of all",
    why="The norms were added; their squares add.",
    symptom="Shorter than the limit.",
    hint="Two arrays of norm 3 and 4: what is the norm of both in one vector?",
)


clipping.value(
    "practice/clip-largest-entry",
    lambda grads, limit: clipped(grads, limit, max(np.abs(g).max() for g in grads.values())),
    what="the largest entry in place of the norm",
    why="A norm too, but another one.",
    symptom="Longer than the limit.",
    hint="Is your norm of the array [3, 4] equal to 5?",
)


# ----------------------------------------------------------------------------------------- where they rest


def with_sign(sign, curvature, minimum, weight_decay):
    """The right rest of plain descent, and another one of the sign rule."""
    return {"plain": curvature * minimum / (curvature + weight_decay), "sign": sign}


def with_plain(plain, minimum, weight_decay):
    """The right rest of the sign rule, and another one of plain descent."""
    return {"plain": plain, "sign": float(np.clip(minimum, -1 / weight_decay, 1 / weight_decay))}


resting.value(
    "practice/rest-sign-at-the-minimum",
    lambda curvature, c, w: with_sign(c, curvature, c, w),
    what="a sign rule that rests at the minimum, however far that is",
    why="The decay was left out: “inside the box it changes nothing”.",
    symptom="Right for near minima.",
    hint="At θ = 100 and w = 0.25: which of the two pulls is the stronger?",
)


resting.value(
    "practice/rest-sign-at-the-edge",
    lambda curvature, c, w: with_sign(np.sign(c) / w, curvature, c, w),
    what="a sign rule that always rests at ±1/w",
    why="sign + w θ = 0 was solved for a sign of ±1 alone.",
    symptom="Right for far minima.",
    hint="At 1/w, with the minimum nearer to zero: which way does the sign pull?",
)


resting.value(
    "practice/rest-sign-one-wall",
    lambda curvature, c, w: with_sign(min(c, 1 / w), curvature, c, w),
    what="a sign rule with one wall, at 1/w",
    why="min(c, 1/w): a minimum below zero was forgotten.",
    symptom="Right for all minima but those far below zero.",
    hint="Mirror the problem: the minimum at −6 in place of 6. Where must θ rest?",
)


resting.value(
    "practice/rest-sign-cut-at-w",
    lambda curvature, c, w: with_sign(np.clip(c, -w, w), curvature, c, w),
    what="a box of ±w in place of ±1/w",
    why="The equation ±1 + w θ = 0 was turned over.",
    symptom="|θ| is at most w.",
    hint="Put your rest into sign + w θ. Is that zero?",
)


resting.value(
    "practice/rest-sign-moved-by-w",
    lambda curvature, c, w: with_sign(np.sign(c) * max(abs(c) - w, 0.0), curvature, c, w),
    what="a sign rule that rests w short of the minimum",
    why="The rest under an L1 penalty with plain descent; here the sign is the gradient's.",
    symptom="c − w, or c + w below zero.",
    hint="Which of the two terms carries the sign in this rule, the slope or the decay?",
)


@resting(
    "practice/rest-both-plain",
    what="plain descent's rest for both rules",
    why="The sign was left out of the second equation.",
    symptom="Both numbers are equal.",
    hint="Does a sign rule know how steep the slope is?",
)
def rest_both_plain(curvature, minimum, weight_decay):
    rest = curvature * minimum / (curvature + weight_decay)
    return {"plain": rest, "sign": rest}


resting.value(
    "practice/rest-plain-without-curvature",
    lambda curvature, c, w: with_plain(c / (1 + w), c, w),
    what="plain descent's rest at c/(1 + w)",
    why="The slope of ½ λ (θ − c)² was taken as θ − c.",
    symptom="λ is not in the first number.",
    hint="Is your first number nearer to the minimum where the parabola is steeper?",
)


resting.value(
    "practice/rest-plain-at-the-minimum",
    lambda curvature, c, w: with_plain(c, c, w),
    what="plain descent that rests at the minimum",
    why="The decay was left out of the first equation.",
    symptom="The first number is c.",
    hint="At the minimum the slope is zero. And the decay?",
)
