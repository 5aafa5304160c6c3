"""No pause of the machine makes an honest class slow here."""

import pytest
from explorer_rules import AMPLE

from descentlab.explorers import widget


@pytest.fixture(autouse=True)
def _ample_time(monkeypatch):
    for name in ("FIRST_SECONDS", "MOVE_SECONDS"):
        monkeypatch.setattr(widget, name, AMPLE)
