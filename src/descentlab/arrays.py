"""What parameters and gradients are: arrays by key."""

from collections.abc import Mapping

import numpy as np

Arrays = Mapping[str, np.ndarray]
"""Float arrays of any shapes; where something changes them, it changes the arrays, not the mapping."""
