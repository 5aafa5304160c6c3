"""Right answers written in many ways: the same numbers to rounding, so each must earn full points, unnamed.

RIGHT_ANSWERS: the check's name → classes with the check's signature.
"""

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
from student_rules import Rule

RIGHT_ANSWERS = {}


def answers(check):
    def keep(cls):
        RIGHT_ANSWERS.setdefault(check, []).append(cls)
        return cls

    return keep


# ------------------------------------------------------------------------------------------------- SGD


@answers("sgd/update")
class SGDInPlace:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


@answers("sgd/update")
class SGDUpdatesTheDict:
    def __init__(self, lr):
        self.eta = lr
        self.history = []

    def update(self, params, grads):
        params.update({k: params[k] + grads[k] * -self.eta for k in grads})
        self.history.append({k: v.copy() for k, v in params.items()})
        return params


@answers("sgd/update")
class SGDByCoordinate(Rule):
    def update(self, params, grads):
        for k in params:
            for i in np.ndindex(params[k].shape):
                params[k][i] -= self.lr * grads[k][i]


# -------------------------------------------------------------------------------------------- Momentum


@answers("momentum/update")
class MomentumPlain:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@answers("momentum/update")
class MomentumFlippedSign:
    def __init__(self, lr, momentum):
        self.lr, self.mu = lr, momentum
        self.velocity = defaultdict(float)

    def update(self, params, grads):
        for k in params.keys():
            self.velocity[k] = self.mu * self.velocity[k] + self.lr * grads[k]
            params[k] = params[k] - self.velocity[k]


@answers("momentum/update")
class MomentumAverageRescaled:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr / (1 - momentum), momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v.setdefault(k, np.zeros(params[k].shape))
            self.v[k] += (1 - self.mu) * (grads[k] - self.v[k])
            params[k] -= self.lr * self.v[k]


@answers("momentum/update")
class MomentumFromLastStep:
    """Remembers the last step itself, as a difference of parameters."""

    def __init__(self, lr, momentum):
        self.lr, self.mu, self.last = lr, momentum, None

    def update(self, params, grads):
        now = {k: p.copy() for k, p in params.items()}
        for k in params:
            step = 0 if self.last is None else now[k] - self.last[k]
            params[k] = now[k] + self.mu * step - self.lr * grads[k]
        self.last = now


@answers("momentum/update")
class MomentumFlattened:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, 0.0

    def update(self, params, grads):
        keys = sorted(params)
        g = np.concatenate([grads[k].ravel() for k in keys])
        self.v = self.mu * self.v - self.lr * g
        at = 0
        for k in keys:
            n = params[k].size
            params[k] += self.v[at : at + n].reshape(params[k].shape)
            at += n


# -------------------------------------------------------------------------------------------- Nesterov


@answers("nesterov/update")
class NesterovPlain(Rule):
    def update(self, params, grads):
        for k in params:
            before = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * before - self.lr * grads[k]
            params[k] += -self.momentum * before + (1 + self.momentum) * self.v[k]


@answers("nesterov/update")
class NesterovOneLine:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(v) for k, v in params.items()}
        for k in params.keys():
            params[k] += self.mu * self.mu * self.v[k]
            params[k] -= (1 + self.mu) * self.lr * grads[k]
            self.v[k] *= self.mu
            self.v[k] -= self.lr * grads[k]


@answers("nesterov/update")
class NesterovLikeTorch:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.b = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.b[k] = self.mu * self.b[k] + g if k in self.b else g.copy()
            params[k] -= self.lr * (g + self.mu * self.b[k])


# --------------------------------------------------------------------------------------------- AdaGrad


@answers("adagrad/update")
class AdaGradPlain:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, None

    def update(self, params, grads):
        if self.h is None:
            self.h = {}
            for key, val in params.items():
                self.h[key] = np.zeros_like(val)
        for key in params.keys():
            self.h[key] += grads[key] * grads[key]
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@answers("adagrad/update")
class AdaGradSumsHistory:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.all = lr, eps, defaultdict(list)

    def update(self, params, grads):
        for k, g in grads.items():
            self.all[k].append(g.copy())
            params[k] -= self.lr * g / (np.linalg.norm(np.array(self.all[k]), axis=0) + self.eps)


# --------------------------------------------------------------------------------------------- RMSprop


@answers("rmsprop/update")
class RMSpropPlain:
    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] *= self.decay
            self.h[k] += (1 - self.decay) * grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@answers("rmsprop/update")
