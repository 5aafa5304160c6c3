"""README's lines that students and teachers type, word for word."""

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
