"""The processes of one training: they meet, compare what they are to do, tell each other how it ends.

All of it is TensorFlow's: MultiWorkerMirroredStrategy, whose coordination service on host 0 keeps heartbeats and short
texts. A host that dies, hangs or is cut off ends the others' step with an error, which becomes one line here.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from face_emotion.errors import EXIT_BAD_INPUT, InputError
from face_emotion.native_log import quiet
from face_emotion.streams import flushed
from face_emotion.termination import Terminated
from model_build.hosts.cluster import Cluster
from model_build.hosts.deadline import deadline
from model_build.hosts.faults import AGAIN, farewell, is_shared, line_of, naming
from model_build.hosts.meeting import meet
from model_build.network.engine import load_engine

SILENCE = 20  # seconds without a heartbeat after which a host counts as lost
START = 30  # seconds that TensorFlow may take to connect hosts that are all there; 5 more on all but host 0
BOUND = 50  # seconds after which a process that hangs in that is ended
STUCK = 1800  # seconds after which a step is given up that a living host never joins
GOODBYE = 30  # seconds that host 0 waits for the others to hear that all is done
POLL = 500  # milliseconds between looks at a text that is not there yet


@dataclass
class Waiting:
    """since: when the step began that runs now (time.monotonic()), None where none does."""

    since: float | None = None


@dataclass(frozen=True)
class Company:
    """strategy: TensorFlow's, of one replica a process. say: sets a text, which stays, by key. hear: waits for one."""

    cluster: Cluster
    strategy: Any
    say: Callable[[str, str], None]
    hear: Callable[[str], str]
    waiting: Waiting

    @property
    def rank(self) -> int:
        """This process, from 0."""
        return self.cluster.rank

    @property
    def count(self) -> int:
        """How many there are."""
        return self.cluster.count

    @contextlib.contextmanager
    def in_step(self) -> Iterator[None]:
        """A block in which this process may wait for the others; after STUCK seconds TensorFlow's wait ends."""
        self.waiting.since = time.monotonic()
        try:
            yield
        finally:
            self.waiting.since = None

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
        waiting = threading.Thread(target=self._hear_all, daemon=True)
        waiting.start()
        waiting.join(GOODBYE)

    def _hear_all(self) -> None:
        with contextlib.suppress(Exception):  # a host that is lost now has missed nothing
            for rank in range(1, self.count):
                self.hear(f"seen/{rank}")


@contextlib.contextmanager
def gathered(cluster: Cluster, seconds: int) -> Iterator[Company]:
    """Waits for all hosts of a cluster, and yields their company; tells them if the block ends with an error.

    To be entered before anything of TensorFlow runs. seconds: how long to wait. Raises InputError as `meet` does, where
    this process shows TensorFlow more than one device, and for every loss of another host in the block.
    """
    load_engine("tensorflow")  # takes seconds, of which the others should not have to wait
    import tensorflow as tf

    meet(cluster, seconds)

    lost = (
        tf.errors.UnavailableError,
        tf.errors.AbortedError,
        tf.errors.DeadlineExceededError,
        tf.errors.CancelledError,
        tf.errors.FailedPreconditionError,
    )
    try:
        strategy = _connected(cluster)
        say, hear = _texts(cluster)
        waiting = Waiting()
        threading.Thread(target=_give_up, args=(waiting,), daemon=True).start()
        yield Company(cluster, strategy, say, hear, waiting)
    except tf.errors.OpError as error:
        if not isinstance(error, lost) and not is_shared(str(error)):
            _leave(cluster, _reason(error))
            raise
        line = line_of(cluster, str(error))
        _leave(cluster, line)
        atexit.register(_end)
        raise InputError(line) from None
    except BaseException as error:
        _leave(cluster, _reason(error))
        raise


