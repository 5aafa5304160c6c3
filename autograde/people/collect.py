"""`autograde collect`: each student's notebooks from a download into `submitted/`, whole or not at all."""

import os
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from autograde.book import class_results, roster
from autograde.book.gradebook import SharedGradebook, course_gradebook
from autograde.book.late import LATE_FLAGS, read_zones
from autograde.book.roster import MATCHES, SENT, read_matches, read_roster, read_sent
from autograde.course.assignments import notebooks_in
from autograde.course.course import Course
from autograde.course.submission_files import LIMITS, REPLACED_FOLDER, SECRET, TIMESTAMP, digest_of_files
from autograde.delimited import DelimitedTable
from autograde.entries.matching import KEY, NAME, Files, Match, Matcher, Roster, SenderKey, as_file_name
from autograde.entries.wording import MOST_NAMED, SAY_WHEN, lines_about, named
from autograde.errors import UsageError
from autograde.files import put
from autograde.people.download import (
    AMBIGUOUS,
    MARK_LATE,
    NAMINGS,
    NOTEBOOK,
    Signed,
    is_left_over,
    read_download,
    said_by,
    signed_files,
)
from autograde.people.worksheet import MOODLE, Worksheet, read_worksheet
from autograde.scratch import scratch_folder
from autograde.untrusted.names import is_student, printable, quoted, shell_word

# What browsers and learning systems add to the name of a file that exists already.
NAME_OF_COPY = re.compile(r"(?P<name>.+?)(?:-\d+| ?\(\d+\)| - Copy| copy)")
LONGEST_NAME = 200  # bytes
NEW, SAME, DIFFERS, REPLACED, EARLIER = "new", "same", "differs", "replaced", "earlier"
LEFT = (DIFFERS, EARLIER)
COLLECTED = ".collected"
"""The file with the digests of all that was ever collected, a line each, and the times that were written next to it:
what comes again is nothing new, and any other time is a person's.
"""

STATES = {
    NEW: "collected: {count} ({students})",
    REPLACED: "overwritten: {count} ({students}). The old ones are in {replaced}",
    SAME: "already collected: {count} ({students})",
    DIFFERS: "already collected, but different: {count} ({students}). Kept the old copy; --update overwrites it",
    EARLIER: "collected before, and changed or replaced since: {count} ({students}). Kept what is in submitted/; to go back: "
    "--update --student ID",
}
NOTES = {
    "other case": "matched ignoring case: {students}",
    "name": "matched by name alone: {count} ({students})",
    "not chosen": "left out, as before or as --match names another's file: {students}",
    "time gone": "timestamp.txt went with the overwritten notebook: {students}",
    "late": f"marked late by {{systems}}, at an unknown time: {{students}}. {SAY_WHEN}",
    "renamed": "taken as {expected}, whatever it was called: {students}",
    "misnamed": "no notebook named {expected}: {students}. Rename what is {assignment}, and delete what is not, as in "
    "submitted/{first}/{assignment}",
    "other file": "skipped, not notebooks: {students}",
}
BY_ANOTHER = "is {who} by name alone, and what is in submitted/ came from another sender"
REFUSALS = {
    "none": "no notebook: {students}",
    "twice": "not collected, two notebooks of the same name: {students}",
    "senders": "not collected, two submissions of the same student or group: {students}. Choose one: --match SENDER=ID",
    "large": "not collected, more or larger notebooks than the grader reads: {students}",
    "name": "not collected, a file name that cannot be kept: {students}",
}
ODD = "not collected: {students}. Put what is a student's into FOLDER/ID, then: autograde collect {assignment} FOLDER"
Matched = tuple[Signed, Match]  # a file, and whose it is


