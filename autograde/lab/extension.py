"""An extension of Jupyter's server: what a kernel says goes to the browser at once, and files are opened with caution.

The second is `opened_files`. As to the first: without it a kernel's second message waits until the browser has
acknowledged the first, and the browser may take 40 ms over that (Nagle's algorithm and delayed acknowledgments; see
Tornado's `WebSocketHandler.set_nodelay`). A kernel says that it is busy before it answers, so half of an explorer's
moves would meet that wait.

A package of its own: the server would load NumPy and the checks with `descentlab`, a third of a second.
"""

from typing import Any

from autograde.lab.opened_files import be_cautious


def prompt(connection: type) -> type:
    """The same class of connections between a kernel and a browser, without that wait."""

    class Prompt(connection):
        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Prompt


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "autograde.lab.extension"}]


def _load_jupyter_server_extension(server: Any) -> None:
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])
    server.log.info("descentlab: a kernel's messages go to the browser at once")
    be_cautious(server)
