"""Render pages from templates; values are escaped, unless they are markup already."""

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograde.entries.wording import counted, manual_in_words, points, points_by_hand

TEMPLATES = Environment(
    loader=PackageLoader("autograde", "."),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
TEMPLATES.filters |= {"points": points, "counted": counted}
TEMPLATES.globals |= {"manual": manual_in_words, "points_by_hand": points_by_hand}


def render_page(template: str, style: str, **values: object) -> str:
    """The page that `template`, a path in this package, makes; `style` is added to what all pages have."""
    page = TEMPLATES.get_template(template)
    return page.render(style=Markup(text_of("pages/page.css") + style), **values)


def text_of(file: str) -> str:
    """A style or a script, by its path in this package."""
    return (files("autograde") / file).read_text("utf-8")
