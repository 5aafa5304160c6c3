"""Rules as students write them: right, and broken in the ways that must not break an explorer."""

import time

import numpy as np

AMPLE = 60.0  # seconds


class SGD:
    def __init__(self, lr=0.1):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


class Momentum:
    def __init__(self, lr=0.1, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * g
            params[k] = params[k] + self.v[k]


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class Raises(SGD):
    def update(self, params, grads):
        raise KeyError("velocity")


class RaisesLater(SGD):
    calls = 0

    def update(self, params, grads):
        self.calls += 1
        if self.calls == 5:
            raise ValueError("no more")
        super().update(params, grads)


class BreaksOff(Momentum):
    calls = 0

    def update(self, params, grads):
        self.calls += 1
        if self.calls > 25:
            raise ValueError("enough")
        super().update(params, grads)


class Stub(Adam):
    def update(self, params, grads):
        raise NotImplementedError


class MakesNaN(SGD):
    def update(self, params, grads):
        params["theta"] = params["theta"] * np.nan


class Leaps(SGD):
    def update(self, params, grads):
        params["theta"] = params["theta"] * np.inf


class ChangesShape(SGD):
    def update(self, params, grads):
        params["theta"] = np.ones((2, 2))


class LosesTheKey(SGD):
    def update(self, params, grads):
        params.clear()


class Leaves(SGD):
    def update(self, params, grads):
        raise SystemExit(0)


class CannotBeMade(SGD):
    def __init__(self, lr=0.1):
        raise RuntimeError("not today")


class Slow(SGD):
    def update(self, params, grads):
        time.sleep(0.05)
        super().update(params, grads)


class Endless(SGD):
    def update(self, params, grads):
        while True:
            pass


class Talks(SGD):
    def update(self, params, grads):
        print("here I am")
        super().update(params, grads)


BROKEN = {
    Raises: "Raises stops at step 1 with KeyError: 'velocity'. The line is: raise KeyError",
    RaisesLater: "RaisesLater stops at step 5 with ValueError: no more",
    MakesNaN: "MakesNaN diverges: θ is not a number at step 1",
    Leaps: "Leaps diverges: θ is infinite at step 1.",
    ChangesShape: "ChangesShape gave θ the shape (2, 2), not (2,), at step 1",
    LosesTheKey: "LosesTheKey stops at step 1 with KeyError",
    Leaves: "Leaves stops at step 1 with SystemExit",
    CannotBeMade: "CannotBeMade stops at step 1 with RuntimeError: not today",
}
