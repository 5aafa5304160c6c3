"""What other systems lack is taken away from this project's code and from notebooks, where ELSEWHERE is set.

A .pth file of the student's environment imports this in every Python that starts there. Other packages keep
what they need of the system that the tests run on: what they do on Windows is theirs.

    fcntl, resource, pwd, grp, termios, pty     not there on Windows
    signal.pthread_kill                         nor this
    the encoding of files                       cp1252 where nobody names one
"""

import builtins
import io
import locale
import os
import signal

ABSENT = {"fcntl", "resource", "pwd", "grp", "termios", "pty"}
OURS = ("descentlab", "verdicts", "autograde", "__main__")
ENCODING = "cp1252"


def install() -> None:
    importing, opening = builtins.__import__, io.open

    def without(name, globals=None, *rest, **more):
        importer = (globals or {}).get("__name__") or ""
        if name.partition(".")[0] in ABSENT and importer.startswith(OURS):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return importing(name, globals, *rest, **more)

    def in_cp1252(file, mode="r", buffering=-1, encoding=None, *rest, **more):
        if "b" not in mode and encoding in (None, "locale"):
            encoding = ENCODING
        return opening(file, mode, buffering, encoding, *rest, **more)

    builtins.__import__ = without
    builtins.open = io.open = in_cp1252
    locale.getpreferredencoding = lambda do_setlocale=True: ENCODING
    if hasattr(locale, "getencoding"):
        locale.getencoding = lambda: ENCODING
    del signal.pthread_kill


if os.environ.get("ELSEWHERE"):
    install()
