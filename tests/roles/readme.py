"""README's lines that people type, and who types each in these tests, word for word.

A line is what is indented by four spaces outside a block of code, up to its comment, and what is between
backticks and begins with `pip`, `autograde` or `make`.
"""

import re

from support import ROOT

TYPED = re.compile(r"^    (\S.*?)(?:\s+#.*)?$|`((?:pip|autograde|make) [^`]+)`", re.MULTILINE)

STUDENT_INSTALLS = ("pip install '.[lab]'", "pip install 'descentlab-0.1.0-py3-none-any.whl[lab]'")
STUDENT_WAITS = ("autograde lab",)  # typed with --no-start, and once as it is, with its server looked at
TEACHER_INSTALLS = ("pip install '.[grader]'",)
NEW_COURSE = "autograde new course adam-2026"
RELEASE = "autograde release --all"
TEACHER = (
    "autograde grade 06-adam",
    "autograde explain 06-adam s05",
    "autograde feedback 06-adam",
    "autograde report 06-adam",
    'autograde export 06-adam --format canvas --template canvas.csv --column "HW6 (1234)"',
    "autograde doctor",
)
TEACHER_WAITS = ("autograde lab --teacher",)
# What other tests do, or what does these tests.
ELSEWHERE = {
    "make demo": "tests/roles/test_locations.py",
    "make demo STUDENTS=3": "tests/roles/test_locations.py",
    "source .venv/bin/activate": "tests/roles/test_locations.py: it is printed, and typed",
    "python3 -m venv env": "each role's environment is made so",
    "source env/bin/activate": "the same line for another folder",
    "cd adam-2026": "the lines below it are typed there",
    "make test": "runs these tests",
    "make quick": "runs some of these tests",
    "make journeys": "runs some of these tests",
    "make test-all": "runs all of these tests",
    "make pages": "tests/rules, tests/diagnosis and tests/test_imports.py: the pages are what it makes",
    "autograde site public": "tests/roles/test_site_builder.py and tests/browser/test_site.py",
    "autograde selftest --hostile": "tests/sandbox/test_hostile.py: the same suite",
}


def lines() -> set[str]:
    """Every line that README tells people to type."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = TYPED.findall(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    return {indented or inline for indented, inline in found}
