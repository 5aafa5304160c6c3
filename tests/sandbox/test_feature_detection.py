"""A trial of the isolation that somebody ended says nothing: it is repeated, and never lowers the tier."""

import errno
import os
import subprocess
import time
from contextlib import suppress

import psutil
import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.sandbox import Pool, SandboxError, best_tier, program, tiers

TRIALS = {
    "bubblewrap": tiers.try_bubblewrap,
    "seccomp": tiers.try_seccomp,
    "the control group": tiers.try_cgroup,
    "Landlock": tiers.try_landlock,
}


@pytest.fixture(autouse=True)
def _asked_anew():
    best_tier.cache_clear()
    yield
    best_tier.cache_clear()


class Instead:
    """In place of a room's `subprocess`: the same but for what is given."""

    def __init__(self, **given) -> None:
        vars(self).update(given)

    def __getattr__(self, name):
        return getattr(subprocess, name)


class Killer(Instead):
    """The first trial of each program is killed, or a process that it started."""

    def __init__(self, whom: str) -> None:
        self.whom, self.killed = whom, []

    def run(self, words, *, capture_output, timeout, stdin, pass_fds):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started = subprocess.Popen(words, stdin=stdin, pass_fds=pass_fds, **pipes)
        if tuple(words) not in self.killed:
            self.killed.append(tuple(words))
            self._kill(started)
        out, err = started.communicate(timeout=timeout)
        return subprocess.CompletedProcess(words, started.returncode, out, err)

    def _kill(self, started):
        victim = psutil.Process(started.pid)
        with suppress(psutil.NoSuchProcess):
            if self.whom == "what it started":
                deadline = time.monotonic() + 5
                while not victim.children() and started.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.0005)
                victim = (victim.children(recursive=True) or [victim])[-1]
            victim.kill()


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("whom", ["the trial", "what it started"])
def test_a_killed_trial_does_not_lower_the_tier(whom, monkeypatch):
    undisturbed = best_tier()
    best_tier.cache_clear()
    killer = Killer(whom)
    monkeypatch.setattr(tiers, "subprocess", killer)
    assert best_tier() == undisturbed
    assert len(killer.killed) >= 3


@pytest.mark.parametrize("ending", ["kill -9 $$", "kill -15 $$", "exit 137"])
@pytest.mark.parametrize("layer", TRIALS)
def test_a_layer_whose_trial_is_always_killed_is_neither_there_nor_missing(layer, ending, monkeypatch):
    tried = []

    def killed(words, **options):
        tried.append(words)
        return subprocess.run(["/bin/sh", "-c", ending], **{**options, "pass_fds": ()})

    monkeypatch.setattr(tiers, "subprocess", Instead(run=killed))
    if layer == "the control group" and not _has_group():
        assert not TRIALS[layer]().usable
        return
    with pytest.raises(program.UndecidedError, match=rf"{layer} was killed, 3 times.*run the command again"):
        TRIALS[layer]()
    assert len(tried) == program.TRIES


def _has_group() -> bool:
    try:
        tiers.cgroup.ControlGroup.create().remove()
    except tiers.cgroup.NoGroupError:
        return False
    return True


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (subprocess.TimeoutExpired("bwrap", 30), "gave no answer in 30 seconds"),
        (OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)), "could not be started"),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), "could not be started"),
    ],
)
def test_a_machine_without_time_or_room_for_a_trial_is_not_one_without_a_sandbox(fault, said, monkeypatch):
    def refused(*_, **__):
        raise fault

    monkeypatch.setattr(tiers, "subprocess", Instead(run=refused))
    with pytest.raises(SandboxError, match=said):
        Pool()
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert said in result.output
    assert len(result.output.splitlines()) == 1


def test_a_program_that_is_refused_is_refused_at_once(monkeypatch):
    def missing(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "bwrap")

    monkeypatch.setattr(tiers, "subprocess", Instead(run=missing))
    with pytest.raises(PermissionError):
        tiers.try_program("bubblewrap", ["bwrap"])


def test_an_answer_is_taken_the_first_time():
    done = tiers.try_program("a layer", ["/bin/sh", "-c", "echo no >&2; exit 1"])
    assert (done.returncode, done.stderr) == (1, b"no\n")


AS_ROOT = pytest.mark.skipif(
    not program.needs_identity(), reason="not run: a second identity is root's: sudo pytest"
)


class Helpers(Instead):
    """The first `many` helpers are killed once they began."""

    def __init__(self, many: int) -> None:
        self.left = many

    def Popen(self, words, **options):  # noqa: N802
        if self.left:
            self.left -= 1
            words = ["/bin/sh", "-c", "kill -9 $$"]
        return subprocess.Popen(words, **options)


@AS_ROOT
@pytest.mark.parametrize("many", [1, 2, 3])
def test_a_killed_helper_is_no_machine_that_denies_namespaces(many, monkeypatch):
    monkeypatch.setattr(program, "subprocess", Helpers(many))
    if many < program.TRIES:
        os.close(program.make_identity())
        return
    with pytest.raises(program.UndecidedError, match="killed, 3 times"):
        program.make_identity()


@AS_ROOT
def test_without_the_program_of_util_linux_no_identity_is_made(monkeypatch):
    monkeypatch.setattr(program, "UNSHARE", "no such program")
    with pytest.raises(SandboxError, match="no such program could not be started"):
        program.make_identity()


@AS_ROOT
def test_a_second_identity_is_mapped():
    namespace = program.make_identity()
    try:
        words = ["nsenter", f"--user=/proc/self/fd/{namespace}", "cat", "/proc/self/uid_map"]
        done = subprocess.run(words, pass_fds=[namespace], capture_output=True, text=True)
    finally:
        os.close(namespace)
    root, other = done.stdout.splitlines()
    assert root.split() == ["0", "0", "1"]
    assert other.split()[::2] == [str(program.NOBODY), "1"]
    assert int(other.split()[1]) >= program.FIRST_ID
