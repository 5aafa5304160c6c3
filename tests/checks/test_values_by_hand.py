"""Evidence in which somebody wrote the value of a kind by hand."""

import json
from pathlib import Path

import pytest

from verdicts.recording.evidence_bytes import FORMAT, OddEvidenceError, unpack
from verdicts.values import carried, shown

HELD = json.loads(Path(__file__).with_name("odd_held.json").read_text(encoding="utf-8"))
"""What no kind of the tag holds."""
HELD["int"].append(["0x1" + "f" * 2000])


@pytest.mark.parametrize(("tag", "held"), [(tag, held) for tag, several in HELD.items() for held in several])
def test_a_value_that_its_kind_does_not_write_is_refused(tag, held):
    with pytest.raises(OddEvidenceError):
        unpack(json.dumps({"format": FORMAT, "runs": [{"result": {"odd": tag, "held": held}}]}).encode())


@pytest.mark.parametrize("more", [{"held": ["a"], "more": 1}, {"kind": 1}, {}])
def test_a_tag_stands_with_what_is_held_alone(more):
    with pytest.raises(OddEvidenceError):
        unpack(json.dumps({"result": {"odd": ["str"], **more}}).encode())


class Hostile:
    def __getattr__(self, name):
        raise SystemExit(name)

    __class__ = property(lambda self: int)
    __eq__ = __hash__ = __iter__ = __len__ = __repr__ = __getattr__


@pytest.mark.parametrize(
    "wrap", [lambda one: one, lambda one: [one, 1], lambda one: {"a": one}, lambda one: (one,)]
)
def test_nothing_of_an_object_is_asked(wrap):
    assert "Hostile" in shown(carried(wrap(Hostile())))