@dataclass
class Collection:
    """One assignment's notebooks on their way into `submitted/`: what was asked for, and what came of it."""

    course: Course
    assignment: str
    notebooks: Sequence[str]  # names without `.ipynb`: by the gradebook, else by the course's sources
    matcher: Matcher
    update: bool  # overwrite what differs
    chosen: Set[str]  # whose files alone are taken, with `update` also over what is later; none: everybody's
    before: Mapping[str, Files]  # what was sent until now, by whom it came from
    zone: tzinfo | None  # whose clock the system's times are by; None is this machine's

    states: dict[str, str] = field(default_factory=dict)  # by student, a key of STATES
    refused: dict[str, str] = field(default_factory=dict)  # by student, a key of REFUSALS
    senders: dict[str, str] = field(default_factory=dict)  # by student, where there are several
    unmatched: dict[str, str] = field(default_factory=dict)  # by sender, why
    odd: list[str] = field(default_factory=list)  # files that are no plain ones, and what each is
    notes: dict[str, list[str]] = field(default_factory=dict)  # by a key of NOTES, the students
    marked: set[str] = field(default_factory=set)  # as late, by a system that says no time
    systems: set[str] = field(default_factory=set)
    began: datetime = field(default_factory=datetime.now)
    times: dict[str, datetime] = field(default_factory=dict)  # by student, by the system's clock
    sent: dict[str, dict[str, str]] = field(default_factory=dict)  # by whom it came from, as `SENT` has it
    learnt: dict[SenderKey, str] = field(default_factory=dict)  # what `MATCHES` keeps

    @cached_property
    def expected(self) -> set[str]:
        """The names of the notebooks' files."""
        return {f"{name}{NOTEBOOK}" for name in self.notebooks}

    @cached_property
    def others(self) -> dict[str, list[str]]:
        """The notebooks of the course's other assignments."""
        names = [name for name in self.course.source_assignments() if name != self.assignment]
        return {name: _source_notebooks(self.course, name) for name in names}

    @property
    def replaced(self) -> str:
        """The folder in submitted/ for what is overwritten."""
        return f"{REPLACED_FOLDER}/{self.began:%Y-%m-%d-%H%M%S.%f}"

    def note(self, kind: str, student: str) -> None:
        """Keep for the lines that a student is one of a kind of NOTES."""
        self.notes.setdefault(kind, []).append(student)

    def late_flags(self) -> dict[str, bool | None]:
        """Late or not by student, as a system marks it; None forgets the mark of an overwritten notebook."""
        taken = {who: state for who, state in self.states.items() if state not in LEFT}
        if MARK_LATE & self.systems:
            return {who: who in self.marked for who in taken}
        return {who: None for who, state in taken.items() if state != SAME}

    def lines(self) -> Iterator[str]:
        """What was collected, from whom, and what is missing."""
        states = {
            sentence: [student for student, its in self.states.items() if its == state]
            for state, sentence in STATES.items()
        }
        yield from lines_about(states, most=MOST_NAMED, replaced=f"submitted/{self.replaced}")
        if self.times:
            here = f"{self.began.astimezone():%Z}, this machine's zone"
            yield f"times read as {self.zone or here}"
        for kind, sentence in NOTES.items():
            listed = self.notes.get(kind, ())
            first = shell_word("".join(listed[:1]).partition(" (")[0])
            yield from lines_about(
                {sentence: listed},
                self.assignment,
                first=first,
                expected=", ".join(sorted(self.expected)),
                systems=" and ".join(sorted(MARK_LATE & self.systems)),
            )
        if self.states:
            there = self.states.keys() | self.refused.keys()
            there |= {who for who, name in self.matcher.groups.items() if name in there}
            yield from missing(self.matcher.roster, there, self.systems)

    def problems(self, sources: Sequence[Path]) -> Iterator[str]:
        """What was not collected, and what to do."""
        roster = self.matcher.roster
        refused = {
            sentence: [self.senders.get(who, who) for who, why in self.refused.items() if why == reason]
            for reason, sentence in REFUSALS.items()
        }
        yield from lines_about({**refused, ODD: self.odd}, self.assignment)
        for sender, why in self.unmatched.items():
            yield f"not collected: {printable(f'{sender} {why}')}"
        if not self.unmatched:
            return
        if roster is None and self.systems != {""}:
            yield f"{max(self.systems)} names files by people, not ids: autograde roster import FILE.csv"
            return
        here = [one for one in NAMINGS if one.system in self.systems]
        for one in here:
            if one.number_is and not any(getattr(person, one.number_is) for person in roster.values()):
                yield f"names can be changed in {one.system}, its numbers cannot: autograde roster import {one.system.upper()}.csv"
        words = map(shell_word, (self.assignment, *sources, "--match", f"{next(iter(self.unmatched))}=ID"))
        yield f"to assign it to a student: autograde collect {' '.join(words)}"
        yield from (one.number_says for one in here if one.number_says)

    def take(self, sources: Sequence[Path], worksheet: Path | None = None) -> None:
        """Put the notebooks of zips or folders where `autograde grade` looks.

        Args:
            worksheet: Moodle's, with numbers and times.

        Raises:
            UsageError: a source or the worksheet cannot be read, is another assignment's, or has no such sender.
            OSError: nothing can be written.
        """
        matcher = self.matcher
        sheet = read_worksheet(worksheet, matcher) if worksheet else {}
        files = list[Signed]()
        for source in sources:
            entries = read_download(source)
            self.odd += [f"{quoted(str(entry.path))} ({entry.odd})" for entry in entries if entry.odd]
            signed = signed_files([entry for entry in entries if not entry.odd], matcher)
            self._require_this_assignment(source, signed)
            files += signed
        senders = {file.said.sender for file in files}
        if lost := next((sender for sender in matcher.asked if sender not in senders), None):
            close = "".join(f" Nearest: {printable(one)}." for one in get_close_matches(lost, senders, 1))
            raise UsageError(f"--match {printable(lost)}: no such sender in the download.{close}")
        numbers = {file.said.number for file in files if file.said.system == MOODLE and file.said.number}
        if sheet and numbers and not numbers & sheet.keys():
            raise UsageError(
                f"{worksheet} has none of the numbers in the download: is it another assignment's?"
            )
        for _, said, _ in sheet.values():
            with suppress(LookupError):
                if (match := matcher.match(said)).by == KEY:
                    self.learnt[said.sender_key] = match.who
        by_submitter = self._by_submitter([_with_line(file, sheet) for file in files])
        chosen = self.chosen or by_submitter.keys()
        with scratch_folder(self.course.all_submissions, ".collect-") as scratch:
            for student in sorted(chosen & by_submitter.keys()):
                self._take_from(student, by_submitter[student], scratch)

    def _take_from(self, student: str, sent: Sequence[Matched], scratch: Path) -> None:
        """Collect what one student or group sent, and note what there is to say of it."""
        senders = self._senders_of(sent, student)
        files = [one for one in sent if one[0].said.sender in senders]
        by_name = self._notebooks_in(files, student)
        data = {name: file.entry.read() for name, file in by_name.items()}
        folder = self.course.folder("submitted", student, self.assignment)
        if by_name and self._is_doubtful(files) and _compared(folder, data, self.expected) == DIFFERS:
            for file, match in files:
                self.unmatched[file.said.sender] = BY_ANOTHER.format(who=match.who)
            return
        names = {file.file: name for name, file in by_name.items()}
        for file, match in sent:
            name = names.get(file.file, "") if file.said.sender in senders else ""
            self.sent.setdefault(match.who, {})[str(file.entry.path)] = name
        if not by_name:
            return
        self.store(student, data, scratch)
        names_there = os.listdir(folder) if folder.is_dir() else []  # a file in its place is left as it was
        there = {name for name in names_there if name.lower().endswith(NOTEBOOK)}
        if not self.expected & there:
            self.note("misnamed", f"{student} ({', '.join(sorted(there))})")
        taken = self.states[student] not in LEFT
        if taken and (when := self.times.get(student)):
            _put_time(folder, (when if when.tzinfo else when.replace(tzinfo=self.zone)).astimezone(UTC))
        if any(file.late for file, _ in files):
            self.marked.add(student)
            if taken and not (folder / TIMESTAMP).is_file():
                self.note("late", student)

    def store(self, student: str, data: Mapping[str, bytes], scratch: Path) -> None:
        """Put a student's files into `submitted/`, all or none, and keep the state.

        Args:
            data: the files by name; `timestamp.txt` does not make a submission different.
        """
        target = self.course.folder("submitted", student, self.assignment)
        state = _compared(target, data, self.expected)
        digest, known = digest_of_files(data), _ever_collected(target)
        if state == DIFFERS and digest in known and not (self.update and student in self.chosen):
            state = EARLIER
        if state in (SAME, EARLIER) or (state == DIFFERS and not self.update):
            self.states[student] = state
            return
        fresh, is_shared = scratch / student, self.course.directory.groupshared
        for name, content in {**data, COLLECTED: "\n".join([*known, digest]).encode()}.items():
            put(fresh / name, content, 0o660 if is_shared else None)
        if is_shared:
            fresh.chmod(0o2770)
        target.parent.mkdir(parents=True, exist_ok=True)
        if _own_time_in(target, known):
            self.note("time gone", student)
        if os.path.lexists(target):
            kept = self.course.all_submissions / self.replaced / student / self.assignment
            kept.parent.mkdir(parents=True, exist_ok=True)
            os.rename(target, kept)
        os.rename(fresh, target)
        self.states[student] = REPLACED if state == DIFFERS else NEW

    def remember(self, gradebook: SharedGradebook) -> None:
        """Keep in the gradebook whose senders are, what is marked as late, and what was sent: by those whose files
        are the collected ones now, or of whom none was ever collected. Within a transaction.
        """
        flags = [
            {"student": who, "assignment": self.assignment, "late": late}
            for who, late in self.late_flags().items()
        ]
        LATE_FLAGS.remove(gradebook, flags)
        if kept := [row for row in flags if row["late"] is not None]:
            LATE_FLAGS.put(gradebook, kept)
        matches = [
            {"system": system, "number": number, "sender": sender, "student": who}
            for (system, number, sender), who in self.learnt.items()
        ]
        MATCHES.put(gradebook, matches)
        known = {who for who, files in self.before.items() if any(files.values())}
        rows = []
        for who, files in self.sent.items():
            state = self.states.get(self.matcher.submitter(who))
            if who not in known if state is None else state not in LEFT:
                rows.append({"assignment": self.assignment, "student": who, "files": files})
        SENT.put(gradebook, rows)

    def _is_doubtful(self, files: Sequence[Matched]) -> bool:
        """Whether a name alone says whose files are that would replace what another sender sent."""
        if any(match.by != NAME for _, match in files):
            return False
        submitters = {match.who for _, match in files}
        submitters |= set(map(self.matcher.submitter, submitters))
        known = {said_by(path) for who in submitters & self.before.keys() for path in self.before[who]}
        places = {(said.system, said.sender) for said in known}
        return not all((file.said.system, file.said.sender) in places for file, _ in files)

    def _require_this_assignment(self, source: Path, files: Sequence[Signed]) -> None:
        """Refuse another assignment's download: no notebook has a name of this one's, and half or more of them
        have those of another.
        """
        of_notebooks = [file for file in files if file.file.lower().endswith(NOTEBOOK)]

        def count(names: Sequence[str]) -> int:
            return sum(_usual_name(file, names).removesuffix(NOTEBOOK) in names for file in of_notebooks)

        if not of_notebooks or count(self.notebooks):
            return
        for other, names in self.others.items():
            if 2 * count(names) >= len(of_notebooks):
                raise UsageError(
                    f"{source} has notebooks of {other} and none of {self.assignment}; nothing was collected. "
                    f"autograde collect {shell_word(other)} {shell_word(source)}"
                )

    def _by_submitter(self, files: Sequence[Signed]) -> dict[str, list[Matched]]:
        """The files of each student or group with what says so; those of nobody are noted."""
        matcher, matched = self.matcher, []
        for file in files:
            self.systems.add(file.said.system)
            try:
                matched.append((file, matcher.match(file.said)))
            except LookupError as reason:
                self.unmatched.setdefault(file.said.sender, str(reason))
        sure = {match.who for _, match in matched if match.by != NAME}
        found = defaultdict(list)
        for file, match in matched:
            who, said = match.who, file.said
            is_left = who in matcher.asked.values() or str(file.entry.path) in self.before.get(who, {})
            if match.by == NAME and who in sure and not is_left:
                self.unmatched[said.sender] = f"has the name of {who}, and another file is surely theirs"
                continue
            found[matcher.submitter(who)].append((file, match))
            if match.by == NAME:
                self.note("name", who)
            if said.sender != who and said.sender.casefold() == who.casefold():
                self.note("other case", f"{said.sender} → {who}")
            is_told = said.sender in matcher.asked and said.system and said.doubt != AMBIGUOUS
            if who not in matcher.groups.values() and (
                is_told or (match.by == KEY and said.system == MOODLE)
            ):
                self.learnt[said.sender_key] = who
        return found

    def _senders_of(self, files: Sequence[Matched], student: str) -> Set[str]:
        """The sender whom --match names, else all whose files were not left out before; the others are noted."""
        senders = {file.said.sender for file, _ in files}
        asked = senders & self.matcher.asked.keys()
        new = {
            file.said.sender
            for file, match in files
            if self.before.get(match.who, {}).get(str(file.entry.path)) != ""
        }
        taken = asked if len(asked) == 1 else new or senders
        for sender in sorted(senders - taken):
            self.note("not chosen", f"{sender} ({student})")
        return taken

    def _of_one_sender(self, files: Sequence[Matched], student: str) -> list[Signed]:
        """The files of one sender, of several attempts the last; none where senders differ and nobody chose.

        Members of a group may each have sent a copy.
        """
        by_sender: dict[str, list[Signed]] = defaultdict(list)
        for file, _ in sorted(files, key=lambda one: one[0].said.sender):
            by_sender[file.said.sender].append(file)
        last = []
        for sent in by_sender.values():
            newest = max((file.when for file in sent if file.when), default=None)
            last.append([file for file in sent if file.when == newest])
        first, *others = last
        if any(_contents(sent) != _contents(first) for sent in others):
            self.senders[student] = f"{student} ({', '.join(by_sender)})"
            return []
        if first[0].when:
            self.times[student] = first[0].when
        return first

    def _notebooks_in(self, files: Sequence[Matched], student: str) -> dict[str, Signed]:
        """One student's notebooks by the names they get; none where something is wrong, which is noted."""
        by_name, wrong = {}, []
        chosen = self._of_one_sender(files, student)
        if not chosen:
            wrong.append("senders")
        for file in chosen:
            name = _usual_name(file, self.notebooks)
            if not file.file.lower().endswith(NOTEBOOK):
                self.note("other file", f"{file.file} ({student}, {file.entry.size / 1e6:.1f} MB)")
                continue
            if name in by_name:
                wrong.append("twice")
            if not name.isprintable() or len(name.encode()) > LONGEST_NAME:
                wrong.append("name")
            by_name[name] = file
        if len(by_name) > LIMITS.files or sum(file.entry.size for file in by_name.values()) > LIMITS.bytes:
            wrong.append("large")
        if not by_name:
            wrong.append("none")
        if wrong:
            self.refused[student] = wrong[0]
            return {}
        if len(by_name) == len(self.notebooks) == 1 and not self.expected & by_name.keys():
            ((name, file),) = by_name.items()
            if not any(name.removesuffix(NOTEBOOK) in names for names in self.others.values()):
                self.note("renamed", f"{student} ({name})")
                return dict.fromkeys(self.expected, file)
        return by_name


