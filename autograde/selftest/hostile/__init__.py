"""The hostile suite: what a submission may try, as data, and the runner that tries it on this machine.

`case` says what a case is. One file a subject holds the cases, each with a name of its own. `suite` runs them for `autograde selftest --hostile` and for the project's own tests.
"""
