"""An explorer's picture as Python makes it, with nothing moved but what a test moves."""

from explorer_rules import AMPLE


def draw(experiment, seconds=AMPLE, **moved):
    first = {control.name: control.read(None) for control in experiment.controls}
    return experiment.draw(first | moved, seconds)


def drawables(scene, kind, panel=0):
    """The drawables of a kind on a panel."""
    return [drawable for drawable in scene.drawables[panel] if isinstance(drawable, kind)]
