"""Known mistakes in centred RMSprop with momentum."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("graves/update")


@mistake.base
class CorrectGraves:
    """`averages` makes n and a, `step` the push on the velocity, `size` its denominator."""

    def __init__(self, lr, decay, momentum, eps):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.step(k, g)
            params[k] += self.d[k]

    def averages(self, k, g):
        self.n[k] = self.rho * self.n.get(k, 0.0) + (1 - self.rho) * g**2
        self.a[k] = self.rho * self.a.get(k, 0.0) + (1 - self.rho) * g

    def step(self, k, g):
        return self.lr * g / self.size(self.n[k], self.a[k])

    def size(self, n, a):
        return np.sqrt(n - a**2 + self.eps)


mistake.differs(
    "graves/mean-not-squared",
    size=lambda self, n, a: np.sqrt(n - a + self.eps),
    what="centred RMSprop with n − a in place of n − a²",
    why="“Subtract the mean” leaves out that the mean of squares needs a square.",
    symptom="NaN wherever a > n; wrong units elsewhere.",
    hint=(
        "The root holds n, made of squares, and a, made of gradients. What must become of a before it is "
        "subtracted?"
    ),
)


@mistake(
    "graves/old-mean",
    what="centred RMSprop with the mean of gradients from before this call",
    why="The line of a stands below the line that uses it.",
    symptom="The first step is divided by √((1 − ρ) g²), without the mean.",
    hint="n and a are updated in one call. Does the root take both as this call has made them?",
)
class OldMean(CorrectGraves):
    def update(self, params, grads):
        for k, g in grads.items():
            old = self.a.get(k, 0.0)
            self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / self.size(self.n[k], old)
            params[k] += self.d[k]


mistake.differs(
    "graves/eps-outside",
    size=lambda self, n, a: np.sqrt(n - a**2) + self.eps,
    what="centred RMSprop with ε outside the root",
    why="In plain RMSprop and in Adam it stands outside.",
    symptom="Right with a tiny ε; with ε = 0.1 off by little where n − a² is large, by much elsewhere.",
    hint="On a steady slope n − a² goes to zero: what limits the denominator then?",
    experiment="the same gradient always",
)


@mistake(
    "graves/squares-of-differences",
    what="centred RMSprop that averages (g − a)² in place of n − a²",
    why="Both are called variance; with a moving average they are two quantities.",
    symptom="A few per cent at every call.",
    hint="Expand the square: is it the same quantity?",
)
class SquaresOfDifferences(CorrectGraves):
    def averages(self, k, g):
        self.a[k] = self.rho * self.a.get(k, 0.0) + (1 - self.rho) * g
        self.n[k] = self.rho * self.n.get(k, 0.0) + (1 - self.rho) * (g - self.a[k]) ** 2

    def size(self, n, a):
        return np.sqrt(n + self.eps)


mistake.differs(
    "graves/centred-numerator",
    step=lambda self, k, g: self.lr * (g - self.a[k]) / self.size(self.n[k], self.a[k]),
    what="centred RMSprop with g − a in the numerator too",
    why="“Centred” was taken to mean the gradient itself.",
    symptom="The first step is ρ times the expected one; on a steady slope it dies out.",
    hint="On a steady slope, should the parameter stop?",
    experiment="the same gradient always",
)


mistake.differs(
    "graves/not-centred",
    size=lambda self, n, a: np.sqrt(n + self.eps),
    what="RMSprop with momentum, not centred: a² is never subtracted",
    why="The rule of the part before, with a velocity added.",
    symptom="The first step is √ρ times the expected one.",
    hint="What is your mean of gradients used for?",
)


@mistake(
    "graves/no-momentum",
    what="centred RMSprop without its momentum",
    why="The step was applied at once; d is not remembered.",
    symptom="The first call is right; each later one lacks μ d.",
    hint="What does your last line add to θ: d, or only this call's push? "
    "And what does d keep of the last call?",
)
class NoMomentum(CorrectGraves):
    def update(self, params, grads):
        for k, g in grads.items():
            self.averages(k, g)
            params[k] -= self.step(k, g)


mistake.differs(
    "graves/mean-added",
    size=lambda self, n, a: np.sqrt(n + a**2 + self.eps),
    what="centred RMSprop with n + a² in place of n − a²",
    why="A sign.",
    symptom="The first step is √((1 − (1 − ρ))/(1 + (1 − ρ))) times the expected one.",
    hint="A variance is what is left of the mean square after something is taken away.",
)


@mistake(
    "graves/one-memory",
    what="a rule whose n, a and d are three names of one memory",
    why="`self.n = self.a = self.d = {}` makes one dict.",
    symptom="Each average goes on from what the line above it has stored.",
    hint="Print `self.n is self.a`, and `self.n[k] is self.a[k]`. Are they two things, or two names of one?",
)
class OneMemory(CorrectGraves):
    def __init__(self, lr, decay, momentum, eps):
        super().__init__(lr, decay, momentum, eps)
        self.n = self.a = self.d = {}
