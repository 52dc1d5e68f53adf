"""What hangs on a release: which parts there are (parts.py), which are stale (record.py), one command that makes them
anew (command.py).

It stands in the uppermost room, as the commands of all others are named here; they run as processes of their own.
"""
