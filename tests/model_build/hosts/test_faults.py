"""What TensorFlow says of a lost host, as one line. The messages are TensorFlow 2.19's, from killed processes."""

from __future__ import annotations

import pytest

from model_build.hosts.cluster import Cluster
from model_build.hosts.faults import farewell, is_shared, line_of

CLUSTER = Cluster(("a:1", "b:2", "c:3"), 0)
AGAIN = "run the same command again on every host: it goes on after the last whole epoch"
SILENT = """aborted by: Error reported from /job:worker/task:2: These tasks are unhealthy (stopped sending heartbeats):
/job:worker/replica:0/task:2
The tasks have crashed. Check the task logs for an earlier error"""
CUT = "no space\nleft"
CLOSED = """Collective ops is aborted by: Connection reset by peer
GRPC error information from remote target /job:worker/replica:0/task:1 while calling /tensorflow.WorkerService/RecvBuf:
:{"grpc_status":14}"""
LATE = """Barrier timed out. Id: [Init]CLUSTER_REGISTER_BARRIER. This usually happens because a task triggered the
barrier unexpectedly. # of tasks that reached the barrier: 1/2.
The first task at the barrier: /job:worker/replica:0/task:0. Some timed out task names:
/job:worker/replica:0/task:1
"""
OTHER = """Collective ops is aborted by: Collective instance 292 expected type 0 and data_type 1 but got type 0 and
data_type 9
Additional GRPC error information from remote target /job:worker/replica:0/task:1 while calling
/tensorflow.WorkerService/RecvBuf: [Op:CollectiveReduceV2] name: """
OWN = """Graph execution error:
OOM when allocating tensor with shape[64,48] on /job:worker/replica:0/task:0/device:CPU:0 by allocator cpu"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (SILENT, f"host 2 (c:3) no longer answers; {AGAIN}"),
        (CLOSED, f"host 1 (b:2) no longer answers; {AGAIN}"),
        ("Connection reset by peer", f"another host no longer answers; {AGAIN}"),
        ("remote target /job:worker/replica:0/task:0", f"another host no longer answers; {AGAIN}"),  # itself
        ("Deadline Exceeded", f"another host no longer answers; {AGAIN}"),
        (f"aborted by: {farewell(2, 'interrupted')} more", "host 2 (c:3) has ended: interrupted"),
        (f"{SILENT} {farewell(1, CUT)}", "host 1 (b:2) has ended: no space left"),
        (farewell(7, "odd"), "host 7 has ended: odd"),
        (LATE, f"host 1 (b:2) no longer answers; {AGAIN}"),
        (OTHER, f"the hosts do not take the same step any more; {AGAIN}"),
    ],
    ids=[
        "silent",
        "closed",
        "unnamed",
        "itself",
        "deadline",
        "farewell",
        "farewell first",
        "unknown",
        "late",
        "other",
    ],
)
def test_the_line_names_the_host(said: str, line: str):
    assert line_of(CLUSTER, said) == line


def test_of_two_hosts_the_other_is_named_whatever_is_said():
    for rank, name in ((0, "host 1 (b:2)"), (1, "host 0 (a:1)")):
        line = line_of(Cluster(("a:1", "b:2"), rank), "Connection reset by peer")
        assert line == f"{name} no longer answers; {AGAIN}"


@pytest.mark.parametrize("said", [SILENT, CLOSED, LATE, OTHER, farewell(1, "no space")])
def test_an_error_of_another_host_is_told_from_one_of_this_host(said: str):
    assert is_shared(said)
    assert not is_shared(OWN)
