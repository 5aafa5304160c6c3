"""The filter of system calls, run in an interpreter of its instructions, against `system_calls.txt` and `calls_by_argument.txt`.

The numbers there are the kernel's own (asm/unistd_64.h for x86-64, asm-generic/unistd.h for aarch64), and none is
taken from the filter: a call that it forgets is missed here.
"""

import errno
import os
import struct
from ast import literal_eval
from pathlib import Path

import pytest

from autograde.sandbox.inside import seccomp

TOKENS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINES = list(TOKENS)
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
LAST_KNOWN = 462  # mseal; 463 is setxattrat

UNIX = 1


def answered(
    code: bytes, machine: str, number: int, arguments: tuple[int, ...] = (), token: int | None = None
) -> int | None:
    """What the kernel would answer this call: None (it is carried out), an error's number, or KILL.

    `token` names the table of another machine.
    """
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack(
        "<IIQ6Q", number, token if token is not None else TOKENS[machine], 0x7F0000000000, *values
    )
    accumulator, line = 0, 0
    while True:
        operation, yes, no, value = struct.unpack_from("<HBBI", code, 8 * line)
        line += 1
        if operation == 0x06:  # return
            if value in (ALLOW, KILL):
                return KILL if value == KILL else None
            assert value & 0xFFFF0000 == ERROR, f"{value:x}"
            return value & 0xFFFF
        if operation == 0x20:  # load a word
            [accumulator] = struct.unpack_from("<I", data, value)
            continue
        holds = {
            0x15: accumulator == value,
            0x25: accumulator > value,
            0x45: bool(accumulator & value),
        }[operation]
        line += yes if holds else no


TABLE, BY_ARGUMENT = (
    Path(__file__).with_name(f"{name}.txt").read_text().splitlines()[1:]
    for name in ("system_calls", "calls_by_argument")
)


def numbers(machine: str, *answers: str) -> dict[str, int]:
    """The calls that a machine has and that are answered so, by their names."""
    rows = [line.split(maxsplit=3) for line in TABLE]
    column = 1 + MACHINES.index(machine)
    return {row[0]: int(row[column]) for row in rows if row[3] in answers and row[column] != "-"}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("calls", "answer"), [("refused", errno.EPERM), ("no such call", errno.ENOSYS), ("done", 0)]
)
@pytest.mark.parametrize("alone_with", [None, 4321])
def test_each_call_of_the_list_is_answered_without_the_kernel(machine, calls, answer, alone_with):
    code = seccomp.program(machine, alone_with)
    given = {name: answered(code, machine, number) for name, number in numbers(machine, calls).items()}
    assert given
    assert given == dict.fromkeys(given, answer)


@pytest.mark.parametrize("machine", MACHINES)
def test_only_a_box_that_confines_itself_with_landlock_may_ask_for_it(machine):
    for confining, answer in ((False, errno.ENOSYS), (True, None)):
        code = seccomp.program(machine, confining=confining)
        for number in numbers(machine, "no such call once confined").values():
            assert answered(code, machine, number) == answer


@pytest.mark.parametrize("machine", MACHINES)
def test_without_namespaces_modes_owners_and_sockets_are_refused_too(machine):
    shared, own = seccomp.program(machine, 4321), seccomp.program(machine)
    for name, number in numbers(machine, "refused without namespaces").items():
        assert answered(shared, machine, number, (UNIX,)) == errno.EPERM, name
        assert answered(own, machine, number, (UNIX,)) is None, name


@pytest.mark.parametrize("machine", MACHINES)
def test_without_namespaces_signals_reach_the_caller_alone(machine):
    code = seccomp.program(machine, 4321)
    for number in numbers(machine, "by process").values():
        given = [answered(code, machine, number, (pid, 9)) for pid in (0, 4321, 1, 2**32 - 1, 4322)]
        assert given == [None, None, *[errno.EPERM] * 3]


