"""Ctrl-C while a class is made ready: one line, not silence."""

from typer.testing import CliRunner

from autograde.cli import app
from autograde.grading import grade_class as grading


def test_ctrl_c_before_the_first_submission_is_said(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "grade_class", interrupted)
    done = CliRunner().invoke(app, ["grade", "hw1", "--course-dir", str(tmp_path)])
    assert done.exit_code == 130
    assert "autograde grade: interrupted. `autograde grade hw1` begins again." in done.output
    done = CliRunner().invoke(app, ["grade", "hw1", "--rejudge", "--course-dir", str(tmp_path)])
    assert "autograde grade: interrupted. `autograde grade hw1 --rejudge` begins again." in done.output
