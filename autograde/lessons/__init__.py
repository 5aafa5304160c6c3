"""Lessons as text: `solutions/NN-rule/rule.md` becomes two notebooks.

`text`      a lesson's text, and the same as a notebook, there and back
`release`   the notebook without its solutions, through nbgrader
`points`    what a check cell says it is worth, beside what its metadata says
`build`     every lesson of a course, and whether the folders have drifted from the text
"""