def _texts(cluster: Cluster) -> tuple[Callable[[str, str], None], Callable[[str], str]]:
    """What sets a text for all hosts, and what waits for one."""
    import tensorflow as tf
    from tensorflow.python.eager import context as eager

    context = eager.context()

    def hear(key: str) -> str:
        while True:
            try:
                return str(context.get_config_key_value(key, POLL))
            except (tf.errors.DeadlineExceededError, tf.errors.NotFoundError):
                look()

    def look() -> None:
        # A wait for a text does not end by itself when another host is lost, as that for a sum does.
        for rank, error in enumerate(context.get_task_states([("worker", cluster.count)])):
            if error is not None and rank != cluster.rank:
                raise tf.errors.AbortedError(None, None, f"{error} {naming(rank)}")

    return context.set_config_key_value, hear


def _leave(cluster: Cluster, reason: str) -> None:
    """Tells the others that this host leaves, where they can be told; else their heartbeats tell them."""
    import tensorflow as tf
    from tensorflow.python.eager import context as eager

    with contextlib.suppress(Exception), quiet():
        eager.context().report_error_to_cluster(tf.errors.ABORTED, farewell(cluster.rank, reason))


def _end() -> None:
    """Ends the process when Python does: TensorFlow's own end may wait for ever for a host that is gone."""
    flushed(sys.stdout)
    flushed(sys.stderr)
    os._exit(EXIT_BAD_INPUT)


def _connected(cluster: Cluster) -> Any:
    """The strategy; raises OpError where a host is lost before it is there, InputError for several devices."""
    import tensorflow as tf

    try:
        # TensorFlow's start may outlast its own timeouts, and does not let Python run meanwhile.
        with deadline(BOUND, f"error: {line_of(cluster, '')}", EXIT_BAD_INPUT), quiet():
            strategy = _strategy(cluster)
    except tf.errors.OpError as error:
        with quiet():  # what was begun ends here, with remarks that would else stand behind our line
            traceback.clear_frames(error.__traceback__)
        raise
    if strategy.num_replicas_in_sync != cluster.count:
        devices = strategy.num_replicas_in_sync // cluster.count
        raise InputError(
            f"--hosts: this host shows {devices} devices; start a process for each (CUDA_VISIBLE_DEVICES, a port)"
        )
    return strategy


def _strategy(cluster: Cluster) -> Any:
    """TensorFlow's; returns when host 0 is there."""
    import tensorflow as tf
    from tensorflow.compiler.xla.tsl.protobuf.coordination_config_pb2 import CoordinatedJob
    from tensorflow.python.eager import context as eager

    eager.context().configure_coordination_service(
        service_type="standalone",
        service_leader="/job:worker/replica:0/task:0",
        cluster_register_timeout_in_ms=1000 * START,
        heartbeat_timeout_in_ms=1000 * SILENCE,
        coordinated_jobs=[CoordinatedJob(name="worker", num_tasks=cluster.count)],
    )
    # Else host 0 waits an hour, in C++, for the devices of one that never registers.
    eager.context().coordination_service.cluster_register_with_barrier = True
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
        task_type="worker",
        task_id=cluster.rank,
        rpc_layer="grpc",
    )
    # Without a timeout of its own: TensorFlow starts a thread for every sum, which sleeps as long as the timeout is.
    return tf.distribute.MultiWorkerMirroredStrategy(resolver)


def _give_up(waiting: Waiting) -> None:
    """Ends a wait for a host that is alive, by its heartbeats, but does nothing."""
    import tensorflow as tf
    from tensorflow.python.eager import context as eager

    while waiting.since is None or time.monotonic() - waiting.since < STUCK:
        time.sleep(5)
    eager.context().abort_collective_ops(tf.errors.DEADLINE_EXCEEDED, f"no step in {STUCK} s")


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return f"interrupted; {AGAIN}"
    if isinstance(error, Terminated):
        return f"terminated; {AGAIN}"
    if isinstance(error, InputError | OSError):
        return str(error)
    return f"an unexpected {type(error).__name__}; its own messages say more"
