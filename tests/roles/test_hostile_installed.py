"""The whole hostile suite from the built wheel, not editable, in each tier.

`make test` attacks from the clone, in this machine's best tier.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from roles.installed import as_ordinary, is_root

SUITE_SECONDS = 3600
LOWEST_CASES = 250  # a suite that lost its cases holds, too


def run_suite(teacher, tier: int, path: str, ordinary: bool) -> None:
    """Run `autograde selftest --hostile`, which has to say that it attacked in `tier` and that all hold."""
    done = subprocess.run(
        [teacher.bin / "autograde", "selftest", "--hostile"],
        cwd=teacher.home,
        env=teacher.variables() | {"PATH": path, "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SUITE_SECONDS,
        **(as_ordinary() if ordinary else {}),
    )
    told = re.match(r"isolation tier (\d): .*; (\d+) attacks", done.stdout)
    assert told, done.stdout[-2000:] + done.stderr[-2000:]
    assert int(told[1]) == tier
    assert int(told[2]) >= LOWEST_CASES
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if "BROKEN" in line)
    print(done.stdout.splitlines()[-1])


@pytest.mark.needs("packages")
@pytest.mark.needs("bubblewrap")
@pytest.mark.timeout(SUITE_SECONDS + 60)
def test_as_root_no_attack_gets_through_in_tier_3(teacher):
    if not is_root():
        pytest.skip("not run: tier 3 needs a control group: run it as root")
    run_suite(teacher, 3, teacher.variables()["PATH"], ordinary=False)


@pytest.mark.needs("packages")
@pytest.mark.needs("bubblewrap")
@pytest.mark.timeout(SUITE_SECONDS + 60)
def test_as_an_ordinary_user_no_attack_gets_through_in_tier_2(teacher):
    run_suite(teacher, 2, teacher.variables()["PATH"], ordinary=True)


@pytest.mark.needs("packages")
@pytest.mark.timeout(SUITE_SECONDS + 60)
def test_without_bubblewrap_no_attack_gets_through_in_tier_1(teacher):
    programs = Path(teacher.base, "programs")
    programs.mkdir()
    for program in Path("/usr/bin").iterdir():
        if program.name != "bwrap":
            os.symlink(program, programs / program.name)
    run_suite(teacher, 1, f"{teacher.bin}:{programs}", ordinary=True)
