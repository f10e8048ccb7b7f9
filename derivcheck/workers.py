"""Judging several derivations, in this process or in several, each claim within a time limit.

Processes are forked after the derivations have been read, because a derivation holds functions, which cannot be sent to a process.
Where a platform cannot fork, one process does all the work.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from derivcheck.derivation import Derivation
from derivcheck.judge import judge
from derivcheck.time_limit import Alarm, TimedOut, time_limit
from derivcheck.verdict import Problem, Report, Verdict

Progress = Callable[[str, int], None]
"""(derivation, claims judged since the last call)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How derivations are judged: the seed of every sample, and the seconds that a claim may take."""

    seed: int
    timeout: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one derivation: its verdicts, or the problem that stopped it."""

    verdicts: tuple[Verdict, ...] = ()
    problem: Problem | None = None


def can_fork() -> bool:
    """Whether this platform can judge in several processes."""
    return "fork" in multiprocessing.get_all_start_methods()


def judge_all(
    derivations: Sequence[Derivation], problems: Sequence[Problem], limits: Limits, jobs: int, progress: Progress, warnings: Sequence[Problem] = ()
) -> Report:
    """The report on the derivations, in their order, judged by up to `jobs` processes."""
    start = time.perf_counter()
    jobs = min(jobs, len(derivations)) if can_fork() else 1
    if jobs > 1:
        outcomes = _in_processes(derivations, limits, jobs, progress)
    else:
        outcomes = [judge_one(derivation, limits, progress) for derivation in derivations]
    judged = tuple(derivation for derivation, outcome in zip(derivations, outcomes, strict=True) if outcome.problem is None)
    verdicts = tuple(verdict for outcome in outcomes for verdict in outcome.verdicts)
    found = tuple(outcome.problem for outcome in outcomes if outcome.problem is not None)
    return Report(judged, verdicts, (*problems, *found), time.perf_counter() - start, warnings=tuple(warnings))


def judge_one(derivation: Derivation, limits: Limits, progress: Progress) -> Judged:
    """The verdicts of one derivation. A claim that takes too long is that claim's `error`; the others are still judged."""
    try:
        with time_limit(limits.timeout) as alarm:
            before = 0

            def tell(done: int, alarm: Alarm = alarm) -> None:
                nonlocal before
                alarm.restart()
                progress(derivation.name, done - before)
                before = done

            return Judged(judge(derivation, seed=limits.seed, tell=tell))
    except TimedOut as failure:
        return Judged(problem=Problem(str(derivation.place), f"judging {derivation.name} {failure}; it was stopped"))
    except Exception as failure:
        # the other derivations are still judged, and no verdict is given on this one
        traceback.print_exc()
        return Judged(problem=Problem(str(derivation.place), f"derivcheck failed on {derivation.name}: {type(failure).__name__}: {failure}"))


def _in_processes(derivations: Sequence[Derivation], limits: Limits, jobs: int, progress: Progress) -> list[Judged]:
    """The outcomes in order; the derivations with the most claims are begun first."""
    context = multiprocessing.get_context("fork")
    order = sorted(range(len(derivations)), key=lambda position: -len(derivations[position].claims))
    tasks, messages = context.SimpleQueue(), context.SimpleQueue()
    for position in (*order, *[None] * jobs):
        tasks.put(position)
    workers = [context.Process(target=_work, args=(derivations, limits, tasks, messages), daemon=True) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    outcomes: dict[int, Judged] = {}
    try:
        while len(outcomes) < len(derivations):
            message = _next_message(messages, workers)
            if message is None:
                break
            position, content = message
            if isinstance(content, Judged):
                outcomes[position] = content
            else:
                progress(derivations[position].name, content)
    finally:
        for worker in workers:
            worker.terminate()
    return [outcomes.get(position) or _lost(derivation) for position, derivation in enumerate(derivations)]


def _lost(derivation: Derivation) -> Judged:
    return Judged(problem=Problem(str(derivation.place), f"the process that judged {derivation.name} ended without an answer"))


def _next_message(messages: Any, workers: Sequence[Any]) -> tuple[int, Judged | int] | None:
    """The next message; None when no process is left that could send one."""
    while messages.empty():
        if not any(worker.is_alive() for worker in workers) and messages.empty():
            return None
        multiprocessing.connection.wait([messages._reader, *(worker.sentinel for worker in workers if worker.is_alive())])
    message: tuple[int, Judged | int] = messages.get()
    return message


def _work(derivations: Sequence[Derivation], limits: Limits, tasks: Any, messages: Any) -> None:
    while (position := tasks.get()) is not None:

        def progress(name: str, done: int, at: int = position) -> None:
            messages.put((at, done))

        messages.put((position, judge_one(derivations[position], limits, progress)))
