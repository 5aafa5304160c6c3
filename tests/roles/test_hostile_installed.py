"""The whole hostile suite from the built wheel, not editable, in each tier.

`make test` attacks from the clone, in this machine's best tier.
"""

import re
import subprocess

import pytest

from roles.installed import as_ordinary, is_root

SUITE_SECONDS = 3600
LOWEST_CASES = 250  # a suite that lost its cases holds, too


BOXED = pytest.mark.needs("bubblewrap")


@pytest.mark.needs("packages")
@pytest.mark.timeout(SUITE_SECONDS + 60)
@pytest.mark.parametrize(
    "tier",
    [
        pytest.param(3, id="as root in tier 3", marks=BOXED),
        pytest.param(2, id="as an ordinary user in tier 2", marks=BOXED),
        pytest.param(1, id="without bubblewrap in tier 1"),
    ],
)
def test_no_attack_gets_through(teacher, programs, tier):
    if tier == 3 and not is_root():
        pytest.skip("not run: tier 3 needs a control group: run it as root")
    variables = teacher.variables() | {"COLUMNS": "200"}
    if tier == 1:
        variables["PATH"] = f"{teacher.bin}:{programs}"
    done = subprocess.run(
        [teacher.bin / "autograde", "selftest", "--hostile"],
        cwd=teacher.home,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SUITE_SECONDS,
        **({} if tier == 3 else as_ordinary()),
    )
    told = re.match(r"isolation tier (\d): .*; (\d+) attacks", done.stdout)
    assert told, done.stdout[-2000:] + done.stderr[-2000:]
    assert int(told[1]) == tier
    assert int(told[2]) >= LOWEST_CASES
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if "BROKEN" in line)
    print(done.stdout.splitlines()[-1])
