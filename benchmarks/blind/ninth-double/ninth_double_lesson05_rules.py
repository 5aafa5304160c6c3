"""Lesson 05: two mistakes each."""

from blind_collection import wrong


@wrong(
    "graves/update",
    "Divides by variance + ε without the root.",
    "The new step enters the velocity with the share 1 − μ.",
)
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho, mu = self.decay, self.momentum
        for k in params:
            g = grads[k]
            self.n[k] = rho * self.n.get(k, 0) + (1 - rho) * g**2
            self.a[k] = rho * self.a.get(k, 0) + (1 - rho) * g
            variance = self.n[k] - self.a[k] ** 2
            step = self.lr * g / (variance + self.eps)
            self.d[k] = mu * self.d.get(k, 0) - (1 - mu) * step
            params[k] = params[k] + self.d[k]


@wrong("rmsprop/update", "The new square is not multiplied by 1 − ρ.", "Divides by h in place of its root.")
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key, g in grads.items():
            self.h[key] = self.decay * self.h.get(key, 0) + g**2
            params[key] = params[key] - self.lr * g / (self.h[key] + self.eps)
