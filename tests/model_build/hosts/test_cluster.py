"""Which processes train together: what flags and TF_CONFIG say, and what is refused in one line."""

from __future__ import annotations

import json

import pytest

from face_emotion.errors import InputError
from model_build.hosts.cluster import Cluster, cluster_of


def variable(cluster: dict, kind: str = "worker", index: int = 0) -> dict[str, str]:
    """Returns an environment with a TF_CONFIG."""
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})}


def test_flags_name_the_hosts_in_order():
    found = cluster_of("a:1234, 10.0.0.2:80,[::1]:9", 1, {})
    assert found == Cluster(("a:1234", "10.0.0.2:80", "[::1]:9"), 1)
    assert (found.count, found.port, found.name(2)) == (3, 80, "host 2 ([::1]:9)")


def test_the_variable_of_a_scheduler_names_them_too():
    assert cluster_of(None, None, variable({"worker": ["a:1", "b:2"]}, index=1)) == Cluster(("a:1", "b:2"), 1)


def test_a_chief_is_host_0_and_workers_follow():
    jobs = {"worker": ["b:2", "c:3"], "chief": ["a:1"]}
    assert cluster_of(None, None, variable(jobs, "chief")) == Cluster(("a:1", "b:2", "c:3"), 0)
    assert cluster_of(None, None, variable(jobs, "worker", 1)) == Cluster(("a:1", "b:2", "c:3"), 2)


@pytest.mark.parametrize("environment", [{}, {"TF_CONFIG": " "}, variable({"worker": ["a:1"]})])
def test_one_process_is_no_cluster(environment: dict[str, str]):
    assert cluster_of(None, None, environment) is None


@pytest.mark.parametrize(
    ("hosts", "host", "line"),
    [
        (None, 0, "--host 0: says which of --hosts this is; give --hosts too, or neither"),
        ("a:1,b:2", None, "--hosts: give --host as well, which of them this process is (from 0)"),
        ("a:1,b:2", 2, "--host 2: --hosts names 2; give 0 to 1"),
        ("a:1,b:2", -1, "--host -1: --hosts names 2; give 0 to 1"),
        ("a:1,a:1", 0, "--hosts: 'a:1' is named twice; each process has its own port"),
        ("a:1,b", 0, "--hosts: 'b' is not NAME:PORT, such as 10.0.0.1:1234"),
        ("a:1,", 0, "--hosts: '' is not NAME:PORT, such as 10.0.0.1:1234"),
        ("a:1,b:70000", 0, "--hosts: 'b:70000' is not NAME:PORT, such as 10.0.0.1:1234"),
        ("a:1,b:0", 0, "--hosts: 'b:0' is not NAME:PORT, such as 10.0.0.1:1234"),
        ("a:1,http://b:2", 0, "--hosts: 'http://b:2' is not NAME:PORT, such as 10.0.0.1:1234"),
    ],
)
def test_flags_that_are_refused(hosts: str | None, host: int | None, line: str):
    with pytest.raises(InputError) as refused:
        cluster_of(hosts, host, {})
    assert str(refused.value) == line


def test_a_long_address_is_cut_in_the_line():
    with pytest.raises(InputError) as refused:
        cluster_of("a:1," + "x" * 5000, 0, {})
    assert len(str(refused.value)) < 140


def test_flags_and_variable_together_are_refused():
    with pytest.raises(InputError, match=r"^--hosts: TF_CONFIG is set as well; unset it, or leave --hosts"):
        cluster_of("a:1,b:2", 0, variable({"worker": ["a:1", "b:2"]}))


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "7",
        "null",
        "{}",
        '{"cluster": {"worker": ["a:1", "b:2"]}}',
        '{"cluster": {"worker": "a:1"}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": ["a:1"], "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": "first"}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": Infinity}}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:40],
)
def test_a_variable_that_cannot_be_read_is_one_line(text: str):
    with pytest.raises(InputError, match=r"^TF_CONFIG: cannot be read; expected is \{") as refused:
        cluster_of(None, None, {"TF_CONFIG": text})
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (variable({"worker": ["a:1"], "ps": ["b:2"]}), "TF_CONFIG: a job 'ps'; only chief and worker train"),
        (variable({"worker": ["a:1", "b:2"]}, "evaluator"), "TF_CONFIG: a job 'evaluator'; only chief"),
        (variable({"chief": ["a:1", "b:2"]}, "chief"), "TF_CONFIG: names 2 chiefs; there may be one"),
        (
            variable({"worker": ["a:1", "b:2"]}, "worker", 2),
            "TF_CONFIG: task worker 2, but the cluster has 2 of that type",
        ),
        (
            variable({"worker": ["a:1", "b:2"]}, "chief"),
            "TF_CONFIG: task chief 0, but the cluster has 0 of that type",
        ),
        (variable({"worker": ["a:1", "b"]}), "TF_CONFIG: 'b' is not NAME:PORT"),
        (variable({"worker": ["a:1", "a:1"]}), "TF_CONFIG: 'a:1' is named twice"),
        (variable({"worker": ["a:1"], "chief": ["a:1"]}), "TF_CONFIG: 'a:1' is named twice"),
    ],
)
def test_clusters_that_are_refused(environment: dict[str, str], line: str):
    with pytest.raises(InputError) as refused:
        cluster_of(None, None, environment)
    assert str(refused.value).startswith(line)
