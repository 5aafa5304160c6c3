"""Makes docs/conventions.md, and the data that ships with the package: `python -m descentlab.rules.page`.

`data` runs the rules, `text` writes the page from the data alone. `descentlab.models.dialects` reads the data
where the rules are not at hand.
"""
