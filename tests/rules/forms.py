"""The table of forms.md: the course's rules and what frameworks make of them."""

from pathlib import Path
from typing import Any, NamedTuple

from formulas import Formula

from descentlab import rules


class Form(NamedTuple):
    """A rule of the course, or a form of it with other numbers."""

    name: str
    rule: str
    starts: str
    lines: str
    words: str
    computed_by: str

    def make(self, **hyper: Any) -> Any:
        """The rule, or its form, with the hyperparameters of the course."""
        if self.name == self.rule:
            return getattr(rules, self.rule)(**hyper)
        name, _, number = self.starts.partition(" = ")
        return Formula(self.lines, {name: float(number or 0)}, **hyper)


_LINES = Path(__file__).with_name("forms.md").read_text(encoding="utf-8").splitlines()
_ROWS = [Form(*map(str.strip, line.split("|")[1:-1])) for line in _LINES if line.startswith("| ")][1:]
FORMS = {form.name: form for form in _ROWS}
