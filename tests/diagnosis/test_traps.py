"""Traps of NumPy and Python, as learners write them: each is named, with the line where there is one."""

import itertools
import math
from copy import copy

import numpy as np
import pytest
from student_rules import Rule, Table

row = Table()

# ------------------------------------------------------------------------------------- two names of one array


@row("adam", "divides m and v themselves", "`m_hat = self.m[k]` makes no copy", id="adam/stores-the-hats")
def divides_in_place(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        m_hat, v_hat = self.averages(k, g)
        m_hat /= 1 - self.beta1**self.t
        v_hat /= 1 - self.beta2**self.t
        params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@row("adam", "divides m itself", "`m_hat = self.m[k]` makes no copy", id="adam/stores-m-hat")
def divides_m_in_place(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        m_hat, v = self.averages(k, g)
        m_hat /= 1 - self.beta1**self.t
        params[k] -= self.lr * m_hat / (np.sqrt(v / (1 - self.beta2**self.t)) + self.eps)


@row("adam", "two names of one memory", "self.m is self.v", id="adam/one-memory")
def one_dict_two_names(self, params, grads):
    self.m = self.v
    self.t += 1
    for k, g in grads.items():
        self.averages(k, g)
        m_hat = self.m[k] / (1 - self.beta1**self.t)
        v_hat = self.v[k] / (1 - self.beta2**self.t)
        params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@row("adam", "two names of one memory", "self.m[k] is self.v[k]", id="adam/one-memory")
def one_array_two_names(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        if k not in self.m:
            self.m[k] = self.v[k] = np.zeros_like(g)
        self.m[k] *= self.beta1
        self.m[k] += (1 - self.beta1) * g
        self.v[k] *= self.beta2
        self.v[k] += (1 - self.beta2) * g**2
        m_hat, v_hat = self.m[k] / (1 - self.beta1**self.t), self.v[k] / (1 - self.beta2**self.t)
        params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@row("graves", "three names of one memory", "self.n is self.a", id="graves/one-memory")
class OneDictThreeNames(Rule):
    def __init__(self, lr, **hyper):
        super().__init__(lr, **hyper)
        self.n = self.a = self.d = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            root = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d.get(k, 0) - self.lr * g / root
            params[k] += self.d[k]


@row("nesterov", "`dict(params)` copies none", id="nesterov/momentum")
def shallow_copy(self, params, grads):
    before = dict(params)
    for k in params:
        params[k] += self.velocity(k, grads[k])
        params[k] += self.momentum * (params[k] - before[k])


@row("momentum", "`dict(params)` and `params.copy()` copy no array", id="momentum/forgets")
def step_from_no_copy(self, params, grads):
    old = copy(params)
    for k in params:
        params[k] -= self.lr * grads[k]
        params[k] += self.momentum * self.v.get(k, 0)
        self.v[k] = params[k] - old[k]


# ------------------------------------------------------------------------- errors, by what each line computes


def adagrad(*says, id):
    """A row of AdaGrad whose function adds to `self.h[k]` something wrong."""

    def keep(add):
        def update(self, params, grads):
            for k, g in grads.items():
                add(self, k, g)
                params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)

        return row("adagrad", *says, id=f"error/{id}")(update)

    return keep


@adagrad("`^`", "g ^ 2", id="power-sign")
def caret(self, k, g):
    self.h[k] = self.h.get(k, 0) + g ^ 2


@adagrad("math.sqrt(g)", id="number-function")
def math_root(self, k, g):
    self.h[k] = math.sqrt(g)


@adagrad("self.h", id="dict-replaced")
def state_replaced(self, k, g):
    self.h = self.h.get(k, 0) + g**2
    self.h = self.h.get(k, 0) + g**2


@adagrad("np.zeros.like(g)", id="numpy-name")
def zeros_dot_like(self, k, g):
    self.h[k] = np.zeros.like(g)


@adagrad("np.sqr(", id="numpy-name")
def misspelt_root(self, k, g):
    self.h[k] = np.sqr(g)


@adagrad("axis=", id="lost-axis")
def wrong_axis(self, k, g):
    self.h[k] = self.h.get(k, 0) + np.sum(g**2, axis=1) + 0 * g


@adagrad("np.dot(g, g)", id="matrix-product")
def dot(self, k, g):
    self.h[k] = self.h.get(k, 0) + np.dot(g, g)


@adagrad("g @ g", id="matrix-product")
def matrix_product(self, k, g):
    self.h[k] = self.h.get(k, 0) + g @ g


@adagrad("no such method", "np.sqrt(x)", id="no-method")
def root_as_a_method(self, k, g):
    self.h[k] = (g**2).sqrt()


@adagrad("still None", id="none-in-arithmetic")
def none_has_no_get(self, k, g):
    self.h = None
    self.h[k] = self.h.get(k, 0) + g**2


@adagrad("a whole dict", "np.sqrt(self.h)", id="dict-in-arithmetic")
def root_of_the_dict(self, k, g):
    self.h[k] = g**2
    np.sqrt(self.h)


@adagrad("axis=1", id="no-such-axis")
def sums_of_rows(self, k, g):
    self.h[k] = self.h.get(k, 0) + np.sum(g**2, axis=1, keepdims=True)


def sgd(*says, id):
    """A row of SGD: the function that follows fails at what it does with `params` and `grads`."""
    return row("sgd", *says, id=f"error/{id}")


@sgd("self.momentum_of * self.v", id="dict-in-arithmetic")
def number_times_dict(self, params, grads):
    self.momentum_of = 0.9
    params["W"] -= self.momentum_of * self.v


@sgd("params -= self.lr * g", id="dict-in-arithmetic")
def dict_minus_array(self, params, grads):
    for g in grads.values():
        params -= self.lr * g


@sgd("self.v = self.lr * self.v[k]", id="dict-replaced")
def velocity_replaced(self, params, grads):
    self.v = {k: np.zeros_like(p) for k, p in params.items()}
    for k in params:
        self.v = self.lr * self.v[k]


@sgd("a list is multiplied", "self.lr * self.v[k]", id="string-as-array")
def list_of_zeros(self, params, grads):
    for k in params:
        self.v[k] = [0.0]
        self.v[k] = self.lr * self.v[k]


@sgd("a list stands where an array is meant", id="list-as-array")
def list_less_number(self, params, grads):
    self.v["W"] = [] - float(self.lr)


@sgd("such as a key", "p.shape", id="string-as-array")
def shape_of_a_key(self, params, grads):
    for p in params:
        np.zeros(p.shape)


@sgd("such as a key", "p[...] = 0", id="string-as-array")
def writes_into_a_key(self, params, grads):
    for p in params:
        p[...] = 0


@sgd("more values than names", "its keys alone", id="unpacked")
def unpacks_keys(self, params, grads):
    for k, g in grads:
        params[k] -= self.lr * g


@sgd("a function itself", "in grads.items:", id="not-called")
def loops_over_a_method(self, params, grads):
    for k, g in grads.items:
        params[k] -= self.lr * g


@sgd("a function itself", "self.v.get[k]", id="not-called")
def square_brackets_after_get(self, params, grads):
    for k in params:
        params[k] -= self.v.get[k]


@sgd("a single number", "norm[0]", id="number-as-dict")
def indexes_a_number(self, params, grads):
    for k in params:
        norm = np.linalg.norm(grads[k])
        params[k] -= self.lr * grads[k] / norm[0]


@sgd("a single number", "in grads[k]:", id="number-as-dict")
def loops_over_the_scalar(self, params, grads):
    for k in ("s", "b"):
        for g in grads[k]:
            params[k] -= self.lr * g


@sgd("no place in it, such as a key or a fraction", id="dict-replaced")
def half_a_place(self, params, grads):
    params["b"][len(params["b"]) / 2] = 0


@sgd("no place in it, such as a key or a fraction", id="dict-replaced")
def indexed_by_numbers(self, params, grads):
    for k in params:
        params[k][grads[k]] = 0


@sgd("stands where a dict is meant", "one key's array already", id="dict-replaced")
def items_of_an_array(self, params, grads):
    for k in params:
        for i, g in grads[k].items():
            params[k][i] -= self.lr * g


@sgd("a tuple cannot be changed", id="unchangeable")
def writes_into_a_tuple(self, params, grads):
    for k in params:
        params[k].shape[0] = 1


@sgd("takes no arguments", "two underscores", id="constructor")
class MisspeltInit:
    def __init_(self, lr):
        self.lr = lr

    def update(self, params, grads):
        params["W"] -= grads["W"]


# -------------------------------------------------------------------------------------- nothing is remembered


@row("momentum", "over an empty dict it never runs", id="behaviour/changes-nothing")
def loops_over_nothing(self, params, grads):
    for k in self.v:
        params[k] += self.velocity(k, grads[k])


@row("adam", "t stays at 1, or", "without the power t", id="adam/correction-never-fades")
def clock_that_nobody_reads(self, params, grads):
    """Whether it counts cannot be seen, so neither name is given alone."""
    self.t = self.t or itertools.count(1)
    next(self.t)
    for k, g in grads.items():
        m, v = self.averages(k, g)
        params[k] -= self.lr * m / (1 - self.beta1) / (np.sqrt(v / (1 - self.beta2)) + self.eps)


# ----------------------------------------------------------------------------------------------- functions


@row("rmsprop/variance", "shape (1,)", "one number", id="function/array-for-number")
def variance_in_an_array(gradients, decay):
    v = a = np.zeros(1)
    for g in gradients:
        v, a = decay * (v + (1 - decay) * (g - a) ** 2), a + (1 - decay) * (g - a)
    return v


@row("nesterov/look-ahead", "2, 1", id="function/ragged")
def ragged_look_ahead(gradient, start, lr, momentum, steps):
    return [start] * (steps + 1), [start] * steps


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("trap", row, ids=lambda row: row.answer.__name__)
def test_a_trap_is_named_and_its_line_is_shown(trap, seed):
    trap.require(seed)
