"""Known mistakes in Nesterov's momentum."""

import numpy as np

from descentlab.diagnosis.catalogue import mistakes_of

mistake = mistakes_of("nesterov/update")


class Rule:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def start(self, params):
        for k in params:
            self.v.setdefault(k, np.zeros_like(params[k]))


@mistake(
    "nesterov/velocity-first",
    "N1",
    what="Nesterov's momentum in one line, with the velocity updated before that line",
    why="The line with μ² needs the velocity from before this call; a well-known book had it wrong.",
    gives_away="The first step is 1 + μ + μ² times η g, in place of 1 + μ.",
    hint="Which v does the derivation put there: the one before the update, or after it?",
)
class VelocityFirst(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.mu**2 * self.v[k] - (1 + self.mu) * self.lr * grads[k]


@mistake(
    "nesterov/is-momentum",
    "N2",
    what="plain momentum, without a look ahead",
    why="The rule of the lesson before, copied and not changed.",
    gives_away="The first step is η g in place of (1 + μ) η g.",
    hint="What should be different from plain momentum in the very first step? If you keep the old velocity, "
    "is it still the old one when you use it?",
    group="nesterov/momentum",
)
class IsMomentum(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "nesterov/old-velocity-overwritten",
    "N4",
    what="plain momentum, because the old velocity is overwritten before it is used",
    why="`v_prev = v` gives the array a second name; `v *= mu` then changes both.",
    gives_away="The first step is η g in place of (1 + μ) η g.",
    hint="What should be different from plain momentum in the very first step? If you keep the old velocity, "
    "is it still the old one when you use it?",
    group="nesterov/momentum",
)
class OldVelocityOverwritten(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            v_prev = v = self.v[k]
            v *= self.mu
            v -= self.lr * grads[k]
            params[k] += -self.mu * v_prev + (1 + self.mu) * v


@mistake(
    "nesterov/adds-the-old",
    "N3",
    what="Nesterov's momentum with +μ times the old velocity in place of −μ",
    why="A sign lost in the change of variables.",
    gives_away="The first call is right; the second is off by 2 μ v.",
    hint="Do the change of variables again; watch the sign of the old v.",
)
class AddsTheOld(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            old = self.v[k]
            self.v[k] = self.mu * old - self.lr * grads[k]
            params[k] += self.mu * old + (1 + self.mu) * self.v[k]


@mistake(
    "nesterov/never-goes-back",
    "N5",
    what="Nesterov's momentum that never goes back from the old look-ahead point",
    why="(1 + μ) v looks complete; the look-ahead of the call before is still in θ.",
    gives_away="The first call is right; each later one is off by μ times the old velocity.",
    hint="Something from the old look-ahead must be taken back.",
)
class NeverGoesBack(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += (1 + self.mu) * self.v[k]


@mistake(
    "nesterov/jumps-and-moves",
    "N6",
    what="a rule that moves to the look-ahead point and then applies the whole velocity",
    why="The picture with two arrows, taken literally, with one gradient for both.",
    gives_away="The first step is η g; later μ v is counted twice.",
    hint="Was μ v counted twice?",
)
class JumpsAndMoves(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            params[k] += self.mu * self.v[k]
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "nesterov/mu-not-squared",
    "N7",
    what="Nesterov's momentum in one line, with μ in place of μ²",
    why="One of two factors μ got lost while expanding.",
    gives_away="The first call is right; the second is off by μ (1 − μ) v.",
    hint="Expand v in terms of the old v once more.",
)
class MuNotSquared(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            params[k] += self.mu * self.v[k] - (1 + self.mu) * self.lr * grads[k]
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]


@mistake(
    "nesterov/gradient-once",
    "N8",
    what="Nesterov's momentum in one line, with η g in place of (1 + μ) η g",
    why="The gradient enters through v and through the look-ahead; only one was kept.",
    gives_away="The first step is η g in place of (1 + μ) η g.",
    hint="With no velocity yet, how far should the first step go?",
)
class GradientOnce(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            params[k] += self.mu**2 * self.v[k] - self.lr * grads[k]
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]


@mistake(
    "nesterov/parts-against-each-other",
    "N10",
    what="Nesterov's momentum with the gradient's sum added where it should be subtracted",
    why="A buffer of +g, used with the sign of a velocity.",
    gives_away="The first step is (1 − μ) η g in place of (1 + μ) η g.",
    hint="Do the two parts of your step pull the same way?",
    group="nesterov/one-minus-mu",
)
class PartsAgainstEachOther(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.mu * self.v[k] + grads[k]
            params[k] += -self.lr * grads[k] + self.lr * self.mu * self.v[k]


@mistake(
    "nesterov/minus-for-plus",
    "",
    what="Nesterov's momentum with 1 − μ in place of 1 + μ",
    why="1 − μ is the factor that one meets everywhere else.",
    gives_away="The first step is (1 − μ) η g in place of (1 + μ) η g.",
    hint="With no velocity yet, is your first step longer or shorter than plain momentum's?",
    group="nesterov/one-minus-mu",
)
class MinusForPlus(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            old = self.v[k]
            self.v[k] = self.mu * old - self.lr * grads[k]
            params[k] += -self.mu * old + (1 - self.mu) * self.v[k]


@mistake(
    "nesterov/looks-with-the-old",
    "",
    what="a rule that goes back by μ v and then moves by v alone, without a new look ahead",
    why="The ball's own move, v, was kept; the look ahead from its new place is missing.",
    gives_away="The first step is η g; each later one lacks μ v.",
    hint="Where will the caller compute the next gradient: at the ball, or ahead of it?",
)
class LooksWithTheOld(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            old = self.v[k]
            self.v[k] = self.mu * old - self.lr * grads[k]
            params[k] += self.v[k] - self.mu * old
