"""The gradebook: the only room that knows its tables. It is read into entries, and what is graded is saved."""
