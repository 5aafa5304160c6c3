"""Experiments to move by hand, on the student's own class. One line each:

    from descentlab.explorers import explore

    explore(Momentum, bowl, steps=30, goal=1e-6)                  # paths over contours, step by step
    explore_stability(Momentum, radius, (0.1, 2.0), goal=0.65)    # the (η, μ) plane
    explore_bias(Adam, goal=7)                                    # moving averages of your own gradients
    explore_noise(SGD, theory=floor, goal=0.01)                   # how fast, how rough
    explore_rotation(AdaGrad, goal=100)                           # a turned bowl
    explore_gradient_check(slopes, f, slope, goal=1e-10)          # the distance h
    explore_race([SGD, Momentum, Adam])                           # all rules on one surface, to be played

The picture is redrawn by your code at every move of a slider. Without a browser the first picture is shown as
an SVG image, with the same words. Nothing is returned. Each explorer has a file of its own; `widget.py` holds what
they share.
"""

from descentlab.explorers.bias import explore_bias
from descentlab.explorers.gradient_check import explore_gradient_check
from descentlab.explorers.noise import explore_noise
from descentlab.explorers.paths import explore
from descentlab.explorers.race import explore_race
from descentlab.explorers.rotation import explore_rotation
from descentlab.explorers.stability import explore_stability

__all__ = [
    "explore",
    "explore_bias",
    "explore_gradient_check",
    "explore_noise",
    "explore_race",
    "explore_rotation",
    "explore_stability",
]
