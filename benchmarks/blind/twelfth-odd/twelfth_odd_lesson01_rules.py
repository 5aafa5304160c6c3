"""Odd answers of the twelfth blind set, lesson 01."""

from blind_collection import wrong

wrong("sgd/best-lr", "The answer is a text with the formula, not a number.")("2 / (0.5 + 8)")


@wrong(
    "sgd/update",
    "There is a yield in update, so a call only makes a generator: no parameter is changed.",
)
class SGDYields_01_o2:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            yield k, params[k]
