"""Rules broken in the ways that must not break an explorer."""

import time

import numpy as np

from descentlab.rules import SGD, Adam, Momentum

AMPLE = 60.0  # seconds


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
