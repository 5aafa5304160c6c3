"""Sphinx's configuration of the site's pages. Formulas are MathML: readable without a script and without a network."""

from html import escape

import latex2mathml.converter
from docutils.nodes import SkipNode, container, paragraph, strong

project = html_title = "descentlab"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
default_role = "code"  # docstrings write `x`
autodoc_typehints = "none"
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
smartquotes = False  # --rejudge stays --rejudge
html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_js_files = [("search.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_copy_source = html_show_sourcelink = False
html_math_renderer = "mathml"
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": [],
    "footer_end": [],
}
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]
nb_mime_priority_overrides = [("html", "text/html", 0)]


def mathml(latex: str, display: str) -> str:
    """A formula as MathML."""
    tag = ""
    if "\\tag{" in latex:
        latex, _, rest = latex.partition("\\tag{")
        number, _, after = rest.partition("}")
        latex, tag = latex + after, f'<span class="formula-number">({escape(number)})</span>'
    return latex2mathml.converter.convert(latex.replace("\n", " "), display=display) + tag


def visit_inline(self, node):
    """Write a formula in a line; nothing is left of the node for others."""
    self.body.append(mathml(node.astext(), "inline"))
    raise SkipNode


def visit_block(self, node):
    """Write a displayed formula with its number."""
    self.body.append(f'<div class="formula">{mathml(node.astext(), "block")}</div>')
    raise SkipNode


def say_what_it_is(app, name, template, context, tree):
    """Put into a page's head what it asks, else its first sentences, and a picture."""
    if tree is None:
        return
    asked = (node.astext() for node in tree.findall(strong) if name.startswith("lessons/"))
    first = (node.astext() for node in tree.findall(paragraph) if len(node.astext()) > 40)
    words = next((text for text in asked if text.endswith("?")), next(first, project))
    picture = context["pathto"]("_static/preview.png", resource=True)
    context["metatags"] += (
        f'<meta name="description" content="{escape(" ".join(words.split()))}">\n'
        f'<meta property="og:image" content="{picture}">\n'
    )


def leave_out_hidden_code(app, tree):
    """Keep folded code, which draws, out of the search."""
    for cell in tree.findall(container):
        if "tag_hide-input" in cell["classes"]:
            cell[0]["classes"].append("no-search")


def setup(app):
    """Called by Sphinx."""
    app.connect("html-page-context", say_what_it_is)
    app.connect("doctree-read", leave_out_hidden_code)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
