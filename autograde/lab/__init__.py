"""The student's working folder and the JupyterLab that opens it.

`workspace`      copies of the released lessons that are the student's own, and the command that starts JupyterLab
`extension`      an extension of Jupyter's server: kernels' messages without delay, files opened with caution
`opened_files`   that caution: nothing acts that came from somebody else
`student/`  Jupyter's configuration for it: what a student does not see, what the server does not say
"""
