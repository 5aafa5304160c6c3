"""The mistake in a rule, found from its steps: a search among known mistakes and edits of the formula."""
