"""A picture as HTML: of its own size, with its text alternative, quiet on a dark page.

JupyterLab and Notebook 7 show a PNG output with an empty `alt`, whatever its metadata say; HTML they show as
it is.
"""

from __future__ import annotations

import base64
import html

DENSITY = 2
"""Pixels of the PNG for one of the page: screens of double density stay sharp."""
# On a dark page light and dark change places and colours keep their hue, a little brighter: orange and sky
# blue would be dim. Paper stays white.
STYLE = """<style>
.descentlab-picture { max-width: 100%; height: auto; vertical-align: top }
@media screen {
[data-jp-theme-light="false"] .descentlab-picture { filter: invert(0.9) hue-rotate(180deg) brightness(1.3) }
}
</style>"""


def embedded(image: bytes, alt: str, width: int) -> str:
    """An `<img>` that holds the PNG, `width` of the page's pixels wide, narrower where the page is."""
    data = base64.b64encode(image).decode()
    words = html.escape(alt)
    return (
        f'{STYLE}<img class="descentlab-picture" alt="{words}" width="{width}" '
        f'src="data:image/png;base64,{data}" />'
    )
