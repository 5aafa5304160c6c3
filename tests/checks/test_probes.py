"""Kept evidence is judged again by the probes it was recorded on: other probes are another format."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.exercises import all_checks
from verdicts.judging.examiners import probes_of
from verdicts.recording import evidence_bytes

SEED = 20
RECORDED = Path(__file__).with_name("probes.json")


def parts(value: Any) -> Iterator[str]:
    """Names and numbers of a probe; numbers as far as every machine has them alike."""
    if is_dataclass(value):
        for field in fields(value):
            yield field.name
            yield from parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from parts(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from parts(item)
    elif isinstance(value, np.ndarray | np.number | int | float):
        yield f"{np.shape(value)}"
        yield from (f"{number:.5e}" for number in np.ravel(value))
    else:
        yield value if isinstance(value, str) else type(value).__name__


def digests() -> dict[str, str]:
    """One word for each check's probes."""
    return {
        name: sha256("\n".join(parts(probes_of(name, SEED))).encode()).hexdigest()[:16]
        for name in sorted(all_checks())
    }


def test_who_changes_a_probe_raises_the_format():
    recorded = json.loads(RECORDED.read_text())
    changed = {name for name, digest in digests().items() if recorded["probes"].get(name, digest) != digest}
    assert not changed or recorded["format"] < evidence_bytes.FORMAT, (
        "evidence that courses keep was recorded on other probes: raise evidence_bytes.FORMAT, then record "
        "these with python tests/checks/test_probes.py"
    )
    assert recorded["format"] == evidence_bytes.FORMAT, "record them: python tests/checks/test_probes.py"


def test_every_check_is_recorded():
    assert set(json.loads(RECORDED.read_text())["probes"]) == set(all_checks())


if __name__ == "__main__":
    recorded = {"format": evidence_bytes.FORMAT, "probes": digests()}
    RECORDED.write_text(json.dumps(recorded, indent=1) + "\n")
