"""Right rules of the third set, as people write them who learned elsewhere. All are to be accepted."""

from collections import defaultdict

import numpy as np
from blind_collection import right


class Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr


@right("sgd/update", "np.subtract with out")
class SubtractOut(Sgd):
    def update(self, params, grads):
        for k, p in params.items():
            np.subtract(p, self.lr * grads[k], out=p) if isinstance(p, np.ndarray) else params.update(
                {k: p - self.lr * grads[k]}
            )


@right("sgd/update", "a comprehension, then params.update")
class Comprehension(Sgd):
    def update(self, params, grads):
        params.update({k: params[k] - self.lr * g for k, g in grads.items()})


@right("momentum/update", "v + (1 − μ)(…) form: v −= (1 − μ) v + η g")
class Friction(Sgd):
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.friction, self.v = lr, 1 - momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            v = self.v.get(k, 0.0)
            self.v[k] = v - (self.friction * v + self.lr * g)
            params[k] = params[k] + self.v[k]


@right("momentum/update", "PyTorch's form: the buffer holds gradients")
class Buffer:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.buffer = lr, momentum, {}

    def update(self, params, grads):
        for k in grads:
            self.buffer[k] = grads[k].copy() if k not in self.buffer else self.mu * self.buffer[k] + grads[k]
            params[k] -= self.lr * self.buffer[k]


@right("momentum/update", "the last parameters are remembered (copied) in place of a velocity")
class LastPlace:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.before = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            here = np.array(params[k])
            params[k] = here + self.mu * (here - self.before.get(k, here)) - self.lr * grads[k]
            self.before[k] = here


@right("momentum/update", "a defaultdict of floats")
class Default:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.v = lr, momentum, defaultdict(float)

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v[k] + self.lr * grads[k]
            params[k] -= self.v[k]


@right("nesterov/update", "PyTorch's form")
class TorchNesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.b = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.b[k] = self.mu * self.b.get(k, 0.0) + g
            params[k] -= self.lr * (g + self.mu * self.b[k])


@right("nesterov/update", "θ += μ v_new − η g")
class Short:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.mu * self.v.get(k, np.zeros_like(g)) - self.lr * g
            params[k] += self.mu * self.v[k] - self.lr * g


@right("nesterov/update", "the ball is worked out, moved, and looks ahead again")
class BallAndBack:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            v = self.v.get(k, 0.0)
            ball = params[k] - self.mu * v
            v = self.mu * v - self.lr * g
            params[k] = ball + v + self.mu * v
            self.v[k] = v


@right("adagrad/update", "np.power and ** 0.5")
class Powers:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = np.power(grads[k], 2) + (self.h[k] if k in self.h else 0)
            params[k] -= np.divide(self.lr, self.h[k] ** 0.5 + self.eps) * grads[k]


@right("adagrad/update", "np.hypot keeps the root itself")
class KeepsRoot:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.root = lr, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.root[k] = np.hypot(self.root.get(k, 0.0), g)
            params[k] -= self.lr * g / (self.root[k] + self.eps)


@right("rmsprop/update", "h += (1 − ρ)(g² − h)")
class Towards:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.rate, self.eps, self.h = lr, 1 - decay, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            h = self.h.get(k, np.zeros_like(g))
            self.h[k] = h + self.rate * (g**2 - h)
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


@right("rmsprop/update", "memory made at the first call, changed in place")
class InPlace:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, None

    def update(self, params, grads):
        if self.h is None:
            self.h = {k: np.zeros(np.shape(p)) for k, p in params.items()}
        for k in grads:
            self.h[k] *= self.decay
            self.h[k] += (1 - self.decay) * np.square(grads[k])
            params[k] -= self.lr * grads[k] / (self.eps + np.sqrt(self.h[k]))


@right("graves/update", "the velocity without the rate: θ −= η d")
class RateLast:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.mu, self.eps, self.s = lr, decay, momentum, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            n, a, d = self.s.get(k, (0.0, 0.0, 0.0))
            n = self.decay * n + (1 - self.decay) * g * g
            a = self.decay * a + (1 - self.decay) * g
            d = self.mu * d + g / np.sqrt(n - a * a + self.eps)
            self.s[k] = n, a, d
            params[k] -= self.lr * d


@right("graves/update", "the variance may not fall under zero")
class Clamped:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = defaultdict(float), defaultdict(float), defaultdict(float)

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] += (1 - self.decay) * (g**2 - self.n[k])
            self.a[k] += (1 - self.decay) * (g - self.a[k])
            spread = np.sqrt(np.maximum(self.n[k] - self.a[k] ** 2, 0) + self.eps)
            self.d[k] = self.mu * self.d[k] - self.lr * g / spread
            params[k] += self.d[k]


class Moments:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}


@right("adam/update", "running powers of the betas")
class RunningPowers(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.power1 = self.power2 = 1.0

    def update(self, params, grads):
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            below = np.sqrt(self.v[k] / (1 - self.power2)) + self.eps
            params[k] -= self.lr * self.m[k] / (1 - self.power1) / below


@right("adam/update", "a time for each key, in a dict")
class TimePerKey(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.t = {}

    def update(self, params, grads):
        for k, g in grads.items():
            t = self.t[k] = self.t.get(k, 0) + 1
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[k] / (1 - self.beta1**t), self.v[k] / (1 - self.beta2**t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@right("adam/update", "the correction in the rate, ε scaled with it")
class RateCorrected(Moments):
    def update(self, params, grads):
        self.t += 1
        root = np.sqrt(1 - self.beta2**self.t)
        lr = self.lr * root / (1 - self.beta1**self.t)
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            params[k] -= lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps * root)


class Decoupled(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(lr, beta1, beta2, eps)
        self.w = weight_decay

    def ratio(self, k, g):
        self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
        return (
            self.m[k] / (1 - self.beta1**self.t) / (np.sqrt(self.v[k] / (1 - self.beta2**self.t)) + self.eps)
        )


@right("practice/adamw", "shrinks first, as PyTorch does")
class ShrinksFirst(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] *= 1 - self.lr * self.w
            params[k] -= self.lr * self.ratio(k, grads[k])


@right("practice/adamw", "both in one pair of brackets")
class OneBracket(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.lr * (self.ratio(k, grads[k]) + self.w * params[k])
