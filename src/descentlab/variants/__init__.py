"""The course's rules as nine frameworks compute them, with the names, defaults and numbers of each.

`descentlab.rules.like` gives such a rule; `table` lists, for the diagnosis, the variants of other numbers.
One file a rule (`adam.py`, …): the plain rule with the choices in which frameworks differ. All defaults are
the plain rule's own, `formula` gives the lines of the update as chosen, `differences` what separates it from
the paper. `frameworks/` says which framework chooses what, `make pages` writes a page for people, build/variants.md.
A submission's sandbox holds none of all this.
"""
