"""A course's assignments, as grading and release both know them.

`settings`  where their notebooks lie, and nbgrader's settings for their release
`convert`   nbgrader's conversion
`points`    what a check cell says it is worth, beside what its metadata says
`versions`  the cells of every release, kept in the gradebook
"""
