"""One handed-in notebook outside any course: no gradebook, no course's folder.

`key`           what was handed out, from the wheel's lesson or a file
`one_notebook`  the steps of grading, for one file
`printed`       what the terminal says
`junit`         the file that continuous integration reads
"""
