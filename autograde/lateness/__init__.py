"""Due dates, extensions and what is taken off for handing in late."""
