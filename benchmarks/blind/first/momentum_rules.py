"""Wrong momentum rules."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/update", "an average of gradients, (1 − μ) g, without rescaling")
class Averages:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, params, grads):
        if self.v is None:
            self.v = {}
            for key, val in params.items():
                self.v[key] = np.zeros_like(val)
        for key in params.keys():
            self.v[key] = self.momentum * self.v[key] + (1 - self.momentum) * grads[key]
            params[key] -= self.lr * self.v[key]


@wrong("momentum/update", "one velocity for all arrays")
class OneVelocity:
    def __init__(self, lr, momentum):
        self.lr, self.momentum = lr, momentum
        self.v = 0

    def update(self, params, grads):
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k]
            params[k] += self.v


@wrong("momentum/update", "forgets the velocity at each call")
class Forgets:
    def __init__(self, lr, momentum):
        self.lr, self.momentum = lr, momentum

    def update(self, params, grads):
        velocity = {k: np.zeros_like(params[k]) for k in params}
        for k in params:
            velocity[k] = self.momentum * velocity[k] - self.lr * grads[k]
            params[k] += velocity[k]


@wrong("momentum/update", "subtracts a velocity that already points downhill")
class WrongSign:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros(params[k].shape)
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] -= self.v[k]


@wrong("momentum/update", "learning rate and momentum changed places")
class Swapped:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, 0.0)
            v = self.lr * v - self.momentum * grads[k]
            params[k] = params[k] + v
            self.v[k] = v


@wrong("momentum/update", "moves by the old velocity and updates it afterwards")
class TooLate:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, None

    def update(self, params, grads):
        if not self.v:
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            params[k] += self.v[k]
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]


@wrong("momentum/update", "μ multiplies the new push too")
class ScalesAll:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.v[k] = self.mu * (self.v[k] - self.lr * grads[k])
            params[k] += self.v[k]


@wrong("momentum/update", "the velocity belongs to the class: all optimizers share it")
class SharedByClass:
    velocity = {}

    def __init__(self, lr, momentum):
        self.lr, self.mu = lr, momentum

    def update(self, params, grads):
        for k in params:
            if k not in self.velocity:
                self.velocity[k] = np.zeros_like(params[k])
            self.velocity[k] = self.mu * self.velocity[k] - self.lr * grads[k]
            params[k] += self.velocity[k]


@wrong("momentum/update", "the velocity belongs to the class, and each new optimizer empties it")
class SharedAndEmptied:
    def __init__(self, lr, momentum):
        self.lr, self.mu = lr, momentum
        type(self).velocity = {}

    def update(self, params, grads):
        for k in params:
            v = self.velocity.get(k, 0)
            self.velocity[k] = self.mu * v - self.lr * grads[k]
            params[k] += self.velocity[k]


@wrong("momentum/update", "the learning rate is applied twice")
class RateTwice:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0) + self.lr * grads[k]
            params[k] -= self.lr * self.v[k]


@wrong("momentum/update", "the velocity never fades")
class NoFriction:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the gradient step is taken once more beside the velocity")
class GradientTwice:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.v[k] - self.lr * grads[k]


@wrong("momentum/update", "the velocity starts at the parameters")
class StartsAtParameters:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: params[k].copy() for k in params}
        for k in params:
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the velocity keeps a factor 1 − μ instead of μ")
class Friction:
    def __init__(self, lr, momentum):
        self.lr, self.friction, self.v = lr, 1 - momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.friction * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the velocity is never stored")
class NotStored:
    def __init__(self, lr, momentum):
        self.lr, self.mu = lr, momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += v


@wrong("momentum/update", "an average with (1 − μ)", "the sign is wrong")
class AverageUphill:
    def __init__(self, lr, momentum):
        self.lr, self.beta, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.beta * self.v.get(k, 0) + (1 - self.beta) * grads[k]
            params[k] += self.lr * self.v[k]


@wrong("momentum/update", "the old velocity moves the parameters", "an average with (1 − μ)")
class AverageTooLate:
    def __init__(self, lr, momentum):
        self.lr, self.beta, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            params[k] -= self.lr * v
            self.v[k] = self.beta * v + (1 - self.beta) * grads[k]


@wrong("momentum/update", "the velocity never fades", "the learning rate is applied twice")
class NoFrictionRateTwice:
    def __init__(self, lr, momentum):
        self.lr, self.v = lr, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.v.get(k, 0) + self.lr * grads[k]
            params[k] -= self.lr * self.v[k]
