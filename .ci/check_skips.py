"""Fails if a test was skipped for a reason that was not expected: `check_skips.py junit.xml expected_skips.txt`.

A line of the second file is the beginning of an expected reason. Where FER2013 is at hand nothing may be skipped for
lack of it.
"""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(report: str, expected_file: str) -> int:
    """Prints each unexpected skip; returns 1 if there is one or no test ran, else 0."""
    expected = tuple(line for line in Path(expected_file).read_text().splitlines() if line.strip())
    if "FER2013" in os.environ:
        expected = tuple(line for line in expected if not line.startswith(("set FER2013", "set FERPLUS")))
    cases = list(ElementTree.parse(report).iter("testcase"))
    skips = [(case, skip.get("message", "")) for case in cases for skip in case.iter("skipped")]
    unexpected = [(case, reason) for case, reason in skips if not reason.startswith(expected or ("\0",))]
    for case, reason in unexpected:
        print(f"unexpected skip: {case.get('classname')}.{case.get('name')}: {reason}", file=sys.stderr)
    print(f"{len(cases)} tests, {len(skips)} skipped, {len(unexpected)} of them unexpected")
    return 1 if unexpected or not cases else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
