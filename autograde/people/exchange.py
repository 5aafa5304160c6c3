"""nbgrader's folder exchange: only folders that belong to the student in their name are collected.

Anyone may write into `inbound/`, and chooses a folder's name and contents, `timestamp.txt` included. Its owner
and the time of its last change come from the system.
"""

import os
import pwd
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import capture_log, temp_attrs

from autograde.book import class_results
from autograde.book.gradebook import course_gradebook, opened_gradebook
from autograde.book.roster import read_roster
from autograde.course import assignments, configuration, submission_files
from autograde.course.course import Course, log
from autograde.entries import matching, wording
from autograde.entries.entry import Submission
from autograde.errors import AutogradeError, NeedsReviewError, UsageError
from autograde.people import collect, download
from autograde.scratch import scratch_folder
from autograde.untrusted.names import is_student, printable, shell_word
from autograde.untrusted.timestamp import OddTimestampError, read_timestamp

CLOCK_TOLERANCE = timedelta(minutes=10)  # the largest difference between a folder's name and its last change
NO_TIME = datetime.min
UNCHECKED = "write into nbgrader_config.py: c.ExchangeCollect.check_owner = False"
OWNERS_UNCHECKED = "if all students are one user, owners cannot be checked: anyone can submit as anyone else"


class OwnedCollect(ExchangeCollect):
    """nbgrader's collecting, for `autograde collect` and `nbgrader collect` alike.

    `lines` and `problems` list what was collected and what was not. Folders in `accepted` are collected
    regardless of their owner; with `c.ExchangeCollect.check_owner = False` all are.
    """

    accepted: Sequence[str] = ()
    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """Choose each student's latest folder.

        Raises:
            ExchangeError: there is no such course, or its inbound/ cannot be read.
        """
        self.lines, self.problems = [], []
        self.owners = set()  # of folders that are refused
        self.course = Course(Path(self.coursedir.root), self.config, self.coursedir)
        try:
            with opened_gradebook(self.course) as gradebook:
                roster = read_roster(gradebook) or {}
        except AutogradeError as error:
            self.fail(str(error))
        self.logins = {student: person.login or student for student, person in roster.items()}
        self.ids = {login: student for student, login in self.logins.items()}
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def copy_files(self) -> None:
        """Put them into `submitted/`, each whole or not at all.

        Raises:
            ExchangeError: something was not collected, or a time is in doubt.
        """
        update = self.update or self.before_duedate
        collected = collect.Collection(
            self.course, self.coursedir.assignment_id, [], matching.Matcher(None), update, set(), {}, None
        )
        with scratch_folder(self.course.all_submissions, ".collect-") as scratch:
            for record in self.src_records:
                try:
                    student, folder, said = record.values()
                    self._take(student, folder, said, scratch, collected)
                except (AutogradeError, NeedsReviewError, OSError) as reason:
                    self._refuse(record["filename"], reason)
        self.lines += collected.lines()
        if not self.check_owner:
            self.lines.append(OWNERS_UNCHECKED)
        elif len(self.owners - self.ids.keys()) == 1 < len(self.problems) and not collected.states:
            self.problems.append(f"{OWNERS_UNCHECKED}. To take every folder, {UNCHECKED}")
        self.log.info("\n".join(self.lines))
        for line in self.problems:
            self.log.warning(line)
        if self.problems:
            self.fail("Not everything was collected.")

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """A folder by its name: whose it is, None where it is refused, and when it was made."""
        name, assignment = os.path.basename(path), re.escape(self.coursedir.assignment_id)
        login, when = re.fullmatch(rf"(.*)\+{assignment}\+(.*?)(?:\+[^+]*)?", name, re.DOTALL).groups()
        student, said = self.ids.get(login, login), NO_TIME
        with suppress(OddTimestampError):
            said = read_timestamp(when.encode(errors="replace"), configuration.exchange_zone(self.config))
        try:
            self._require_owner(student, name, os.lstat(path))
        except (UsageError, OSError) as reason:
            self._refuse(name, reason)
            student = None
        return {"username": student, "filename": name, "timestamp": said}

    def _require_owner(self, student: str, folder: str, status: os.stat_result, file: str = "it") -> None:
        login, owner = self.logins.get(student, student), f"user {status.st_uid}"  # no login can be that
        with suppress(KeyError):
            owner = pwd.getpwuid(status.st_uid).pw_name
        if not is_student(student):
            raise UsageError("its name does not begin with a student's id")
        if self.check_owner and folder not in self.accepted and owner != login:
            self.owners.add(owner)
            accept = shlex.join(["autograde", "collect", self.coursedir.assignment_id, "--accept", folder])
            raise UsageError(f"{file} belongs to {owner}, not to {login}. To take it anyway: {accept}")

    def _refuse(self, folder: str, reason: Exception) -> None:
        self.problems.append(printable(f"not collected: {folder}: {reason}"))

    def _take(
        self, student: str, folder: str, said: datetime, scratch: Path, collected: collect.Collection
    ) -> None:
        """Collect a folder; the time in its name counts if its last change confirms it."""
        data, changed = self._read(student, folder)
        stamp = "no time" if said == NO_TIME else f"{said} UTC"
        if in_doubt := abs(said - changed) > CLOCK_TOLERANCE:
            stamp += f" by the folder's name, {changed:%Y-%m-%d %H:%M:%S} UTC by its last change"
        data[submission_files.TIMESTAMP] = stamp.encode()
        collected.store(student, data, scratch)
        if in_doubt and collected.states[student] in (collect.NEW, collect.REPLACED):
            file = self.course.folder("submitted", student, collected.assignment) / submission_files.TIMESTAMP
            self.problems.append(f"{student} submitted at {stamp}. No penalty until {file} says one time")

    def _read(self, student: str, folder: str) -> tuple[dict[str, bytes], datetime]:
        """The files by name, without timestamp.txt, and when any of them or the folder was last changed.

        Raises:
            UsageError: a file belongs to somebody else.
            NeedsReviewError: a notebook cannot be read.
        """
        data, changed, room = {}, 0.0, submission_files.LIMITS.bytes
        with submission_files.opened(Submission(student, "", Path(self.inbound_path, folder))) as at:
            for name in sorted(
                [".", *submission_files.names_in(at)],
                key=lambda name: (not name.endswith(download.NOTEBOOK), name),
            ):
                status = os.stat(name, dir_fd=at, follow_symlinks=False)
                self._require_owner(student, folder, status, name)
                changed = max(changed, status.st_ctime)
                if download.is_left_over(name) or name == submission_files.TIMESTAMP:
                    continue
                try:
                    data[name] = submission_files.read_in(at, name, room)
                    room -= len(data[name])
                except NeedsReviewError as reason:
                    if name.endswith(download.NOTEBOOK):
                        raise
                    self.lines.append(printable(f"skipped, of {student}: {reason}"))
        if not data:
            raise UsageError("it holds no file")
        return data, datetime.fromtimestamp(changed, UTC).replace(tzinfo=None)


