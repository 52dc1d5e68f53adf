"""rich's console, with which commands print tables and progress, but for one thing."""

from __future__ import annotations

from rich.console import Console as RichConsole


class Console(RichConsole):
    """A console that leaves it to the command (errors.run_command) what happens when its reader has gone: rich itself
    ends the process with status 1, which says here that an input was skipped."""

    def on_broken_pipe(self) -> None:
        """Raises the BrokenPipeError that is being handled."""
        raise