def missing(roster: Roster | None, students: Container[str], systems: Iterable[str] = ("",)) -> Iterator[str]:
    """A line that names those of the roster, as far as they are in these systems, who are not among the students."""
    of_systems = [one.id for one in (roster or {}).values() if any(map(one.is_of, systems))]
    absent = [student for student in of_systems if student not in students]
    return lines_about({"missing: {count} ({students})": absent}, most=MOST_NAMED)


def collect_assignment(
    course_dir: Path,
    assignment: str,
    sources: Sequence[Path],
    matches: Sequence[str],
    update: bool,
    worksheet: Path | None,
    students: Iterable[str],
) -> tuple[list[str], list[str]]:
    """Collect from downloads; returns lines on what was taken and what was not.

    Args:
        matches: SENDER=ID, for those who cannot be matched.
        update: overwrite what differs from the source.
        worksheet: Moodle's, with numbers and times.
        students: only theirs; with `update` also over what is later.

    Raises:
        UsageError: no such course or assignment, or a download that cannot be taken.
        OSError: nothing can be written.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        class_results.require_known(course, gradebook, assignment)
        notebooks = gradebook.notebooks_of(assignment) or _source_notebooks(course, assignment)
        matcher = Matcher(
            read_roster(gradebook), roster.read_groups(gradebook, assignment), read_matches(gradebook)
        )
        matcher = replace(matcher, asked=matches_asked(matches, matcher))
        before, zone = read_sent(gradebook, assignment), read_zones(gradebook).get(assignment)
        chosen = set(map(matcher.submitter, students))
        made = Collection(course, assignment, notebooks, matcher, update, chosen, before, zone)
        made.take(sources, worksheet)
        with gradebook.transaction():
            made.remember(gradebook)
    problems = list(made.problems(sources))
    if DIFFERS in made.states.values():
        problems.append("not everything was collected.")
    elif not made.states and not problems:
        problems.append(f"{named(list(map(str, sources)))}: no submission.")
    return list(made.lines()), problems


def _source_notebooks(course: Course, assignment: str) -> list[str]:
    """The names of an assignment's notebooks, by the course's sources."""
    return [path.stem for path in notebooks_in(course.source(assignment))]


def matches_asked(words: Sequence[str], matcher: Matcher) -> dict[str, str]:
    """The ids, or names of groups, in `--match SENDER=ID`, or in the lines SENDER,ID of a file, by sender.

    Raises:
        UsageError: another form, a sender twice, or an id that cannot be a student's or is not on the roster.
    """
    asked, lines = {}, []
    for word in words:
        file = Path(word)
        lines += (
            ["=".join(row) for row in DelimitedTable.read(file).rows if any(row)]
            if file.is_file()
            else [word]
        )
    for word in lines:
        sender, equals, student = word.rpartition("=")
        reason = ""
        if not equals or not sender:
            reason = "write SENDER=ID, or the name of a file with lines SENDER,ID."
        elif asked.get(sender, student) != student:
            reason = f"the sender is {asked[sender]}, too. Name one student."
        elif not is_student(student):
            reason = f"{student!r} cannot be a student's id."
        elif not matcher.knows(student):
            reason = f"{student!r} is not on the roster: autograde roster add {shell_word(student)}"
        if reason:
            raise UsageError(f"--match {printable(word)}: {reason}")
        asked[sender] = student
    return asked


def _with_line(file: Signed, sheet: Worksheet) -> Signed:
    """A file of Moodle's with what its line of the worksheet says, too."""
    if file.said.system != MOODLE or (line := sheet.get(file.said.number)) is None:
        return file
    (begins, said, when), was = line, file.said
    is_blind = begins == f"{was.name} {was.number}"
    if not is_blind and not as_file_name(was.name).endswith(as_file_name(said.shown)):  # after a group's name
        return replace(file, said=replace(was, doubt=f"has the number of {said.name}, and another name"))
    return replace(file, said=replace(was, keys=said.keys, name=said.shown or was.name), when=when)