@pytest.mark.parametrize("machine", MACHINES)
def test_without_namespaces_a_file_is_emptied_only_by_who_opens_it_to_write(machine):
    """Landlock's first two versions let who may read a file empty it."""
    shared, own = seccomp.program(machine, 4321), seccomp.program(machine)
    emptying, creating = 0o1000, 0o100
    for name, number in numbers(machine, "by mode").items():
        for mode in range(4):
            for more in (0, creating, 0o2000000):
                arguments = (*[0] * (1 if name == "open" else 2), emptying | mode | more)
                wanted = None if mode in (1, 2) else errno.EPERM
                assert answered(shared, machine, number, arguments) == wanted, (name, mode, more)
                assert answered(own, machine, number, arguments) is None
                without = (*arguments[:-1], mode | more)
                assert answered(shared, machine, number, without) is None
    (number,) = numbers(machine, "no such call without namespaces").values()
    assert answered(shared, machine, number) == errno.ENOSYS
    assert answered(own, machine, number) is None


@pytest.mark.parametrize("machine", MACHINES)
def test_a_call_is_refused_by_its_arguments(machine):
    code, known = seccomp.program(machine), numbers(machine, "by argument")
    for line in BY_ARGUMENT:
        answer, call, *words = line.partition("#")[0].split()
        wanted = (vars(errno) | {"-": None, "0": 0})[answer]
        assert answered(code, machine, known[call], [int(word, 0) for word in words]) == wanted, line


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_that_is_in_no_list_is_allowed(machine):
    free = {"by process", "by mode"}
    listed = numbers(machine, *{line.split(maxsplit=3)[3] for line in TABLE} - free).values()
    code = seccomp.program(machine, 4321)
    refused = {number for number in range(LAST_KNOWN + 1) if answered(code, machine, number) is not None}
    assert refused - set(listed) == set()


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_is_allowed_that_is_newer_than_the_list(machine):
    code = seccomp.program(machine)
    assert answered(code, machine, LAST_KNOWN) is None
    newer = [LAST_KNOWN + 1, LAST_KNOWN + 2, 499, 500, 900, 2**31 - 1]
    assert [answered(code, machine, number) for number in newer] == [errno.ENOSYS] * len(newer)


def test_no_call_of_the_x32_table_is_allowed():
    code = seccomp.program("x86_64")
    for number in (0, 39, 101, 520, LAST_KNOWN + 1):
        assert answered(code, "x86_64", 0x40000000 | number) == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_a_call_from_another_machines_table_ends_the_process(machine):
    code = seccomp.program(machine)
    for token in (0x40000003, 0x40000028, 0, *(TOKENS[other] for other in MACHINES if other != machine)):
        assert answered(code, machine, 39, token=token) == KILL


def test_a_jump_that_no_instruction_can_hold_is_said():
    code = seccomp.Code()
    code.put(seccomp.JUMP_EQUAL, 1, yes="far")
    for _ in range(256):
        code.put(seccomp.RETURN, seccomp.ALLOW)
    code.label("far")
    with pytest.raises(OverflowError, match="instruction 0"):
        code.assembled()


MAKE_CALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
answers = {}
for name, number in CALLS.items():
    ctypes.set_errno(0)
    got = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
    answers[name] = ctypes.get_errno() if got == -1 else got
print(answers)
"""


def test_a_box_gives_these_answers(run):
    """The interpreter above and the kernel say the same."""
    machine = os.uname().machine
    no_such_call = "no such call", "no such call once confined"
    wanted = dict.fromkeys(numbers(machine, "refused"), errno.EPERM)
    wanted |= dict.fromkeys(numbers(machine, *no_such_call), errno.ENOSYS)
    wanted |= dict.fromkeys(numbers(machine, "done"), 0) | {"the next": errno.ENOSYS}
    calls = numbers(machine, "refused", "done", *no_such_call) | {"the next": LAST_KNOWN + 1}
    result = run(MAKE_CALLS.replace("CALLS", repr(calls)))
    assert literal_eval(result.cells[0].outputs[0]["text"]) == wanted
