"""What a student reads of a wrong rule: one row of a table for each way to be wrong, and what is said of it."""

from collections import OrderedDict, defaultdict

import numpy as np
import pytest
from student_rules import Rule, Table, rule

from descentlab.checks import record
from descentlab.checks.recording import evidence_bytes
from descentlab.diagnosis.errors import explain_error, strange_shape
from descentlab.diagnosis.rules.probe_table import ProbeTable
from descentlab.diagnosis.rules.search import AnswerPath
from descentlab.exercises import find
from descentlab.judging import judge, run
from descentlab.judging.display import as_html, as_text

row = Table()

# ------------------------------------------------------------------------------------------- behaviour


@row("momentum", "changes the caller's gradients: after call 1", id="behaviour/changes-gradients")
def changes_gradients(self, params, grads):
    for k in params:
        grads[k] *= 0.5
        params[k] += self.velocity(k, 2 * grads[k])


@row("momentum", "second optimizer", id="behaviour/shared-memory")
class SharedCount(Rule):
    count = [0]  # noqa: RUF012  (this is the mistake)

    def update(self, params, grads):
        self.count[0] += 1
        for k in params:
            params[k] += self.velocity(k, grads[k]) / self.count[0]


@row("momentum", "nobody reads", id="behaviour/returns-new-dict")
def returns_a_dict(self, params, grads):
    return {k: p + self.velocity(k, grads[k]) for k, p in params.items()}


@row("momentum", 'only "W", "b", "U" ever changes', id="behaviour/skips-arrays")
def skips_scalars(self, params, grads):
    for k in params:
        if params[k].ndim:
            params[k] += self.velocity(k, grads[k])


@row("sgd", "In each call the last array alone moves", id="behaviour/skips-arrays", never=["have in common"])
def last_array_alone(self, params, grads):
    for k in params:
        step = self.lr * grads[k]
    params[k] -= step
    self.lr *= 0.75


@row("momentum", "the same arrays", id="behaviour/keeps-the-callers-arrays")
def keeps_the_arrays(self, params, grads):
    for k in params:
        kept = self.m.setdefault(k, [])
        kept.append(grads[k])
        params[k] -= self.lr * sum(self.momentum**n * g for n, g in enumerate(reversed(kept)))


@row("momentum", "your parameters have become float32", id="behaviour/few-digits")
def single(self, params, grads):
    for k in params:
        params[k] = (params[k] + self.velocity(k, grads[k])).astype(np.float32)


@row("momentum", "or something tiny is added", id="behaviour/few-digits")
def tiny_decay(self, params, grads):
    for k in params:
        params[k] += self.velocity(k, grads[k]) - 1e-8 * params[k]


@row("momentum", "whole numbers", id="error/integer-state")
def whole_velocity(self, params, grads):
    for k in params:
        v = self.v.setdefault(k, np.zeros(params[k].shape, int))
        v -= self.lr * grads[k]
        params[k] += v


@row("momentum", "0.333333 times", id="pattern/scaled")
def a_third(self, params, grads):
    for k in params:
        params[k] += self.velocity(k, grads[k]) / 3


# ---------------------------------------------------------------------- wrong for inputs that are rare in a notebook

MIDDLE, ORDER = "zero in the middle", "list their keys in another order"


