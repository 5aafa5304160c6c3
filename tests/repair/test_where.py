"""The places in a student's own code where a change or two make a wrong answer right."""

import ast
import functools
import gc
import linecache
import math
import mmap
import os
import re
import resource
import socket
import threading
import time
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from student_answers import answer_to

from verdicts.judging import judge
from verdicts.notebook import check_cell
from verdicts.recorders import record
from verdicts.repair import where
from verdicts.repair.changes import SLIPS, Block, Scope
from verdicts.repair.search import search
from verdicts.repair.source import CellPart, defined

NUMBERS = count()


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch):
    """As many changes are tried as on a quiet one: other tests may run beside these."""
    monkeypatch.setattr("verdicts.repair.search.SECONDS", 1.7)
    monkeypatch.setattr("verdicts.repair.child.WALL_SECONDS", 8.0)


def in_a_cell(code, name="", **names):
    """What a cell with this code defines last, or by this name."""
    file = f"<ipython-input-{next(NUMBERS)}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    names = {"__name__": "__main__", "np": np, **names}
    exec(compile(code, file, "exec"), names)
    return names[name] if name else [*names.values()][-1]


def said(check, code, name="", **names):
    found = where(check, in_a_cell(code, name, **names), {})
    return found.sentence if found else ""


WEIGHTS = "def weight_sum(beta, t):\n    {}\n"
ONE_PLACE = {
    "a number": ("return 1 - beta ** (t - 1)", "Line 2, `return 1 - beta ** (⟨t - 1⟩)`: look at the number."),
    "an operator": (
        "total = 0\n    for k in range(t):\n        total = beta * total * (1 - beta)\n    return total",
        "Line 4, `total = ⟨beta * total * (1 - beta)⟩`: look at the operator.",
    ),
    "a sign": ("return 1 + beta**t", "Line 2, `return 1 + ⟨beta**t⟩`: look at the sign."),
    "a name": ("return 1 - beta**beta", "Line 2, `return 1 - ⟨beta**beta⟩`: look at the name."),
    "brackets": ("return (1 - beta) ** t", "Line 2, `return ⟨(1 - beta) ** t⟩`: look at the brackets."),
    "an order": ("return 1 - t**beta", "Line 2, `return 1 - ⟨t**beta⟩`: look at the order."),
    "1 minus": (
        "return beta**t",
        "Line 2, `return ⟨beta**t⟩`: look at whether it is 1 minus it, or 1 over it.",
    ),
    "an assignment": (
        "total = 0\n    for k in range(t):\n        total *= beta\n        total = 1 - beta\n    return total",
        "Line 5, `total = 1 - beta`: look at =, += or -=.",
    ),
    "a root": (
        "return 1 - np.sqrt(beta**t)",
        "Line 2, `return 1 - ⟨np.sqrt(beta**t)⟩`: look at the square or the root.",
    ),
    "a print": ("print(1 - beta**t)", "Line 2, `print(1 - beta**t)`: look at what is returned."),
    "a yield": ("yield 1 - beta**t", "Line 2, `yield 1 - beta**t`: look at what is returned."),
}
"""The change is not in the sentence."""


@pytest.mark.parametrize(("line", "sentence"), ONE_PLACE.values(), ids=ONE_PLACE)
def test_one_change_is_found_and_its_place_quoted_with_what_to_look_at(line, sentence):
    assert said("adam/weight-sum", WEIGHTS.format(line)) == f"One change makes it right. {sentence}"


def test_two_places_that_would_do_are_both_named():
    code = """\
class SGD:
    def __init__(self, lr):
        self.step = 1 * lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.step * grads[k]
"""
    assert said("sgd/update", code) == (
        "One change in either of two places makes it right. Line 3, `self.step = ⟨1 * lr⟩`: look at the sign; or line 7, "
        "`params[k] += ⟨self.step * grads[k]⟩`: look at the sign."
    )


def test_of_more_places_the_smallest_part_that_contains_them_is_named():
    assert said("adam/weight-sum", WEIGHTS.format("return 1 - beta**t * 1 * 1 * 2 * 1")) == (
        "One change makes it right. Line 2, `return 1 - ⟨beta**t * 1 * 1 * 2 * 1⟩`: look at the number."
    )


