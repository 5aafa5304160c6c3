"""Wrong SGDs."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "adds the gradient step instead of subtracting it")
class Uphill:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params.keys():
            params[key] += self.lr * grads[key]


@wrong("sgd/update", "the learning rate is not used")
class NoRate:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key, value in params.items():
            params[key] = value - grads[key]


@wrong("sgd/update", "divides by the learning rate")
class DividesByRate:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            step = grads[k] / self.lr
            params[k] = params[k] - step


@wrong("sgd/update", "changes a local name only; the parameters stay as they were")
class LocalName:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for (k, p), g in zip(params.items(), grads.values()):
            p = p - self.lr * g


@wrong("sgd/update", "the learning rate is a constant in the code")
class RateTypedIn:
    def __init__(self, lr):
        self.lr = 0.01

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


@wrong("sgd/update", "only the first array is updated: return inside the loop")
class ReturnsEarly:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            return params


@wrong("sgd/update", "only the last array is updated: the line stands after the loop")
class WrongIndent:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            step = self.lr * grads[k]
        params[k] = params[k] - step


@wrong("sgd/update", "uses only the sign of the gradient")
class SignStep:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * np.sign(grads[k])


@wrong("sgd/update", "normalises the gradient to length one")
class UnitLength:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            n = np.sqrt((g * g).sum())
            params[k] -= self.lr * g / n


@wrong("sgd/update", "averages the gradient over the array")
class MeanOfGradient:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * np.mean(grads[k])


@wrong("sgd/update", "the learning rate shrinks at each call")
class DecaysTheRate:
    def __init__(self, lr):
        self.learning_rate = lr

    def update(self, params, grads):
        for k, g in grads.items():
            params[k] = params[k] - self.learning_rate * g
        self.learning_rate *= 0.95


@wrong("sgd/update", "squares the gradient")
class Squared:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in grads:
            params[k] -= self.lr * grads[k] ** 2


@wrong("sgd/update", "each array is stepped once for every key: a loop too many")
class LoopInLoop:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            for key in grads:
                params[key] = params[key] - self.lr * grads[key]


@wrong("sgd/update", "makes a new dict that the caller never sees")
class NewDict:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        params = {k: p - self.lr * grads[k] for k, p in params.items()}
        return params


@wrong("sgd/update", "multiplies the parameters by one minus the step", "squares the learning rate")
class Multiplies:
    def __init__(self, lr):
        self.lr = lr**2

    def update(self, params, grads):
        for k in params:
            params[k] *= 1 - self.lr * grads[k]


@wrong("sgd/update", "the sign is wrong", "the step is halved")
class UphillByHalf:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = params[k] + 0.5 * self.lr * grads[k]


@wrong("sgd/update", "uses the sign of the gradient", "moves uphill")
class SignUphill:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            direction = np.where(grads[k] > 0, 1.0, -1.0)
            params[k] += self.lr * direction
