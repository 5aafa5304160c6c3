"""From a submitted notebook to a row in nbgrader's gradebook. `road.py` lists the steps, one file each."""
