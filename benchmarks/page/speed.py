"""Classification, and detection with classification, of this kit and its peers, in turn in one page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks.page.chrome import ask
from benchmarks.page.host import Host
from face_emotion.errors import InputError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORKS = ("classify", "recognize")
KITS = ("kit-tfjs", "kit-litert")
PEERS = ("human", "face-api")
WARM_UP = 12  # rounds that do not count
EXPECTED = "happy"  # what everyone reads in the portrait: nobody is timed who does not work

Times = dict[str, list[float]]
"""Milliseconds of each round by subject."""


def measure(browser: Browser, host: Host, rounds: int, advance: Callable[[int], None]) -> dict[str, Times]:
    """Returns the times of each work in WORKS, after `rounds` rounds of each in which every subject runs once.

    `advance` is told how many rounds are done. Raises InputError if a subject does not see the portrait's smile.
    """
    times: dict[str, Times] = {}
    done = 0
    with contextlib.closing(browser.new_page()) as page:
        page.goto(f"{host.url}benchmark/speed.html")
        for name, labels in ask(page, "openSubjects()").items():
            if labels != [EXPECTED]:
                raise InputError(
                    f"{name}: reads {labels} in the sample portrait where {EXPECTED!r} is expected"
                )
        for work in WORKS:
            ask(page, f"measure('{work}', {WARM_UP})")
            times[work] = {}
            for count in _portions(rounds):
                for name, values in ask(page, f"measure('{work}', {count})").items():
                    times[work].setdefault(name, []).extend(values)
                advance(done := done + count)
    return times


def summary(values: list[float]) -> dict[str, float]:
    """Returns median, 10th and 90th percentile of at least two times, in milliseconds."""
    tenths = quantiles(values, n=10)
    return {"median": round(median(values), 2), "p10": round(tenths[0], 2), "p90": round(tenths[-1], 2)}


def ratio(times: Times, one: str, *others: str) -> float:
    """Returns the median over all rounds of one's time over the quickest other's in the same round.

    Rounds keep what disturbs the machine out of it: a busy moment slows everyone's runs.
    """
    rounds = zip(times[one], *(times[other] for other in others), strict=True)
    shares: list[float] = [mine / min(theirs) for mine, *theirs in rounds]
    return median(shares)


def _portions(rounds: int) -> list[int]:
    return [min(10, rounds - start) for start in range(0, rounds, 10)]
