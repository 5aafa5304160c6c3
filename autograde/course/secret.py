"""The course's secret, and the seed it gives each check of each submission.

The probes of a check are drawn from its seed. The same submission always gives the same seed; nobody can
compute one without the secret, which never leaves the course folder's private part.
"""

import hashlib
import hmac
import os
import secrets

from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.files import put

FILE = "secret"
BYTES = 32


def course_secret(course: Course, graded_before: bool) -> bytes:
    """The course's secret, made at the first use.

    Raises:
        UsageError: it is lost although submissions were graded with it, or it is damaged.
    """
    path = course.private / FILE
    if not path.exists() and graded_before:
        raise UsageError(
            f"{path} is lost: the same submissions would meet other probes now. Put it back from "
            f"a backup, or accept new probes with: mkdir -p {path.parent} && head -c {BYTES} "
            f"/dev/urandom > {path}"
        )
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(path, secrets.token_bytes(BYTES), 0o600)
        os.chmod(path, 0o600)
        secret = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. The grader keeps its secret there.") from error
    if len(secret) != BYTES:
        raise UsageError(f"{path} is damaged: {len(secret)} bytes instead of {BYTES}.")
    return secret


def seed_of(secret: bytes, student: str, assignment: str, grade_id: str, digest: str) -> int:
    """The seed, 0 .. 2**63 − 1, of one check of one submitted notebook (`digest`: its SHA-256, hex)."""
    fields = [student, assignment, grade_id, digest]
    message = b"".join(len(field.encode()).to_bytes(8) + field.encode() for field in fields)
    # `hmac.digest` would let other threads run first, each time.
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:8]) >> 1
