"""Jupyter's server with the course's extension."""

import asyncio
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from autograde.lab.extension import prompt


class Connection:
    """What Jupyter's connections are here: they know the browser's socket, and `connect` begins them."""

    def __init__(self, websocket_handler):
        self.websocket_handler = websocket_handler

    def connect(self):
        return "connected"


async def opened_with(connection: type) -> tuple[str, int]:
    """What `connect` returned, and whether the socket sends without delay."""
    found = asyncio.get_running_loop().create_future()

    class Kernel(WebSocketHandler):
        def open(self):
            returned = connection(self).connect()
            ours = self.ws_connection.stream.socket
            found.set_result((returned, ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))

    listening, port = bind_unused_port()
    server = HTTPServer(Application([("/", Kernel)]))
    server.add_sockets([listening])
    browser = await websocket_connect(f"ws://127.0.0.1:{port}/")
    try:
        return await asyncio.wait_for(found, 10)
    finally:
        browser.close()
        server.stop()


def opened(connection: type) -> tuple[str, int]:
    """In a thread of its own: where a browser's test ran before, the main one has a running loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(opened_with(connection))).result()


def test_a_kernels_second_message_does_not_wait_for_an_acknowledgement_of_the_first():
    assert opened(Connection) == ("connected", 0)  # or this proves nothing
    returned, without_delay = opened(prompt(Connection))
    assert returned == "connected"
    assert without_delay


def test_an_installed_descentlab_is_found_by_jupyters_server():
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    found = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
    assert found["autograde.lab.extension"] is True


def test_jupyters_server_does_not_load_what_notebooks_use():
    code = "import sys, autograde.lab.extension; print({'numpy', 'descentlab'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"
