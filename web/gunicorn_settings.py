"""What gunicorn needs for the page, and a threaded worker that gives up clients which keep it waiting.

    gunicorn --config python:web.gunicorn_settings 'web.app:create_app()'

gunicorn's own workers wait for a request that has begun, and for a client that takes no more of its answer, for ever:
as many of those as there are threads (one, without --threads) and nobody else is answered.
"""

from __future__ import annotations

import contextlib
import socket
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

REQUEST_SECONDS = 10.0  # for a request's head to be there as a whole
ANSWER_SECONDS = 600.0  # for a client to take an answer: 9 MB at 16 kB/s
CROWDED_REQUEST_SECONDS = 1.0  # the same two while others wait for a thread
CROWDED_ANSWER_SECONDS = 20.0


class Worker(ThreadWorker):
    """gthread, with those times: a connection costs a thread only once its client has said something."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._reading: dict[TConn, float] = {}
        self._answering: dict[TConn, float] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Lets a new connection wait beside the threads, as gthread does with one that was silent for 5 s."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Reads a request and answers it, in a thread."""
        self._reading[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answers a request, in a thread."""
        self._reading.pop(conn, None)
        self._answering[conn] = time.monotonic()
        try:
            return super().handle_request(req, conn)
        finally:
            self._answering.pop(conn, None)

    def murder_pending(self) -> None:
        """Ends what is overdue; gthread calls it at least every second."""
        super().murder_pending()
        waiting = self.nr_conns - len(self.pending_conns) - len(self.keepalived_conns)
        crowded = waiting > self.cfg.threads
        self._end(self._reading, CROWDED_REQUEST_SECONDS if crowded else REQUEST_SECONDS)
        self._end(self._answering, CROWDED_ANSWER_SECONDS if crowded else ANSWER_SECONDS)

    def _end(self, since: dict[TConn, float], seconds: float) -> None:
        """Lets the thread of each connection that is there for longer find it closed."""
        now = time.monotonic()
        for conn, start in list(since.items()):
            if now - start > seconds:
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)


worker_class = Worker
threads = 200  # each waits for a client most of the time
keepalive = 5  # seconds, also for the first byte of a new connection
graceful_timeout = 10  # seconds for answers that run when it is told to stop
