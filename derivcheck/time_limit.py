"""A limit on how long a piece of work may take.

The limit is an interval timer of the main thread's signals (SIGALRM). Where there is none, on Windows or in another thread, work is not
limited, and `limits_work()` says so. A call into compiled code is interrupted only when it returns to Python.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimedOut(BaseException):
    """Work took longer than its limit. Not an Exception, so that work that catches every Exception does not take it for one of its own."""


def limits_work() -> bool:
    """Whether this platform and thread can interrupt work."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


class Alarm:
    """A running limit; `restart` gives the next piece of work its full time."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds if limits_work() else None

    def restart(self) -> None:
        if self.seconds is not None:
            # it rings again and again, because work that catches every exception would go on after the first time
            signal.setitimer(signal.ITIMER_REAL, self.seconds, self.seconds)

    def stop(self) -> None:
        if self.seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[Alarm]:
    """Raises TimedOut inside the block when it takes longer than `seconds`; None is no limit. Not to be nested."""
    alarm = Alarm(seconds)
    if alarm.seconds is None:
        yield alarm
        return

    def ring(signal_number: int, frame: FrameType | None) -> None:
        raise TimedOut(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    try:
        alarm.restart()
        yield alarm
    finally:
        alarm.stop()
        signal.signal(signal.SIGALRM, before)
