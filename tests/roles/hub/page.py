"""What docs/hub.md says: the hub's configuration, and what to type for a hub without a shared folder."""

import re
import textwrap
from pathlib import Path

from support import ROOT

PAGE = (ROOT / "docs" / "hub.md").read_text(encoding="utf-8")
STUDENTS = "/etc/jupyter-students"
_STEP_4 = PAGE[PAGE.index("4. **") : PAGE.index("5. **")]
# Its blocks: of jupyterhub_config.py, and what students do not see.
_HUB, _NOT_SEEN = (
    textwrap.dedent(block)
    for block in re.findall(r"(?:^(?: {8}.*)?\n)+", _STEP_4, re.MULTILINE)
    if block.strip()
)
_LINK = PAGE[PAGE.index("## Without a shared folder: a link") :]
_FIRST, _NEXT = re.findall(r"(?:^    .*\n)+", _LINK, re.MULTILINE)[:2]
NGSHARE = "\n".join(re.findall(r"^    (.*\bconfigureExchange\b.*)$", PAGE, re.MULTILINE))
LINK = re.search(r"^    https://HUB(/.*)$", PAGE, re.MULTILINE)[1]
ADDRESS = re.search(r"git remote add origin (\S+)", _FIRST)[1]
REPOSITORY = ADDRESS.rpartition("/")[2]
LESSON = re.search(r"git add (\S+)", _FIRST)[1]


def first_lines(address: str) -> str:
    """The lines that push the first lesson, with this address."""
    return "set -e\n" + _FIRST.replace(ADDRESS, address)


def next_lines(lesson: str) -> str:
    """The lines that push a later lesson."""
    return "set -e\n" + _NEXT.replace(re.search(r"git add (\S+)", _NEXT)[1], lesson)


def of_the_hub(bin_: Path, students: Path) -> str:
    """Step 4's part of jupyterhub_config.py, with the test's folders; what students do not see lies there."""
    settings = students / "labconfig" / "page_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(_NOT_SEEN)
    return _HUB.replace("/opt/hub/bin", str(bin_)).replace(STUDENTS, str(students))
