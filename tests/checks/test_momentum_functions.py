"""The momentum lesson's function checks: right answers pass at every seed, likely slips lose their share."""

import re

import pytest

from verdicts.judging import run


def from_ball(m, c, h):
    return h**2 / (m + c * h), m / (m + c * h)


def test_a_verdict_names_each_wrong_part_and_the_arguments_to_try():
    cause = run("momentum/ball", lambda m, c, h: (h / (m + c), 1.5)).numbers
    found = re.fullmatch(
        r"Ball 1 \(mass = (\S+), friction = (\S+), h = (\S+)\): "
        r"your η \S+, expected (\S+); your μ 1.5, expected (\S+)",
        cause,
    )
    assert found, cause
    m, c, h, lr, mu = map(float, found.groups())
    assert from_ball(m, c, h) == pytest.approx((lr, mu), rel=1e-4)


def test_arguments_that_are_no_numbers_are_not_listed():
    verdict = run("momentum/limit", lambda mu, curvatures: 1.0 + curvatures[0])
    assert verdict.criteria[0].message.startswith("μ = 0: yours ")
    assert verdict.numbers.startswith("μ = 0: yours "), "a symbol has no capital letter"
