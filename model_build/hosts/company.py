"""The processes of one training: they meet, compare what they are to do, tell each other how it ends.

All of it is TensorFlow's: MultiWorkerMirroredStrategy, whose coordination service on host 0 keeps heartbeats and short
texts. A host that dies, hangs or is cut off ends the others' step with an error, which becomes one line here.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from face_emotion.errors import InputError
from face_emotion.native_log import quiet
from face_emotion.termination import Terminated
from model_build.hosts.cluster import Cluster
from model_build.hosts.faults import AGAIN, farewell, line_of
from model_build.hosts.meeting import meet
from model_build.network.engine import load_engine

SILENCE = 20  # seconds without a heartbeat after which a host counts as lost
START = 90  # seconds that TensorFlow may take to connect hosts that are all there
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
        waiting = threading.Thread(
            target=lambda: [self.hear(f"seen/{k}") for k in range(1, self.count)], daemon=True
        )
        waiting.start()
        waiting.join(GOODBYE)


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
    strategy, leave, say, hear = _started(cluster)
    try:
        waiting = Waiting()
        threading.Thread(target=_give_up, args=(waiting,), daemon=True).start()
        yield Company(cluster, strategy, say, hear, waiting)
    except lost as error:
        line = line_of(cluster, str(error))
        leave(line)
        raise InputError(line) from None
    except BaseException as error:
        leave(_reason(error))
        raise


def _started(cluster: Cluster) -> Any:
    """The strategy, what tells others that this host leaves, and what sets and waits for texts."""
    import tensorflow as tf
    from tensorflow.python.eager import context as eager

    context = eager.context()

    def hear(key: str) -> str:
        while True:
            try:
                return str(context.get_config_key_value(key, POLL))
            except (tf.errors.DeadlineExceededError, tf.errors.NotFoundError):
                continue

    def leave(reason: str) -> None:
        with (
            contextlib.suppress(Exception),
            quiet(),
        ):  # it is told or not: the others' heartbeats tell them too
            context.report_error_to_cluster(tf.errors.ABORTED, farewell(cluster.rank, reason))

    with _bounded(), quiet():
        strategy = _strategy(cluster)
    if strategy.num_replicas_in_sync != cluster.count:
        devices = strategy.num_replicas_in_sync // cluster.count
        raise InputError(
            f"--hosts: this host shows {devices} devices; start a process for each (CUDA_VISIBLE_DEVICES, a port)"
        )
    return strategy, leave, context.set_config_key_value, hear


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
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
        task_type="worker",
        task_id=cluster.rank,
        rpc_layer="grpc",
    )
    # Without a timeout of its own: TensorFlow starts a thread for every sum, which sleeps as long as the timeout is.
    return tf.distribute.MultiWorkerMirroredStrategy(resolver)


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Ends the process where TensorFlow's start hangs, as when a host dies in that second: nothing else can."""
    with open(os.dup(2), "w", encoding="utf-8") as terminal:
        faulthandler.dump_traceback_later(START, exit=True, file=terminal)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


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
