"""How long a student's code may take: computing counts, a busy machine does not."""

import signal
import time

import pytest

from descentlab.checks.recording.time_limit import TimeLimitError, time_limit


def endless():
    while True:
        pass


def test_a_loop_without_end_is_stopped():
    with pytest.raises(TimeLimitError), time_limit(0.2):
        endless()


def test_a_sleep_is_stopped_by_the_clock():
    begun = time.monotonic()
    with pytest.raises(TimeLimitError), time_limit(60, wall=0.2):
        time.sleep(30)
    assert time.monotonic() - begun < 20


def test_waiting_for_a_busy_machine_is_not_computing():
    with time_limit(0.2):
        time.sleep(0.6)


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
