"""Render pages from templates; values are escaped, unless they are markup already."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograde.course.wording import counted, manual_in_words, points, points_by_hand


def render_page(template: str, style: str, **values: object) -> str:
    """The page that `template`, a path in this package, makes; `style` is added to what all pages have."""
    page = _environment().get_template(template)
    return page.render(style=Markup(stylesheet("page.css") + style), **values)


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
        "manual": manual_in_words,
        "points_by_hand": points_by_hand,
    }
    return environment
