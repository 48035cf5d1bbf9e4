"""Calls of a log, served again in this process by a world that is made anew: each must get the reply that it got."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from typing import Any, NamedTuple

import msgspec

from lke_emulator.account.world import World
from lke_emulator.app import surface_named
from lke_emulator.exchange.answer import Parts
from lke_emulator.exchange.running import Running
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import machine_at
from lke_emulator.replaying.call_log import CallLogHead, LoggedCall, LoggedReply, NotALog
from lke_emulator.scenario.load import load

SHOWN = 10
"""Places of one reply that are told."""
LONGEST = 160


class Replayed(NamedTuple):
    number: int
    """From 1 on, in the order in which they came in."""
    call: LoggedCall
    reply: LoggedReply
    """What it got now."""

    @property
    def is_same(self) -> bool:
        return self.reply == self.call.reply

    def differences(self) -> list[str]:
        """Place by place, where both are JSON; else line by line."""
        was, now = self.call.reply, self.reply
        found = [f"status: was {was.status}, is {now.status}"] if was.status != now.status else []
        if was.broken != now.broken:
            found.append(
                f"the connection {'broke' if was.broken else 'stayed'}, and now it {'breaks' if now.broken else 'stays'}"
            )
        found += different("", json_or_lines(was.body), json_or_lines(now.body))
        return found[:SHOWN]


def world_of(head: CallLogHead) -> tuple[World, Settings]:
    """Made anew. ScenarioError where the scenario is none."""
    settings = Settings(
        scenario=head.scenario, seed=head.seed, auth=head.auth, strict=head.strict, rate_limit=head.rate_limit
    )
    with machine_at(head.began):
        return load(head.scenario, head.seed, chance=head.chance), settings


def replayed(head: CallLogHead, calls: list[LoggedCall]) -> Iterator[Replayed]:
    """Each call once it has ended, part by part in the order and at the moments in which its parts were made then."""
    world, settings = world_of(head)
    running = Running(settings, world)
    begun: dict[int, Parts] = {}
    replies: dict[int, LoggedReply] = {}
    numbers: dict[int, int] = {}
    steps = sorted((step, moment, place) for place, call in enumerate(calls) for step, moment in call.steps)
    for step, moment, place in steps:
        call = calls[place]
        with machine_at(moment):
            if place not in begun:
                begun[place], replies[place], numbers[place] = parts_of(call, running), LoggedReply(), len(numbers) + 1
            # The last step is its end, or where its caller went away.
            is_over = step == call.steps[-1][0]
            if not (is_over and call.left):
                for part in begun[place]:
                    replies[place].add(part)
                    if not is_over:
                        break
            if is_over:
                begun[place].close()
        if is_over:
            yield Replayed(numbers[place], call, replies[place])


def parts_of(call: LoggedCall, running: Running) -> Parts:
    """NotALog where there is no such surface, or the body is none."""
    with suppress(ImportError, AttributeError, ValueError):
        parts: Parts = surface_named(call.surface)(call.sent.raw(), running).parts()
        return parts
    raise NotALog(f"{call.operation}: there is no surface {call.surface} here, or its body cannot be read")


def json_or_lines(body: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return body.splitlines()


def different(at: str, was: Any, now: Any) -> Iterator[str]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*was, *now)):
            place = f"{at}.{name}" if at else name
            if name not in now:
                yield f"{place}: was {brief(was[name])}, is gone"
            elif name not in was:
                yield f"{place}: was not there, is {brief(now[name])}"
            else:
                yield from different(place, was[name], now[name])
    elif isinstance(was, list) and isinstance(now, list):
        for number, (before, after) in enumerate(zip_longest(was, now)):
            yield from different(f"{at}.{number}" if at else str(number), before, after)
    else:
        yield f"{at}: was {brief(was)}, is {brief(now)}" if at else f"was {brief(was)}, is {brief(now)}"


def brief(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
