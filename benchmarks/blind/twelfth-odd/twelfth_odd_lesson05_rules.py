"""Odd answers of the twelfth blind set, lesson 05."""

import numpy as np
from blind_collection import wrong

H_o05 = {}  # put here because update "forgot" it


@wrong(
    "rmsprop/update", "h lives in a global dict: a second optimizer goes on with the first one's averages."
)
class RMSprop_o05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps

    def update(self, params, grads):
        global H_o05
        for k in params:
            if k not in H_o05 or np.shape(H_o05[k]) != np.shape(grads[k]):
                H_o05[k] = np.zeros(np.shape(grads[k]))
            H_o05[k] = self.decay * H_o05[k] + (1 - self.decay) * grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(H_o05[k]) + self.eps)


@wrong("rmsprop/faults", "The values are the words yes and no, not True and False.")
def faults_o05_b(steps):
    yes_no = {True: "yes", False: "no"}
    remembers = not np.array_equal(steps[0, 1], steps[1, 1])
    mixes = bool(steps[0, 0, 0] != steps[2, 0, 0] or steps[0, 0, 1] != steps[3, 0, 1])
    return {"remembers": yes_no[remembers], "mixes": yes_no[mixes]}