def _contents(files: Sequence[Signed]) -> list[tuple[str, bytes]]:
    return sorted((file.file, file.entry.read()) for file in files)


def _usual_name(file: Signed, notebooks: Sequence[str]) -> str:
    """The assignment's own name where the file has it, or has it except for what a browser adds."""
    stem = file.file[: -len(NOTEBOOK)]
    if not file.said.system and stem == file.said.sender and len(notebooks) == 1:
        return f"{notebooks[0]}{NOTEBOOK}"  # STUDENT.ipynb
    again = NAME_OF_COPY.fullmatch(stem)
    for name in (stem, again["name"] if again else stem):
        if name in notebooks:
            return f"{name}{NOTEBOOK}"
    return file.file


def _put_time(folder: Path, when: datetime) -> None:
    """Write the system's time next to a submission, unless a person wrote one there."""
    text, known = f"{when:%Y-%m-%d %H:%M:%S} UTC", _ever_collected(folder)
    if not _own_time_in(folder, known):
        put(folder / COLLECTED, "\n".join(dict.fromkeys([*known, text])).encode())
        put(folder / TIMESTAMP, f"{text}\n".encode())


def _own_time_in(folder: Path, known: Iterable[str]) -> bool:
    """Whether timestamp.txt says what a person wrote there."""
    try:
        return (folder / TIMESTAMP).read_text(errors="replace").strip() not in ("", *known)
    except OSError:
        return False


def _ever_collected(target: Path) -> list[str]:
    """The digests of the submissions that were collected into this folder, and the times written there."""
    try:
        return (target / COLLECTED).read_text().splitlines()
    except (OSError, ValueError):
        return []


def _compared(target: Path, data: Mapping[str, bytes], expected: Set[str]) -> str:
    if not os.path.lexists(target):
        return NEW
    try:
        names = os.listdir(target)
        if names == [COLLECTED]:  # what was collected is gone
            return NEW
        there = {
            name: (target / name).read_bytes()
            for name in names
            if name != TIMESTAMP and not is_left_over(name)
        }
    except OSError:  # a file instead of the folder, or a folder in it
        return DIFFERS
    if data.get(SECRET, 0) == there.get(SECRET):  # the same submission, though a teacher may have changed it
        return SAME
    submitted = {name: content for name, content in data.items() if name != TIMESTAMP}
    renamed = there.keys() <= expected and not submitted.keys() <= expected
    same = there == submitted or (renamed and sorted(there.values()) == sorted(submitted.values()))
    return SAME if same else DIFFERS
