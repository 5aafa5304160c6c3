"""Render pages from templates, in which `say` is the translated sentence of a student's page.

    {{ say("{score} of {maximum} points", score=page.score | points, maximum=page.max_score | points) }}

Values are escaped, unless they are markup already.
"""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograde.course.wording import counted, manual_in_words, points, points_by_hand
from verdicts.sentences import language, say, say_count


def render_page(template: str, style: str, **values: object) -> str:
    """The page that `template`, a path in this package, makes; `style` is added to what all pages have."""
    page = _environment().get_template(template)
    return page.render(language=language(), style=Markup(stylesheet("page.css") + style), **values)


def stylesheet(name: str) -> str:
    """A style next to the pages' templates."""
    return (files("autograde.pages") / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograde", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"points": points, "counted": counted}
    environment.globals |= {
        "say": _say,
        "say_count": say_count,
        "manual": manual_in_words,
        "points_by_hand": points_by_hand,
    }
    return environment


def _say(template: str, **values: object) -> Markup:
    return Markup(escape(say(template))).format(**values)
