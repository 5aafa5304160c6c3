"""A rule that is right at first and another one later."""

import numpy as np

from descentlab.checks import run


class CorrectsForTwentyCalls:
    """Adam whose bias correction is switched off."""

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for key, g in grads.items():
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g**2
            m, v = self.m[key], self.v[key]
            if self.t <= 20:
                m, v = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * m / (np.sqrt(v) + self.eps)


def test_a_correction_that_is_switched_off_is_rejected_and_the_call_is_named():
    verdict = run("adam/update", CorrectsForTwentyCalls)
    assert not verdict.passed
    assert verdict.misconception == "behaviour/other-rule-later"
    assert "first 20 calls are right, call 21 is not" in verdict.cause
