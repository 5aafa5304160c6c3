"""Known mistakes in AdaGrad."""

import numpy as np

from descentlab.diagnosis.catalogue import mistakes_of

mistake = mistakes_of("adagrad/update")


class Rule:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, {}

    def start(self, params):
        for k in params:
            self.h.setdefault(k, np.zeros_like(params[k]))

    def step(self, params, grads, k, size):
        params[k] -= self.lr * grads[k] / size


@mistake(
    "adagrad/no-root",
    "A1",
    what="AdaGrad without the square root",
    why="h is called “the sum of squares”, and the division seems to be what was asked for.",
    gives_away="The first step is η/g in place of η.",
    hint="What units does g/h have?",
)
class NoRoot(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@mistake(
    "adagrad/not-squared",
    "A2",
    what="AdaGrad that sums the gradients, not their squares",
    why="“The sum of all gradients so far”, without the square.",
    gives_away="NaN wherever the sum is negative.",
    hint="Can your h become negative?",
)
class NotSquared(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.h[k] + grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@mistake(
    "adagrad/last-square-only",
    "A3",
    what="AdaGrad without a sum: h is the last square alone",
    why="`=` for `+=`.",
    gives_away="The first call is right; every later step has the size η.",
    hint="What does the second call know of the first?",
)
class LastSquareOnly(Rule):
    def update(self, params, grads):
        for k in params:
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@mistake(
    "adagrad/one-sum-a-call",
    "A4",
    what="AdaGrad with one number for all arrays, started again at each call",
    why="A local `h = 0` that grows from key to key.",
    gives_away="The first array is divided by its own norm, the next by that of both.",
    hint="Which coordinates share a denominator, and for how long does it live?",
)
class OneSumACall(Rule):
    def update(self, params, grads):
        h = 0.0
        for k in params:
            h += np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(h) + self.eps)


@mistake(
    "adagrad/one-sum-an-array",
    "A5",
    what="AdaGrad with one sum for each array in place of one for each coordinate",
    why="`np.sum` for the word “sum”.",
    gives_away="All coordinates of an array share one rate; the scalar is right.",
    hint="Two entries of one array: may they have different rates?",
)
class OneSumAnArray(Rule):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@mistake(
    "adagrad/one-sum-for-all",
    "A6",
    what="AdaGrad with one sum for all arrays together",
    why="“The norm of the gradient” is taken over everything.",
    gives_away="All coordinates of all arrays share one rate.",
    hint="Is the denominator there for each coordinate?",
)
class OneSumForAll(Rule):
    def update(self, params, grads):
        self.h = (self.h or 0.0) + sum(np.sum(g**2) for g in grads.values())
        for k in params:
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h) + self.eps)


@mistake(
    "adagrad/divides-first",
    "A7",
    what="AdaGrad that divides by the sum before this gradient is in it",
    why="The two lines stand in the other order.",
    gives_away="The first step is η g/ε, which is huge.",
    hint="What is the denominator on call one?",
)
class DividesFirst(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
            self.h[k] += grads[k] ** 2


@mistake(
    "adagrad/eps-inside",
    "A8",
    what="AdaGrad with ε inside the root",
    why="Many texts print √(h + ε); with ε = 10⁻⁸ no one can see the difference.",
    gives_away="Right with a tiny ε, off by 4 to 16 % with ε = 0.1, and by a factor for gradients of 10⁻⁹.",
    hint="Try gradients of 1e-9; compare the first step with η. Where does this lesson's formula have ε?",
)
class EpsInside(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@mistake(
    "adagrad/no-eps",
    "A9",
    what="AdaGrad without ε",
    why="“A small number for stability” seems to be optional.",
    gives_away="NaN while the gradient has been zero throughout: 0/0.",
    hint="Feed a gradient of zeros.",
)
class NoEps(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k])


@mistake(
    "adagrad/is-rmsprop",
    "A10",
    what="RMSprop with a decay of 0.9: right in another lesson",
    why="The sum was written as a moving average.",
    gives_away="The first step is √10 times the expected one.",
    hint="Does your memory fade? Should it?",
)
class IsRMSprop(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = 0.9 * self.h[k] + 0.1 * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@mistake(
    "adagrad/stores-the-root",
    "A11",
    what="AdaGrad that stores the root √h in h",
    why="The root was taken in the line of h, to save writing it below.",
    gives_away="The first call is right; at the second a root and a square are added.",
    hint="What is in h after call two: a sum, or something else?",
)
class StoresTheRoot(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = np.sqrt(self.h[k] + grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@mistake(
    "adagrad/rate-in-the-sum",
    "A12",
    what="AdaGrad that sums the squares of η g",
    why="The step η g was computed first and then squared.",
    gives_away="Steps are 1/η times the expected ones: the rate cancels.",
    hint="Make η ten times larger: does the step change?",
)
class RateInTheSum(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += (self.lr * grads[k]) ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@mistake(
    "adagrad/starts-at-one",
    "A13",
    what="AdaGrad whose sum starts at one",
    why="`ones_like` for `zeros_like`, to avoid a division by zero.",
    gives_away="The first step is η g/√(1 + g²), small for small gradients.",
    hint="How large is the first step for a gradient of 1e-3?",
)
class StartsAtOne(Rule):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, np.ones_like(params[k])) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@mistake(
    "adagrad/eps-in-the-sum",
    "A14",
    what="AdaGrad that adds ε to h at each call",
    why="ε was put where the square is added, and so it piles up.",
    gives_away="Right with a tiny ε; with ε = 0.1 the sum holds t ε after t calls.",
    hint="How much ε is in h after a thousand calls?",
)
class EpsInTheSum(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2 + self.eps
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k])


@mistake(
    "adagrad/no-brackets",
    "A15",
    what="AdaGrad with ε outside the division, for want of a pair of brackets",
    why="`lr * g / np.sqrt(h) + eps` reads like the formula and is computed otherwise.",
    gives_away="Every parameter moves by an extra ε; NaN while the gradient has been zero.",
    hint="Read the line as Python does: what is ε added to?",
)
class NoBrackets(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k]) + self.eps


@mistake(
    "adagrad/mean-of-squares",
    "A16",
    what="AdaGrad with the mean of the squares in place of their sum",
    why="“Mean square” is the name of a relative of this rule.",
    gives_away="The first call is right; call t is √t times the expected step.",
    hint="With a steady gradient, do your steps shrink?",
)
class MeanOfSquares(Rule):
    calls = 0

    def update(self, params, grads):
        self.start(params)
        self.calls += 1
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k] / self.calls) + self.eps)


@mistake(
    "adagrad/sums-sizes",
    "A17",
    what="AdaGrad that sums |g| and divides by the sum",
    why="√(g²) is |g|, but the root of a sum is not the sum of the roots.",
    gives_away="The first call is right; later steps are too small.",
    hint="Compare 3 + 4 with √(3² + 4²).",
)
class SumsSizes(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.h[k] + np.abs(grads[k])
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@mistake(
    "adagrad/uphill",
    "S1",
    what="AdaGrad that adds the step in place of subtracting it",
    why="The gradient points uphill, and `+=` is the first thing that comes to mind for an update.",
    gives_away="Every step is −1 times the expected one.",
    hint="Print the loss before and after one small step: which way did it go?",
)
class Uphill(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] += self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