BEST_NEXT = "def best_next(a, curvature, sigma):\n    lr = {}\n    return lr, {}\n"
LR, SQUARE = (
    "curvature * a / (curvature**2 * a + sigma**2)",
    "(1 - lr * curvature) ** 2 * a + lr**2 * sigma**2",
)
TWO_PLACES = {
    "in two parts": (
        "practice/best-next",
        BEST_NEXT.format(LR.replace("+", "-"), SQUARE.replace("1 - ", "1 + ")),
        "Two changes make it right. Line 2, `lr = curvature * a / (curvature**2 * a - ⟨sigma**2⟩)`: look at the sign; and line 3, `return lr, (1 + ⟨lr * curvature⟩) ** 2 * a + lr**2 * sigma**2`: look at the sign.",
    ),
    "in one number": (
        "adam/weight-sum",
        WEIGHTS.format("return (2 + beta**t)"),
        "Two changes make it right. Line 2, `return (⟨2 + beta**t⟩)`: look at whether 1 is missing, or too much; and line 2, `return (2 + ⟨beta**t⟩)`: look at the sign.",
    ),
    "the later one tried first": (
        "gradients/slopes",
        "def slopes(f, theta, h):\n    forward = (f(theta + h) - f(theta)) / (3 * h)\n"
        "    central = (f(theta + h) - f(theta - h)) * (2 * h)\n"
        '    return {"forward": forward, "central": central, "complex": np.imag(f(theta + 1j * h)) / h}\n',
        "Two changes make it right. Line 2, `forward = (f(theta + h) - f(theta)) / (⟨3 * h⟩)`: look at the number; and line 3, `central = ⟨(f(theta + h) - f(theta - h)) * (2 * h)⟩`: look at the operator.",
    ),
    "one of them out of reach": (
        "practice/best-next",
        BEST_NEXT.format(LR.replace("+", "-"), "7 * a + 5 * lr"),
        "One change makes part of it right: η. Line 2, `lr = curvature * a / (curvature**2 * a - ⟨sigma**2⟩)`: look at the sign.",
    ),
}


@pytest.mark.parametrize(("check", "code", "sentence"), TWO_PLACES.values(), ids=TWO_PLACES)
def test_of_two_mistakes_both_places_are_named_or_the_one_that_makes_a_part_right(check, code, sentence):
    assert said(check, code) == sentence


BALL = "def from_ball(mass, friction, h):\n    whole = mass + friction * h\n    return {}\n"
IN_PLACE = """\
def look_ahead(gradient, theta, lr, momentum, steps):
    v, places = 0.0, [theta.copy()]
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta += v
        places.append(theta.copy())
    return np.array(places)
"""
FORMS = {
    "a dict for a pair": (
        "momentum/ball",
        BALL.format('{"lr": h**2 / whole, "momentum": mass / whole}'),
        'Line 3, `return ⟨{"lr": h**2 / whole, "momentum": mass / whole}⟩`: look at what is returned.',
    ),
    "words for True and False": (
        "gradients/agree",
        "def near(a, b):\n    return np.abs(a - b).max() <= 1e-5 * np.abs(a).max()\ndef agree(grads, judged):\n"
        '    return {k: "yes" if near(grads[k], judged[k]) else "no" for k in grads}\n',
        'Line 4, `return {k: ⟨"yes" if near(grads[k], judged[k]) else "no"⟩ for k in grads}`: look at what is returned.',
    ),
    "an array that is the caller's": (
        "nesterov/look-ahead",
        IN_PLACE,
        "Line 5, `theta += v`: look at =, += or -=.",
    ),
}


@pytest.mark.parametrize(("check", "code", "sentence"), FORMS.values(), ids=FORMS)
def test_a_result_of_another_form_is_found_too(check, code, sentence):
    assert said(check, code) == f"One change makes it right. {sentence}"


ORDERS = {
    "the first line of a loop belongs above it": (
        "    for k in range(t):\n        total = 0\n        total = beta * total + (1 - beta)\n    return total\n",
        "Line 3, `total = 0`",
    ),
    "the last line of a loop belongs below it": (
        "    total = 0\n    for k in range(t):\n        total = beta * total + (1 - beta)\n        total = 1 * total * 1 + 0\n        return total\n",
        "Line 6, `return total`",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "place"), ORDERS.values(), ids=ORDERS)
def test_of_a_line_in_the_wrong_place_that_line_is_named(lines, place):
    assert said("adam/weight-sum", f"def weight_sum(beta, t):\n{lines}") == (
        f"One change makes it right. {place}: look at where the line stands, and whether it belongs there."
    )


def test_after_the_search_every_definition_is_as_it_was():
    code = (
        "def rate(a, curvature, sigma):\n    return curvature * a / (curvature**2 * a - sigma**2)\n"
        "def best_next(a, curvature, sigma):\n    lr = rate(a, curvature, sigma)\n    return lr, 7 * a + 5 * lr\n"
    )
    own = defined(in_a_cell(code))
    found = []
    search("practice/best-next", own, found.append, lambda run, number: run())
    assert [one.gained for one in found] == ["η"]
    assert own.made()(2.0, 3.0, 1.5) == own.answer(2.0, 3.0, 1.5)


