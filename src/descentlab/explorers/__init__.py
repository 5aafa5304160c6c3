"""Experiments to move by hand, on the student's own class. One line each:

    from descentlab.explorers import explore

    explore(Momentum, bowl, lr=0.1, momentum=0.9, steps=40, goal=1e-6)

The picture is redrawn by your code at every move of a slider. Without a browser the first picture is shown as
a PNG, with the same words. Nothing is returned. Each explorer has a file of its own; `widget.py` holds what
they share.
"""

from descentlab.explorers.paths import explore

__all__ = ["explore"]
