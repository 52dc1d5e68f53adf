"""Checks of settings' values: errors name the flag and the values that it takes."""

from __future__ import annotations

from face_emotion.errors import InputError


def at_least_one(name: str, value: int) -> None:
    """Raises InputError if a count is below 1. name: of the settings' field, such as batch_size."""
    if value < 1:
        raise InputError(f"{_flag(name)} {value}: must be at least 1")


def within(name: str, value: float, low: float, high: float) -> None:
    """Raises InputError if a number lies outside low..high, or is not a number."""
    if not low <= value <= high:
        raise InputError(f"{_flag(name)} {value}: must lie between {_said(low)} and {_said(high)}")


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    """Raises InputError if a name is not among the known ones."""
    if value not in known:
        raise InputError(f"{_flag(name)} {value}: use one of {', '.join(known)}")


def _said(bound: float) -> str:
    return f"{bound:,}" if isinstance(bound, int) and bound > 999_999 else f"{bound:g}"


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
