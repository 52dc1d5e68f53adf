"""Hosts that are lost while they connect, or that do something else: one line and a status on the one that stays."""

from __future__ import annotations

import pytest

from model_build.hosts import company
from tests.support.hosts import addresses, start
from tests.support.lost_host import ANOTHER, EARLY, HANGS, LISTENS, NEVER, STAYS

AGAIN = "run the same command again on every host: it goes on after the last whole epoch"


def test_a_host_that_is_lost_is_told_within_a_minute():
    assert company.START + 5 < 60 and company.SILENCE < 60  # 5: TensorFlow's own, on all but host 0
    assert company.BOUND > company.START + 5


def said_by(ways: tuple[str, str], seconds: int) -> tuple[list[str], list[tuple[int | None, list[str]]]]:
    """Has two processes take part in those ways; returns their names, and their statuses and lines on stderr."""
    hosts = addresses(2)
    processes = [
        start(["tests.support.lost_host", hosts, str(rank), way, str(seconds)])
        for rank, way in enumerate(ways)
    ]
    said = [process.communicate(timeout=900)[1].splitlines() for process in processes]
    statuses = [process.returncode for process in processes]
    names = [f"host {rank} ({address})" for rank, address in enumerate(hosts.split(","))]
    return names, list(zip(statuses, said, strict=True))


@pytest.mark.parametrize(
    ("ways", "lost", "seconds"),
    [
        ((NEVER, STAYS), 0, 2),
        ((STAYS, NEVER), 1, 2),
        ((EARLY, STAYS), 0, company.START),
        ((LISTENS, EARLY), 1, company.START),
        ((HANGS, NEVER), 1, 2),
    ],
)
def test_a_host_that_is_lost_before_the_first_step_is_one_line(
    ways: tuple[str, str], lost: int, seconds: int
):
    names, found = said_by(ways, seconds)
    assert found[lost][0] == 9
    assert found[1 - lost] == (2, [f"error: {names[lost]} no longer answers; {AGAIN}"])


def test_hosts_that_do_not_take_the_same_step_are_one_line():
    _, found = said_by((STAYS, ANOTHER), company.START)
    for status, lines in found:
        assert status == 2 and len(lines) == 1, found
        assert lines[0].startswith("error: ") and lines[0].endswith(AGAIN)