class RMSpropIncremental(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            h = self.h.get(k, 0.0)
            self.h[k] = h + (1 - self.decay) * (np.square(g) - h)
            params[k] += -self.lr * (g / (self.h[k] ** 0.5 + self.eps))


# ---------------------------------------------------------------------------------------------- Graves


@answers("graves/update")
class GravesPlain:
    def __init__(self, lr, decay, momentum, eps):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.rho * self.n.get(k, 0) + (1 - self.rho) * g**2
            self.a[k] = self.rho * self.a.get(k, 0) + (1 - self.rho) * g
            step = self.lr * g / np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.mu * self.d.get(k, 0) - step
            params[k] += self.d[k]


@answers("graves/update")
class GravesClamped:
    def __init__(self, lr, decay, momentum, eps):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.state = {}

    def update(self, params, grads):
        for k in params:
            z = np.zeros_like(params[k])
            n, a, d = self.state.setdefault(k, (z, z, z))
            n = n + (1 - self.rho) * (grads[k] ** 2 - n)
            a = a + (1 - self.rho) * (grads[k] - a)
            d = self.mu * d + self.lr * grads[k] / np.sqrt(np.maximum(n - a * a, 0) + self.eps)
            params[k] -= d
            self.state[k] = (n, a, d)


# ------------------------------------------------------------------------------------------------ Adam


@answers("adam/update")
class AdamPlain:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = None, None, 0

    def update(self, params, grads):
        if self.m is None:
            self.m = {k: np.zeros_like(p) for k, p in params.items()}
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.b1 * self.m[k] + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v[k] + (1 - self.b2) * g**2
            m_hat = self.m[k] / (1 - self.b1**self.t)
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@answers("adam/update")
class AdamCorrectsTheRate:
    """Kingma and Ba's faster order, with ε corrected too: exact."""

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v = {}, {}
        self.p1 = self.p2 = 1.0

    def update(self, params, grads):
        self.p1 *= self.b1
        self.p2 *= self.b2
        rate = self.lr * np.sqrt(1 - self.p2) / (1 - self.p1)
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * np.multiply(g, g)
            params[k] -= rate * self.m[k] / (np.sqrt(self.v[k]) + self.eps * np.sqrt(1 - self.p2))


@answers("adam/update")
class AdamWithAClockForEachKey:
    def __init__(self, lr, beta1, beta2, eps):
        self.h = (lr, beta1, beta2, eps)
        self.state = {}

    def update(self, params, grads):
        lr, b1, b2, eps = self.h
        for k in grads:
            s = self.state.setdefault(k, {"m": 0 * params[k], "v": 0 * params[k], "t": 0})
            s["t"] += 1
            s["m"] = b1 * s["m"] + (1 - b1) * grads[k]
            s["v"] = b2 * s["v"] + (1 - b2) * grads[k] ** 2
            params[k] = params[k] - lr * s["m"] / (1 - b1 ** s["t"]) / (
                (s["v"] / (1 - b2 ** s["t"])) ** 0.5 + eps
            )


# ----------------------------------------------------------------------------------------------- AdamW


@answers("practice/adamw")
class AdamWShrinksFirst:
    """PyTorch's order: the decay, then Adam's step, which does not look at the parameters."""

    def __init__(self, lr, beta1, beta2, eps, weight_decay):
        self.lr, self.b1, self.b2, self.eps, self.w = lr, beta1, beta2, eps, weight_decay
        self.m, self.v, self.t = None, None, 0

    def update(self, params, grads):
        if self.m is None:
            self.m = {k: np.zeros_like(p) for k, p in params.items()}
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        self.t = self.t + 1
        rate = self.lr / (1 - self.b1**self.t)
        for k in params:
            params[k] *= 1 - self.lr * self.w
            self.m[k] += (1 - self.b1) * (grads[k] - self.m[k])
            self.v[k] = self.b2 * self.v[k] + (1 - self.b2) * grads[k] * grads[k]
            params[k] -= rate * self.m[k] / (np.sqrt(self.v[k] / (1 - self.b2**self.t)) + self.eps)


@answers("practice/adamw")
class AdamWAroundAdam:
    """Adam as a part of its own, and the share taken from what the parameters were before it."""

    def __init__(self, lr, beta1, beta2, eps, weight_decay):
        self.adam, self.share = AdamCorrectsTheRate(lr, beta1, beta2, eps), lr * weight_decay

    def update(self, params, grads):
        before = {k: np.copy(p) for k, p in params.items()}
        self.adam.update(params, grads)
        for k in params:
            params[k] = params[k] - self.share * before[k]
