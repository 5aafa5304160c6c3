"""Lesson 04's functions: right ones pass however written, each likely slip loses its own criterion."""

from verdicts.judging import run


def surprise(calls, usual, big):
    """The calm is played call by call."""
    h = 0.0
    for g in [usual] * calls + [big]:
        h += g * g
        step = -g / h**0.5
    return step


def test_numbers_that_differ_look_different():
    verdict = run("adagrad/after-a-calm", lambda *problem: surprise(*problem) * (1 + 3e-9))
    said = verdict.criteria[0].message
    yours, _, expected = said.partition("yours ")[2].partition(", expected ")
    assert yours != expected, said
