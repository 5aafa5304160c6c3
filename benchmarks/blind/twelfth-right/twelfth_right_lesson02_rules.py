"""Right answers of the twelfth blind set, lesson 02, written in unusual ways."""

from collections import defaultdict

import numpy as np
from blind_collection import right


@right("momentum/update", "The velocity is stored with the opposite sign in a defaultdict, and subtracted.")
class MomentumDownhill_02_r1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.drop = defaultdict(float)

    def update(self, params, grads):
        for name, g in grads.items():
            self.drop[name] = self.lr * g + self.momentum * self.drop[name]
            params[name] -= self.drop[name]


@right("momentum/read-off", "Least squares over all places at once.")
def read_off_lstsq_02_r2(path):
    path = np.asarray(path, dtype=float)
    before, now, after = path[:-2], path[1:-1], path[2:]
    system = np.column_stack([-now, now - before])
    solution, *_ = np.linalg.lstsq(system, after - now, rcond=None)
    return tuple(solution)


@right("momentum/tuned", "From the condition number: μ first, η from the steep end.")
def tuned_from_kappa_02_r3(flattest, steepest):
    root_kappa = (steepest / flattest) ** 0.5
    root_mu = 1 - 2 / (root_kappa + 1)
    return (1 + root_mu) ** 2 / steepest, root_mu**2
