"""`python docs/contact_sheets.py FOLDER [LESSON ...]`: all figures and explorers of the lessons, to look at.

Each solved lesson runs once in JupyterLab. Its pictures are photographed in every view of `VIEWS`: light,
dark, 700 pixels wide, zoomed to 150 %, and as Chromium shows a page to people who do not see red, green, blue
or any color. One file a lesson and view: `06-adam-dark.png`. What runs out of its place is framed in red,
and said at the end of the line.
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import CDPSession, Locator, Page
from screenshots import ROOT, solved

WIDE, TALL = (1200, 1400), (700, 900)
ZOOM = 1.5
COLUMNS, CELL = 3, 520
"""Pictures side by side, and the pixels of each across."""
PICTURES = ".jp-OutputArea-output img, .explorer"
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
# Brings the part of a picture that begins so far down to the top of what the notebook shows of itself, and
# says where that part is: left, top, width, and how much height is free below its top.
SCROLLED = """(picture, done) => {
    const outer = picture.closest('.jp-WindowedPanel-outer');
    const shown = outer.getBoundingClientRect();
    outer.scrollTop += picture.getBoundingClientRect().top + done - shown.top;
    const [mine, top] = [picture.getBoundingClientRect(), picture.getBoundingClientRect().top + done];
    const bottom = Math.min(shown.top + outer.clientHeight, innerHeight);
    const right = Math.min(mine.right, innerWidth);
    return [mine.left, top, right - mine.left, Math.floor(bottom - top)];
}"""
RUNS_OUT = """picture => {
    const outer = picture.closest('.jp-OutputArea-output');
    const [mine, its] = [picture, outer].map((element) => element.getBoundingClientRect());
    const cut = (element) => element.scrollWidth > element.clientWidth + 1;
    return mine.right > its.right + 1 || mine.right > innerWidth || cut(picture) || cut(outer);
}"""


@dataclass(frozen=True)
class View:
    """How a page is shown: its size, its theme and who looks at it."""

    size: tuple[int, int] = WIDE
    theme: str = "JupyterLab Light"
    deficiency: str = "none"
    zoom: float = 1.0


VIEWS = {
    "light": View(),
    "dark": View(theme="JupyterLab Dark"),
    "narrow": View(size=TALL),
    "zoomed": View(size=(1400, 900), zoom=ZOOM),
    "without-red": View(deficiency="protanopia"),
    "without-green": View(deficiency="deuteranopia"),
    "without-blue": View(deficiency="tritanopia"),
    "without-color": View(deficiency="achromatopsia"),
}


def main(folder: str, *lessons: str) -> None:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for lesson in lessons or sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.md")):
        with solved(lesson, width=WIDE[0], height=WIDE[1]) as notebook:
            session = notebook.page.context.new_cdp_session(notebook.page)
            for name, view in VIEWS.items():
                show_as(view, notebook.page, session)
                pictures, cut = photographed(notebook.page)
                file = target / f"{lesson}-{name}.png"
                sheet(pictures, cut).save(file)
                print(f"{file}: {len(pictures)} pictures" + (f"; run out: {sorted(cut)}" if cut else ""))


def show_as(view: View, page: Page, session: CDPSession) -> None:
    """Bring the page into this view, and wait until it stands still."""
    page.evaluate(THEME, view.theme)
    light = str("Light" in view.theme).lower()
    page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": view.deficiency})
    page.set_viewport_size(
        {"width": round(view.size[0] / view.zoom), "height": round(view.size[1] / view.zoom)}
    )
    page.wait_for_timeout(1200)


def photographed(page: Page) -> tuple[list[Image.Image], set[int]]:
    """Each picture as it is painted, and the numbers of those that run out of their place."""
    pictures, cut = [], set()
    for number, picture in enumerate(page.locator(PICTURES).all()):
        if not picture.is_visible():
            continue
        pictures.append(whole(page, picture))
        if picture.evaluate(RUNS_OUT):
            cut.add(number)
    return pictures, cut


def whole(page: Page, picture: Locator) -> Image.Image:
    """The picture from top to bottom, however little of it fits between the page's bars at a time."""
    pieces: list[Image.Image] = []
    done, height = 0.0, picture.evaluate("picture => picture.getBoundingClientRect().height")
    while done < height - 1:
        left, top, width, free = picture.evaluate(SCROLLED, done)
        tall = min(free, height - done)
        if tall < 1:
            break
        clip = {"x": left, "y": top, "width": width, "height": tall}
        pieces.append(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB"))
        done += tall
    joined = Image.new("RGB", (pieces[0].width, sum(piece.height for piece in pieces)))
    for number, piece in enumerate(pieces):
        joined.paste(piece, (0, sum(before.height for before in pieces[:number])))
    return joined


def sheet(pictures: list[Image.Image], cut: set[int]) -> Image.Image:
    """The pictures in rows of `COLUMNS`, numbered, each made to fit its cell."""
    small = [picture.resize((CELL, round(picture.height * CELL / picture.width))) for picture in pictures]
    rows = [small[first : first + COLUMNS] for first in range(0, len(small), COLUMNS)]
    heights = [max(picture.height for picture in row) + 22 for row in rows]
    whole = Image.new("RGB", (COLUMNS * (CELL + 8), sum(heights) or 1), "#888888")
    draw, number, top = ImageDraw.Draw(whole), 0, 0
    for row, height in zip(rows, heights, strict=True):
        for column, picture in enumerate(row):
            left = column * (CELL + 8)
            draw.text((left + 4, top + 4), str(number), fill="#ffffff")
            whole.paste(picture, (left, top + 20))
            if number in cut:
                box = (left, top + 20, left + CELL - 1, top + 19 + picture.height)
                draw.rectangle(box, outline="#ff0000", width=3)
            number += 1
        top += height
    return whole


if __name__ == "__main__":
    main(*sys.argv[1:])
