"""How long a student's code may take: computing counts, a busy machine does not."""

import signal
import time

import pytest

from verdicts.judging import run
from verdicts.recording.time_limit import MIN_COMPUTED_SECONDS, TimeLimitError, _Clocks, time_limit


def endless():
    while True:
        pass


def test_a_sleep_is_stopped_by_the_clock():
    begun = time.monotonic()
    with pytest.raises(TimeLimitError), time_limit(60, wall=0.2):
        time.sleep(30)
    assert time.monotonic() - begun < 20


def test_a_sleep_is_stopped_when_nothing_was_computed_for_the_time_allowed():
    with pytest.raises(TimeLimitError, match="computed nothing") as stopped, time_limit(60, idle=0.3):
        time.sleep(30)
    assert stopped.value.waited


def test_a_loop_without_end_is_stopped_and_told_of_computing_and_not_of_waiting():
    with pytest.raises(TimeLimitError, match="of computing") as stopped, time_limit(0.2, idle=30):
        endless()
    assert not stopped.value.waited


def test_waiting_for_a_busy_machine_is_not_computing():
    with time_limit(0.2):
        time.sleep(0.6)


def test_a_thread_that_gets_a_slice_of_a_busy_processor_now_and_then_is_not_idle():
    clocks = _Clocks(seconds=5, idle=5, wall=60)
    begun, computed = clocks.begun, clocks.computed
    for second in range(1, 50):
        slices = (second // 4) * 2 * MIN_COMPUTED_SECONDS  # two slices every four seconds
        assert clocks.over(begun + second, computed + slices, slices) is None
    assert clocks.over(begun + 54, computed + slices, slices) == (5, True)


def test_an_answer_that_sleeps_costs_five_seconds_and_says_what_it_did():
    class Sleeps:
        def __init__(self, lr):
            time.sleep(60)

    verdict = run("sgd/update", Sleeps)
    assert "did not finish: stopped after 5 seconds in which it computed nothing" in verdict.cause
    assert "time.sleep(60)" in verdict.cause


def test_an_interrupt_of_a_person_stays_theirs():
    with pytest.raises(KeyboardInterrupt), time_limit(60):
        raise KeyboardInterrupt


def test_a_program_in_the_background_which_ignores_interrupts_is_stopped_too():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(TimeLimitError), time_limit(0.2):
            endless()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
