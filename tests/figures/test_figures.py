"""Figures: one look per rule, labels, a text alternative, few bytes."""

import base64
import io
import re
from functools import partial

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from descentlab import figures
from descentlab.figures.plots import levels_of
from descentlab.figures.style import MARKERS, OTHERS, SPARE, looks
from descentlab.objectives import bowl
from descentlab.registry import RULES, SOLID
from verdicts import canvas as figure_layout

OKABE_ITO = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
PATH = np.array([[-7.0, 2.0], [-6.0, -1.0], [-5.0, 0.5]])
curves = partial(figures.curves, xlabel="a", ylabel="b")


@pytest.fixture
def page(monkeypatch):
    """What a cell would show: a list of (data, metadata)."""
    found = []
    monkeypatch.setattr(figure_layout, "display", lambda data, metadata, raw: found.append((data, metadata)))
    return found


def test_every_rule_has_a_color_of_okabe_and_ito_and_a_dash_or_marker_of_its_own():
    rows = list(RULES.values())
    markers = [row.marker for row in rows]
    assert sorted(set(markers)) == sorted(markers), "two rules have one marker"
    assert not set(markers) & {marker for _, marker in SPARE}, "a rule's marker is one of SPARE"
    assert not set("^v<>1234") & {*markers, *MARKERS}, "a marker that points looks like an arrow on a path"
    assert len({(row.color, row.dash) for row in rows}) == len(rows), "two rules have one color and dash"
    assert {row.color for row in rows} | set(OTHERS) <= OKABE_ITO


def test_a_label_gets_the_look_of_the_rule_it_begins_with():
    first, second, centered = looks(["SGD, η = 0.1", "Adam", "RMSpropGraves"])
    assert first["color"] == RULES["SGD"].color
    assert second["marker"] == RULES["Adam"].marker
    assert centered["color"] == RULES["RMSpropGraves"].color


def test_lines_of_one_figure_can_be_told_apart_without_colour():
    labels = ["SGD, 0.1", "SGD, 0.5", "SGD, 0.95", "Adam", "mine", "yours", "theory"]
    seen = {(str(look["linestyle"]), look["marker"]) for look in looks(labels)}
    assert len(seen) == len(labels)


def test_a_line_alone_is_solid_and_two_are_not_alike():
    (alone,), (first, second) = looks(["mine"]), looks(["mine", "yours"])
    assert alone["linestyle"] == SOLID != first["linestyle"] != second["linestyle"]


def test_lines_of_one_rule_are_shades_of_its_color_and_no_other_line_has_it():
    first, second, third, target, other = looks(["SGD, 0.1", "SGD, 0.5", "SGD, 0.95", "the target", "mine"])
    assert first["color"] == RULES["SGD"].color
    assert len({first["color"], second["color"], third["color"], other["color"]}) == 4
    assert target == looks(["bound"])[0]
    assert looks(["Adam", "Adam, 0.1"])[1]["color"] == "#737373", "black has gray shades"
    assert other["color"] != RULES["SGD"].color == looks(["mine"])[0]["color"]


def test_a_line_of_no_rule_has_another_hue_than_the_rules_beside_it():
    alone, (_, beside) = looks(["mine"])[0], looks(["RMSprop", "mine"])
    blue = alone["color"]
    assert (blue, RULES["RMSprop"].color) == ("#0072B2", "#56B4E9"), "blue and light blue"
    assert beside["color"] != blue


def test_a_bound_is_dotted_in_the_color_of_its_line():
    line, bound, alone = looks(["Nesterov, growing μ", "bound: Nesterov, growing μ", "bound: of something"])
    assert (bound["color"], bound["marker"]) == (line["color"], "")
    assert bound["linestyle"] == alone["linestyle"] != line["linestyle"]
    assert alone["color"] not in {rule.color for rule in RULES.values()}


