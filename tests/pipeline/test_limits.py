"""Limits from the course's configuration."""

import pytest
from traitlets.config import Config

from autograde.errors import UsageError
from autograde.pipeline.settings import limits_of
from autograde.sandbox import Limits
from verdicts.recording.evidence_bytes import MAX_BYTES


def config(**limits) -> Config:
    found = Config()
    for name, value in limits.items():
        setattr(found.Limits, name, value)
    return found


def test_without_settings_the_defaults_hold():
    assert limits_of(Config(), "06-adam") == Limits()
    assert Limits().evidence_bytes == MAX_BYTES, "as long as a check packs it"


def test_nbgraders_own_timeout_is_honoured():
    found = Config()
    found.Execute.timeout = 7
    assert limits_of(found, "06-adam").cell_seconds == 7.0


def test_an_assignment_may_have_limits_of_its_own():
    found = config(memory_bytes=2**30, of={"07": {"wall_seconds": 900}})
    assert limits_of(found, "07") == Limits(memory_bytes=2**30, wall_seconds=900)
    assert limits_of(found, "06") == Limits(memory_bytes=2**30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"memory": 1},
        {"memory_bytes": -1},
        {"memory_bytes": 4},  # gigabytes were meant
        {"memory_bytes": 10**30},
        {"disk_bytes": 1},
        {"evidence_bytes": 2**23},  # a check packs no more than half of it
        {"processes": "many"},
        {"processes": True},
        {"processes": 10**9},
        {"processes": 1.5},
        {"wall_seconds": float("nan")},
        {"cpu_seconds": float("inf")},
        {"of": 3},
        {"of": {"06": 3}},
    ],
    ids=repr,
)
def test_a_limit_under_which_no_notebook_could_run_is_refused_before_any_is(wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        limits_of(config(**wrong), "06")


def test_a_size_written_as_a_float_is_a_whole_number():
    assert repr(limits_of(config(memory_bytes=2e9), "06").memory_bytes) == "2000000000"
