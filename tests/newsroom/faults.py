"""Misbehaviour by rule: a path that is down for a while, a path that is slow."""

import re
from dataclasses import dataclass

from tests.newsroom.wire import Reply, Request, Step

SORRY = b"<!doctype html><title>%d</title><h1>%d</h1><p>Please come back later.</p>"


@dataclass(slots=True, kw_only=True)
class Down:
    """Answers `status` for the paths that `pattern` matches, `times` times (for ever when negative)."""

    pattern: re.Pattern[str]
    status: int
    times: int
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Waits `seconds` before the answer and `per_byte` seconds for each of its bytes."""

    pattern: re.Pattern[str]
    seconds: float
    per_byte: float


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self.downs: list[Down] = []
        self.delays: list[Delay] = []

    def clear(self) -> None:
        """Takes back all rules."""
        self.downs.clear()
        self.delays.clear()

    def answer(self, request: Request) -> Reply | None:
        """Returns the failure that is due for this request, and counts it."""
        for down in self.downs:
            if down.times and down.pattern.search(request.target):
                down.times -= 1 if down.times > 0 else 0
                return failure(down.status, retry_after=down.retry_after)
        return None

    def slowed(self, steps: tuple[Step, ...], *, request: Request) -> tuple[Step, ...]:
        """Returns the steps with the pauses that are asked for."""
        for delay in self.delays:
            if delay.pattern.search(request.target):
                return (delay.seconds, *_dripped(steps, per_byte=delay.per_byte))
        return steps


def failure(status: int, *, retry_after: int | None = None) -> Reply:
    """Returns an error page."""
    retry = () if retry_after is None else (("Retry-After", str(retry_after)),)
    body = SORRY % (status, status)
    return Reply(status=status, headers=(("Content-Type", "text/html; charset=utf-8"), *retry), body=body)


def _dripped(steps: tuple[Step, ...], *, per_byte: float) -> tuple[Step, ...]:
    if not per_byte:
        return steps
    out: list[Step] = []
    for step in steps:
        if isinstance(step, bytes):
            for i in range(len(step)):
                out += [step[i : i + 1], per_byte]
        else:
            out.append(step)
    return tuple(out)
