"""The course's figures: the same color, dash and marker for a rule everywhere.

    from descentlab import figures

    figures.trajectories(bowl, {"SGD": path}, title="η = 0.95 zigzags and arrives")
    figures.trajectories(bowl, {"SGD": a, "Adam": b}, title=..., panels=True)      # one panel a path
    figures.curves({"measured": y, "theory": (x, z)}, xlabel=..., ylabel=..., title=..., log="xy")
    figures.training_curves({"SGD": epochs}, title=...)                            # loss, accuracy, by epoch

    figures.level_map(radius, (0.01, 4), (0, 1), levels=(0.8, 1), marks=..., ...)  # regions below levels

    fig, ax = figures.canvas(xlabel="step", ylabel="θ", title=...)                 # anything else: draw on ax
    figures.show(fig, alt="What a person who cannot see it needs to know.")

A label that begins with a rule's name (`"Adam"`, `"SGD, η = 0.1"`) gets that rule's color; the second of the
same rule gets a shade of it, another dash and marker. A label that begins with `theory` is a wide gray line
behind the others, one with `bound` or `the target` a dotted one; `bound: SGD` has the color of `SGD`.

matplotlib knows these colors by name, too: `color="Adam"`, and `"okabe:blue"`, `"okabe:vermilion"` and so on
for what belongs to no rule.

`title` states the result, with the measured number in it. Every figure is shown at once with a text
alternative, made from the title and the data. Nothing is returned.
"""

from descentlab.figures.plots import contours, curves, level_map, training_curves, trajectories
from descentlab.figures.style import looks
from verdicts.canvas import canvas, show

__all__ = ["canvas", "contours", "curves", "level_map", "looks", "show", "training_curves", "trajectories"]
