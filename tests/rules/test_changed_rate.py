"""A learning rate changed between two steps acts as it does in each framework.

The recorded runs have constant rates; what the frameworks do with a changed one was tried apart, see the
README of tests/golden. Here g = 1 at all times, η = 0.1 in the first step and 0.01 in the second, μ = 0.9.
"""

import numpy as np
import pytest
from forms import FORMS

from descentlab.rules import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, RMSpropGraves

SLOW = (0.1, 0.1)  # v = 0.9 · 0.1 + 0.01: the old rate lives on in the velocity
AT_ONCE = (0.1, 0.019)  # 0.01 · (0.9 + 1)
NESTEROV_SLOW = (0.19, 0.1)
NESTEROV_AT_ONCE = (0.19, 0.0271)  # 0.01 · (0.9 · 1.9 + 1)

FORM_STEPS = {
    "momentum-rate-outside": AT_ONCE,
    "momentum-averaged": (0.01, 0.0019),
    "nesterov-rate-outside": NESTEROV_AT_ONCE,
    "nesterov-new-velocity": (0.271, 0.1),
    # With a decay of 0 and no ε, g / √n is 1: what is left is the momentum after RMSprop.
    "graves-not-centered": SLOW,
    "graves-not-centered-from-1": SLOW,
    "graves-not-centered-eps-outside": AT_ONCE,
    "graves-not-centered-nesterov": NESTEROV_SLOW,
}


def two_steps(rule):
    params, steps = {"x": np.zeros(1)}, []
    for lr in (0.1, 0.01):
        before = params["x"].copy()
        rule.lr = lr
        rule.update(params, {"x": np.ones(1)})
        steps.append((before - params["x"])[0])
    return steps


@pytest.mark.parametrize(("form", "wanted"), FORM_STEPS.items())
def test_a_changed_rate_acts_as_in_the_frameworks_that_have_the_form(form, wanted):
    made = FORMS[form].make(lr=0.1, momentum=0.9, decay=0.0, eps=0.0)
    assert two_steps(made) == pytest.approx(wanted, rel=1e-12)


def test_the_plain_rules_keep_the_rate_in_the_velocity():
    assert two_steps(SGD()) == pytest.approx((0.1, 0.01))
    assert two_steps(Momentum()) == pytest.approx(SLOW)
    assert two_steps(Nesterov()) == pytest.approx(NESTEROV_SLOW)
    assert two_steps(AdaGrad(eps=0.0)) == pytest.approx((0.1, 0.01 / np.sqrt(2)))
    assert two_steps(RMSprop(decay=0.0, eps=0.0)) == pytest.approx((0.1, 0.01))
    assert two_steps(RMSpropGraves(decay=0.9, eps=0.01)) == pytest.approx(
        (0.1 / np.sqrt(0.1), 0.9 * 0.1 / np.sqrt(0.1) + 0.01 / np.sqrt(0.19 - 0.19**2 + 0.01)), rel=1e-12
    )
    assert two_steps(Adam(eps=0.0)) == pytest.approx((0.1, 0.01))
