"""Makes docs/variants.md, and the data that ships with the package: `python -m descentlab_variants.page`.

`collect` runs the rules, `text` writes the page from the data alone. `descentlab_variants.data` reads the
data where the rules are not at hand.
"""
