"""When numbers agree: one set of tolerances, and one rule for NaN and infinity."""

import numpy as np
import pytest

from descentlab.rule_diagnosis.probe_table import array_tolerance, number_tolerances
from verdicts import agreement

NAN, INF = float("nan"), float("inf")


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize("odd", [NAN, INF, -INF])
@pytest.mark.parametrize("kind", [float, np.float64, lambda x: np.array([x])])
def test_a_number_that_is_none_is_never_right(odd, kind):
    for expected in (0.0, 1.0, odd):
        assert not np.all(agreement.within(kind(odd), kind(expected), 1e300))


def test_nan_and_infinity_are_the_same_as_themselves_alone():
    ends = np.array([NAN, INF, -INF, 1.0])
    for i, one in enumerate(ends):
        assert agreement.same(np.full(4, one), ends, 1e-9).tolist() == [i == j for j in range(4)]


def test_a_right_array_may_be_off_by_a_billionth_of_its_longest_way():
    start, path = np.array([1.0, 1.0]), np.array([[2.0, 1.0], [3.0, 1.0]])
    allowed = array_tolerance(path, start)
    assert allowed == pytest.approx(2e-9, rel=1e-3)
    assert agreement.within(path + 1.9e-9, path, allowed).all()
    assert not agreement.within(path + 2.1e-9, path, allowed).any()


def test_what_is_to_be_the_same_is_held_to_each_coordinates_own_way_so_far():
    start = np.array([1.0, 1.0])
    path = np.array([[2.0, 1.0], [3.0, NAN], [1.5, 1.0]])
    allowed = number_tolerances(path, start)
    assert allowed[:, 0] == pytest.approx([1e-9, 2e-9, 2e-9], rel=1e-3)
    assert (allowed[:, 1] < 1e-13).all()  # a coordinate that does not move has rounding alone
    assert (allowed > 0).all()


def test_a_result_is_held_to_its_largest_finite_number():
    expected = np.array([1.0, -200.0, NAN, INF])
    assert agreement.result_tolerance(expected, 1e-3, 0.5) == 0.5 + 0.2
    assert agreement.result_tolerance(np.array([]), 1e-3, 0.5) == 0.5


def test_one_value_is_common_only_to_six_digits():
    assert agreement.common_value(np.array([2.0, 2.0 + 1e-6])) == pytest.approx(2.0)
    assert agreement.common_value(np.array([2.0, 2.0 + 3e-6])) is None
    assert agreement.common_value(np.array([2.0, NAN])) is None
