"""Clients that keep a server waiting: they say half a request, or take next to nothing of an answer."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Iterator

LARGE = "/vendor/litert/litert.wasm"  # 9 MB: more than the system keeps of a connection's answer
HALF_A_REQUEST = b"GET / HTTP/1.1\r\nHos"


def connect(port: int, receive_buffer: int | None = None) -> socket.socket:
    """Returns a connection to a server on this machine."""
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    return client


@contextlib.contextmanager
def half_open(port: int, count: int, said: bytes = HALF_A_REQUEST) -> Iterator[list[socket.socket]]:
    """Opens connections that have said so much and say nothing more."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(port)) for _ in range(count)]
        for client in clients:
            client.sendall(said)
        yield clients


def ask(port: int, target: str = LARGE) -> socket.socket:
    """Returns a connection that has asked for a file and has taken only the first bytes of the answer."""
    client = connect(port, receive_buffer=4096)
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    assert client.recv(12) == b"HTTP/1.1 200"
    return client


def rest_of(client: socket.socket) -> bytes:
    """Returns what is still to come until the server ends the connection."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(1 << 16):
            parts.append(part)
    return b"".join(parts)


def body_of(client: socket.socket) -> bytes:
    """Returns the rest of one answer's body, as long as its header says."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += client.recv(1024)
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    parts, size = [body], len(body)
    while size < length and (part := client.recv(1 << 16)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def seconds_until_ended(client: socket.socket, drip: bytes = b"", limit: float = 30) -> float:
    """Returns after how long the server ends a connection, on which a byte of `drip` is said each half second."""
    start = time.monotonic()
    for index in range(round(2 * limit)):
        readable, _, _ = select.select([client], [], [], 0.5)
        with contextlib.suppress(ConnectionError):
            if readable and not client.recv(1 << 16):
                return time.monotonic() - start
            client.sendall(drip[index : index + 1])
            continue
        return time.monotonic() - start
    raise AssertionError(f"still open after {limit} s")
