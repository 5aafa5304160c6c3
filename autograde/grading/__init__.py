"""From a submitted notebook to a row in nbgrader's gradebook: `pipeline.py` lists the steps, a file each."""