def test_a_theory_is_seen_behind_a_line_that_agrees_with_it(axes):
    labels = {"Adam": [1, 2], "theory": [1, 2], "theory: Adam": [1, 2]}
    curves(labels, title="they agree")
    line, *theories = axes[0].lines
    for theory in theories:
        assert theory.get_zorder() < line.get_zorder()
        assert theory.get_linewidth() > 3 * line.get_linewidth()
        assert theory.get_alpha() < 0.5
    assert theories[1].get_color() == line.get_color() != theories[0].get_color()


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.trajectories(bowl, {"SGD": PATH}, title="it arrives"),
        lambda: figures.trajectories(bowl, {"SGD": PATH, "Adam": PATH}, title="it arrives", panels=True),
        lambda: curves({"SGD": [3, 2, 1]}, title="it arrives"),
        lambda: figures.level_map(
            lambda a, b: a + b, (0, 1), (0, 1), levels=(0.5, 1), marks={"SGD": (0.5, 0.5)},
            xlabel="a", ylabel="b", title="it arrives",
        ),
    ],
)  # fmt: skip
def test_every_figure_is_a_png_whose_text_alternative_holds_the_finding(page, draw):
    draw()
    ((data, metadata),) = page
    assert data["image/png"].startswith(b"\x89PNG")
    assert "it arrives" in data["text/plain"]
    assert "SGD" in data["text/plain"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_a_figure_looks_like_matplotlibs_own_png_and_has_at_most_half_its_bytes():
    fig, ax = figures.canvas(xlabel="step", ylabel="loss", title="two waves before level lines")
    ax.plot(np.sin(np.arange(100)), color="#0072B2")
    ax.plot(np.cos(np.arange(100)), color="#E69F00", marker="s")
    ax.contour(*np.meshgrid(range(100), [-1, 1]), np.outer([1, 2], range(100)), levels=20, colors="#999999")
    few = figure_layout.as_png(fig, 110)
    full = io.BytesIO()
    fig.savefig(full, format="png", dpi=110)
    ours, theirs = (np.asarray(Image.open(made).convert("RGB"), int) for made in (io.BytesIO(few), full))
    assert ours.shape == theirs.shape
    off = np.abs(ours - theirs)
    assert off.mean() <= 1
    assert np.mean(off > 16) < 0.001
    assert (ours[0, 0] == 255).all()
    assert len(few) <= len(full.getvalue()) / 2


def test_a_path_that_ran_away_is_still_drawn_and_ends_outside_the_picture(axes):
    path = np.array([[-7.0, 2.0], [1e300, -1e300], [np.inf, np.nan]])
    figures.trajectories(bowl, {"SGD": path}, title="away")
    curves({"SGD": [1, 1e300, np.inf, np.nan]}, title="away", log="y")
    assert len(axes) == 2
    assert np.abs(axes[0].lines[1].get_xydata()[1:]).min() > max(bowl.extent)


def test_a_flat_objective_gets_a_flat_figure(axes):
    figures.trajectories(bowl, {"SGD": PATH}, title="as on a map")
    assert axes[0].bbox.height > 0.7 * axes[0].figure.bbox.height
    assert (*axes[0].get_xlim(), *axes[0].get_ylim()) == bowl.extent


@pytest.fixture
def axes(monkeypatch):
    """The axes of each figure, as they are shown."""
    found, draw = [], figure_layout.FigureCanvasAgg.draw

    def kept(canvas):
        draw(canvas)
        found.append(canvas.figure.axes[0])

    monkeypatch.setattr(figure_layout.FigureCanvasAgg, "draw", kept)
    monkeypatch.setattr(figure_layout, "display", lambda *data, **kind: None)
    return found


def test_a_lesson_may_call_a_color_by_its_rule_or_by_its_name():
    assert [to_hex(name) for name in ("Adam", "SGD", "okabe:blue")] == ["#000000", "#0072b2", "#0072b2"]


def test_all_six_rules_stand_in_two_rows(axes):
    figures.trajectories(bowl, dict.fromkeys(list(RULES)[:6], PATH), title="six", panels=True)
    assert len({round(ax.get_position().y0, 2) for ax in axes[0].figure.axes}) == 2


def test_axes_have_labels_and_the_title_is_broken_into_lines():
    _, ax = figures.canvas(xlabel="step", ylabel="loss", title="a long finding " * 8)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")
    assert "\n" in ax.get_title(loc="left")


T = np.linspace(0, 10, 200)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (T + 1, {"1", "2", "6", "10"}),
        (np.linspace(0.25, 0.65, 20), {"0.3", "0.6"}),
        (1e-6 * (T + 1), {"10⁻⁶", "10⁻⁵"}),
        (10.0 ** (-2 * T), {"10⁻¹⁸"}),
    ],
    ids=["a decade", "less", "tiny", "long"],
)
def test_a_logarithmic_axis_has_plain_numbers_where_it_is_short_else_powers_of_ten(axes, line, expected):
    curves({"SGD": line}, title="log", log="y")
    (ax,) = axes
    assert expected <= {tick.get_text() for tick in ax.get_yticklabels(which="both")}


