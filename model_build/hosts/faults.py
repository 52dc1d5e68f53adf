"""What TensorFlow says when another host is lost, as one line that a person can act on."""

from __future__ import annotations

import re

from model_build.hosts.cluster import Cluster

LEFT = re.compile(r"\[host-left (\d+)\|(.*?)\|\]", re.DOTALL)  # what `farewell` makes
SILENT = re.compile(r"(?:stopped sending heartbeats|timed out task names).*?task:(\d+)", re.DOTALL)
REMOTE = re.compile(r"remote target /job:worker/replica:0/task:(\d+)")
UNLIKE = re.compile(r"Collective instance \d+ expected|Shape mismatch in the collective")
# What TensorFlow says under any of its errors when a sum of several hosts fails, and under none of this host's own.
SHARED = re.compile(
    r"Collective ops is aborted|Collective instance|Collective\w+V2|remote target /job:worker|RecvBuf"
)
AGAIN = "run the same command again on every host: it goes on after the last whole epoch"


def is_shared(said: str) -> bool:
    """Whether an error of TensorFlow's, by its message, comes from another host or a sum with others."""
    return LEFT.search(said) is not None or SILENT.search(said) is not None or SHARED.search(said) is not None


def farewell(rank: int, reason: str) -> str:
    """Returns what a host that leaves early tells the others: `reason` is how their line ends."""
    return f"[host-left {rank}|{' '.join(reason.split())}|]"


def naming(rank: int) -> str:
    """Returns words from which `line_of` knows a host."""
    return f"remote target /job:worker/replica:0/task:{rank}"


def line_of(cluster: Cluster, said: str) -> str:
    """Returns one line about the host that TensorFlow's error message names; where it names none, about the only other
    one there is, or about another one.

    said: the message.
    """
    left = LEFT.search(said)
    if left is not None:
        who, reason = int(left[1]), left[2].strip()
        return f"{_name(cluster, who)} has ended: {reason}"
    if UNLIKE.search(said) is not None:
        return f"the hosts do not take the same step any more; {AGAIN}"
    found = SILENT.search(said) or REMOTE.search(said)
    if found is not None and int(found[1]) != cluster.rank:
        return f"{_name(cluster, int(found[1]))} no longer answers; {AGAIN}"
    if cluster.count == 2:  # a closed connection may come before TensorFlow knows whose it was
        return f"{_name(cluster, 1 - cluster.rank)} no longer answers; {AGAIN}"
    return f"another host no longer answers; {AGAIN}"


def _name(cluster: Cluster, rank: int) -> str:
    return cluster.name(rank) if rank < cluster.count else f"host {rank}"
