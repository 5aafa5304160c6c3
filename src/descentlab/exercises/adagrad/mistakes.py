"""Known mistakes in AdaGrad."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("adagrad/update")
hindsight = MistakesOf("adagrad/hindsight")
surprise = MistakesOf("adagrad/after-a-calm")
best_bound = MistakesOf("adagrad/best-bound")
rescaled = MistakesOf("adagrad/rescaled")

mistake.section("04-adagrad, a counter for every word", "last-square", "is-rmsprop", "fades")


@mistake.base
class CorrectAdaGrad:
    """`sum` gives the new h of a key, `step` what is taken from the parameter."""

    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            self.h[k] = self.sum(h, grads[k])
            params[k] -= self.step(grads[k], self.h[k])

    def sum(self, h, g):
        return h + g**2

    def step(self, g, h):
        return self.lr * g / (np.sqrt(h) + self.eps)


mistake.differs(
    "adagrad/no-root",
    step=lambda self, g, h: self.lr * g / (h + self.eps),
    what="AdaGrad without the square root",
    why="h is called “the sum of squares”, and the division seems to be what was asked for.",
    symptom="The first step is η/g in place of η.",
    hint=(
        "Make g ten times larger. How many times larger is g/h then, and what should the step of the "
        "formula be?"
    ),
    experiment="ten times the gradients",
)
mistake.differs(
    "adagrad/not-squared",
    sum=lambda self, h, g: h + g,
    what="AdaGrad that sums the gradients, not their squares",
    why="“The sum of all gradients so far”, without the square.",
    symptom="NaN wherever the sum is negative.",
    hint="Can your h become negative?",
)
mistake.differs(
    "adagrad/last-square-only",
    sum=lambda self, h, g: g**2,
    what="AdaGrad without a sum: h is the last square alone",
    why="`=` for `+=`.",
    symptom="The first call is right; every later step has the size η.",
    hint="What does the second call know of the first?",
)


@mistake(
    "adagrad/one-sum-a-call",
    what="AdaGrad with one number for all arrays, started again at each call",
    why="A local `h = 0` that grows from key to key.",
    symptom="The first array is divided by its own norm, the next by that of both.",
    hint="Which coordinates share a denominator, and for how long does it live?",
)
class OneSumACall(CorrectAdaGrad):
    def update(self, params, grads):
        h = 0.0
        for k in params:
            h += np.sum(grads[k] ** 2)
            params[k] -= self.step(grads[k], h)


@mistake(
    "adagrad/one-sum-an-array",
    what="AdaGrad with one sum for each array in place of one for each coordinate",
    why="`np.sum` for the word “sum”.",
    symptom="All coordinates of an array share one rate; the scalar is right.",
    hint="Two entries of one array: may they have different rates?",
)
class OneSumAnArray(CorrectAdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.step(grads[k], self.h[k])


@mistake(
    "adagrad/one-sum-for-all",
    what="AdaGrad with one sum for all arrays together",
    why="“The norm of the gradient” is taken over everything.",
    symptom="All coordinates of all arrays share one rate.",
    hint="Is the denominator there for each coordinate?",
)
class OneSumForAll(CorrectAdaGrad):
    def update(self, params, grads):
        self.h = (self.h or 0.0) + sum(np.sum(g**2) for g in grads.values())
        for k in params:
            params[k] -= self.step(grads[k], self.h)


@mistake(
    "adagrad/divides-first",
    what="AdaGrad that divides by the sum before this gradient is in it",
    why="The two lines stand in the other order.",
    symptom="The first step is η g/ε, which is huge.",
    hint="What is the denominator on call one?",
)
class DividesFirst(CorrectAdaGrad):
    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            params[k] -= self.step(grads[k], h)
            self.h[k] = self.sum(h, grads[k])


mistake.differs(
    "adagrad/eps-inside",
    step=lambda self, g, h: self.lr * g / np.sqrt(h + self.eps),
    what="AdaGrad with ε inside the root",
    why="Many texts print √(h + ε); with ε = 10⁻⁸ no one can see the difference.",
    symptom="Right with a tiny ε, off by a few per cent with ε = 0.1 (by more where gradients are small), "
    "and by a factor for gradients of 10⁻⁹.",
    hint="Try gradients of 1e-9; compare the first step with η. Where does this lesson's formula have ε?",
    experiment="gradients of 1e-9",
)
mistake.differs(
    "adagrad/no-eps",
    step=lambda self, g, h: self.lr * g / np.sqrt(h),
    what="AdaGrad without ε",
    why="“A small number for stability” seems to be optional.",
    symptom="NaN while the gradient has been zero throughout: 0/0.",
    hint="Call update once with a gradient of zeros. What is your step there, and what should it be?",
    experiment="gradients of zero",
)
mistake.differs(
    "adagrad/is-rmsprop",
    sum=lambda self, h, g: 0.9 * h + 0.1 * g**2,
    what="RMSprop with a decay of 0.9, the rule of another lesson",
    why="The sum was written as a moving average.",
    symptom="The first step is √10 times the expected one.",
    hint="Does what you keep decay? Should it?",
)


mistake.differs(
    "adagrad/stores-the-root",
    sum=lambda self, h, g: np.sqrt(h + g**2),
    step=lambda self, g, h: self.lr * g / (h + self.eps),
    what="AdaGrad that stores the root √h in h",
    why="The root was taken in the line of h, to save writing it below.",
    symptom="The first call is right; at the second a root and a square are added.",
    hint="What is in h after call two: a sum, or something else?",
)


mistake.differs(
    "adagrad/rate-in-the-sum",
    sum=lambda self, h, g: h + (self.lr * g) ** 2,
    what="AdaGrad that sums the squares of η g",
    why="The step η g was computed first and then squared.",
    symptom="Steps are 1/η times the expected ones: the rate cancels.",
    hint="Make η ten times larger: does the step change?",
    experiment="ten times the rate",
)


@mistake(
    "adagrad/starts-at-one",
    what="AdaGrad whose sum starts at one",
    why="`ones_like` for `zeros_like`, to avoid a division by zero.",
    symptom="The first step is η g/√(1 + g²), small for small gradients.",
    hint="How large is the first step for a gradient of 1e-3?",
    experiment="one gradient of 1e-3",
)
class StartsAtOne(CorrectAdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h.setdefault(k, np.ones_like(params[k]))
        super().update(params, grads)


mistake.differs(
    "adagrad/eps-in-the-sum",
    sum=lambda self, h, g: h + (g**2 + self.eps),
    step=lambda self, g, h: self.lr * g / np.sqrt(h),
    what="AdaGrad that adds ε to h at each call",
    why="ε was put where the square is added, and so it piles up.",
    symptom="Right with a tiny ε; with ε = 0.1 the sum holds t ε after t calls.",
    hint="How much ε is in h after a thousand calls?",
)


mistake.differs(
    "adagrad/no-brackets",
    step=lambda self, g, h: self.lr * g / np.sqrt(h) + self.eps,
    what="AdaGrad with ε outside the division, because brackets are missing",
    why="`lr * g / np.sqrt(h) + eps` reads like the formula and is computed otherwise.",
    symptom="Every parameter moves by an extra ε; NaN while the gradient has been zero.",
    hint="Read the line as Python does: what is ε added to?",
)


@mistake(
    "adagrad/mean-of-squares",
    what="AdaGrad with the mean of the squares in place of their sum",
    why="“Mean square” is the name of a relative of this rule.",
    symptom="The first call is right; call t is √t times the expected step.",
    hint="With a steady gradient, do your steps shrink?",
    experiment="the same gradient always",
)
class MeanOfSquares(CorrectAdaGrad):
    calls = 0

    def update(self, params, grads):
        self.calls += 1
        super().update(params, grads)

    def step(self, g, h):
        return self.lr * g / (np.sqrt(h / self.calls) + self.eps)


mistake.differs(
    "adagrad/sums-sizes",
    sum=lambda self, h, g: h + np.abs(g),
    step=lambda self, g, h: self.lr * g / (h + self.eps),
    what="AdaGrad that sums |g| and divides by the sum",
    why="√(g²) is |g|, but the root of a sum is not the sum of the roots.",
    symptom="The first call is right; later steps are too small.",
    hint="Compare 3 + 4 with √(3² + 4²).",
)


mistake.differs(
    "adagrad/uphill",
    step=lambda self, g, h: -self.lr * g / (np.sqrt(h) + self.eps),
    like="sgd/uphill",
    what="AdaGrad with steps in the opposite direction",
)
mistake.differs(
    "adagrad/sums-columns",
    sum=lambda self, h, g: h + np.sum(g**2, axis=0),
    what="AdaGrad whose squares are summed along the first axis, one number for a column",
    why="`np.sum(g**2, axis=0)`: the sum of (1) is one over the calls, and not over an array.",
    symptom="The scalar is right; a matrix has one h for each column, a vector one h in all.",
    hint="Does the sum h of (1) run over the calls, or over the entries of one array? Print the shape of h.",
)
hindsight.value(
    "adagrad/scales-without-the-total",
    lambda gradients, total: np.linalg.norm(gradients, axis=0),
    what="the lengths Gᵢ themselves, not scaled to the sum that is asked for",
    why="Proportional was enough for the proof.",
    symptom="The scales do not sum to `total`.",
    hint="What is the sum of your scales, and what should it be?",
)
hindsight.value(
    "adagrad/scales-times-the-total",
    lambda gradients, total: total * np.linalg.norm(gradients, axis=0),
    what="`total` times the lengths Gᵢ, not divided by their sum",
    why="The factor was put in and the old sum was not taken out.",
    symptom="The scales sum to `total` times the sum of the lengths.",
    hint="What is the sum of your scales, and what should it be?",
)
hindsight.value(
    "adagrad/scales-by-squares",
    lambda gradients, total: total * np.sum(gradients**2, axis=0) / np.sum(gradients**2),
    what="scales proportional to Gᵢ², without the root",
    why="Gᵢ² stands in the cost, Gᵢ in the condition for equality.",
    symptom="The ratios of the scales are the squares of the right ones.",
    hint="Equality holds where the two factors are proportional: which power of Gᵢ follows?",
)


@hindsight(
    "adagrad/scales-by-sizes",
    what="scales proportional to the sum of sizes |g|, not to the root of the sum of squares",
    why="Length was taken for the sum of the entries.",
    symptom="A few percent off; rarely seen coordinates get too little.",
    hint="How is Gᵢ² defined in (4)?",
)
def scales_by_sizes(gradients, total):
    sizes = np.abs(gradients).sum(axis=0)
    return total * sizes / sizes.sum()


@hindsight(
    "adagrad/scales-inverse",
    what="scales proportional to 1/Gᵢ",
    why="Large gradients should get small steps; but the scale divides already.",
    symptom="The coordinate with the largest gradients gets the smallest scale.",
    hint="In (2) √h divides, as a scale does. Should a coordinate with large gradients have a large scale or "
    "a small one?",
)
def scales_inverse(gradients, total):
    inverse = 1 / np.linalg.norm(gradients, axis=0)
    return total * inverse / inverse.sum()


hindsight.value(
    "adagrad/scales-over-the-length",
    lambda gradients, total: total * np.linalg.norm(gradients, axis=0) / np.linalg.norm(gradients),
    what="the lengths Gᵢ divided by the length of all of them together, not by their sum",
    why="“Normalise” was taken as “to length one”.",
    symptom="The squares of the scales sum to `total`².",
    hint="What is the sum of your scales, and what should it be?",
)
surprise.value(
    "adagrad/surprise-sum-before",
    lambda calls, usual, big: -big / (np.sqrt(calls * usual**2) + 1e-8),
    what="the large gradient over the root of the sum before it",
    why="The gradient was divided before its square was added.",
    symptom="Larger than 1 in size after a calm.",
    hint="Is h added to before or after it is used?",
)
surprise.value(
    "adagrad/surprise-uphill",
    lambda calls, usual, big: big / np.sqrt(calls * usual**2 + big**2),
    what="the size of the step with the gradient's own sign",
    why="The minus of the rule was left out.",
    symptom="Minus the expected step.",
    hint="The gradient is positive. Does θ grow?",
)
surprise.value(
    "adagrad/surprise-size",
    lambda calls, usual, big: abs(big) / np.sqrt(calls * usual**2 + big**2),
    what="the length of the step, without its sign",
    why="A length was asked for in the figure above.",
    symptom="Right in size.",
    hint="The stub asks for the step with its sign. Which way does θ move?",
    group="adagrad/surprise-uphill",
)
surprise.value(
    "adagrad/surprise-sums-sizes",
    lambda calls, usual, big: -big / (calls * usual + abs(big)),
    what="the large gradient over the sum of all sizes",
    why="Sizes were added in place of squares.",
    symptom="Smaller than the expected step.",
    hint="What is added up in (1), and what is taken of it in (2)?",
)
surprise.value(
    "adagrad/surprise-one-square",
    lambda calls, usual, big: -big / np.sqrt(usual**2 * (calls > 0) + big**2),
    what="a sum in which the calm counts once, however long it was",
    why="The calm was taken for a single gradient.",
    symptom="Nearly 1 in size.",
    hint="How often was the usual gradient added?",
)
surprise.value(
    "adagrad/surprise-mean",
    lambda calls, usual, big: -big / np.sqrt((calls * usual**2 + big**2) / (calls + 1)),
    what="the large gradient over the root of the mean square",
    why="That is the rule of the next lesson: a mean in place of a sum.",
    symptom="Longer than 1 after a calm.",
    hint="Does h hold a sum or a mean?",
)


@best_bound(
    "adagrad/bound-rate-without-root",
    what="half of the distance as the rate",
    why="The 2 of the bracket was taken out of the root.",
    symptom="A rate too small, a bound too large.",
    hint="Are the two terms of the bracket equal at your rate?",
)
def bound_rate_without_root(farthest, G):
    lr = farthest / 2
    return {"lr": lr, "bound": (farthest**2 / (2 * lr) + lr) * np.sum(G)}


best_bound.value(
    "adagrad/bound-rate-is-the-distance",
    lambda farthest, G: {"lr": farthest, "bound": 1.5 * farthest * np.sum(G)},
    what="the distance as the rate",
    why="The 2 of the bracket was lost.",
    symptom="A rate too large.",
    hint="Are the two terms of the bracket equal at your rate?",
)
best_bound.value(
    "adagrad/bound-one-length",
    lambda farthest, G: {"lr": farthest / np.sqrt(2), "bound": np.sqrt(2) * farthest * np.linalg.norm(G)},
    what="the length of G in place of the sum of its entries",
    why="np.linalg.norm was taken for the sum.",
    symptom="The rate is right, the bound is too small.",
    hint="What does (6) do with the entries of G?",
)
best_bound.value(
    "adagrad/bound-hindsight",
    lambda farthest, G: {"lr": farthest / np.sqrt(2), "bound": farthest * np.sum(G)},
    what="the bound of the best fixed scales",
    why="The bound with hindsight was given.",
    symptom="The bound lacks the root of 2.",
    hint="Put your rate into (6). Which bound follows?",
)
best_bound.value(
    "adagrad/bound-bracket-alone",
    lambda farthest, G: {"lr": farthest / np.sqrt(2), "bound": np.sqrt(2) * farthest},
    what="the bracket alone, without the sum over G",
    why="The bracket was made smallest, and the factor behind it forgotten.",
    symptom="The bound does not depend on G.",
    hint="What is the bracket multiplied by in (6)?",
)


def in_units(A, units):
    """The bowl ½ θᵀ A θ with u = units · θ."""
    return A / np.outer(units, units)


rescaled.value(
    "adagrad/rescaled-by-the-root",
    lambda A, h: in_units(A, np.sqrt(h)),
    what="the bowl in units of √h",
    why="The root of (2) was taken for the unit; the gradient is rescaled, too.",
    symptom="Entries divided by √(h h) in place of its root.",
    hint="In your units, is the step −η times the slope along u? Both the step and the slope are rescaled.",
)
rescaled.value(
    "adagrad/rescaled-by-the-sum",
    lambda A, h: in_units(A, h),
    what="the bowl in units of h",
    why="The sum itself was taken for the unit.",
    symptom="Entries far too small where h is large.",
    hint="Where did the root of (2) go?",
)
rescaled.value(
    "adagrad/rescaled-the-wrong-way",
    lambda A, h: in_units(A, h**-0.25),
    what="the bowl in units of 1/⁴√h",
    why="θ and u were exchanged.",
    symptom="Entries multiplied where they should be divided.",
    hint="If u = c θ, what is θ? Put that into the bowl.",
)
rescaled.value(
    "adagrad/rescaled-rows",
    lambda A, h: A / np.sqrt(h)[:, None],
    what="the matrix of the step, A with each row divided by √h",
    why="The step's matrix D⁻¹A has the right eigenvalues, and it is not symmetric: it is no bowl.",
    symptom="Right for a bowl along the axes.",
    hint="Is your matrix symmetric? ½ uᵀ B u is a bowl with a symmetric B.",
)
rescaled.value(
    "adagrad/rescaled-columns",
    lambda A, h: A / np.sqrt(h),
    what="the matrix A with each column divided by √h",
    why="Broadcasting divides columns; and one side alone was rescaled.",
    symptom="Right for a bowl along the axes.",
    hint="Is your matrix symmetric? ½ uᵀ B u is a bowl with a symmetric B.",
)
