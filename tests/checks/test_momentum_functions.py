"""The momentum lesson's function checks: right answers pass at every seed, likely slips lose their share."""

import re

import pytest

from verdicts.judging import run


def test_a_verdict_names_the_first_wrong_part_and_the_arguments_to_try():
    cause = run("momentum/ball", lambda m, c, h: (h / (m + c), 1.5)).cause
    found = re.fullmatch(
        r"Ball 1 \(mass = (\S+), friction = (\S+), h = (\S+)\), "
        r"η: yours \S+, expected (\S+)",
        cause,
    )
    assert found, cause
    m, c, h, lr = map(float, found.groups())
    assert h**2 / (m + c * h) == pytest.approx(lr, rel=1e-4)


def test_arguments_that_are_no_numbers_are_not_listed():
    verdict = run("momentum/limit", lambda mu, curvatures: 1.0 + curvatures[0])
    assert verdict.criteria[0].message.startswith("μ = 0: yours ")
    assert verdict.cause.startswith("μ = 0: yours "), "a symbol has no capital letter"
