"""Experiments to move by hand, on the student's own class. One line each:

    from descentlab.explorers import explore

    explore(Momentum, bowl, steps=30, goal=1e-6)      # paths over contours, step by step
    explore_bias(Adam, goal=7)                        # moving averages of your own gradients
    explore_figure(draw, lr=(0.0, 1.0, 0.01))         # any figure that a function of the lesson draws

The picture is redrawn by your code at every move of a slider. Without a browser the first picture is shown, with
the same words. Nothing is returned. Each explorer has a file of its own; `widget.py` holds what they share.
"""

from descentlab.explorers.bias import explore_bias
from descentlab.explorers.figure import explore_figure
from descentlab.explorers.paths import explore

__all__ = ["explore", "explore_bias", "explore_figure"]
