"""For those who teach a lesson: a page of what to expect in class, and slides, both made from what exists.

`outline`  a lesson's sections: minutes, points, predictions; what may be left out
`rehearse` the lesson run once: figures, and the answers of its predictions
`expected` the mistakes to expect: the class's own where there is one
`page`     all of it on one page
`slides`   marked cells, predictions and figures as slides
"""
