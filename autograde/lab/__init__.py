"""The student's working folder and the JupyterLab that opens it.

`lessons`   copies of the released lessons that are the student's own
`server`    the command that starts JupyterLab
`student/`  Jupyter's configuration for it: what a student does not see, what the server does not say
"""
