"""What nbgrader's exchange needs to return a page stands next to it, and nothing that a student puts there."""

import os

import pytest

from autograde.entries.entry import Submission
from autograde.pages.feedback import pass_on
from autograde.pipeline.read_submission import OF_NBGRADER


@pytest.fixture
def submission(tmp_path) -> Submission:
    folder = tmp_path / "submitted/ann/06-adam"
    folder.mkdir(parents=True)
    return Submission("ann", "06-adam", folder)


def passed_on(submission, tmp_path) -> dict[str, bytes]:
    target = tmp_path / "feedback"
    pass_on(submission, target)
    return {path.name: path.read_bytes() for path in target.glob("*")}


def test_what_the_collector_left_is_there_and_nothing_else(submission, tmp_path):
    for name in (*OF_NBGRADER, "notes.txt"):
        (submission.folder / name).write_text(name)
    assert passed_on(submission, tmp_path) == {name: name.encode() for name in OF_NBGRADER}
    written = [path.stat().st_ino for path in sorted((tmp_path / "feedback").iterdir())]
    passed_on(submission, tmp_path)
    again = [path.stat().st_ino for path in sorted((tmp_path / "feedback").iterdir())]
    assert again == written, "what is there already is not written again"


def test_a_new_submission_has_its_own(submission, tmp_path):
    for text in ("one", "two"):
        (submission.folder / "submission_secret.txt").write_text(text)
        assert passed_on(submission, tmp_path) == {"submission_secret.txt": text.encode()}


def test_nobody_else_may_read_the_copies_than_what_was_collected(submission, tmp_path):
    secret, copy = submission.folder / "submission_secret.txt", tmp_path / "feedback/submission_secret.txt"
    secret.write_text("one")
    for mode in (0o600, 0o640, 0o644, 0o600):  # the last: of a copy that an earlier version made
        secret.chmod(mode)
        passed_on(submission, tmp_path)
        assert copy.stat().st_mode & 0o777 == mode


def test_links_pipes_and_long_files_are_left_out(submission, tmp_path):
    (tmp_path / "gradebook.db").write_text("private")
    (submission.folder / "submission_secret.txt").symlink_to(tmp_path / "gradebook.db")
    os.mkfifo(submission.folder / "timestamp.txt")
    assert passed_on(submission, tmp_path) == {}
    (submission.folder / "timestamp.txt").unlink()
    (submission.folder / "timestamp.txt").write_text("x" * 2000)
    assert passed_on(submission, tmp_path) == {}
