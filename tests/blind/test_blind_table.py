"""The table of a blind set: its judgements hold for the sentences they were made of, and for no others."""

import json
import subprocess
import sys
from pathlib import Path

RULES = """
from blind_collection import wrong

class Base:
    def __init__(self, lr):
        self.lr = lr

@wrong("sgd/update", "adds the step")
class Adds(Base):
    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]

@wrong("sgd/update", "no mistake at all")
class Right(Base):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
"""


def printed(folder, *options):
    command = [sys.executable, str(Path(__file__).with_name("table.py")), str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def row(folder):
    _, one, _ = printed(folder).splitlines()
    assert one.split()[2] == "2"
    return one


def test_a_judgement_counts_until_its_sentence_changes(tmp_path):
    (tmp_path / "few_rules.py").write_text(RULES)
    assert row(tmp_path).endswith("1 (50%)")  # to judge
    shown = printed(tmp_path, "--to-judge")
    assert "Hint: " in shown, "read as a student reads it"
    assert shown.index("params[k] += self.lr * grads[k]") < shown.index("Hint: "), "below its code"
    assert "with steps in the opposite direction" in shown
    (kept,) = [json.loads(line) for line in shown.splitlines() if line.startswith('{"sgd-Adds"')]
    kept["sgd-Adds"]["judged"] = "true"
    (tmp_path / "judged.json").write_text(json.dumps(kept))
    assert row(tmp_path).split()[3:5] == ["1", "(50%)"]
    kept["sgd-Adds"]["said"] = "Something else."
    (tmp_path / "judged.json").write_text(json.dumps(kept))
    assert row(tmp_path).endswith("1 (50%)")


RIGHT = RULES.replace("import wrong", "import right").replace("@wrong", "@right")


def test_right_rules_have_a_row_of_their_own(tmp_path):
    (tmp_path / "good_rules.py").write_text(RIGHT)
    title, count, *_ = printed(tmp_path).splitlines()[-1].split()
    assert (title, count) == ("right", "2")
    assert "1 (50%)" in printed(tmp_path).splitlines()[-1]  # accepted: the other one adds the step


def test_help_is_said():
    assert "judged.json" in printed("--help")
