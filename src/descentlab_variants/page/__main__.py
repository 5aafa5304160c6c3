"""`python -m descentlab_variants.page`: write docs/variants.md and variants.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from descentlab_variants.data import FILE

from .collect import collect
from .text import page

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "variants.md"
GOLDEN = ROOT / "tests" / "golden"


def main() -> int:
    """Write both files; 0, or 2 where the recorded runs are not there."""
    if not GOLDEN.is_dir():
        print(f"no recorded runs at {GOLDEN}: run this in a checkout of the project", file=sys.stderr)
        return 2
    data = collect(GOLDEN)
    FILE.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    PAGE.write_text(page(data), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)} and {FILE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
