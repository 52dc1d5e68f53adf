"""Locks that a forked process finds open, whatever other threads were doing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from face_emotion.turns import NETWORK, PROCESS, Turn
from tests.support.paths import ROOT

FORKED = """if True:
    import os, signal, threading, warnings
    import numpy as np
    from face_emotion import EmotionRecognizer
    warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: "multi-threaded, use of fork() may lead to deadlocks"
    recognizer = EmotionRecognizer.load("models/nano")
    stream = recognizer.stream()
    frame = np.full((96, 128, 3), 90, np.uint8)
    over = threading.Event()

    def still():
        while not over.is_set():
            recognizer.recognize(frame)

    def video():
        time = 0.0
        while not over.is_set():
            stream.recognize(frame, time := time + 1)

    threads = [threading.Thread(target=work, daemon=True) for work in (still, still, video)]
    for thread in threads:
        thread.start()
    for turn in range(8):
        child = os.fork()
        if not child:
            signal.alarm(60)  # ends a child that waits for ever, which is what this is about
            recognizer.recognize(frame)
            stream.recognize(frame, 1e9)
            os._exit(7)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    over.set()
    for thread in threads:
        thread.join()
    print(len(recognizer.recognize(frame)))
"""


def test_children_read_whatever_the_parents_threads_were_doing():
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["7"] * 8 + ["0"], "")


def test_a_fork_waits_until_the_thread_inside_is_out():
    turn, inside, out = Turn(NETWORK), threading.Event(), []

    def work() -> None:
        with turn:
            inside.set()
            left.wait(60)
            out.append("left")

    left = threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    inside.wait()
    threading.Timer(0.2, left.set).start()
    child = os.fork()
    if not child:
        with turn:
            os._exit(len(out))  # 1: the fork came after
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    thread.join()
    with turn:
        pass


def test_the_thread_that_is_inside_may_fork():
    turn = Turn(NETWORK)
    with turn:
        child = os.fork()
        if not child:
            os._exit(3 if turn.own else 4)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        assert turn.own
    assert not turn.own


def test_only_a_nested_one_lets_its_thread_in_again():
    nested, plain = Turn(PROCESS, nested=True), Turn(PROCESS)
    with nested, nested:
        assert nested.own
    assert not nested.own
    with plain:
        again = threading.Thread(target=plain.__enter__, daemon=True)
        again.start()
        again.join(0.1)
        assert again.is_alive()  # waits
    again.join(60)
    assert not again.is_alive()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_opens_it(error):
    turn = Turn(NETWORK)
    with pytest.raises(error), turn:
        raise error
    assert not turn.own
