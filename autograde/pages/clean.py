"""What students made, without anything that acts in a reader's browser.

Used wherever a submission becomes a page: our feedback pages, nbgrader's own, and formgrader.

Formulas become MathML, which browsers show without a script and without a network. Text between dollar signs is a
formula where a person means one: no blank inside next to a sign, and no digit after the last. What cannot be read
as TeX stays as it was written. Of what the converter makes, only elements that draw are kept, their text escaped,
with no attribute but an accent.
"""

import re
from collections import Counter
from functools import lru_cache
from html import escape, unescape
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import tostring

from jinja2 import pass_context
from nbconvert.filters import Highlight2HTML, markdown_mistune
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograde.untrusted.submitted_notebook import PICTURES, picture, pictures_of

ALLOWED_ATTRIBUTES = {
    "*": {"title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
EMBEDDED = tuple(f"data:{mime};base64," for mime in PICTURES)
ATTACHED = "attachment:"
OF_TEACHER = {"of": "teacher"}
"""The metadata of a cell of the teacher's that only formgrader shows."""
FRAME = '<div style="border: 3px solid #1565c0; padding: 4px 10px">{}</div>'
# Commands of MathJax and KaTeX that link, load, style, or give such a one another name: shown as written
# instead. To TeX a name ends where no letter follows.
ACTING_TEX = re.compile(
    r"\\(href|url|includegraphics|require|unicode|char|style|class|cssId|data|html[A-Za-z]*|mmlToken|bbox|enclose"
    r"|texttip|mathtip|toggle|[egx]?def|let|futurelet|newcommand|renewcommand|providecommand|newenvironment"
    r"|renewenvironment|[nN]ewextarrow|DeclareMathOperator|DeclarePairedDelimiters?X?|begingroup|global)"
    r"(?![A-Za-z])"
)
# A relative link would lead to a file that the student submitted, which formgrader serves as its own page;
# browsers read `http:page.html` as relative, too.
ALLOWED_LINK = re.compile(r"#|mailto:|https?://[^/\\]", re.IGNORECASE)
# Beyond these reading HTML or Markdown takes time that grows with the square of the text: minutes and hours.
LONGEST_HTML, DEEPEST_HTML = 500_000, 300
LONGEST_MARKDOWN, MOST_FORMULAS = 20_000, 100
LONGEST_CODE = 20_000
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# Tags that end by themselves, where the next begins or at once.
SELF_ENDING_TAGS = "br col dd dt hr img li p tbody td tfoot th thead tr wbr"
MOST_PIXELS = 2000
# Characters of a formula, formulas of a text: the rest stays as written.
LONGEST_FORMULA, MOST_DRAWN = 400, 60
FORMULA = re.compile(r"\$\$(?P<block>[^$]+)\$\$|\$(?P<line>(?=\S)[^$]*[^\s$])\$(?!\d)")
WHOLE_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')  # as the cleaner writes them
CODE = re.compile(r"<(/?)(?:code|pre)\b")
ATTACHED_PICTURE = re.compile(
    rf'(?P<before><img (?:[^>"]|"[^"]*")*?src="){ATTACHED}(?P<name>[^"]*)(?P<after>"(?:[^>"]|"[^"]*")*>)'
)
MATHML_ELEMENTS = (
    "math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd"
    " mpadded mphantom mstyle mfenced"
)
MATHML_ATTRIBUTES = {"math": {"alttext", "display"}, "*": {"accent"}}


def clean_html(text: str) -> str:
    """HTML of words, tables, links and embedded pictures: no script, style, form, frame or remote picture.

    What is too long, or nested too deeply, is shown as it was written.
    """
    return with_pictures(_cleaned(text))


def _cleaned(text: str) -> str:
    if len(text) > LONGEST_HTML or _nested_too_deeply(text):
        return as_written(text[:LONGEST_HTML])
    import nh3  # not in a student's environment, where Jupyter's server may read this

    cleaned = nh3.clean(
        text,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return ACTING_TEX.sub(r"∖\1", cleaned)


def as_written(text: str) -> str:
    """Text as HTML that shows it as it is."""
    return f"<pre>{_as_text(text)}</pre>"


def _as_text(text: str) -> str:
    return ACTING_TEX.sub(r"∖\1", escape(text))


def _nested_too_deeply(text: str) -> bool:
    """Whether more tags may be open at once than are read."""
    open_tags: Counter[str] = Counter()
    depth, alone = 0, SELF_ENDING_TAGS.split()
    for end, name in TAG.findall(text):
        name = name.lower()
        if name in alone or (end and not open_tags[name]):
            continue
        step = -1 if end else 1
        open_tags[name] += step
        depth += step
        if depth > DEEPEST_HTML:
            return True
    return False


def clean_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """Code in colors, as nbconvert asks for it; a long cell without.

    As Python: the colors of IPython's magics take time that grows with the square of many texts.
    """
    lexer = "text" if len(source) > LONGEST_CODE else "python3"
    return Highlight2HTML(pygments_lexer=lexer)(without_trailing_space(source))


def without_trailing_space(source: str) -> str:
    """Code without spaces at the ends of its lines: on lines of nothing else the highlighter takes hours."""
    return "\n".join(line.rstrip() for line in source.split("\n"))


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.startswith((*EMBEDDED, ATTACHED)) else None
    if attribute == "href" and not ALLOWED_LINK.match(value):
        return None
    return value


class _Renderer(markdown_mistune.IPythonRenderer):
    """Leaves the name of an attachment as it is, where nbconvert's own raises on one that is missing."""

    def image(self, text: str, **attributes: Any) -> str:
        return super(markdown_mistune.IPythonRenderer, self).image(text, **attributes)


@pass_context
def clean_cell(context: Any, source: str) -> str:
    """Markdown as clean HTML, with the pictures of the cell that a template of nbconvert's shows.

    What the teacher wrote stands in a frame: a student's own HTML has none, and a submission's metadata is rebuilt.
    """
    cell = context.get("cell")
    html = clean_markdown(source, cell)
    return FRAME.format(html) if cell and cell.metadata.items() >= OF_TEACHER.items() else html


def clean_markdown(source: str, cell: NotebookNode | None = None) -> str:
    """Markdown as clean HTML, with the pictures of its cell.

    What is too long, or has too many formulas, is shown as it was written.
    """
    return with_pictures(_words(source), cell)


def with_pictures(html: str, cell: NotebookNode | None = None) -> str:
    """Clean HTML with a cell's pictures where it names them, or a line that says that one is missing.

    Each is embedded once, so that a page is not much larger than the notebook.
    """
    if ATTACHED not in html:
        return html
    pictures, shown = pictures_of(cell or {}), set()

    def embedded(tag: re.Match[str]) -> str:
        written = unescape(tag["name"])
        name = written if written in pictures else unquote(written)
        if name in shown:
            said = f"picture shown above: {name}"
        elif name in pictures:
            shown.add(name)
            mime, data = next(iter(pictures[name].items()))
            return f"{tag['before']}data:{mime};base64,{data}{tag['after']}"
        else:
            said = f"picture missing: {name}"
        return f"<em>[{_as_text(said)}]</em>"

    return ATTACHED_PICTURE.sub(embedded, html)


@lru_cache(512)  # cells that everybody has are read once
def _words(source: str) -> str:
    if len(source) > LONGEST_MARKDOWN or source.count("\\begin{") > MOST_FORMULAS:
        return as_written(source)
    return with_formulas(
        _cleaned(markdown_mistune.MarkdownWithMath(renderer=_Renderer(escape=False)).render(source))
    )


def with_formulas(html: str) -> str:
    """Clean HTML with its formulas drawn; code stays code."""
    if "$" not in html:
        return html
    parts = WHOLE_TAG.split(html)  # a text, a tag, a text, …
    depth = drawn = 0
    for place, part in enumerate(parts):
        if code := CODE.match(part):
            depth = max(0, depth + (-1 if code[1] else 1))
        elif place % 2 == 0 and "$" in part and not depth and drawn < MOST_DRAWN:
            drawn += part.count("$") // 2
            parts[place] = FORMULA.sub(_drawn, part)
    return "".join(parts)


def _drawn(formula: re.Match[str]) -> str:
    tex = unescape(formula["block"] or formula["line"]).strip()
    if len(tex) > LONGEST_FORMULA or "∖" in tex:  # the cleaner's mark of a command that would act
        return formula[0]
    return mathml(tex, is_block=formula["block"] is not None) or formula[0]


@lru_cache(maxsize=4096)
def mathml(tex: str, is_block: bool = False) -> str:
    """A formula as MathML; empty where it is none that can be read."""
    try:
        import nh3
        from latex2mathml.converter import convert_to_element
    except ImportError:  # a student's environment
        return ""
    try:
        formula = convert_to_element(tex, display="block" if is_block else "inline")
    except Exception:  # whatever the converter raises on a stranger's text
        return ""
    formula.attrib = {"alttext": tex, **formula.attrib}
    for element in formula.iter():  # the converter writes signs as references to characters
        element.text, element.tail = unescape(element.text or ""), unescape(element.tail or "")
    written = tostring(formula, encoding="unicode", short_empty_elements=False)
    return nh3.clean(written, tags=set(MATHML_ELEMENTS.split()), attributes=MATHML_ATTRIBUTES)


class CleanOutputs(Preprocessor):
    """Leaves of each output what can be shown without being run."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type != "markdown":
            cell.pop("attachments", None)
        if cell.cell_type == "raw":
            cell.cell_type, cell.metadata = "markdown", NotebookNode()
            cell.source = "\n".join(f"    {line}" for line in cell.source.split("\n"))
        for output in cell.get("outputs", []):
            if "data" in output:
                words = alt_of(output)
                output.data = NotebookNode(clean_data(output.data))
                pictures = output.data.keys() & PICTURES.keys() if words else ()
                output.metadata = NotebookNode({mime: NotebookNode(alt=words) for mime in pictures})
        return cell, resources


def clean_data(data: dict[str, Any]) -> dict[str, str]:
    """A MIME bundle's harmless parts; where none is left, a sentence."""
    read = {mime: picture(mime, value) for mime, value in data.items() if mime in PICTURES}
    kept = {mime: base64 for mime, base64 in read.items() if base64}
    for mime, value in data.items():
        if mime in ("text/html", "text/markdown") and isinstance(value, str):
            kept["text/html"] = clean_html(value) if mime == "text/html" else clean_markdown(value)
        elif mime == "text/plain" and isinstance(value, str):
            kept[mime] = value
    if not kept:
        kind = ", ".join(sorted(map(str, data)))[:100] or "unknown"
        kept["text/plain"] = f"[an output of the kind {kind} is not shown here]"
    return kept


def alt_of(output: NotebookNode) -> str:
    """The text alternative of a picture, where its maker gave one."""
    metadata = output.get("metadata", {})
    for holder in [metadata, *(metadata.get(mime, {}) for mime in PICTURES)]:
        if isinstance(holder, dict) and isinstance(holder.get("alt"), str):
            return holder["alt"]
    return ""


def width_of(output: NotebookNode, mime: str) -> int | None:
    """How wide a picture is to be shown, in a page's pixels, where its maker said so."""
    metadata = output.get("metadata", {}).get(mime)
    width = metadata.get("width") if isinstance(metadata, dict) else None
    return width if type(width) is int and 0 < width <= MOST_PIXELS else None
