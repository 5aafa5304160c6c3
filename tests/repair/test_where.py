"""The places in a student's own code where a change or two make a wrong answer right."""

import ast
import functools
import linecache
import os
import threading
import time
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from student_answers import answer_to

from descentlab.checks import record
from descentlab.judging import judge
from descentlab.notebook import check_cell
from descentlab.repair import where

NUMBERS = count()


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
    "a number": ("return 1 - beta ** (t - 1)", "Line 2, `t - 1`: look at the number."),
    "an operator": (
        "total = 0\n    for k in range(t):\n        total = beta * total * (1 - beta)\n    return total",
        "Line 4, `beta * total * (1 - beta)`: look at the operator.",
    ),
    "a sign": ("return 1 + beta**t", "Line 2, `beta**t`: look at the sign."),
    "a name": ("return 1 - beta**beta", "Line 2, `beta**beta`: look at the name."),
    "brackets": ("return (1 - beta) ** t", "Line 2, `(1 - beta) ** t`: look at the brackets."),
    "an order": ("return 1 - t**beta", "Line 2, `t**beta`: look at the order."),
    "1 minus": ("return beta**t", "Line 2, `beta**t`: look at whether it is 1 minus it, or 1 over it."),
    "an assignment": (
        "total = 0\n    for k in range(t):\n        total *= beta\n        total = 1 - beta\n    return total",
        "Line 5, `total = 1 - beta`: look at =, += or -=.",
    ),
    "a root": ("return 1 - np.sqrt(beta**t)", "Line 2, `np.sqrt(beta**t)`: look at the square or the root."),
    "a print": ("print(1 - beta**t)", "Line 2, `print(1 - beta**t)`: look at what is returned."),
    "a yield": ("yield 1 - beta**t", "Line 2, `yield 1 - beta**t`: look at what is returned."),
    "three mistakes": ("return (5 + beta**t) * 7", ""),
}
"""The change is not in the sentence, and what would need three has none."""


@pytest.mark.parametrize(("line", "sentence"), ONE_PLACE.values(), ids=ONE_PLACE)
def test_one_change_is_found_and_its_place_quoted_with_what_to_look_at(line, sentence):
    expected = f"One change makes it right. {sentence}" if sentence else ""
    assert said("adam/weight-sum", WEIGHTS.format(line)) == expected


LOOP = """\
def weight_sum(beta, t):
    total = 0
    for k in range(t):
        total = beta * total + (1 - beta)
        return total
"""


def test_a_line_that_stands_in_the_wrong_block_is_found():
    assert said("adam/weight-sum", LOOP) == (
        "One change makes it right. Line 5, `return total`: look at where the line stands, and whether it belongs there."
    )


def test_two_places_that_would_do_are_both_named():
    code = """\
class SGD:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]
"""
    assert said("sgd/update", code) == (
        "One change in either of two places makes it right. Line 3, `lr`: look at the sign; or line 7, "
        "`self.lr * grads[k]`: look at the sign."
    )


