"""The code inside the box: copied into it as a package of its own, importing nothing else of the project.

`zygote` is the box's first process and is trusted; everything it forks belongs to a student.
"""
