"""Who takes the course: nbgrader's list of students, and beside it who of them is on the roster.

Names, addresses and LMS ids stand in nbgrader's own table alone. Students get there by handing in, too: the
roster says who belongs to the course. A course without one takes everybody.
"""
