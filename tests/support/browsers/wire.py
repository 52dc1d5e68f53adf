"""The two ways in which browsers take WebDriver's commands: over HTTP, and in Firefox also over a socket of its own.

The second, Marionette, is what geckodriver speaks: Debian packages Firefox, not geckodriver.
"""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, Protocol

PATIENCE = 200  # seconds that a command may take: longer than any script's own limit
# Marionette's name of a command: the same one over HTTP.
OVER_HTTP = {
    "WebDriver:Navigate": ("POST", "/url"),
    "WebDriver:SetTimeouts": ("POST", "/timeouts"),
    "WebDriver:ExecuteScript": ("POST", "/execute/sync"),
    "WebDriver:FindElement": ("POST", "/element"),
    "WebDriver:ElementClick": ("POST", "/element/{id}/click"),
    "WebDriver:ElementSendKeys": ("POST", "/element/{id}/value"),
}


class DriverError(Exception):
    """What a browser answers a command that it cannot carry out."""


class Wire(Protocol):
    """Sends a browser commands by Marionette's names."""

    def send(self, command: str, given: dict[str, Any]) -> Any:
        """Sends a command and returns its value. Raises DriverError."""

    def close(self) -> None:
        """Ends the session."""


class Marionette:
    """Firefox's own socket: each message is its length, a colon, and [0, number, command, given] as JSON."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        assert self._read()["marionetteProtocol"] == 3

    def send(self, command: str, given: dict[str, Any]) -> Any:
        """Sends a command and returns its value. Raises DriverError."""
        self._number += 1
        message = json.dumps([0, self._number, command, given]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        kind, number, error, value = self._read()
        assert (kind, number) == (1, self._number)
        if error:
            raise DriverError(f"{error['error']}: {error['message']}")
        return value["value"] if isinstance(value, dict) and set(value) == {"value"} else value

    def close(self) -> None:
        """Ends the session."""
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        digits = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has gone"
            digits += byte
        return json.loads(self._stream.read(int(digits)))


class Http:
    """A driver's HTTP server, such as WebKitWebDriver."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self._port = port
        wanted = {"capabilities": {"alwaysMatch": capabilities}}
        self._session = f"/session/{self._ask('POST', '/session', wanted)['sessionId']}"

    def send(self, command: str, given: dict[str, Any]) -> Any:
        """Sends a command and returns its value. Raises DriverError."""
        method, path = OVER_HTTP[command]
        return self._ask(method, self._session + path.format(**given), given)

    def close(self) -> None:
        """Ends the session."""
        self._ask("DELETE", self._session, None)

    def _ask(self, method: str, path: str, given: dict[str, Any] | None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            body = None if given is None else json.dumps(given)
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            value = json.loads(response.read())["value"]
        finally:
            connection.close()
        if response.status != 200:
            raise DriverError(f"{value['error']}: {value['message']}")
        return value
