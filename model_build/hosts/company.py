"""The processes of one training: they meet, compare what they are to do, tell each other how it ends.

All of it is TensorFlow's: MultiWorkerMirroredStrategy, whose coordination service on host 0 keeps heartbeats and short
texts. A host that dies, hangs or is cut off ends the others' step with an error, which becomes one line here.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from face_emotion.errors import EXIT_BAD_INPUT, InputError
from face_emotion.termination import Terminated
from model_build.hosts.cluster import Cluster
from model_build.hosts.faults import AGAIN, farewell, line_of
from model_build.network.engine import load_engine

SILENCE = 20  # seconds without a heartbeat after which a host counts as lost
STUCK = (
    1800  # seconds after which a sum over hosts is given up that one of them never joins, though it is alive
)
GOODBYE = 30  # seconds that host 0 waits for the others to hear that all is done
POLL = 500  # milliseconds between looks at a text that is not there yet


@dataclass(frozen=True)
class Company:
    """strategy: TensorFlow's, of one replica a process. say, hear: set a text, which stays, and wait for one, by key."""

    cluster: Cluster
    strategy: Any
    say: Callable[[str, str], None]
    hear: Callable[[str], str]

    @property
    def rank(self) -> int:
        """This process, from 0."""
        return self.cluster.rank

    @property
    def count(self) -> int:
        """How many there are."""
        return self.cluster.count

    def agree(
        self, about: dict[str, Any], words_of: Callable[[dict[str, Any], dict[str, Any], str], str]
    ) -> None:
        """Compares what all hosts are to do, a JSON-able dict, with what host 0 is to do.

        words_of: of two dicts and a template, what differs in words, "" for nothing. Raises InputError on every host
        if one of them differs: the line names that host and what differs.
        """
        if self.rank:
            self.say(f"plan/{self.rank}", json.dumps(about))
            verdict = self.hear("verdict")
        else:
            own = json.loads(json.dumps(about))
            words = f"{{}} is {{}} on {self.cluster.name(0)} and {{}} on "
            others = {rank: json.loads(self.hear(f"plan/{rank}")) for rank in range(1, self.count)}
            found = (
                words_of(own, theirs, words + self.cluster.name(rank)) for rank, theirs in others.items()
            )
            verdict = next((line for line in found if line), "")
            self.say("verdict", verdict or "agreed")
        if verdict and verdict != "agreed":
            raise InputError(f"--hosts: all hosts train one thing; {verdict}")

    def finish(self) -> None:
        """Waits until host 0 has written everything: none leaves before, and host 0 not before the others know."""
        if self.rank:
            self.hear("finished")
            self.say(f"seen/{self.rank}", "yes")
            return
        self.say("finished", "yes")
        waiting = threading.Thread(
            target=lambda: [self.hear(f"seen/{k}") for k in range(1, self.count)], daemon=True
        )
        waiting.start()
        waiting.join(GOODBYE)


@contextlib.contextmanager
def gathered(cluster: Cluster, seconds: int) -> Iterator[Company]:
    """Waits for all hosts of a cluster, and yields their company; tells them if the block ends with an error.

    To be entered before anything of TensorFlow runs. seconds: how long to wait; after them the process ends with a line
    that names the hosts that did not come, and status 2. Raises InputError where this process's port is taken, where
    it shows TensorFlow more than one device, and for every loss of another host in the block.
    """
    require_port(cluster)
    load_engine("tensorflow")
    import tensorflow as tf

    lost = (
        tf.errors.UnavailableError,
        tf.errors.AbortedError,
        tf.errors.DeadlineExceededError,
        tf.errors.CancelledError,
        tf.errors.FailedPreconditionError,
    )
    leave: Callable[[str], None] = lambda reason: None
    try:
        strategy, leave, say, hear = _started(cluster, seconds)
        yield Company(cluster, strategy, say, hear)
    except lost as error:
        line = line_of(cluster, str(error))
        leave(line)
        raise InputError(line) from None
    except BaseException as error:
        leave(_reason(error))
        raise


def require_port(cluster: Cluster) -> None:
    """Raises InputError if another program listens on this process's port, or if it may not be used."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # as gRPC does: old connections may linger
            probe.bind(("", cluster.port))
            probe.listen()
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise InputError(
            f"{cluster.name(cluster.rank)}: port {cluster.port} {reason}; give another"
        ) from None


def _started(cluster: Cluster, seconds: int) -> Any:
    """The strategy, what tells others that this host leaves, and what sets and waits for texts."""
    import tensorflow as tf
    from tensorflow.compiler.xla.tsl.protobuf.coordination_config_pb2 import CoordinatedJob
    from tensorflow.python.eager import context as eager

    context = eager.context()
    context.configure_coordination_service(
        service_type="standalone",
        service_leader="/job:worker/replica:0/task:0",
        cluster_register_timeout_in_ms=1000 * (seconds + 60),  # ours below comes first, and has words
        heartbeat_timeout_in_ms=1000 * SILENCE,
        coordinated_jobs=[CoordinatedJob(name="worker", num_tasks=cluster.count)],
    )
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
        task_type="worker",
        task_id=cluster.rank,
        rpc_layer="grpc",
    )
    deadline = threading.Timer(seconds, _give_up, (cluster, seconds))
    deadline.daemon = True
    deadline.start()
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=STUCK)
    strategy = tf.distribute.MultiWorkerMirroredStrategy(resolver, options)

    def hear(key: str) -> str:
        while True:
            try:
                return str(context.get_config_key_value(key, POLL))
            except (tf.errors.DeadlineExceededError, tf.errors.NotFoundError):
                continue

    def leave(reason: str) -> None:
        with contextlib.suppress(Exception):  # it is told or not: the others' heartbeats tell them too
            context.report_error_to_cluster(tf.errors.ABORTED, farewell(cluster.rank, reason))

    context.set_config_key_value(f"here/{cluster.rank}", "yes")
    for rank in range(cluster.count):
        hear(f"here/{rank}")
    deadline.cancel()
    if strategy.num_replicas_in_sync != cluster.count:
        devices = strategy.num_replicas_in_sync // cluster.count
        raise InputError(
            f"--hosts: this host shows {devices} devices; start a process for each, with CUDA_VISIBLE_DEVICES and a port"
        )
    return strategy, leave, context.set_config_key_value, hear


def _give_up(cluster: Cluster, seconds: int) -> None:
    away = [
        rank
        for rank in range(cluster.count)
        if rank != cluster.rank and not _listens(cluster.addresses[rank])
    ]
    who = ", ".join(map(cluster.name, away)) or "another host, though it listens,"
    line = f"error: {who} has not come within {seconds} s; start the same command on every host (--hosts-wait waits longer)"
    print(line, file=sys.stderr, flush=True)
    os._exit(
        EXIT_BAD_INPUT
    )  # the main thread waits inside TensorFlow, which cannot be interrupted; nothing is written


def _listens(address: str) -> bool:
    name, _, port = address.rpartition(":")
    try:
        with socket.create_connection((name.strip("[]"), int(port)), timeout=5):
            return True
    except OSError:
        return False


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return f"interrupted; {AGAIN}"
    if isinstance(error, Terminated):
        return f"terminated; {AGAIN}"
    if isinstance(error, InputError | OSError):
        return str(error)
    return f"an unexpected {type(error).__name__}; its own messages say more"
