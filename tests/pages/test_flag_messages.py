"""Every flag has words."""

import re
from pathlib import Path

from autograde.entries.entry import CellScore, Entry, Person
from autograde.entries.wording import FLAGS, RUN_FLAGS, in_the_notebook, sentences_of, words_of
from autograde.untrusted import submitted_notebook


def test_a_run_is_stopped_only_with_a_flag_that_is_said():
    assert set(RUN_FLAGS) <= set(FLAGS)
    assert all(message.last_output for flag, message in RUN_FLAGS.items() if flag != "output-limit")
    assert words_of("died") == "its process ended in the middle"
    assert words_of("of a later version") == "of a later version"
    assert len(sentences_of(("died", "not-run", "of a later version"))) == 1


def test_every_flag_that_is_set_is_said():
    folder = Path(submitted_notebook.__file__).parents[1] / "pipeline"
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    named = set(re.findall(r'(?:\bflag|NeedsReviewError)\(\s*"([^"]+)"', source))
    assert len(named) > 4
    assert named <= set(FLAGS)


def test_who_is_wrong_in_a_check_is_sent_to_the_notebook_for_the_line():
    right, wrong, empty = (
        CellScore("check", score, 2.0, check="adam/update", sentence=sentence)
        for score, sentence in ((2.0, ""), (1.0, "The sign is wrong."), (0.0, ""))
    )
    advice = [
        in_the_notebook(Entry(Person("s"), "06-adam", "graded", 2.0, 0.0, cells=(cell,)))
        for cell in (right, wrong, empty)
    ]
    assert [bool(words) for words in advice] == [False, True, False]
