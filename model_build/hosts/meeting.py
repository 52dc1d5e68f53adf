"""The processes of a cluster wait for each other, before TensorFlow starts.

TensorFlow's own wait can neither be interrupted nor does it name who is missing. So host 0 listens on its port first;
the others knock there, say who they are and for whom they take the cluster, and go on when all are there. Then the
ports are free for TensorFlow.
"""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import time
from collections.abc import Iterator

from face_emotion.errors import InputError
from model_build.hosts.cluster import Cluster

GREETING = "face-emotion-kit hosts 1"
LONGEST = 65_536  # bytes of a line
LOOK = 0.2  # seconds between looks, in which Ctrl-C and the deadline are seen
GO = "go"


def meet(cluster: Cluster, seconds: float) -> None:
    """Returns when all processes of a cluster are here, at about the same time in all of them.

    Raises InputError when they are not after `seconds`, where this process's port is taken, and on every host where
    two take the same place or do not name the same hosts.
    """
    end = time.monotonic() + seconds
    with _port(cluster) as own:
        if cluster.rank == 0:
            _receive(cluster, own, end, seconds)
        else:
            _knock(cluster, end, seconds)


@contextlib.contextmanager
def _port(cluster: Cluster) -> Iterator[socket.socket]:
    """This process's port, held for the length of a block."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
        try:
            own.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # as gRPC does: old connections may linger
            own.bind(("", cluster.port))
            if cluster.rank == 0:
                own.listen()
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise InputError(
                f"{cluster.name(cluster.rank)}: port {cluster.port} {reason}; give another"
            ) from None
        own.settimeout(LOOK)
        yield own


def _receive(cluster: Cluster, own: socket.socket, end: float, seconds: float) -> None:
    here: dict[int, socket.socket] = {}
    try:
        while len(here) < cluster.count - 1:
            if time.monotonic() > end:
                away = [cluster.name(rank) for rank in range(1, cluster.count) if rank not in here]
                line = _late(", ".join(away), seconds)
                for line_to in here.values():
                    _send(line_to, line)
                raise InputError(line)
            for rank in [rank for rank, line in here.items() if _gone(line)]:
                here.pop(rank).close()
            guest = _accepted(own)
            if guest is None:
                continue
            rank, refusal = _asked(cluster, guest, here)
            if refusal is None:
                here[rank] = guest
                continue
            for listener in [guest, *here.values()] if refusal else []:
                _send(listener, refusal)
            guest.close()
            if refusal:
                raise InputError(refusal)
        for guest in here.values():
            _send(guest, GO)
        for guest in here.values():
            _gone(guest, until=time.monotonic() + 5)  # they close first, so that this port is free at once
    finally:
        for guest in here.values():
            guest.close()


def _asked(cluster: Cluster, guest: socket.socket, here: dict[int, socket.socket]) -> tuple[int, str | None]:
    """Who knocked, and why it is not let in: None where it is, "" where it is none of ours."""
    try:
        said = json.loads(_line(guest, time.monotonic() + 5))
        if said["greeting"] != GREETING:
            return 0, ""
        rank, hosts = int(said["host"]), [str(address) for address in said["hosts"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0, ""
    if hosts != list(cluster.addresses):
        return 0, (
            f"--hosts: host {rank} names {_brief(hosts)} where host 0 names {_brief(list(cluster.addresses))}; "
            "give the same list on every host"
        )
    if rank in here:
        return 0, f"--host {rank}: two processes say that they are {cluster.name(rank)}; give each its own"
    return rank, None


def _knock(cluster: Cluster, end: float, seconds: float) -> None:
    name, _, port = cluster.addresses[0].rpartition(":")
    about = {"greeting": GREETING, "host": cluster.rank, "hosts": cluster.addresses}
    while time.monotonic() < end:
        try:
            with socket.create_connection((name.strip("[]"), int(port)), timeout=5) as line:
                _send(line, json.dumps(about))
                answer = _line(line, end + 5)  # host 0 names who is missing
        except (OSError, ValueError):
            time.sleep(LOOK)
            continue
        if answer == GO:
            return
        raise InputError(answer)
    raise InputError(_late(cluster.name(0), seconds))


def _late(who: str, seconds: float) -> str:
    hint = "start the same command on every host (--hosts-wait waits longer)"
    return f"{who} has not come within {seconds:g} s; {hint}"


def _accepted(own: socket.socket) -> socket.socket | None:
    try:
        return own.accept()[0]
    except TimeoutError:
        return None


def _send(line: socket.socket, text: str) -> None:
    with contextlib.suppress(OSError):
        line.sendall(text.encode() + b"\n")


def _line(line: socket.socket, end: float) -> str:
    """The next line; raises OSError where none comes."""
    line.settimeout(LOOK)
    found = b""
    while not found.endswith(b"\n"):
        try:
            part = line.recv(LONGEST)
        except TimeoutError:
            part = None
        if part == b"" or len(found) > LONGEST or time.monotonic() > end:
            raise ConnectionError("no line came")
        found += part or b""
    return found.decode().strip()


def _gone(line: socket.socket, until: float = 0.0) -> bool:
    """Whether the other end has closed a connection, now or by a time."""
    line.settimeout(max(until - time.monotonic(), 0.001))
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def _brief(addresses: list[str]) -> str:
    text = ",".join(addresses)
    return text if len(text) <= 80 else f"{text[:77]}…"
