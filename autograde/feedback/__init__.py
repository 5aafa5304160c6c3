"""What students get back: one page a notebook, made of the gradebook's scores and the kept verdicts."""
