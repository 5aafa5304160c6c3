"""The places in a student's own code where a change or two make a wrong answer right."""

import ast
import ctypes
import functools
import gc
import linecache
import math
import mmap
import os
import re
import resource
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import psutil
import pytest
from student_answers import answer_to, answers_in
from student_places import where
from support import table_beside

from verdicts.courses import find
from verdicts.judging import judge
from verdicts.notebook import showing
from verdicts.notebook.check_cell import check
from verdicts.recorders import record
from verdicts.repair import beside
from verdicts.repair.changes import OF_TEXTS
from verdicts.repair.here import _harmless
from verdicts.repair.search import Target, search
from verdicts.repair.source import defined
from verdicts.spec import Criterion

NUMBERS = count()
LENT, HERE, DOES_MORE, COMPUTES, HARMFUL, NEEDS, ENDLESS = table_beside(__file__, "lines.toml").values()


def in_a_cell(code, name="", **names):
    """What a cell with this code defines last, or by this name."""
    file = f"<ipython-input-{next(NUMBERS)}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    names = {"__name__": "__main__", "np": np, **names}
    exec(compile(code, file, "exec"), names)
    return names[name] if name else [*names.values()][-1]


def weight_sum(lines="return 1 + beta**t", before="", **names):
    """A function of these lines: wrong, without any."""
    return in_a_cell(f"{before}def weight_sum(beta, t):\n    {lines}\n", "weight_sum", **names)


def place(answer, check="adam/weight-sum"):
    return where(check, answer, {})


def said(*answer):
    found = place(*answer)
    return found.sentence if found else ""


def says_what_it_promises(answer):
    sentence = said(in_a_cell(answer.code), answer.check) or "nothing"
    assert answer.expect in ("", sentence)
    assert [words for words in answer.says if words not in sentence] == []
    assert [words for words in answer.never if words in sentence] == []


PLACES = Path(__file__).with_name("places.md")


@pytest.mark.parametrize("answer", answers_in([PLACES]), ids=lambda answer: answer.name)
def test_what_is_said_of_a_place_is_so_and_its_change_is_not_said(answer):
    says_what_it_promises(answer)


def test_after_the_search_every_definition_is_as_it_was():
    code = (
        "def rate(a, curvature, sigma):\n    return curvature * a / (curvature**2 * a - sigma**2)\n"
        "def best_next(a, curvature, sigma):\n    lr = rate(a, curvature, sigma)\n    return lr, 7 * a + 5 * lr\n"
    )
    code = defined(in_a_cell(code))
    found = []
    search("practice/best-next", code, found.append, lambda run, number: run())
    assert [one.gained for one in found] == ["η"]
    assert code.made()(2.0, 3.0, 1.5) == code.answer(2.0, 3.0, 1.5)


def test_arguments_that_are_left_alone_are_no_part_that_a_change_makes_right():
    kept = Criterion("the arguments are left as they were", 0, of_arguments=True, penalty=0.2)
    target = Target(replace(find("gradients/numerical"), criteria=(kept,)))
    target.before = frozenset()
    assert target.gained(frozenset(target.all)) == ""


def test_of_an_answer_that_gets_numbers_no_change_of_texts_is_tried():
    tried = []
    kinds = [(what, tried.append) for what in OF_TEXTS]
    search("adam/weight-sum", defined(weight_sum()), print, lambda run, number: run(), kinds)
    assert tried == []


def test_a_long_line_is_cut_on_both_sides_of_the_spot():
    line = " + ".join(["return 0", *["0.0 * beta"] * 5, "(1 + beta**t)", *["0.0 * beta"] * 6])
    quoted = re.search(r"`…(.{45})⟨beta\*\*t⟩(.{45})…`: look at the sign", said(weight_sum(line)))
    before, after = line.split("beta**t")
    assert (before[-45:], after[:45]) == quoted.groups()


@pytest.mark.parametrize(("cell", "found"), LENT.values(), ids=LENT)
def test_an_expression_of_another_cell_is_tried_in_every_place(cell, found):
    answer = weight_sum("return beta * abs(t) - 7 * t + beta", In=["", cell, "weight_sum"])
    words = "look at what is computed there" if found else "nothing"
    assert words in (said(answer) or "nothing")


