"""Processes that wait for each other before TensorFlow starts: here threads, over real sockets of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence

from face_emotion.errors import InputError
from model_build.hosts.cluster import Cluster
from model_build.hosts.meeting import meet
from tests.support.hosts import free_ports


def names(count: int) -> tuple[str, ...]:
    """Returns addresses of this machine."""
    return tuple(f"127.0.0.1:{port}" for port in free_ports(count))


def met(clusters: Sequence[Cluster], seconds: float = 60) -> list[str]:
    """Has all clusters meet at once; returns what each was refused with, "" where it was not."""
    lines = ["?"] * len(clusters)

    def run(index: int, cluster: Cluster) -> None:
        try:
            meet(cluster, seconds)
            lines[index] = ""
        except InputError as error:
            lines[index] = str(error)

    threads = [threading.Thread(target=run, args=item) for item in enumerate(clusters)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lines


def test_all_go_on_when_all_are_here_and_the_ports_are_free_again():
    addresses = names(3)
    for _ in range(2):  # at once again: nothing holds a port
        assert met([Cluster(addresses, rank) for rank in (2, 0, 1)]) == ["", "", ""]


def test_who_did_not_come_is_named_on_every_host():
    addresses = names(3)
    late, later = met([Cluster(addresses, 0), Cluster(addresses, 2)], seconds=2)
    again = "start the same command on every host (--hosts-wait waits longer)"
    line = f"host 1 ({addresses[1]}) has not come within 2 s; {again}"
    assert late == line
    assert later in (line, line.replace(f"host 1 ({addresses[1]})", f"host 0 ({addresses[0]})"))


def test_host_0_that_does_not_come_is_named():
    addresses = names(2)
    (line,) = met([Cluster(addresses, 1)], seconds=0.5)
    assert line.startswith(f"host 0 ({addresses[0]}) has not come within 0.5 s; start the same command")


def test_other_hosts_lists_are_refused_on_both():
    addresses, other = names(2), names(1)
    lines = met([Cluster(addresses, 0), Cluster((addresses[0], *other), 1)])
    assert lines[0] == lines[1]
    assert lines[0] == (
        f"--hosts: host 1 names {addresses[0]},{other[0]} where host 0 names {','.join(addresses)}; "
        "give the same list on every host"
    )


def test_a_taken_port_is_refused():
    addresses = names(2)
    with socket.create_server(("127.0.0.1", int(addresses[1].rpartition(":")[2]))):
        (line,) = met([Cluster(addresses, 1)])
    assert line == f"host 1 ({addresses[1]}): port {addresses[1].rpartition(':')[2]} is taken; give another"


def test_guests_that_are_none_of_ours_are_left_out():
    addresses = names(2)
    port = int(addresses[0].rpartition(":")[2])
    lines: list[list[str]] = []
    host = threading.Thread(target=lambda: lines.append(met([Cluster(addresses, 0)])))
    host.start()
    for words in (b"GET / HTTP/1.1\r\n", b"[1, 2]\n", b'{"greeting": "another"}\n', b"\xff\n", b""):
        _knock(port, words)
    assert met([Cluster(addresses, 1)]) == [""]
    host.join()
    assert lines == [[""]]


def _knock(port: int, words: bytes) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(words)
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nobody listens")
