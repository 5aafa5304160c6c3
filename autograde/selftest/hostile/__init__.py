"""The hostile suite: what a submission may try, as data, and the runner that tries it on this machine.

`attack` says what an attack is. One file a subject holds the attacks, each with a name of its own. `suite` runs them for `autograde selftest --hostile` and for the project's own tests.
"""