def test_a_second_change_in_such_an_expression_is_none_of_the_answers_own():
    assert (
        said(weight_sum("return beta()", In=["", "\n\n\n\n\nsize = 1 + beta**t", ""]))
        == "Your lines never use `t`."
    )


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
    "a bare number": (f"best_lr = {1 / 8.5}",),  # half of what is right
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
    assert said(weight_sum("return 1 - power(beta, t)", power=helper)) == (
        "One change makes it right. Line 3 of the cell of power, `return beta ** (⟨t + 1⟩)`: look at the operator."
    )


WRONG = "def weight_sum(beta, t):\n    return 1 + beta**t\n"
NO_CODE = {
    "a lambda": lambda: eval("lambda beta, t: 1 + beta**t"),
    "a partial function": lambda: functools.partial(weight_sum(), t=3),
    "code that was executed": lambda: executed(WRONG),
    "a wrapped function": lambda: functools.wraps(weight_sum())(lambda beta, t: 1 + beta**t),
    "a decorator": lambda: weight_sum(before="import functools\n\n@functools.cache\n"),
    "a closure": lambda: in_a_cell(
        "def make(one):\n    def weight_sum(beta, t):\n        return one + beta**t\n    return weight_sum\n"
    )(1),
    "a generator": lambda: weight_sum("yield 1 + beta**t"),
    "a coroutine": lambda: weight_sum(before="async "),
    "a builtin": lambda: max,
    "globals that it changes": lambda: weight_sum(
        "calls.append(1)\n    return 1 + beta**t + len(calls)", calls=[]
    ),
    "chance": lambda: weight_sum("return 1 + beta**t + np.random.rand()"),
    "another definition since": lambda: rewritten(WRONG.replace("1 +", "2 +")),
    "no parentheses closed since": lambda: rewritten("def weight_sum(\n"),
    "an object that refuses every question": lambda: Refuses(),
}


class Refuses:
    def __getattribute__(self, name):
        raise ZeroDivisionError(name)


def executed(code):
    names = {"np": np}
    exec(code, names)
    return names["weight_sum"]


def rewritten(text):
    """A function whose cell holds another text now."""
    answer = weight_sum()
    file = answer.__code__.co_filename
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    return answer


@pytest.mark.parametrize("make", NO_CODE.values(), ids=NO_CODE)
def test_where_the_code_is_not_at_hand_or_not_all_of_the_answer_nothing_is_said(make):
    assert place(make()) is None


@pytest.fixture
def no_fork(monkeypatch):
    monkeypatch.delattr(os, "fork")


@pytest.mark.parametrize(("lines", "found"), HERE.values(), ids=HERE)
@pytest.mark.usefixtures("no_fork")
def test_where_no_process_can_be_forked_only_harmless_changes_are_tried(lines, found, capsys):
    answer = weight_sum(lines)
    code = answer.__code__
    assert said(answer).startswith("One change makes it right.") == found
    assert answer.__code__ is code
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("line", DOES_MORE.values(), ids=DOES_MORE)
@pytest.mark.usefixtures("no_fork")
def test_where_no_process_can_be_forked_code_that_could_do_more_than_compute_is_not_run(line, monkeypatch):
    names = {"other": np.zeros(3), "kept": [1], "one": 1, "os": os}
    write = in_a_cell("def write(t):\n    return open('x')\n")
    ran = []
    monkeypatch.setattr("verdicts.repair.here.search", lambda *rest: ran.append(rest))
    place(weight_sum(f"{line}\n    return 1 + beta**t", write=write, **names))
    assert ran == []


def test_where_no_process_can_be_forked_no_power_is_tried_in_a_loop():
    code = defined(weight_sum("x = t * beta\n    for k in range(t):\n        x = x * t\n    return x"))
    (part,) = code.parts
    changes = (new for _, make in _harmless(code) for at in part.places() for new in make(at))
    tried = {ast.unparse(ast.fix_missing_locations(new)) for new in changes if isinstance(new, ast.BinOp)}
    assert {"t ** beta", "x ** t"} & tried == {"t ** beta"}