def test_of_more_places_the_smallest_part_that_contains_them_is_named():
    assert said("adam/weight-sum", WEIGHTS.format("return 1 - beta**t * 1 * 1 * 2 * 1")) == (
        "One change makes it right. Line 2, `beta**t * 1 * 1 * 2 * 1`: look at the number."
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
        "Two changes make it right. Line 2, `sigma**2`: look at the sign; and line 3, `lr * curvature`: look at the sign.",
    ),
    "in one number": (
        "adam/weight-sum",
        WEIGHTS.format("return (2 + beta**t)"),
        "Two changes make it right. Line 2, `2 + beta**t`: look at whether 1 is missing, or too much; and line 2, `beta**t`: look at the sign.",
    ),
    "one of them out of reach": (
        "practice/best-next",
        BEST_NEXT.format(LR.replace("+", "-"), "7 * a + 5 * lr"),
        "One change makes part of it right: η. Line 2, `sigma**2`: look at the sign. Another mistake remains.",
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
        'Line 3, `{"lr": h**2 / whole, "momentum": mass / whole}`: look at what is returned.',
    ),
    "words for True and False": (
        "gradients/agree",
        'def agree(grads, judged):\n    return {k: "yes" if np.allclose(grads[k], judged[k]) else "no" for k in grads}\n',
        'Line 2, `"yes" if np.allclose(grads[k], judged[k]) else "no"`: look at what is returned.',
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


UNUSED = {
    "an argument": (BEST_NEXT.format("7 * a", "5 * curvature"), "practice/best-next", "`sigma`"),
    "an attribute": (
        "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n        self.t = 0\n"
        "    def update(self, params, grads):\n        for k in params:\n            params[k] *= np.cos(np.exp(grads[k]))\n",
        "sgd/update",
        "`self.lr`, `self.t`",
    ),
}


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
        "One change makes it right. Line 2, `0.5 + 3`: look at the number.",
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
        "One change makes it right. Line 3 of the cell of power, `t + 1`: look at the operator."
    )


def test_what_it_says_is_true_whatever_the_answer_prints_and_names_in_greek():
    code = "def weight_sum(β, t):\n\tprint('é', β)\n\treturn 1 + β**t  # é\n"
    assert said("adam/weight-sum", code) == "One change makes it right. Line 3, `β**t`: look at the sign."


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


@pytest.mark.usefixtures("no_fork")
def test_a_change_without_end_ends_there_too_and_so_does_an_interrupt(monkeypatch):
    endless = "total, k = 0, 1\n    while k < 3:\n        k = k + 1\n    return 1 + beta ** (t + k)"
    begun = time.monotonic()
    where("adam/weight-sum", in_a_cell(WEIGHTS.format(endless)), {})
    assert time.monotonic() - begun < 30

    def interrupted(*search):
        raise KeyboardInterrupt

    monkeypatch.setattr("descentlab.repair.here.search", interrupted)
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
}


@pytest.mark.parametrize("line", HARMFUL.values(), ids=HARMFUL)
def test_no_change_can_write_remove_start_or_connect(line, tmp_path):
    """The line runs only where a change turns the condition around."""
    kept = tmp_path / "kept"
    kept.write_text("")
    code = line.format(file=str(tmp_path / "made"), kept=str(kept))
    where(
        "adam/weight-sum", in_a_cell(WEIGHTS.format(f"if t < 0:\n        {code}\n    return 2 + beta**t")), {}
    )
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_an_answer_that_shows_something_sends_nothing_while_it_is_tried(monkeypatch):
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    session = SimpleNamespace(send=lambda *message: os.write(writing, b"shown"))
    monkeypatch.setattr(
        "descentlab.repair.child.get_ipython",
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
    assert time.monotonic() - begun < 30  # it is killed after 1.1 s; a busy machine takes longer
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
    assert lines[2] == "One change makes it right. Line 2, `t - 1`: look at the number."
    assert "<code>t - 1</code>" in shown[0]["text/html"]


FLOOR = "def noise_floor(lr, curvature, sigma, batch):\n    return {}\n"


@pytest.mark.parametrize(
    ("line", "tells_what_changes"),
    [
        ("lr * sigma**2 / (batch * curvature * (2 + lr * curvature))", False),
        ("lr * sigma**2 / (np.exp(batch) * curvature) + lr * np.exp(sigma)", True),
    ],
)
def test_how_a_result_changes_with_its_arguments_is_told_only_where_no_place_is_known(
    shown, line, tells_what_changes
):
    check_cell.check("sgd/noise-floor", in_a_cell(FLOOR.format(line)))
    said = shown[0]["text/plain"]
    assert ("doubles" in said) is tells_what_changes
    assert ("One change makes it right. Line 2" in said) is not tells_what_changes


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
