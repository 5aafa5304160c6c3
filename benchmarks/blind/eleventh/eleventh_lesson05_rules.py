"""Single slips for lesson 05, one mistake a class or function."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/decay-for",
    "At the end h = 2 · usual is still one `usual` away from usual; here that distance is put at 2 · usual.",
)
def decay_for_05_a(held, usual, calls):
    start_distance = held - usual
    end_distance = 2 * usual
    return (end_distance / start_distance) ** (1 / calls)


@wrong(
    "rmsprop/update",
    "The step divides by the root of the old h; h is brought up to date only after the step.",
)
class RmsOldAverage_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            params[key] = params[key] - self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)
            self.h[key] = self.decay * self.h[key] + (1 - self.decay) * grads[key] ** 2


@wrong("graves/update", "The numerator is the centred gradient g − a in place of g.")
class GravesCentredTop_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho = self.decay
        for k, g in grads.items():
            self.n[k] = rho * self.n.get(k, 0.0) + (1 - rho) * g**2
            self.a[k] = rho * self.a.get(k, 0.0) + (1 - rho) * g
            root = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d.get(k, 0.0) - self.lr * (g - self.a[k]) / root
            params[k] = params[k] + self.d[k]


@wrong("graves/update", "The velocity is an average: the new step comes in with the weight 1 − momentum.")
class GravesVelocityAverage_05_b:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            if k not in self.n:
                self.n[k] = np.zeros_like(g)
                self.a[k] = np.zeros_like(g)
                self.d[k] = np.zeros_like(g)
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * g * g
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * g
            step = self.lr * g / np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - (1 - self.momentum) * step
            params[k] = params[k] + self.d[k]


@wrong("rmsprop/variance", "B is 1 − ρ: the factor ρ in ρ(1 − ρ) is missing.")
def spread_05_a(gradients, decay):
    a = v = 0.0
    for g in gradients:
        delta = g - a
        a = a + (1 - decay) * delta
        v = decay * v + (1 - decay) * delta**2
    return v


@wrong("rmsprop/variance", "The mean starts at the first gradient, not at zero.")
def spread_05_b(gradients, decay):
    a, v = gradients[0], 0.0
    for g in gradients:
        delta = g - a
        a += (1 - decay) * delta
        v = decay * v + decay * (1 - decay) * delta * delta
    return float(v)


@wrong("rmsprop/faults", "Mixing is tested in one direction only: whether b's step depends on W's gradient.")
def faults_05_a(steps):
    remembers = bool(np.any(steps[0, 1] != steps[1, 1]))
    mixes = bool(steps[0, 0, 1] != steps[3, 0, 1])
    return {"remembers": remembers, "mixes": mixes}
