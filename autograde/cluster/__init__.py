"""Sandboxes on other machines: cells go out as text, outputs and evidence come back (extra `cluster`).

Workers never see the gradebook, the solutions or the secret, and share no file system.
"""