def test_each_number_of_a_level_map_is_on_the_edge_of_the_region_that_it_names(axes):
    def height(x, y):
        return max(abs(x), abs(y))

    figures.level_map(
        height, (-2, 2), (-2, 2), levels=(0.5, 1, 1.5), marks={}, xlabel="a", ylabel="b", title="squares"
    )
    named = {words.get_text(): words.get_position() for words in axes[0].texts}
    assert named.keys() == {"< 0.5", "< 1", "< 1.5"}
    assert np.argmax(axes[0].collections[1].get_linewidth()) == 2, "the highest is bold"
    for text, place in named.items():
        assert height(*place) == pytest.approx(float(text[2:]), abs=0.05)


def test_a_logarithmic_curve_leaves_out_what_is_not_above_zero_and_has_ticks_between_whole_numbers(axes):
    curves({"SGD": ([0.1, 0.9], [1, -1])}, title="c", log="y")
    assert np.isnan(axes[0].lines[0].get_ydata()).tolist() == [False, True]
    assert any(tick % 1 for tick in axes[0].get_xticks())


def test_the_legend_of_many_lines_stands_beside_them(axes):
    curves({str(k): T for k in range(5)}, title="c")
    assert axes[0].figure.legends


def test_a_curve_in_words_goes_from_its_first_number_to_its_last(page):
    curves({"SGD": [np.nan, 3, 2, np.inf]}, title="c")
    assert "SGD goes from 3 to 2." in page[0][0]["text/plain"]


def test_a_negative_number_in_a_title_has_a_minus(axes):
    curves({"SGD": T}, title="from -1.5 to 1e-06, Gauss-Newton")
    assert axes[0].get_title(loc="left") == "from −1.5 to 1e-06, Gauss-Newton"


def test_a_figure_without_words_is_refused(page):
    fig, _ = figures.canvas(xlabel="step", ylabel="loss", title="found")
    with pytest.raises(ValueError, match="text alternative"):
        figures.show(fig, alt=" ")
    assert page == []


def test_no_line_of_a_title_ends_within_an_equation():
    title = "Either fast or accurate: after 1000 calls " + ", ".join(
        f"η = {10.0**-k:g} leaves {k}" for k in range(5)
    )
    for width in np.arange(3.0, 7.0, 0.1):
        lines = figure_layout.wrapped(title, width).split("\n")
        assert " ".join(lines) == title
        assert not any(line.endswith(("η", "=")) for line in lines), width
    assert [len(line) for line in figure_layout.wrapped("ab " * 20, 5).split("\n")] == [29, 29]


def test_moving_dots_follow_the_paths_and_rest_for_readers_who_prefer_less_motion(page):
    figures.trajectories(bowl, {"SGD": PATH, "Adam": PATH[:2]}, title="two", panels=True, moving=True)
    ((data, _),) = page
    image = base64.b64decode(re.search(r"data:image/svg\+xml;base64,([^\"]+)", data["text/html"])[1]).decode()
    frames = re.findall(r"@keyframes d\d\{(.*?)to\{", image)
    places = [re.findall(r"translate\((\d+)px,(\d+)px\)", frame) for frame in frames]
    assert [len(place) for place in places] == [3, 2]
    (first, *_, last), end = places[0], re.search(r"#d0\{transform:translate\((\d+)px,(\d+)px\)", image)
    assert end.groups() == last != first
    steps = np.subtract(np.array(last, int), np.array(first, int)) / (PATH[-1] - PATH[0])
    assert steps[0] > 0 > steps[1], "pixels count downwards"
    assert "prefers-reduced-motion" in image
    assert data["image/png"]


def test_the_level_lines_are_those_of_the_objective_at_their_own_x_and_y():
    x, y, heights, _ = levels_of(bowl)
    assert (*x[[0, -1]], *y[[0, -1]]) == bowl.extent
    for row, column in ((0, 3), (5, 0), (-1, -1)):
        assert heights[row, column] == pytest.approx(bowl.value(np.array([x[column], y[row]])))
