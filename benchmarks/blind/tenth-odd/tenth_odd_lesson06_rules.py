"""Strange answers for lesson 06 of the tenth blind set."""

import numpy as np
from blind_collection import wrong


@wrong("adam/update", "t belongs to the class: all optimizers count their calls together.")
class Adam_06_o1:
    t = 0

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v = {}, {}

    def update(self, params, grads):
        Adam_06_o1.t += 1
        t = Adam_06_o1.t
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**t)
            v_hat = self.v[k] / (1 - self.beta2**t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/weight-sum", "It prints the sum and returns nothing.")
def weight_sum_06_o2(beta, t):
    total = 0
    for k in range(t):
        total = beta * total + (1 - beta)
    print("sum of the weights:", total)