def collect_exchange(
    course_dir: Path, assignment: str, update: bool, accepted: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Collect as `nbgrader collect` does, from the exchange that the course or the machine is configured for.

    Args:
        update: overwrite what differs from the exchange.
        accepted: folders of the exchange to take regardless of their owners.

    Returns:
        Lines on what was collected, and on what was not.

    Raises:
        UsageError: no such course or assignment, or nbgrader refuses.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        class_results.require_known(course, gradebook, assignment)
        roster = read_roster(gradebook)
    course.require_course_id(f". To collect a download: autograde collect {shell_word(assignment)} FILE.zip")
    configuration.check_owners()
    api = NbGraderAPI(course.directory, config=assignments.with_jupyters(course.config))
    api.log = log
    with temp_attrs(course.directory, assignment_id=assignment):
        collector = api.exchange.Collect(
            coursedir=course.directory, authenticator=api.authenticator, parent=api
        )
        collector.update, collector.accepted = update, [Path(name).name for name in accepted]
        done = capture_log(collector)
    lines, problems = getattr(collector, "lines", []), getattr(collector, "problems", [])
    if not done["success"] and not problems:
        said = [line for line in (done.get("log") or done.get("error") or "").splitlines() if line.strip()]
        raise UsageError(f"nbgrader collects nothing: {printable(said[-1] if said else '?')}")
    students = sorted(api.get_submitted_students(assignment))
    lines += [
        f"in submitted/ now: {len(students)} ({wording.named(students)})",
        *collect.missing(roster, students),
    ]
    if roster is not None:
        ids = set(map(matching.casefolded, roster))
        problems += [f"not on the roster: {who}" for who in students if matching.casefolded(who) not in ids]
    return lines, problems