@pytest.mark.parametrize("lines", COMPUTES.values(), ids=COMPUTES)
@pytest.mark.usefixtures("no_fork")
def test_where_no_process_can_be_forked_code_that_only_computes_gets_its_place(lines):
    own = in_a_cell("def own(beta):\n    return beta / beta\n")
    assert "look at the sign" in said(weight_sum(lines, math=math, one=1.0, own=own))


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
    assert said(weight_sum())
    assert publisher.publish() == "shown"


@pytest.mark.usefixtures("no_fork")
def test_a_change_without_end_ends_there_too_and_so_does_an_interrupt(monkeypatch):
    endless = "total, k = 0, 1\n    while k < 3:\n        k = k + 1\n    return 1 + beta ** (t + k)"
    begun = time.monotonic()
    place(weight_sum(endless))
    assert time.monotonic() - begun < 30

    monkeypatch.setattr("verdicts.repair.here.search", Mock(side_effect=KeyboardInterrupt))
    assert place(weight_sum()) is None


def test_without_a_process_to_spare_the_verdict_has_no_place(shown, front_end, monkeypatch):
    monkeypatch.setattr(os, "fork", Mock(side_effect=BlockingIOError(11, "Resource temporarily unavailable")))
    check("adam/weight-sum", weight_sum())
    assert "place" not in shown[0]["text/plain"]


def c_library():
    """Functions that a cell loaded, which no audit hook sees; whether the kernel has Landlock, the machine decides."""
    system = ctypes.CDLL(None)
    system.fopen.restype = ctypes.c_void_p
    system.fclose.argtypes = [ctypes.c_void_p]
    functions = ("remove", "rename", "truncate", "fopen", "fclose", "system")
    return SimpleNamespace(**{name: getattr(system, name) for name in functions})


@pytest.mark.parametrize("line", HARMFUL.values(), ids=HARMFUL)
def test_no_change_can_write_remove_start_or_connect(line, tmp_path):
    """The line runs only where a change turns the condition around."""
    kept = tmp_path / "kept"
    kept.write_text("x")
    code = line.format(file=str(tmp_path / "made"), kept=str(kept))
    lines = f"if t < 0:\n        {code}\n    return 2 + beta**t"
    before = resource.getrlimit(resource.RLIMIT_CORE)
    place(weight_sum(lines, mkfifo=os.mkfifo, c=c_library()))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept", "x")]
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
        answer = weight_sum(f"{line}\n    return 1 + beta**t", **{name: thing})
        assert said(answer).endswith("look at the sign."), line
    place(weight_sum("one.send(b'x')\n    return 1 + beta**t", one=one))
    other.setblocking(False)
    for read in (lambda: other.recv(1), lambda: os.read(pipe[0], 1)):
        with pytest.raises(BlockingIOError):
            read()
    assert (np.load("kept.npy").sum(), (tmp_path / "log.txt").read_text()) == (0, "")


