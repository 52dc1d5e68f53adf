"""What is said of pictures or rows that cannot be used: how many, the first of them, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 3
SKIP = "mend them, remove them, or leave them out with --skip-broken"


def told(root: str, bad: Sequence[tuple[int | str, str]], total: int, remedy: str = SKIP) -> str:
    """Returns one line. bad: place below `root`, or row number, and the reason of each; total: of all."""
    named = [f"{f'row {place}' if isinstance(place, int) else place} ({reason})" for place, reason in bad]
    if len(bad) == 1:
        place, reason = bad[0]
        where = f"{root} row {place}" if isinstance(place, int) else f"{root}/{place}"
        return f"{where}: {reason}; {remedy.replace('them', 'it')}"
    more = f" and {len(bad) - NAMED:,} more" if len(bad) > NAMED else ""
    return f"{root}: {len(bad):,} of {total:,} cannot be used: {', '.join(named[:NAMED])}{more}; {remedy}"


def left_out(root: str, bad: Sequence[tuple[int | str, str]], total: int) -> str:
    """Returns the line that --skip-broken owes: what was left out."""
    named = [f"row {place}" if isinstance(place, int) else place for place, _ in bad]
    more = f" and {len(bad) - NAMED:,} more" if len(bad) > NAMED else ""
    return (
        f"{root}: {len(bad):,} of {total:,} left out (--skip-broken): {', '.join(named[:NAMED])}{more}; "
        "audit --keep-going lists all"
    )
