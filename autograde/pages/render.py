"""How pages are made: their templates, and what these can say.

    {{ say("{score} of {maximum} points", score=page.score | points, maximum=page.max_score | points) }}

A value stands in its sentence as text, whatever a student wrote; a value that is markup already stays markup.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograde.scores import points
from descentlab.sentences import language, say, say_count


def render_page(template: str, style: str, **values: object) -> str:
    """The page that `template`, a path in this package, makes; `style` is added to what all pages have."""
    common = (files("autograde.pages") / "page.css").read_text(encoding="utf-8")
    page = _environment().get_template(template)
    return page.render(language=language(), style=Markup(common + style), **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograde", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["points"] = points
    environment.globals |= {"say": _say, "say_count": say_count}
    return environment


def _say(template: str, **values: object) -> Markup:
    return Markup(escape(say(template))).format(**values)
