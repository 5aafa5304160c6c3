"""Lessons as text: `solutions/NN-rule/rule.md` becomes two notebooks.

`text`               a lesson's text, and the same as a notebook, there and back
`current`            whether a notebook is what its text says, and making it so
`release_notebooks`  the notebooks without their solutions, put where students get them
`build`              every lesson of a course, and whether the folders have drifted from the text
"""