@pytest.mark.parametrize(("before", "line"), NEEDS.values(), ids=NEEDS)
def test_a_line_that_only_fails_while_it_is_searched_is_not_blamed(
    shown, front_end, before, line, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    answer = weight_sum(f"{line}\n    return 1 + beta**t", before)
    check("adam/weight-sum", answer)
    beside.wait()
    assert "change" not in shown[0]["text/plain"].split("Hint")[0]
    assert said(answer), "without knowing better, the line is blamed"


def test_memory_that_is_shared_without_a_file_is_not_written_either():
    with mmap.mmap(-1, 100) as shared:
        shared[1] = 7
        answer = weight_sum("shared[0] = 1\n    return 1 + beta**t * shared[1] / 7", shared=shared)
        assert said(answer).endswith("look at the sign.")
        del answer
        assert shared[:2] == b"\0\7"


@pytest.mark.parametrize("landlock", [True, False])
def test_shared_memory_that_the_answer_attaches_to_is_not_written(landlock, monkeypatch):
    if not landlock:
        monkeypatch.setattr("verdicts.repair.child.RULESET", -1)
    shared = SharedMemory(create=True, size=16)
    try:
        lines = f"other = SharedMemory({shared.name!r})\n    other.buf[0] += 1\n    other.close()\n    return 1 + beta**t"
        place(weight_sum(lines, SharedMemory=SharedMemory))
        assert shared.buf[0] == 0
    finally:
        shared.close()
        shared.unlink()


def test_where_the_system_lists_no_memory_maps_nothing_is_searched_while_there_are_some(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with mmap.mmap(-1, 100) as shared:
        assert said(weight_sum(shared=shared)) == ""
    del shared
    gc.collect()
    assert said(weight_sum())


def test_input_is_answered_neither_by_a_check_nor_by_the_search(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "0.5")
    answer = weight_sum("beta = float(input('beta: '))\n    return 1 - beta**t")
    verdict = judge("adam/weight-sum", record("adam/weight-sum", answer, 0), 0)
    assert "EOFError: while a check runs, nobody answers input()" in verdict.cause
    assert input("") == "0.5"
    assert said(answer).startswith("One change makes it right. Line 2")


def test_an_answer_that_shows_something_sends_nothing_while_it_is_tried(monkeypatch):
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    session = SimpleNamespace(send=lambda *message: os.write(writing, b"shown"))
    monkeypatch.setattr(
        "verdicts.repair.child.get_ipython",
        lambda: SimpleNamespace(kernel=SimpleNamespace(session=session)),
    )
    assert said(weight_sum("session.send()\n    return 1 + beta**t", session=session))
    with pytest.raises(BlockingIOError):
        os.read(reading, 1)


def children():
    """The processes that this one, or a test before, has started and not waited for."""
    return {*psutil.Process().children()}


@pytest.mark.parametrize("lines", ENDLESS.values(), ids=ENDLESS)
def test_a_change_that_never_ends_or_fills_the_memory_costs_the_place_and_nothing_else(lines, monkeypatch):
    if "sleep" in lines:
        monkeypatch.setattr("verdicts.repair.child.WALL_SECONDS", 2)
    begun, before = time.monotonic(), children()
    place(weight_sum(lines))
    assert time.monotonic() - begun < 30  # it is killed long before
    assert children() <= before


def test_what_a_traceback_in_an_earlier_cell_left_on_shared_nodes_does_not_slow_the_search():
    class Cell:  # executing, which IPython uses, writes the parent of each node, and so does every `ast.Load()`
        def __deepcopy__(self, memo):
            raise RecursionError

    shared = ast.parse("x").body[0].value.ctx
    shared.parent = Cell()
    try:
        assert said(weight_sum())
        assert said(weight_sum("return np.sum(1 - np.sqrt(beta**t))"))
    finally:
        del shared.parent


def test_outside_the_main_thread_nothing_is_searched():
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(place, weight_sum()).result() is None


@pytest.fixture
def front_end(monkeypatch):
    monkeypatch.setattr(showing, "in_front_end", lambda: True)


def test_the_name_of_a_mistake_comes_before_its_place_and_a_number_after_it(shown, front_end):
    check("adam/weight-sum", weight_sum("return 1 - beta ** (t - 1)"))
    beside.wait()
    lines = shown[0]["text/plain"].splitlines()
    assert "t − 1" in lines[1]
    assert (
        lines[2] == "One change makes it right. Line 2, `return 1 - beta ** (⟨t - 1⟩)`: look at the number."
    )
    assert "<code>return 1 - beta ** (<mark>t - 1</mark>)</code>" in shown[0]["text/html"]


@pytest.mark.parametrize("validates", [True, False])
def test_under_validate_and_without_a_front_end_nothing_is_searched(shown, monkeypatch, validates):
    monkeypatch.setattr(showing, "in_front_end", lambda: validates)
    if validates:
        monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forks"))
    check("adam/weight-sum", weight_sum())


def test_a_right_answer_and_a_borrowed_one_are_not_searched(shown, front_end, monkeypatch):
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forks"))
    check("adam/weight-sum", weight_sum("return 1 - beta**t"))
    assert judge("sgd/update", record("sgd/update", answer_to("sgd/update", "SGDInPlace"), 0), 0).place == ""
