"""A small program tried on this machine: its answer, which was not to be had where somebody ended it.

A layer of the sandbox is taken for missing only where the machine refuses it. A trial that was killed, or got
no time, says nothing: it is repeated, and if it never ends by itself nothing is concluded from it.
"""

import errno
import signal
import subprocess
from collections.abc import Sequence

from autograde.sandbox.protocol import SandboxError

TRIES = 3
SECONDS = 30
FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
NO_ROOM = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


class UndecidedError(SandboxError):
    """A trial never ended by itself: neither "it works" nor "it is refused"."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}. Nothing is known of this machine's isolation then; run the command again "
            "when it has room."
        )


def ended_from_outside(status: int) -> bool:
    """Whether an exit status is that of a program, or of the one it waited for, that somebody killed."""
    return any(status in (-number, 128 + number) for number in FROM_OUTSIDE)


def try_program(what: str, words: Sequence[str], pass_fds: Sequence[int] = ()) -> subprocess.CompletedProcess:
    """Run a program to its own end, again where it was killed, took too long or found no room to start.

    Raises:
        UndecidedError: it never came to its own end.
        OSError: it cannot be started here at all.
    """
    why = ""
    for _ in range(TRIES):
        try:
            done = subprocess.run(
                words, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, pass_fds=pass_fds
            )
        except subprocess.TimeoutExpired:
            why = f"the trial of {what} gave no answer in {SECONDS} seconds, {TRIES} times"
            continue
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            why = f"the trial of {what} could not be started ({error.strerror}), {TRIES} times"
            continue
        if not ended_from_outside(done.returncode):
            return done
        why = f"the trial of {what} was killed, {TRIES} times"
    raise UndecidedError(why)
