"""docs/web.md: the pages' own rules, written anew, give each number and each "right" that it says."""

import json
import re
from functools import partial

import numpy as np
import pytest
import support
from formulas import Formula
from support import ROOT

from descentlab import rules
from descentlab.objectives import bowl

PAGE = (ROOT / "docs/web.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| the page says")
]


# The pages' classes, as formulas, with their defaults.
SGD = partial(Formula, "θ ← θ − η g", lr=0.01)
MOMENTUM = partial(Formula, "v ← μ v − η g;  θ ← θ + v", lr=0.01, momentum=0.9)
NESTEROV = partial(Formula, "v ← μ v − η g;  θ ← θ + μ² v − (1 + μ) η g", lr=0.01, momentum=0.9)
ADAGRAD = partial(Formula, "h ← h + g²;  θ ← θ − η g / (√h + ε)", lr=0.01, eps=1e-7)
ADAM = partial(
    Formula,
    "m ← m + (1 − β₁) (g − m);  v ← v + (1 − β₂) (g² − v);  θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√v + ε)",
    **{"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-7},
)
# Question and answer from Stack Overflow: the update with the old velocity, and the caller's new one.
ANSWERED = partial(Formula, "θ ← θ − 0.1 g + 0.9 v;  v ← 0.9 v − 0.1 g")


def walk(rule, steps, gradient=bowl.gradient, start=bowl.start):
    """The places of a rule, the start first."""
    return support.walk(rule, gradient, start, steps)


def pictured():
    """The paths of the page's four panels, with a step more than its 30 points have."""
    chosen = {
        "SGD": SGD(lr=0.95),
        "Momentum": MOMENTUM(lr=0.1),
        "AdaGrad": ADAGRAD(lr=1.5),
        "Adam": ADAM(lr=0.3),
    }
    return {name: walk(rule, 30) for name, rule in chosen.items()}


def same(page, ours):
    assert np.allclose(walk(page, 200), walk(ours, 200), rtol=1e-9, atol=1e-12)


def four_panels():
    at = {name: bowl.value(path.T) for name, path in pictured().items()}
    drawn, later = ({name: losses[step] for name, losses in at.items()} for step in (29, 30))
    assert max(drawn, key=drawn.get) == "Momentum"
    assert max(later, key=later.get) == "Adam"
    return drawn["Momentum"], drawn["Adam"], later["Adam"], later["Momentum"]


def mask():
    assert bowl.value((np.sqrt(140) - 1e-9, 0)) < 7 < bowl.value((np.sqrt(140) + 1e-9, 0))
    return (7.0,)


def diverges(make, lr):
    """Whether a rule with μ = 0.9 leaves a bowl of curvature 2."""
    rule, params = make(lr=lr, momentum=0.9), {"theta": np.ones(1)}
    for _ in range(4000):
        rule.update(params, {"theta": 2 * params["theta"]})
        if abs(params["theta"][0]) > 100:
            return True
    return False


def limit(make):
    low, high = 0.1, 1.0
    while high - low > 1e-5:
        middle = (low + high) / 2
        low, high = (low, middle) if diverges(make, middle) else (middle, high)
    return low


def nesterov():
    pages, ours = (walk(make(lr=0.1, momentum=0.9), 3, np.ones_like, (0.0,))[1:, 0]
                   for make in (NESTEROV, rules.Nesterov))  # fmt: skip
    return 0.1, 0.9, *pages, *ours, limit(NESTEROV), limit(rules.Nesterov)


def adam():
    """The paper's second form is Algorithm 1 with ε = ε̂/√(1 − β₂ᵗ), another one at each call."""
    algorithm_1 = rules.Adam(lr=0.3)
    update = algorithm_1.update

    def second_form(params, grads):
        algorithm_1.eps = 1e-7 / np.sqrt(1 - algorithm_1.beta2 ** (algorithm_1.t + 1))
        update(params, grads)

    algorithm_1.update = second_form
    same(ADAM(lr=0.3), algorithm_1)


def question_and_answer():
    same(ANSWERED(), rules.Momentum(lr=0.1, momentum=0.9))


def started_at_the_gradient():
    y = walk(ANSWERED({"v": bowl.gradient(bowl.start)}), 1)[:, 1]
    assert y[1] > y[0] > walk(ANSWERED(), 1)[1, 1]


def pages_function(parameters, gradients, learning_rate, beta=0.9, epsilon=1e-8):
    """The function of the last page, with the gradients that it leaves out."""
    s = 0
    for parameter, gradient in zip(parameters, gradients, strict=True):
        s = beta * s + (1 - beta) * gradient**2
        parameter -= learning_rate * gradient / (np.sqrt(s) + epsilon)


def one_parameter():
    for gradient in (0.01, 1.0, 300.0):
        moved = np.zeros(1)
        pages_function([moved], [np.full(1, gradient)], 0.001)
        assert moved == pytest.approx(-0.001 / np.sqrt(0.1), rel=1e-5)
    return -moved[0], 0.001, 0.9


def one_average_for_all():
    w1, b1 = np.ones((10, 100)), np.zeros((10, 1))
    with pytest.raises(ValueError):
        pages_function([w1, b1], [np.ones(w1.shape), np.ones(b1.shape)], 0.001)
    assert (w1[0, 0] < 1, b1[0, 0]) == (True, 0)
    first, second, alone = np.zeros(1), np.zeros(1), np.zeros(1)
    pages_function([first, second], [np.full(1, 10.0), np.ones(1)], 0.001)
    pages_function([alone], [np.ones(1)], 0.001)
    return -second[0], -alone[0]


def gap():
    with pytest.raises(SyntaxError):
        compile("gradient =  # according to the problem", "page", "exec")


def all_pairs():
    assert ((np.zeros((100, 1)) - np.zeros(100)) ** 2).shape == (100, 100)


# By how a row begins: what computes its numbers; the lesson of its link measures the others.
COMPUTED = {
    "Four panels": four_panels,
    "`mask": mask,
    "Its class `Nesterov`": nesterov,
    "`Adam` with": adam,
    "The question:": question_and_answer,
    "The answer:": started_at_the_gradient,
    "`param - eta*grad": question_and_answer,
    '"Return the gradients': question_and_answer,
    "`s = 0`": one_parameter,
    "One `s`": one_average_for_all,
    "`gradient =`": gap,
    "Its example: 10": all_pairs,
}
NUMBER = re.compile(r"−?\b\d+(?:\.\d+)+")


@pytest.mark.parametrize("begins", COMPUTED)
def test_a_pages_own_lines_give_what_its_row_says(begins):
    [row] = [row for row in ROWS if row[0].startswith(begins)]
    computed = COMPUTED[begins]() or ()
    said = NUMBER.findall(row[1])
    shown = {f"{number:.{places}f}".replace("-", "−") for number in computed for places in range(1, 6)}
    assert [number for number in said if number not in shown] == []


def test_a_number_stands_only_in_a_row_that_is_computed():
    rows = [row for row in ROWS if not any(row[0].startswith(begins) for begins in COMPUTED)]
    assert [row[1] for row in rows if NUMBER.search(row[1])] == []


def headings(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "".join("".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "markdown")
    return [heading.lower() for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]


def test_a_link_names_a_section_of_its_lesson():
    links = re.findall(r"\[\d\d, ([^\]]+)\]\(\.\./(notebooks/\S+)\)", PAGE)
    assert len(links) > 20
    wrong = [
        (name, file) for name, file in links if not any(name.lower() in one for one in headings(ROOT / file))
    ]
    assert wrong == []
