"""A process of a cluster that is lost in a way of its own, or says what it makes of that.

    python -m tests.support.lost_host ADDRESSES RANK WAY SECONDS

WAY: stays, listens, registers-never, leaves-early, sums-another or hangs, with Python's lock kept. SECONDS: instead of
company.START.

test_company.py starts two: one that stays and one that does not.
"""

from __future__ import annotations

import ctypes
import os
import sys

from face_emotion.errors import run_command
from model_build.hosts import company
from model_build.hosts.cluster import cluster_of

STAYS, LISTENS, NEVER, EARLY = "stays", "listens", "registers-never", "leaves-early"
ANOTHER, HANGS = "sums-another", "hangs"


def take_part(hosts: str, rank: str, way: str, seconds: str) -> None:
    """Connects and adds up a number with the others, for ever."""
    cluster = cluster_of(hosts, int(rank), {})
    assert cluster is not None
    company.START = int(seconds)
    company.SILENCE = 6
    if way == NEVER:
        company._strategy = lambda cluster: os._exit(9)
    if way == HANGS:
        company.BOUND = 5
        company._strategy = lambda cluster: ctypes.PyDLL(None).sleep(600)
    with company.gathered(cluster, 240) as found:
        if way == EARLY:
            os._exit(9)
        if way == LISTENS:
            found.hear("what nobody says")
        import tensorflow as tf  # only now: gathered keeps its greeting quiet

        kind = tf.int64 if way == ANOTHER else tf.float32

        def replica() -> tf.Tensor:
            context = tf.distribute.get_replica_context()
            return context.all_reduce(tf.distribute.ReduceOp.SUM, tf.ones([3], kind))

        summed = tf.function(lambda: found.strategy.run(replica))
        while True:
            with found.in_step():
                summed()


if __name__ == "__main__":
    sys.exit(run_command(lambda: take_part(*sys.argv[1:])))
