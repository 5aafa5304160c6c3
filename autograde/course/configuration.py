"""nbgrader as this project uses it: its settings, and what is changed in it, each with its reason.

    configure(…)           a course's nbgrader_config.py calls it, for `autograde`, `nbgrader` and formgrader
    leave_out_formats()    in a process that one of our commands has started
    sharing(one)           while such a command makes a release or saves grades

`tests/test_seams.py` says when a part that is changed here is no longer there. Importing this file changes nothing.
nbgrader is imported inside these functions, as it is large and many commands do without it. The grader's classes are
named, not imported: Jupyter's server reads this in a student's environment, too, which lacks what they need.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograde.course.graded_files import EVIDENCE_FOLDER
from autograde.untrusted.timestamp import OddTimestampError, named_zone, read_timestamp

CONFIG_FILE = "nbgrader_config.py"
TEMPLATE = Path(__file__).with_name("nbgrader_config.py.txt")
"""What a course's folder holds as nbgrader_config.py."""
LATE_PENALTY = "autograde.book.late.LatePenalty"


# ---------------------------------------------------------------------------------------- in our commands

# jsonschema builds large grammars with these, for formats of text that no notebook's schema has: 1.5 s of a command.
FORMATS = ("isoduration", "rfc3986_validator", "rfc3987_syntax")
# nbgrader's modules that open a gradebook while a release is made or a submission is saved.
OPEN_A_GRADEBOOK = (
    "nbgrader.converters.generate_assignment",
    "nbgrader.preprocessors.getgrades",
    "nbgrader.preprocessors.latesubmissions",
    "nbgrader.preprocessors.overwritecells",
    "nbgrader.preprocessors.overwritekernelspec",
    "nbgrader.preprocessors.saveautogrades",
    "nbgrader.preprocessors.savecells",
)


def leave_out_formats() -> None:
    """Let jsonschema do without checks that no notebook needs, where it was not imported yet."""
    if "jsonschema" not in sys.modules:
        for name in FORMATS:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]


@contextmanager
def sharing(gradebook: Any) -> Iterator[None]:
    """While inside, nbgrader's steps that open a gradebook get this one.

    Each opens one of its own and commits after every row: a submission could be saved by half.
    """
    modules: list[Any] = [import_module(name) for name in OPEN_A_GRADEBOOK]
    opens = modules[0].Gradebook
    try:
        for module in modules:
            module.Gradebook = lambda *_, **__: gradebook
        yield
    finally:
        for module in modules:
            module.Gradebook = opens


# ---------------------------------------------------------------------------- with a course's configuration

AUTOGRADE = "autograde.grading.grade_class"
SECTION = "SandboxedAutograde"  # the section of a configuration that asks for it
COLLECT = "autograde.people.exchange.OwnedCollect"


def configure(config: Config, root: Path) -> None:
    """Folders, releases, grading in the sandbox and sanitized pages, for the course at `root`."""
    from nbgrader.apps import api

    from autograde.course.assignments import SOURCE, settings

    config.merge(settings(root / SOURCE))
    config.CourseDirectory.ignore = [*config.CourseDirectory.ignore, EVIDENCE_FOLDER]
    config[SECTION].enabled = True
    clean_students_pages(config)
    config.ShowRubric.enabled = True
    config.ShowRubric.source = str(root / SOURCE)
    config.AssignLatePenalties.plugin_class = LATE_PENALTY
    _read_timestamps(config, api)
    _escape_ids()
    check_owners()
    if not hasattr(api, "is_configured"):
        _grade_with_ours(api)
        api.is_configured = True


def clean_students_pages(config: Config) -> None:
    """Let every HTML exporter of nbgrader (formgrader, generate_feedback) clean what students made."""
    config.CleanOutputs.enabled = True
    config.HTMLExporter.preprocessors = [
        "autograde.pages.formgrader.ShowRubric",
        "autograde.pages.clean.CleanOutputs",
    ]
    config.HTMLExporter.filters = {
        "markdown2html": "autograde.pages.clean.clean_cell",
        "highlight_code": "autograde.pages.clean.clean_code",
    }


def exchange_zone(config: Config) -> tzinfo:
    """The zone in which nbgrader's exchange writes its times, `c.Exchange.timezone`."""
    return named_zone(str(config.get("Exchange", {}).get("timezone", "UTC"))) or UTC


def _grade_with_ours(api: Any) -> None:
    """`nbgrader autograde` and formgrader's button run our pipeline; the button shows results, not a log."""
    from nbgrader.converters import Autograde

    stock, stock_start = api.capture_log, Autograde.start

    def start(converter: Any) -> None:
        if not converter.config.get(SECTION, {}).get("enabled"):  # another course of this process
            stock_start(converter)
            return
        converter.result_lines = import_module(AUTOGRADE).grade_for_nbgrader(converter)
        converter.log.info("%s", "\n".join(converter.result_lines))

    def captured(app: Any, *args: Any, **options: Any) -> dict[str, Any]:
        shown = stock(app, *args, **options)
        if hasattr(app, "result_lines"):
            shown["log"] = "\n".join(app.result_lines)
        return shown

    Autograde.start, api.capture_log = start, captured


def _read_timestamps(config: Config, api: Any) -> None:
    """nbgrader's own reader opens any path that a submission's timestamp.txt names. An odd time is none.

    nbgrader has one reader a process: where several courses are configured in one, the last one's zone counts.
    """
    from nbgrader import coursedir

    def read(text: str) -> datetime | None:
        with suppress(OddTimestampError):
            return read_timestamp(text.encode("utf-8", "replace"), exchange_zone(config))
        return None

    coursedir.parse_utc = api.parse_utc = read


# What a script of formgrader's templates gets for an id in quotation marks: JSON. And a dialog shows its sentence,
# which may name a student, as text and not as HTML; that this is said once for each such id does no harm.
AS_TEXT = r"""{{ \1 | tojson }};
  createModal = (stock => (id, title, body, footer) => stock(
    id, title, typeof body === "string" ? document.createTextNode(body) : body, footer))(createModal);"""


def _escape_ids() -> None:
    """Let formgrader's pages show ids as text; its templates write them as they are, into HTML and scripts."""
    formgrader: Any = sys.modules.get("nbgrader.server_extensions.formgrader.handlers")
    if formgrader:  # in a server; elsewhere importing it would take long
        from jinja2 import Environment, FunctionLoader

        folder = Path(formgrader.template_path)
        loader = FunctionLoader(
            lambda name: re.sub(r'"{{ (\w+) }}";', AS_TEXT, (folder / name).read_text("utf-8"))
        )
        pages = Environment(loader=loader, autoescape=True)
        formgrader.BaseHandler.render = lambda _, name, **values: pages.get_template(name).render(values)


def check_owners() -> None:
    """nbgrader takes from its folder exchange what belongs to the student whose name it has.

    It only warns of what belongs to somebody else. A default is replaced, so that a course or a hub that is
    configured for another exchange keeps it.
    """
    from nbgrader.exchange import ExchangeFactory

    ExchangeFactory.collect.default_value = COLLECT
