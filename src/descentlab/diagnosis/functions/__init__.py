"""The mistake in a function or a value, found from its results."""
