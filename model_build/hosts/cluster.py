"""Which processes train together: their addresses and which of them this is, from flags or from TF_CONFIG.

python -m model_build train … --hosts a:1234,b:1234 --host 0        on the first host
python -m model_build train … --hosts a:1234,b:1234 --host 1        on the second
TF_CONFIG='{"cluster": {"worker": ["a:1234", "b:1234"]}, "task": {"type": "worker", "index": 0}}'
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from face_emotion.arguments import whole
from face_emotion.errors import InputError

VARIABLE = "TF_CONFIG"
CHIEF, WORKER = "chief", "worker"
ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?):([0-9]{1,5})")


@dataclass(frozen=True)
class Cluster:
    """addresses: "name:port" of each process, host 0 first, which writes. rank: which of them this one is."""

    addresses: tuple[str, ...]
    rank: int

    @property
    def count(self) -> int:
        """How many processes there are."""
        return len(self.addresses)

    @property
    def port(self) -> int:
        """This process's."""
        return int(self.addresses[self.rank].rpartition(":")[2])

    def name(self, rank: int) -> str:
        """Returns a process as messages name it: "host 1 (b:1234)"."""
        return f"host {rank} ({self.addresses[rank]})"


def add_hosts(verb: argparse.ArgumentParser) -> None:
    """Adds the flags that name the processes of one training."""
    group = verb.add_argument_group("several processes or machines (docs/SCALE.md)")
    group.add_argument(
        "--hosts",
        metavar="NAME:PORT,…",
        help="addresses of all processes, host 0 first, which writes (default: TF_CONFIG's, where it is set)",
    )
    group.add_argument("--host", type=whole(), metavar="N", help="which of --hosts this process is, from 0")
    group.add_argument(
        "--hosts-wait",
        type=whole(),
        default=300,
        metavar="SECONDS",
        help="how long to wait until all have come (default 300)",
    )


def cluster_of(hosts: str | None, host: int | None, environment: Mapping[str, str]) -> Cluster | None:
    """Returns the cluster that flags or TF_CONFIG name; None where neither does, or names one process only.

    hosts: "a:1234,b:1234". host: from 0. Raises InputError for what cannot be used.
    """
    given = environment.get(VARIABLE, "").strip()
    if hosts is None and host is not None:
        raise InputError(f"--host {host}: says which of --hosts this is; give --hosts too, or neither")
    if hosts is not None and given:
        raise InputError(f"--hosts: {VARIABLE} is set as well; unset it, or leave --hosts and --host out")
    if hosts is not None:
        found = _from_flags(hosts, host)
    elif given:
        found = _from_variable(given)
    else:
        return None
    return found if found.count > 1 else None


def _from_flags(hosts: str, host: int | None) -> Cluster:
    if host is None:
        raise InputError("--hosts: give --host as well, which of them this process is (from 0)")
    addresses = _checked("--hosts", [word.strip() for word in hosts.split(",")])
    if not 0 <= host < len(addresses):
        raise InputError(f"--host {host}: --hosts names {len(addresses)}; give 0 to {len(addresses) - 1}")
    return Cluster(addresses, host)


def _from_variable(text: str) -> Cluster:
    """What schedulers set, as TensorFlow's documentation has it: a chief, where there is one, is host 0."""
    try:
        config = json.loads(text)
        jobs, task = config["cluster"], config["task"]
        by_job = {str(job): [str(address) for address in _listed(jobs[job])] for job in jobs}
        kind, index = str(task["type"]), int(task["index"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        example = '{"cluster": {"worker": ["a:1234", "b:1234"]}, "task": {"type": "worker", "index": 0}}'
        raise InputError(f"{VARIABLE}: cannot be read; expected is {example}") from None
    unknown = next((job for job in [*by_job, kind] if job not in (CHIEF, WORKER)), None)
    if unknown is not None:
        raise InputError(f"{VARIABLE}: a job {unknown!r}; only chief and worker train together here")
    if len(by_job.get(CHIEF, [])) > 1:
        raise InputError(f"{VARIABLE}: names {len(by_job[CHIEF])} chiefs; there may be one")
    of_kind = by_job.get(kind, [])
    if not 0 <= index < len(of_kind):
        raise InputError(f"{VARIABLE}: task {kind} {index}, but the cluster has {len(of_kind)} of that type")
    first = by_job.get(CHIEF, [])
    addresses = _checked(VARIABLE, first + by_job.get(WORKER, []))
    return Cluster(addresses, index if kind == CHIEF else len(first) + index)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _checked(source: str, addresses: list[str]) -> tuple[str, ...]:
    for address in addresses:
        found = ADDRESS.fullmatch(address)
        if found is None or not 0 < int(found[2]) < 65536:
            raise InputError(f"{source}: {_brief(address)} is not NAME:PORT, such as 10.0.0.1:1234")
        if addresses.count(address) > 1:
            raise InputError(f"{source}: {_brief(address)} is named twice; each process has its own port")
    return tuple(addresses)


def _brief(address: str) -> str:
    return repr(address if len(address) <= 60 else f"{address[:57]}…")
