"""A course as a folder: where things lie, how it is configured, who works in it."""
