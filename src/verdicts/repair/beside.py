"""Searches that go on beside the notebook: each in a child with the state at its check, one at a time, in the checks' order.

A thread shows what a search finds in the place of what stands there, whichever cell runs meanwhile. Where no process can be
forked, a search runs at once.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from IPython import display, get_ipython

from verdicts.repair import can_fork

MOST_WAITING = 4
Bundle = dict[str, Any]


@dataclass
class _Entry:
    """A search that runs or waits."""

    name: str
    child: Any
    show: Callable[[Bundle], None]
    last: Bundle
    """What is shown in the end, if nothing is found."""

    def is_over(self) -> None:
        """Leave no process, and show what was found."""
        with suppress(Exception):
            self.child.end()
            self.show(self.last)


_queue: list[_Entry] = []
"""The searches of this kernel, the one that runs first."""
_changed = threading.Condition()


def begin(
    name: str,
    work: Callable[[Callable[[Bundle], None]], None],
    names: dict[str, Any],
    place: str,
    last: Bundle,
) -> None:
    """Search, and return when few enough others wait.

    Args:
        name: of the check.
        work: the search, which shows better and better displays.
        names: those of the notebook.
        place: the id of the display where its results are shown.
        last: what is shown there in the end, if nothing is found.
    """
    show = _shown_in(place)
    if not can_fork():
        found = [last]
        work(found.append)
        show(found[-1])
        return
    from verdicts.repair.child import Child

    with _changed:  # so that the thread is not showing anything while the process forks
        try:
            child = Child(lambda tell: work(lambda bundle: tell(json.dumps(bundle))), names)
        except OSError:  # no process is left
            show(last)
            return
        _queue.append(_Entry(name, child, show, last))
        if len(_queue) == 1:
            threading.Thread(target=_run, daemon=True).start()
    wait(1 + MOST_WAITING)


def end(name: str) -> None:
    """End the search for a check that runs again."""
    with _changed:
        for old in [one for one in _queue if one.name == name]:
            if old is _queue[0]:
                old.child.stop()  # the thread goes on with the next
            else:
                _queue.remove(old)
                old.is_over()


def wait(most: int = 0) -> None:
    """Return when at most so many searches run or wait, or at an interrupt."""
    with _changed, suppress(KeyboardInterrupt):
        _changed.wait_for(lambda: len(_queue) <= most)


def _run() -> None:
    """Let one after the other run, until none is left."""
    while True:
        entry = _queue[0]
        with suppress(Exception):  # it was ended, or a student's code has sent something else
            for line in entry.child.lines():
                entry.last = json.loads(line)
        with _changed:
            _queue.pop(0)
            entry.is_over()
            _changed.notify_all()
            if not _queue:
                return


def _shown_in(place: str) -> Callable[[Bundle], None]:
    """What shows something in the place of a display, from any thread, as if its own cell did."""
    publisher: Any = getattr(get_ipython(), "display_pub", None)
    if not hasattr(publisher, "pub_socket"):
        return lambda bundle: display.update_display(bundle, display_id=place, raw=True)
    header = publisher.parent_header

    def show(bundle: Bundle) -> None:
        content = {"data": bundle, "metadata": {}, "transient": {"display_id": place}}
        publisher.session.send(
            publisher.pub_socket, "update_display_data", content, header, ident=publisher.topic
        )

    return show