@row("adam", MIDDLE, id="behaviour/other-at-zero-gradients")
def skips_zeros(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        if g.any():
            m_hat, v_hat = self.hats(k, g)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@row("momentum", MIDDLE, id="behaviour/other-at-zero-gradients")
def returns_early(self, params, grads):
    if any(np.any(g) for g in grads.values()):
        for k in params:
            params[k] += self.velocity(k, grads[k])


@row("momentum", ORDER, id="behaviour/depends-on-order")
def remembers_by_place(self, params, grads):
    for i, k in enumerate(params):
        params[k] = params[k] + self.velocity(i, grads[k])


@row("adam", ORDER, id="behaviour/depends-on-order")
def made_again_for_other_keys(self, params, grads):
    if list(self.m) != list(params):
        self.m = {k: np.zeros_like(p) for k, p in params.items()}
        self.v = {k: np.zeros_like(p) for k, p in params.items()}
    self.t += 1
    for k, g in grads.items():
        m_hat, v_hat = self.hats(k, g)
        params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# ------------------------------------------------------------------- right at first, or for four arrays


@row("adam", "first 20 calls are right, call 21 is not", id="behaviour/other-rule-later")
def corrects_for_twenty_calls(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        m, v = self.hats(k, g) if self.t <= 20 else self.averages(k, g)
        params[k] = params[k] - self.lr * m / (np.sqrt(v) + self.eps)


@row(
    "momentum",
    "Call 1 in a run of 120 calls: that key is not in the dict",
    '"b", "s" alone',
    id="error/not-yet-there",
)
def knows_its_keys(self, params, grads):
    for k in ("W", "b", "s", "U"):
        params[k] += self.velocity(k, grads[k])


@row("momentum", "did not move", "the one of 2 is not")
def wants_four_arrays(self, params, grads):
    for k in params if len(params) == 4 else ():
        params[k] += self.velocity(k, grads[k])


@row("momentum", "Call 51 in a run of 120 calls: AssertionError")
def tires_out(self, params, grads):
    self.t += 1
    assert self.t <= 50
    for k in params:
        params[k] += self.velocity(k, grads[k])


# --------------------------------------------------------------------------------------- edits of the formula


@row("nesterov", "momentum, which has not yet become Nesterov's momentum, with η g weighted with 1 − μ",
     "Put your lines beside those of Nesterov's momentum", id="nesterov/edit/", never=["minus signs"])  # fmt: skip
def rate_on_the_wrong_term(self, params, grads):
    for k, g in grads.items():
        params[k] += self.velocity(k, (1 - self.momentum) * g)


@row("momentum", "half of μ in place of μ", id="momentum/edit/", never=["the factor μ twice"])
def half_of_the_step(self, params, grads):
    for k, g in grads.items():
        params[k] += self.velocity(k, g)
        self.v[k] = self.v[k] / 2


@row("sgd", "η multiplying θ as well", id="sgd/edit/", never=["weight decay"])
def rate_over_a_bracket(self, params, grads):
    for k, g in grads.items():
        params[k] = self.lr * (params[k] - g)


@row("adagrad", "the root of h left out", id="adagrad/edit/", never=["square of the gradient"])
def newest_square(self, params, grads):
    for k, g in grads.items():
        self.h[k] = g**2
        params[k] -= self.lr * g / (self.h[k] + self.eps)


@row("rmsprop", "exchanged", "Compare these two places", id="rmsprop/edit/")
def exchanged_without_root(self, params, grads):
    for k, g in grads.items():
        self.h[k] = (1 - self.decay) * self.h.get(k, 0.0) + self.decay * g**2
        params[k] -= self.lr * g / (self.h[k] + self.eps)


@row("adagrad", "Your update changes the caller's gradients", id="adagrad/")
def squares_in_place(self, params, grads):
    for k in params:
        square = grads[k]
        square *= grads[k]
        self.h[k] = self.h.get(k, 0.0) + square
        params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@row("adagrad", "No parameter has the shape (3, 3)", never=["whose gradient"], id="error/shapes")
def outer_square(self, params, grads):
    for k, g in grads.items():
        self.h[k] = self.h.get(k, 0.0) + g @ g.T
        params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


# ------------------------------------------------------- what is remembered tells which line has the mistake


@row("rmsprop", "h divided by 1 − ρ", id="rmsprop/")
def divides_where_it_moves(self, params, grads):
    for k, g in grads.items():
        self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * g**2
        params[k] -= self.lr * g / (np.sqrt(self.h[k] / (1 - self.decay)) + self.eps)


@row("rmsprop", "g² in place of (1 − ρ) g²", id="rmsprop/")
def forgets_the_weight(self, params, grads):
    for k, g in grads.items():
        self.h[k] = self.decay * self.h.get(k, 0.0) + g**2
        params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


@row("momentum", "What you remember is right", "Compute the line that moves θ", id="momentum/")
def moves_by_less(self, params, grads):
    for k, g in grads.items():
        params[k] += self.momentum * self.velocity(k, g)


@row("nesterov", id="nesterov/", never=["you remember is right"])
def other_signs_throughout(self, params, grads):
    for k, g in grads.items():
        old = self.v.get(k, 0.0)
        params[k] += self.momentum * old + (1 + self.momentum) * self.velocity(k, -g)


def subtracts_the_velocity(self, params, grads):
    for k, g in grads.items():
        params[k] -= self.velocity(k, g)


def adds_the_push(self, params, grads):
    for k, g in grads.items():
        params[k] += self.velocity(k, -g)


for update in (subtracts_the_velocity, adds_the_push):  # one set of numbers: the hint is true of both
    row("momentum", "θ", "minus signs", id="momentum/", never=["velocity takes"])(update)


@row("momentum", id="momentum/forgets")
def local_velocity(self, params, grads):
    v = {k: np.zeros_like(p) for k, p in params.items()}
    for k in params:
        v[k] = self.momentum * v[k] - self.lr * grads[k]
        params[k] += v[k]


# ------------------------------------------------------------------------- no name: what was computed


@row("momentum", 'beside the expected ones: "W" 4×, "b" 3×, "s" 2×, "U" 1×.', "how often is each line",
     'After call 1 you remember for "W"[0, 0]: self.v = ', "Expected: v = ")  # fmt: skip
def nested_loop(self, params, grads):
    for place, k in enumerate(params):
        self.velocity(k, grads[k])
        for _ in list(params)[place:]:
            params[k] += self.v[k]


@row("momentum", "right until call 3")
def odd_later(self, params, grads):
    self.t += 1
    for k in params:
        params[k] += self.velocity(k, np.tanh(grads[k]) if self.t > 2 else grads[k])


@row("adam", "yours nan", "After call 2 you remember")
def nan_from_the_second_call(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        m_hat, v_hat = self.hats(k, g)
        params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        params[k] *= 1 if self.t == 1 else np.nan


@row("momentum", 'only "s" comes out right')
def odd_arrays(self, params, grads):
    for k, g in grads.items():
        params[k] += self.velocity(k, g - 0.1 * g.mean() if g.ndim else g)


@row("momentum", 'only "s" comes out right')
def scalar_right_on_the_first_probe(self, params, grads):
    for k, g in grads.items():
        self.quiet = getattr(self, "quiet", False) or not np.any(g)
        odd = g - 0.1 * g.mean() if g.ndim else g
        params[k] += self.velocity(k, 1.1 * odd if self.quiet else odd)


@row("momentum", "one gradient of 10 000")
def odd_spike(self, params, grads):
    for k, g in grads.items():
        params[k] += self.velocity(k, np.where(np.abs(g) > 77, 3.3, g))


@row("rmsprop", "gradients are zero; with ε = 0.1; with gradients of 1e-9.")
def eps_beside_the_step(self, params, grads):
    for k, g in grads.items():
        self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * g * g
        params[k] -= self.lr * g / np.sqrt(self.h[k]) + self.eps * self.lr


@row("graves", "Do you store something that holds ε")
def eps_stored(self, params, grads):
    for k, g in grads.items():
        self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * g**2 + self.eps
        self.m[k] = self.decay * self.m.get(k, 0.0) + (1 - self.decay) * g
        self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * g / np.sqrt(self.h[k] - self.m[k] ** 2)
        params[k] += self.v[k]


@row("nesterov", "In call 2 your self.v becomes", never=["What you remember is right"])
def ahead_in_the_gradient(self, params, grads):
    for k, g in grads.items():
        params[k] += self.velocity(k, g + self.momentum * self.v.get(k, 0.0))


@row("momentum", "becomes − η θ; expected − η g", never=["line by line"])
def pushed_by_parameters(self, params, grads):
    for k in params:
        params[k] = params[k] + self.velocity(k, params[k])


@row("momentum", "your self.v becomes 0.2222 v − η g; expected μ v − η g", "the line that makes self.v")
def momentum_grows(self, params, grads):
    share = min(self.momentum, (1 + self.t) / (8 + self.t))  # 2/9 in call 2
    self.t += 1
    for k, g in grads.items():
        self.v[k] = share * self.v.get(k, 0.0) - self.lr * g
        params[k] += self.v[k]


@row("momentum", " is (1 + μ).")
def first_step_one_plus_mu(self, params, grads):
    for k, g in grads.items():
        first = -self.lr * g
        after = self.momentum * self.v[k] + np.sin(first) if k in self.v else (1 + self.momentum) * first
        self.v[k] = after
        params[k] += after


@row("adam", "Look for the line that makes t")
def wrong_twice(self, params, grads):
    for k, g in grads.items():
        m, v = self.averages(k, g)
        params[k] -= self.lr * (m + v) / (np.sqrt(v) + self.eps)


@row("momentum", never=["becomes", "Put the line that makes"])
def other_units(self, params, grads):
    """A velocity without η, which the step has; and a step that is damped."""
    for k in params:
        self.v[k] = self.momentum * self.v.get(k, 0.0) + grads[k]
        params[k] -= self.lr * np.tanh(self.v[k])


@row("momentum", never=["self.m becomes", "makes self.m"])
def every_second_call(self, params, grads):
    """Moves by the mean of two gradients; the first is kept until then, and is no velocity."""
    self.t += 1
    if self.t % 2:
        self.m = {k: g.copy() for k, g in grads.items()}
        return
    for k in params:
        params[k] += self.velocity(k, (self.m[k] + grads[k]) / 2)


@row("adam", "self.v becomes − (1 − β₂) g²; expected (1 − β₂) g²")
def minus_the_square(self, params, grads):
    self.t += 1
    for k, g in grads.items():
        self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0.0) - (1 - self.beta2) * g**2
        params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@row("adam")
def all_nan(self, params, grads):
    for k in params:
        params[k] *= np.nan


def damped_adam(keeps):
    """Adam with right states, kept in another kind of dict, and a damped step."""

    def update(self, params, grads):
        self.v = self.v or keeps()
        self.t += 1
        for k, g in grads.items():
            m_hat, v_hat = self.hats(k, g)
            params[k] -= self.lr * np.tanh(m_hat / (np.sqrt(v_hat) + self.eps) / (1 + abs(g)))

    return update


for keeps in (dict, OrderedDict, lambda: defaultdict(float)):
    row("adam", "What you remember is right", never=["Put the line"])(damped_adam(keeps))


@pytest.mark.parametrize("wrong", row, ids=lambda row: row.answer.__name__)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_wrong_rule_is_rejected_named_and_pointed_at(wrong, seed):
    wrong.require(seed)


# -------------------------------------------------------------------------------------------- safeguards


NESTED = rule(nested_loop)


def test_a_memory_by_place_costs_its_own_criterion_alone():
    failed = [one.name for one in run("momentum/update", rule(remembers_by_place)).criteria if not one.passed]
    assert failed == ["any key order, its own memory for each optimizer"]


def test_facts_are_shown_in_text_and_page():
    verdict = run("momentum/update", NESTED)
    for fact in verdict.facts:
        assert fact in as_text(verdict, 5)
        assert fact.split('"')[0] in as_html(verdict, 5)


@pytest.mark.parametrize("odd", [None, 3, [], [3] * 6, [{"v": {"W": "text"}}] * 6, [{"v": [1, 2]}] * 6, {}])
def test_evidence_may_say_anything_of_what_is_remembered(odd):
    evidence = evidence_bytes.unpack(record("momentum/update", NESTED, 0))
    for one in evidence["runs"]:
        one["remembered"] = odd
        one["calls"] = list(one["calls"])
    verdict = judge("momentum/update", evidence_bytes.pack(evidence), 0)
    assert verdict.status == "answered"
    assert not any("remember" in fact for fact in verdict.facts)


def test_what_is_remembered_is_bounded():
    class Hoards(Rule):
        def __init__(self, lr, **hyper):
            super().__init__(lr, **hyper)
            vars(self).update({f"a{n}": np.zeros(10_000) for n in range(500)})
            self.words, self.deep = "x" * 10**6, {"a": {"b": [np.zeros(9)] * 99}}

        def update(self, params, grads):
            pass

    plain = len(record("momentum/update", Rule, 0))
    assert len(record("momentum/update", Hoards, 0)) < plain + 100_000


def test_what_is_remembered_earns_nothing():
    class Pretends(rule(local_velocity)):
        def __init__(self, lr, **hyper):
            super().__init__(lr, **hyper)
            self.memory, self.stores, self.counts, self.t = True, True, True, 6

    verdicts = [run("momentum/update", answer) for answer in (rule(local_velocity), Pretends)]
    assert verdicts[0].criteria == verdicts[1].criteria


class NoUpdate:
    def __init__(self, lr, momentum): ...


class OtherArguments:
    def __init__(self, learning_rate, mu): ...


class NoSelf(Rule):
    def update(params, grads): ...  # noqa: N805  (this is the mistake)


@pytest.mark.parametrize(
    ("answer", "id", "said"),
    [
        (NoUpdate, "error/no-update", "needs a method update(self, params, grads)"),
        (OtherArguments, "error/constructor", "does not take the arguments lr, momentum"),
        (NoSelf, "error/update-signature", "rule.update(params, grads)"),
    ],
)
def test_a_class_that_cannot_be_called_is_told_how_it_is(answer, id, said):
    verdict = run("momentum/update", answer)
    assert (verdict.mistake, verdict.fraction) == (id, 0)
    assert verdict.cause.startswith("Call 1: ")
    assert said in verdict.cause
    assert verdict.hint


def test_an_error_text_made_to_be_slow_is_cut_before_it_is_searched():
    # Uncut, the search for this would take hours.
    text = "ufunc " * 60_000 + "did not contain a loop" * 10_000
    assert explain_error({"type": "TypeError", "message": text}, "call 1") is None


@pytest.mark.parametrize("message", ["no shapes here", "shapes (3,2) (4,)", "shape (4,) and ()"])
def test_shapes_of_parameters_are_not_called_strange(message):
    assert not strange_shape({"message": message}, {"W": (3, 2), "b": (4,)})


def test_other_changed_gradients_are_not_those_of_a_known_mistake():
    """Right steps both, but the known mistake leaves η g, and this answer zeros."""

    def empties(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            grads[k] *= 0

    def scales(self, params, grads):
        for k in params:
            grads[k] *= self.lr
            params[k] -= grads[k]

    assert run("sgd/update", rule(scales)).mistake == "sgd/scales-the-gradients"
    assert run("sgd/update", rule(empties)).mistake == "behaviour/changes-gradients"


@pytest.mark.parametrize(("moved", "enough"), [(19, False), (20, True)])
def test_few_numbers_do_not_tell_one_mistake_from_another(moved, enough):
    table = ProbeTable(find("sgd/update").problems(0))
    path = np.broadcast_to(table.start, (6, *table.start.shape)).copy()
    path[np.unravel_index(range(moved), path.shape)] += 1.0
    assert AnswerPath(table, path).tells_enough is enough


@pytest.mark.parametrize(("spread", "said"), [(0.0, True), (0.002, False)])
def test_one_factor_is_claimed_only_where_all_probes_have_it(spread, said):
    """Three times the step, a little more where a gradient is large."""

    def uneven(self, params, grads):
        for k, g in grads.items():
            step = 3 * (1 + spread * (np.abs(g).max() > 1000)) * g
            params[k] = params[k] - self.lr * step

    assert (run("sgd/update", rule(uneven)).mistake == "pattern/scaled") == said