PARTLY = "One change makes part of it right: {}. {}: look at {}."
TRUE = {
    "a line of the stub": (
        "sgd/update",
        "class SGD:\n    def __init__(self, lr=0.01):\n        self.lr = lr\n\n    def update(self, params, grads):\n"
        "        for k in params:\n            params[k] += self.lr * grads[k]\n",
        "One change makes it right. Line 7, `params[k] += ⟨self.lr * grads[k]⟩`: look at the sign.",
    ),
    "three mistakes, and a default of the stub": (
        "adam/weight-sum",
        "def weight_sum(beta=0.9, t=1):\n    return (5 + beta**t) * 7\n",
        "",
    ),
    "two signs of which one undoes the other": (
        "landscapes/growth",
        "def growth(lr, momentum, curvature):\n    half = 1 + momentum - lr * curvature\n"
        "    return (half - np.sqrt(half**2 - 4 * momentum)) / 2\n",
        "",
    ),
    "one place twice": (
        "nesterov/limit",
        "def stable_limit(momentum, curvatures):\n    return (2 + 2 * momentum) / 1 + 2 * momentum / np.max(curvatures)\n",
        "",
    ),
    "a whole number's type": (
        "adagrad/update",
        "class AdaGrad:\n    def __init__(self, lr, eps):\n        self.lr, self.eps, self.h = lr, eps, {}\n"
        "    def update(self, params, grads):\n        for k, g in grads.items():\n"
        "            self.h.setdefault(k, np.zeros(g.shape, int))\n            self.h[k] += g**2\n"
        "            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)\n",
        lambda sentence: "⟨np.zeros(g.shape, int)⟩" in sentence and "look at its type" in sentence,
    ),
    "its type, and no sign": (
        "nesterov/look-ahead",
        "def look_ahead(gradient, theta, lr, momentum, steps):\n    v, places = 0.0, [theta]\n    for _ in range(steps):\n"
        "        v = momentum * v - lr * gradient(theta + momentum * v)\n        theta += v\n"
        "        places.append(theta.copy())\n    return np.array(places)\n",
        lambda sentence: "look at the sign" not in sentence,
    ),
    "a division by zero that NumPy's numbers hide": (
        "practice/best-next",
        "def best_next(a, curvature, sigma):\n    after = 1 / (1 / a + curvature**2 / sigma**2)\n"
        "    return curvature * after / sigma**2, after\n",
        "",
    ),
    "what two parts depend on": (
        "gradients/backprop",
        'def backprop(params, x, t):\n    a = np.tanh(x @ params["W1"] + params["b1"])\n'
        '    delta2 = a @ params["W2"] + params["b2"] - t\n    delta1 = delta2 @ params["W2"].T\n'
        '    return {"W2": a.T @ delta2, "b2": np.sum(delta2, axis=0), "W1": x.T @ delta1, "b1": delta1.sum(axis=0)}\n',
        PARTLY.format(
            "W2, b2", 'Line 3, `delta2 = ⟨a @ params["W2"] + params["b2"] - t⟩`', "a factor or divisor"
        ),
    ),
    "a part that was right before": (
        "gradients/slopes",
        "def slopes(f, theta, h):\n    forward = (f(theta + h) - f(theta)) / h\n"
        "    central = (f(theta + h) - f(theta - h)) / (3 * h)\n"
        '    return {"forward": forward, "central": central, "complex": 7 * f(theta) + 5 * h}\n',
        PARTLY.format("central", "Line 3, `central = (f(theta + h) - f(theta - h)) / (⟨3 * h⟩)`", "the number"),
    ),
    "a part that was right before, and one example that comes right": (
        "practice/best-next",
        "near = lambda a: 1 if a > 10 else 7\n"
        + BEST_NEXT.format(LR, f"near(a) * ({SQUARE.replace('1 - ', '1 + ')})"),
        "",
    ),
    "a minimum for a maximum is no bracket": (
        "sgd/worst-factor",
        "def worst_factor(lr, curvatures):\n    return np.min(np.abs(1 - lr * curvatures))\n",
        "One change makes it right. Line 2, `return ⟨np.min(np.abs(1 - lr * curvatures))⟩`: look at the function.",
    ),
    "1 + is no counting": (
        "adam/weight-sum",
        WEIGHTS.format("return np.abs(-(beta**t))"),
        lambda sentence: "counting" not in sentence and "look at" in sentence,
    ),
    "a factor of 2 is no exponent": (
        "comparison/by-chance",
        "from math import comb\ndef by_chance(wins, seeds):\n"
        "    return min(1.0, sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds)\n",
        lambda sentence: "counting" not in sentence and "look at" in sentence,
    ),
    "a factor 1 minus too many": (
        "momentum/update",
        "class Momentum:\n    def __init__(self, lr, momentum):\n        self.lr, self.momentum, self.v = lr, momentum, {}\n"
        "    def update(self, params, grads):\n        for k, g in grads.items():\n"
        "            self.v[k] = self.momentum * self.v.get(k, 0.0) - (1 - self.momentum) * self.lr * g\n"
        "            params[k] = params[k] + self.v[k]\n",
        lambda sentence: "⟨(1 - self.momentum) * self.lr" in sentence and sentence.endswith("look at a factor or divisor."),
    ),
    "a factor 1 minus missing": (
        "rmsprop/update",
        "class RMSprop:\n    def __init__(self, lr, decay, eps):\n        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}\n"
        "    def update(self, params, grads):\n        for k, g in grads.items():\n"
        "            self.h[k] = self.decay * self.h.get(k, 0.0) + g**2\n"
        "            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)\n",
        lambda sentence: "+ ⟨g**2⟩`: look at a factor or divisor" in sentence,
    ),
    "a misspelt name": (
        "adam/weight-sum",
        WEIGHTS.format("weight = beta**t\n    return 1 - wieght"),
        "Line 3, `return 1 - ⟨wieght⟩`: look at the name. The nearest that is there is `weight`.",
    ),
    "a misspelt attribute": (
        "sgd/update",
        "class SGD:\n    def __init__(self, lr):\n        self.rate = lr\n    def update(self, params, grads):\n"
        "        for k in params:\n            params[k] -= self.rat * grads[k]\n",
        "Line 6, `params[k] -= ⟨self.rat⟩ * grads[k]`: look at the name. The nearest that is there is `self.rate`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("check", "code", "expected"), TRUE.values(), ids=TRUE)
def test_what_is_said_of_a_place_is_so(check, code, expected):
    sentence = said(check, code)
    assert expected(sentence) if callable(expected) else sentence == expected, sentence


NAMES = {
    "an attribute of something else": "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n"
    "    def update(self, params, grads):\n        for p in params.values():\n            p.data -= self.lr * p.grad\n",
    "an attribute that is made up": "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n"
    "    def __getattr__(self, name):\n        return 2.0\n    def update(self, params, grads):\n        for k in params:\n"
    "            params[k] *= np.cos(np.exp(self.lrs * grads[k] * self.lr))\n",
    "names of all kinds": "class SGD:\n    rate = 1.0\n    def __init__(self, lr):\n        self.lr = lr\n"
    "    def update(self, params, grads):\n        import math as m\n        try:\n            step = [r * m.pi for r in [self.lr]]\n"
    "        except ValueError as problem:\n            print(problem)\n        for k, *rest in [(k,) for k in params]:\n"
    "            params[k] *= np.cos(np.exp((lambda s: s + self.rate)(step[0]) * grads[k]))\n",
}  # fmt: skip


@pytest.mark.parametrize("code", NAMES.values(), ids=NAMES)
def test_a_name_that_is_there_is_not_called_misspelt(code):
    assert "nearest" not in said("sgd/update", code)


@pytest.mark.parametrize(("code", "kinds"), [("self.lr * 2", {"a term"}), ("1e-8", {"a term", "the number"})])
def test_an_eps_is_added_or_put_for_a_tiny_number_and_never_stands_for_a_0(code, kinds):
    scope, found = Scope(["x"], ["lr", "eps"]), set()
    definition = ast.parse(f"def f(self, x):\n    return x + {code}").body[0]
    for place in CellPart("f", definition, "", "").places():
        found |= {what for what, make in SLIPS for new in make(place, scope) if "eps" in _unparsed(new)}
    assert found == kinds


def _unparsed(new):
    if isinstance(new, Block):
        return " ".join(map(ast.unparse, new.statements))
    return ast.unparse(ast.fix_missing_locations(new))


def test_a_long_line_is_cut_on_both_sides_of_the_spot():
    line = " + ".join(["return 0", *["0.0 * beta"] * 5, "(1 + beta**t)", *["0.0 * beta"] * 6])
    quoted = re.search(
        r"`…(.{45})⟨beta\*\*t⟩(.{45})…`: look at the sign", said("adam/weight-sum", WEIGHTS.format(line))
    )
    before, after = line.split("beta**t")
    assert (before[-45:], after[:45]) == quoted.groups()


UNUSED = {
    "an argument": (BEST_NEXT.format("7 * a", "5 * curvature"), "practice/best-next", "`sigma`"),
    "an attribute": (
        "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n        self.t = 0\n"
        "    def update(self, params, grads):\n        for k in params:\n            params[k] *= np.cos(np.exp(grads[k]))\n",
        "sgd/update",
        "`self.lr`, `self.t`",
    ),
}


OF_OTHERS = {
    "a base class that uses it": "class Base:\n    def step(self, g):\n        return np.cos(np.exp(self.lr * g))\n"
    "class SGD(Base):\n    def __init__(self, lr):\n        self.lr = lr\n    def update(self, params, grads):\n"
    "        for k in params:\n            params[k] *= self.step(grads[k])\n",
    "a base class out of sight": "import collections\nclass SGD(collections.UserDict):\n    def __init__(self, lr):\n"
    "        self.data = {'lr': lr}\n    def update(self, params, grads):\n        for k in params:\n"
    "            params[k] *= np.cos(np.exp(grads[k] * self['lr']))\n",
    "a counter": "class SGD:\n    def __init__(self, lr):\n        self.lr, self.t = lr, 0\n    def update(self, params, grads):\n"
    "        self.t += 1\n        for k in params:\n            params[k] *= np.cos(np.exp(self.lr * grads[k]))\n",
    "an attribute of something else": "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n"
    "    def update(self, params, grads):\n        for k, p in params.items():\n            p.flat = np.cos(np.exp(self.lr * grads[k])).flat\n",
    "self, which is handed on": "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n    def update(self, params, grads):\n"
    "        for k in params:\n            params[k] *= np.cos(np.exp(vars(self)['lr'] * grads[k]))\n",
}  # fmt: skip


@pytest.mark.parametrize("code", OF_OTHERS.values(), ids=OF_OTHERS)
def test_what_may_be_used_elsewhere_is_not_called_unused(code):
    assert "never use" not in said("sgd/update", code)


@pytest.mark.parametrize(("code", "check", "names"), UNUSED.values(), ids=UNUSED)
def test_where_no_change_helps_what_the_lines_never_use_is_named(code, check, names):
    assert said(check, code) == f"Your lines never use {names}."


def said_of_a_value(cell, check='check("sgd/best-lr", best_lr, points=1)'):
    names = {"np": np}
    exec(cell, names)
    names["In"] = ["", "best_lr = (", "best_lr = 1 + 1", cell, "other = best_lr", check]
    found = where("sgd/best-lr", names["best_lr"], names)
    return found and (found.sentence, found.name)


def test_of_a_value_the_line_in_the_cell_that_computed_it_is_named():
    assert said_of_a_value("# the curvatures\nbest_lr = 2 / (0.5 + 3 + 8)") == (
        "One change makes it right. Line 2, `best_lr = 2 / (⟨0.5 + 3⟩ + 8)`: look at the number.",
        "sgd/best-lr",
    )


NO_VALUE = {
    "a bare number": ("best_lr = 0.47",),
    "a number that is only nearly right with a change": ("best_lr = 2 * 0.2353",),
    "a cell that does more": ("import os\nbest_lr = 1 / (0.5 + 8)",),
    "a cell that counts on": ("n = globals().get('n', 0) + 1\nbest_lr = n / (0.5 + 8)",),
    "a command": ("best_lr = 1 / (0.5 + 8)\nlines = 'get_ipython'",),
    "no name": ("best_lr = 1 / (0.5 + 8)", 'check("sgd/best-lr", 1 * best_lr, points=1)'),
}


@pytest.mark.parametrize("cells", NO_VALUE.values(), ids=NO_VALUE)
def test_of_a_value_that_no_cell_computes_again_nothing_is_said(cells):
    assert said_of_a_value(*cells) is None


def test_a_function_that_the_answer_calls_is_named_with_its_line():
    helper = in_a_cell("def power(beta, t):\n    # by hand\n    return beta ** (t + 1)\n")
    code = WEIGHTS.format("return 1 - power(beta, t)")
    assert said("adam/weight-sum", code, "weight_sum", power=helper) == (
        "One change makes it right. Line 3 of the cell of power, `return beta ** (⟨t + 1⟩)`: look at the operator."
    )


def test_what_it_says_is_true_whatever_the_answer_prints_and_names_in_greek():
    code = "def weight_sum(β, t):\n\tprint('é', β)\n\treturn 0 * β + (1 + β**t)  # é\n"
    assert (
        said("adam/weight-sum", code)
        == "One change makes it right. Line 3, `return 0 * β + (1 + ⟨β**t⟩)  # é`: look at the sign."
    )


WRONG = WEIGHTS.format("return 1 + beta**t")
NO_CODE = {
    "a lambda": lambda: eval("lambda beta, t: 1 + beta**t"),
    "a partial function": lambda: functools.partial(in_a_cell(WRONG), t=3),
    "code that was executed": lambda: _executed(WRONG),
    "a wrapped function": lambda: functools.wraps(in_a_cell(WRONG))(lambda beta, t: 1 + beta**t),
    "a decorator": lambda: in_a_cell("import functools\n\n@functools.cache\n" + WRONG, "weight_sum"),
    "a closure": lambda: in_a_cell(
        "def make(one):\n    def weight_sum(beta, t):\n        return one + beta**t\n    return weight_sum\n"
    )(1),
    "a generator": lambda: in_a_cell(WEIGHTS.format("yield 1 + beta**t")),
    "a coroutine": lambda: in_a_cell("async " + WRONG),
    "a builtin": lambda: max,
    "globals that it changes": lambda: in_a_cell(
        "calls = []\n" + WEIGHTS.format("calls.append(1)\n    return 1 + beta**t + len(calls)")
    ),
    "chance": lambda: in_a_cell(WEIGHTS.format("return 1 + beta**t + np.random.rand()")),
    "another definition since": lambda: _redefined(),
    "no parentheses closed since": lambda: _cell_changed(),
    "an object that refuses every question": lambda: Refuses(),
}


class Refuses:
    def __getattribute__(self, name):
        raise ZeroDivisionError(name)


def _executed(code):
    names = {"np": np}
    exec(code, names)
    return names["weight_sum"]


def _redefined():
    """The cell's text is not that of the function any more."""
    answer = in_a_cell(WRONG)
    file = answer.__code__.co_filename
    other = WEIGHTS.format("return 2 + beta**t")
    linecache.cache[file] = (len(other), None, other.splitlines(keepends=True), file)
    return answer


def _cell_changed():
    answer = in_a_cell(WRONG)
    file = answer.__code__.co_filename
    linecache.cache[file] = (1, None, ["def weight_sum(\n"], file)
    return answer


@pytest.mark.parametrize("make", NO_CODE.values(), ids=NO_CODE)
def test_where_the_code_is_not_at_hand_or_not_all_of_the_answer_nothing_is_said(make):
    assert where("adam/weight-sum", make(), {}) is None


@pytest.fixture
def no_fork(monkeypatch):
    monkeypatch.delattr(os, "fork")


HERE = {
    "a sign": ("print(t)\n    return 1 + beta**t", True),
    "a slow answer": ("for _ in range(10**6):\n        pass\n    return 1 + beta**t", False),
    "a loop's bound": ("total = 0\n    for k in range(t - 1):\n        total += (1 - beta) * beta**k\n    return total", False),
    "a size": ("return (1 - beta) * (beta ** np.arange(t + 1)).sum()", False),
    "an order": ("total = 0\n    for k in range(t):\n        total = beta * total + (1 - beta)\n        return total", False),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "found"), HERE.values(), ids=HERE)
@pytest.mark.usefixtures("no_fork")
def test_where_no_process_can_be_forked_only_harmless_changes_are_tried(lines, found, capsys):
    answer = in_a_cell(WEIGHTS.format(lines))
    code = answer.__code__
    place = where("adam/weight-sum", answer, {})
    assert (place is not None and place.sentence.startswith("One change makes it right.")) == found
    assert answer.__code__ is code
    assert capsys.readouterr() == ("", "")


OTHER_ARRAY, LIST = np.zeros(3), [1]
DOES_MORE = {
    "a function that is in no list": ("os.path.exists('x')", {"os": os}),
    "a file": ("open('x')", {}),
    "a command by its name": ("__import__('os')", {}),
    "an array made elsewhere": ("other[0] = t", {"other": OTHER_ARRAY}),
    "a list made elsewhere": ("kept.append(t)", {"kept": LIST}),
    "a name for an array made elsewhere": ("x = other\n    x += 1", {"other": OTHER_ARRAY}),
    "a result put into an array": ("np.add(beta, t, out=np.zeros(1))", {}),
    "a file of NumPy's": ("np.save('x', beta)", {}),
    "a file of an array's": ("np.array([beta]).tofile('x')", {}),
    "a method by another name": ("f = np.array([beta]).tofile\n    f('x')", {}),
    "the module by another name": ("n = np\n    n.save('x', beta)", {}),
    "a name of the notebook": ("global t_last\n    t_last = t", {}),
    "an import": ("import shutil", {}),
    "a way around": ("weight_sum.__globals__['x'] = t", {}),
    "another function that does more": ("write(t)", {"write": None}),
    "a file held open": ("with x:\n        pass", {"x": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("line", "names"), DOES_MORE.values(), ids=DOES_MORE)
@pytest.mark.usefixtures("no_fork")
def test_where_no_process_can_be_forked_code_that_could_do_more_than_compute_is_not_run(
    line, names, monkeypatch
):
    if "write" in names:
        names = {"write": in_a_cell("def write(t):\n    return open('x')\n")}
    ran = []
    monkeypatch.setattr("verdicts.repair.here.search", lambda *rest: ran.append(rest))
    where(
        "adam/weight-sum",
        in_a_cell(WEIGHTS.format(f"{line}\n    return 1 + beta**t"), "weight_sum", **names),
        {},
    )
    assert ran == []


COMPUTES = {
    "NumPy": "x = np.linalg.norm(np.array([beta, 1.0])).copy()\n    return 1 + beta**t",
    "math": "return math.fabs(1) + beta**t",
    "a number of the notebook": "return one + beta**t",
    "an own list": "x = [1]\n    x.append(t)\n    return sum(x[:1]) + beta**t",
    "an own function": "return own(beta) + beta**t",
    "an error of its own": "if t < 0:\n        raise ValueError(t)\n    return 1 + beta**t",
}


@pytest.mark.parametrize("lines", COMPUTES.values(), ids=COMPUTES)
@pytest.mark.usefixtures("no_fork")
def test_where_no_process_can_be_forked_code_that_only_computes_gets_its_place(lines):
    own = in_a_cell("def own(beta):\n    return beta / beta\n")
    code = WEIGHTS.format(lines)
    assert "look at the sign" in said("adam/weight-sum", code, "weight_sum", math=math, one=1.0, own=own)


@pytest.mark.usefixtures("no_fork")
def test_a_cell_that_does_more_than_compute_a_value_is_not_run_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()
    names = {"np": np, "os": os, "known": [1]}
    for line in ("os.rmdir('kept')", "known += [2]", "other = known"):
        cell = f"{line}\nbest_lr = 2 / (0.5 + 3 + 8)"
        ran = dict(names, best_lr=0.1, In=["", cell, 'check("sgd/best-lr", best_lr, points=1)'])
        where("sgd/best-lr", 2 / 11.5, ran)
    assert (os.listdir(), names["known"]) == (["kept"], [1])


@pytest.mark.usefixtures("no_fork")
def test_after_a_search_there_what_is_displayed_is_shown_again(monkeypatch):
    class Publisher:
        def publish(self, *data):
            return "shown"

    publisher = Publisher()
    monkeypatch.setattr("verdicts.repair.here.get_ipython", lambda: SimpleNamespace(display_pub=publisher))
    assert said("adam/weight-sum", WRONG)
    assert publisher.publish() == "shown"


@pytest.mark.usefixtures("no_fork")
def test_a_change_without_end_ends_there_too_and_so_does_an_interrupt(monkeypatch):
    endless = "total, k = 0, 1\n    while k < 3:\n        k = k + 1\n    return 1 + beta ** (t + k)"
    begun = time.monotonic()
    where("adam/weight-sum", in_a_cell(WEIGHTS.format(endless)), {})
    assert time.monotonic() - begun < 30

    def interrupted(*search):
        raise KeyboardInterrupt

    monkeypatch.setattr("verdicts.repair.here.search", interrupted)
    assert where("adam/weight-sum", in_a_cell(WRONG), {}) is None


def test_without_a_process_to_spare_the_verdict_has_no_place(monkeypatch):
    def no_process():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_process)
    assert where("adam/weight-sum", in_a_cell(WRONG), {}) is None


HARMFUL = {
    "a file written": "open({file!r}, 'w').write('x')",
    "a file removed": "__import__('os').remove({kept!r})",
    "a command": "__import__('os').system('touch ' + {file!r})",
    "a process": "__import__('subprocess').run(['touch', {file!r}])",
    "a socket": "__import__('socket').create_server(('127.0.0.1', 0))",
    "a database": "__import__('sqlite3').connect({file!r}).execute('create table t(x)')",
    "a pipe with a name": "__import__('os').mkfifo({file!r})",
    "a node": "__import__('os').mknod({file!r})",
    "a pipe by a name of the notebook": "mkfifo({file!r})",
    "an attribute": "__import__('os').setxattr({kept!r}, 'user.x', b'1') if t != t else 0",
    "a limit of the kernel's": "__import__('resource').prlimit(__import__('os').getppid(), 4, (0, 0))",
}


@pytest.mark.parametrize("line", HARMFUL.values(), ids=HARMFUL)
def test_no_change_can_write_remove_start_or_connect(line, tmp_path):
    """The line runs only where a change turns the condition around."""
    kept = tmp_path / "kept"
    kept.write_text("")
    code = line.format(file=str(tmp_path / "made"), kept=str(kept))
    lines = WEIGHTS.format(f"if t < 0:\n        {code}\n    return 2 + beta**t")
    before = resource.getrlimit(resource.RLIMIT_CORE)
    where("adam/weight-sum", in_a_cell(lines, "weight_sum", mkfifo=os.mkfifo), {})
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert os.listxattr(kept) == []
    assert resource.getrlimit(resource.RLIMIT_CORE) == before


def test_what_an_answer_has_open_is_not_written_while_it_is_tried(tmp_path, monkeypatch):
    """Each answer keeps its place: what it writes leads to nowhere."""
    monkeypatch.chdir(tmp_path)
    np.save("kept.npy", np.zeros(3))
    kept, log = np.load("kept.npy", mmap_mode="r+"), open("log.txt", "a")  # noqa: SIM115
    one, other = socket.socketpair()
    pipe = os.pipe()
    os.set_blocking(pipe[0], False)
    lines = {
        "a memory map": ("kept[0] += 1", kept),
        "a log": ("log.write('x')\n    log.flush()", log),
        "a pipe": (f"os.write({pipe[1]}, b'x')", os),
    }
    for line, thing in lines.values():
        name = line.partition(".")[0].partition("[")[0]
        code = WEIGHTS.format(f"{line}\n    return 1 + beta**t")
        assert said("adam/weight-sum", code, "weight_sum", **{name: thing}).endswith("look at the sign."), (
            line
        )
    code = WEIGHTS.format("one.send(b'x')\n    return 1 + beta**t")
    said("adam/weight-sum", code, "weight_sum", one=one)
    other.setblocking(False)
    for read in (lambda: other.recv(1), lambda: os.read(pipe[0], 1)):
        with pytest.raises(BlockingIOError):
            read()
    assert (np.load("kept.npy").sum(), (tmp_path / "log.txt").read_text()) == (0, "")


NEEDS = {
    "a socket": ("import socket\nkept, other = socket.socketpair()\n", "kept.send(b'x')"),
    "an open database": ("import sqlite3\nkept = sqlite3.connect('x.db')\n", "kept.execute('create table if not exists t(x)')"),
    "another database": ("import sqlite3\n", "sqlite3.connect('x.db')"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "line"), NEEDS.values(), ids=NEEDS)
def test_a_line_that_only_fails_while_it_is_searched_is_not_blamed(
    shown, before, line, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code = before + WEIGHTS.format(f"{line}\n    return 1 + beta**t")
    check_cell.check("adam/weight-sum", in_a_cell(code, "weight_sum"))
    assert "change" not in shown[0]["text/plain"].split("Hint")[0]
    assert said("adam/weight-sum", code, "weight_sum"), "without knowing better, the line is blamed"


def test_memory_that_is_shared_without_a_file_is_not_written_either():
    with mmap.mmap(-1, 100) as shared:
        shared[1] = 7
        code = WEIGHTS.format("shared[0] = 1\n    return 1 + beta**t * shared[1] / 7")
        assert said("adam/weight-sum", code, "weight_sum", shared=shared).endswith("look at the sign.")
        assert shared[:2] == b"\0\7"


def test_where_the_system_lists_no_memory_maps_nothing_is_searched_while_there_are_some(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with mmap.mmap(-1, 100) as shared:
        assert said("adam/weight-sum", WRONG, shared=shared) == ""
    del shared
    gc.collect()
    assert said("adam/weight-sum", WRONG)


def test_copies_of_the_kernels_memory_count(monkeypatch):
    large = np.zeros(8 << 20)  # 64 MB
    large += 1
    code = WEIGHTS.format("large[:] = t\n    return 1 + beta**t")
    assert "look at the sign" in said("adam/weight-sum", code, "weight_sum", large=large)
    monkeypatch.setattr("verdicts.repair.child.MORE_BYTES", 30 << 20)
    assert said("adam/weight-sum", code, "weight_sum", large=large) == ""
    assert large[0] == 1


def test_an_answer_that_shows_something_sends_nothing_while_it_is_tried(monkeypatch):
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    session = SimpleNamespace(send=lambda *message: os.write(writing, b"shown"))
    monkeypatch.setattr(
        "verdicts.repair.child.get_ipython",
        lambda: SimpleNamespace(kernel=SimpleNamespace(session=session)),
    )
    code = WEIGHTS.format("session.send()\n    return 1 + beta**t")
    assert said("adam/weight-sum", code, "weight_sum", session=session)
    with pytest.raises(BlockingIOError):
        os.read(reading, 1)


ENDLESS = {
    "a loop": "while t < 0:\n        pass\n    return 3 * beta",
    "a long range": "list(range(10**9 if t < 0 else 1))\n    return 3 * beta",
    "an array of 80 GB": "np.ones(10**10 if t < 0 else 1)\n    return 3 * beta",
    "a number that grows": "x = 3\n    while t < 0:\n        x = x * x\n    return 3 * beta",
    "a list that grows": "x = [1]\n    while t < 0:\n        x = x + x\n    return 3 * beta",
    "an end": "if t < 0:\n        import os\n        os._exit(3)\n    return 3 * beta",
    "a sleep": "if t < 0:\n        import time\n        time.sleep(1000)\n    return 3 * beta",
}


@pytest.mark.parametrize("lines", ENDLESS.values(), ids=ENDLESS)
def test_a_change_that_never_ends_or_fills_the_memory_costs_the_place_and_nothing_else(lines):
    answer = in_a_cell(WEIGHTS.format(lines))
    begun = time.monotonic()
    where("adam/weight-sum", answer, {})
    assert time.monotonic() - begun < 30  # it is killed long before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_an_interrupt_ends_the_search_and_the_verdict_appears(monkeypatch):
    def interrupted(*descriptors):
        raise KeyboardInterrupt

    monkeypatch.setattr("select.select", interrupted)
    assert where("adam/weight-sum", in_a_cell(WRONG), {}) is None
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_a_traceback_in_an_earlier_cell_left_on_shared_nodes_does_not_slow_the_search():
    class Cell:  # executing, which IPython uses, writes the parent of each node, and so does every `ast.Load()`
        def __deepcopy__(self, memo):
            raise RecursionError

    shared = ast.parse("x").body[0].value.ctx
    shared.parent = Cell()
    try:
        assert said("adam/weight-sum", WRONG)
        assert said("adam/weight-sum", WEIGHTS.format("return np.sum(1 - np.sqrt(beta**t))"))
    finally:
        del shared.parent


def test_outside_the_main_thread_nothing_is_searched():
    found = []
    thread = threading.Thread(target=lambda: found.append(where("adam/weight-sum", in_a_cell(WRONG), {})))
    thread.start()
    thread.join()
    assert found == [None]


@pytest.fixture
def shown(monkeypatch):
    """What a check displays in a front end, as text."""
    texts = []
    monkeypatch.setattr("IPython.display.display", lambda data, **rest: texts.append(data))
    monkeypatch.setattr(check_cell, "in_front_end", lambda: True)
    return texts


def test_the_name_of_a_mistake_comes_before_its_place_and_a_number_after_it(shown):
    check_cell.check("adam/weight-sum", in_a_cell(WEIGHTS.format("return 1 - beta ** (t - 1)")))
    lines = shown[0]["text/plain"].splitlines()
    assert "t − 1" in lines[1]
    assert (
        lines[2] == "One change makes it right. Line 2, `return 1 - beta ** (⟨t - 1⟩)`: look at the number."
    )
    assert "<code>return 1 - beta ** (<mark>t - 1</mark>)</code>" in shown[0]["text/html"]


FLOOR = "def noise_floor(lr, curvature, sigma, batch):\n    return {}\n"


@pytest.mark.parametrize(
    ("line", "tells_what_changes"),
    [
        ("lr * sigma**2 / (batch * curvature * (2 + lr * curvature))", False),
        ("lr * sigma**2 / (np.exp(batch) * curvature) + lr * np.exp(sigma)", True),
        ("lr * np.exp(sigma) / np.exp(curvature)", True),  # never uses batch, which is said, too
    ],
)
def test_how_a_result_changes_with_its_arguments_is_told_only_where_no_place_is_known(
    shown, line, tells_what_changes
):
    check_cell.check("sgd/noise-floor", in_a_cell(FLOOR.format(line)))
    said = shown[0]["text/plain"]
    assert ("doubles" in said) is tells_what_changes
    assert ("One change makes it right. Line 2" in said) is not tells_what_changes
    assert ("Your lines never use `batch`." in said) is ("batch" not in line)


@pytest.mark.parametrize("environment", [{"NBGRADER_VALIDATING": "1"}, {}])
def test_under_validate_and_without_a_front_end_nothing_is_searched(shown, monkeypatch, environment):
    monkeypatch.setattr(check_cell, "in_front_end", lambda: bool(environment))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forks"))
    check_cell.check("adam/weight-sum", in_a_cell(WRONG))


def test_a_right_answer_and_a_borrowed_one_are_not_searched(shown, monkeypatch):
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forks"))
    check_cell.check("adam/weight-sum", in_a_cell(WEIGHTS.format("return 1 - beta**t")))
    assert judge("sgd/update", record("sgd/update", answer_to("sgd/update", "SGDInPlace"), 0), 0).place == ""
