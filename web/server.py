"""Runs the page's application behind waitress with an end to everything that a connection may keep waiting.

waitress alone counts connections and goes by silence: a request that comes byte by byte is never given up, and a
thousand connections that say nothing shut out everybody else. Here each connection has a time in which its request
has to be there and another in which its answer has to be fetched, shorter ones while no place is free. SIGTERM and
Ctrl-C let answers that run be finished.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8
CONNECTIONS = 1000
SPARE_FILES = 64  # file descriptors for everything but connections
REQUEST_SECONDS = 10.0  # for a request to be there as a whole, and for the next one to follow an answer
STALL_SECONDS = 30.0  # for a client to take any more of its answer
ANSWER_SECONDS = 600.0  # for a client to take all of it: 9 MB at 16 kB/s
CROWDED_REQUEST_SECONDS = 1.0  # the same two while there is no place for anybody else
CROWDED_STALL_SECONDS = 5.0
STOP_SECONDS = 10.0  # for answers that run when the server is told to stop
HEAD_BYTES = 32_768
BODY_BYTES = 65_536  # nothing is ever received: a body is read past, or refused with 413


class Channel(HTTPChannel):
    """A connection that knows since when it has been waiting for its client."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.waiting_since = self.answering_since = time.monotonic()
        super().__init__(*arguments, **options)

    @property
    def works(self) -> bool:
        """Whether a request is being answered, or its answer is still on the way to the client."""
        return bool(self.requests or self.total_outbufs_len)

    def readable(self) -> bool:
        """Reads no further request once the server stops."""
        return not self.server.stops_reading and bool(super().readable())

    def service(self) -> None:
        """Answers one request, and notes when; the client's time for the next one starts anew."""
        self.answering_since = time.monotonic()
        super().service()
        self.waiting_since = time.monotonic()

    def overdue(self, now: float, crowded: bool) -> bool:
        """Whether the client has kept this connection waiting for too long."""
        if self.requests:
            self.waiting_since = now
            return False
        if not self.total_outbufs_len:
            return now - self.waiting_since > (CROWDED_REQUEST_SECONDS if crowded else REQUEST_SECONDS)
        self.waiting_since = now
        stalled = time.time() - self.last_activity  # waitress notes it by this clock
        return (
            stalled > (CROWDED_STALL_SECONDS if crowded else STALL_SECONDS)
            or now - self.answering_since > ANSWER_SECONDS
        )

    def give_up(self) -> None:
        """Ends the connection, also one whose client takes nothing, which waitress would wait for."""
        self.will_close = True
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Server(TcpWSGIServer):
    """waitress's server with those times, for a socket that listens already."""

    channel_class = Channel
    stops_reading = False
    stop_seconds = 0.0  # how long answers that ran were waited for

    def __init__(self, application: WSGIApplication, listener: socket.socket) -> None:
        settings = Adjustments(
            sockets=[listener],
            threads=THREADS,
            ident=None,
            connection_limit=_connection_limit(),
            cleanup_interval=1,
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=BODY_BYTES,
            asyncore_use_poll=True,  # select() ends at the 1024th file
            log_socket_errors=False,
        )
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(THREADS)
        self._stop_by: float | None = None
        super().__init__(
            application,
            {},
            _sock=listener,
            dispatcher=threads,
            adj=settings,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def maintenance(self, _now: float) -> None:
        """Ends the connections that are overdue; waitress calls it every second."""
        now = time.monotonic()
        crowded = len(self._map) >= self.adj.connection_limit
        for channel in list(self.active_channels.values()):
            if channel.overdue(now, crowded):
                channel.give_up()

    def stop(self, *_signal: int | FrameType | None) -> None:
        """Lets `run` end once no answer runs, within STOP_SECONDS; at once when called again. A signal's handler."""
        now = time.monotonic()
        self._stop_by = now + STOP_SECONDS if self._stop_by is None else now
        if self._map:
            self.pull_trigger()

    def run(self) -> int:
        """Serves until `stop` is called; returns how many answers were cut off."""
        while self._stop_by is None:
            self._turn(1.0)
        self._turn(0.0)  # what had arrived by then is answered
        self.stops_reading = True
        wasyncore.dispatcher.close(self)
        start = time.monotonic()
        while (running := self._running()) and time.monotonic() < self._stop_by:
            self._turn(0.1)
        self.stop_seconds = time.monotonic() - start
        wasyncore.close_all(self._map)
        return running

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)

    def _running(self) -> int:
        return sum(channel.works for channel in self.active_channels.values() if channel.connected)


def run(application: WSGIApplication, listener: socket.socket) -> None:
    """Serves an application on a listening socket until SIGTERM or Ctrl-C; in the main thread alone."""
    logging.getLogger("waitress").setLevel(logging.ERROR)  # a full queue or house is no error: it passes
    server = Server(application, listener)
    for number in (signal.SIGTERM, signal.SIGINT):
        # A shell starts its background jobs with Ctrl-C's signal ignored, and that stays so.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, server.stop)
    if cut := server.run():
        answers = "1 answer" if cut == 1 else f"{cut} answers"
        print(f"stopped with {answers} unfinished after {server.stop_seconds:.0f} s", file=sys.stderr)


def _connection_limit() -> int:
    """As many connections as the process may have files open, at most CONNECTIONS."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if soft < 0 else max(1, min(CONNECTIONS, soft - SPARE_FILES))
