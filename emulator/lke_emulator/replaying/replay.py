"""Calls of a log, served again in this process by a world that is made anew: each must get the reply that it got."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

import msgspec

from lke_emulator.account.world import MadeOf, World
from lke_emulator.app import surface_for
from lke_emulator.dialogue import SOCKETS
from lke_emulator.dialogue.calls import Connection, Opening, SocketCall, meant
from lke_emulator.exchange.answer import Part, Parts
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.running import NotKept, Running
from lke_emulator.primitives.clock import machine_at
from lke_emulator.primitives.ids import drawn_from
from lke_emulator.replaying.call_log import CallLogHead, CallStep, LoggedCall, LoggedReply, LoggedWorld, NotALog
from lke_emulator.scenario.load import find_scenario, read_scenario, world_of_text

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


class Replay:
    """Worlds that are made anew, and their calls."""

    def __init__(self, worlds: list[LoggedWorld]) -> None:
        """The first head says how the emulator was started."""
        self.worlds = worlds
        first = worlds[0].head
        self.running = Running(first.settings, world_of(first))
        self.connections: dict[str, Connection] = {}
        """By the ids that the sockets had then."""

    def replies(self) -> Iterator[Replayed]:
        """Each call once it has ended, part by part in the order and at the moments in which its parts were made then."""
        calls = [call for world in self.worlds for call in world.calls]
        begun: dict[int, ReplayedCall] = {}
        steps = sorted((step.place, step, number) for number, call in enumerate(calls) for step in call.steps)
        heads = [world.head for world in self.worlds[1:]]
        for place, step, number in steps:
            while heads and heads[0].step <= place:
                self.replace_world(heads.pop(0))
            call = calls[number]
            with machine_at(step.at), drawn_from((self.worlds[0].head.chance, place)):
                if number not in begun:
                    begun[number] = ReplayedCall(len(begun) + 1, call, self.parts_of(call))
                begun[number].step(step)
            if step is call.steps[-1]:
                yield begun[number].done()

    def replace_world(self, head: CallLogHead) -> None:
        """One that was written as it stood has in it what others keep of the world before it."""
        world = world_of(head)
        if head.kept is None:
            world.keep(self.running.world)
        else:
            self.running.before = None
        self.running.world = world

    def parts_of(self, call: LoggedCall) -> Parts:
        """NotALog where no surface answers its path, or its body is none."""
        try:
            raw = call.sent.raw()
        except ValueError:
            raise NotALog(f"{call.operation}: the body of the call cannot be read") from None
        if call.socket:
            return self.socket_call(call.socket, raw).parts()
        surface = surface_for(raw.method, raw.path, raw.query, raw.headers, self.running.world.assumptions.other_path)
        if surface is None:
            raise NotALog(f"{call.operation}: no surface answers {raw.path} here")
        return surface(raw, self.running).parts()

    def socket_call(self, socket: str, raw: Raw) -> SocketCall:
        if socket not in self.connections:
            self.connections[socket] = Connection()
            return Opening(raw, self.running, self.connections[socket])
        asked = meant(
            raw.body.decode("utf-8", "replace"), raw.path == SOCKETS[1], self.running.world.assumptions.ws_rating_event
        )
        return asked.kind(raw, self.running, self.connections[socket], asked.data)


class ReplayedCall:
    """A call that is under way."""

    def __init__(self, number: int, call: LoggedCall, parts: Parts) -> None:
        self.number = number
        self.call = call
        self.parts = parts
        self.reply = LoggedReply()
        self.part: Part | None = None
        """What was made, and may not have left."""

    def step(self, step: CallStep) -> None:
        is_last = step is self.call.steps[-1]
        if step.failed:
            self.part = self.parts.throw(NotKept(step.failed))
            return
        if self.part is not None:
            self.reply.add(self.part)
        self.part = None
        if not is_last:
            self.part = next(self.parts, None)
        elif not self.call.left:
            for part in self.parts:  # another version may make more of them
                self.reply.add(part)
        if is_last:
            self.parts.close()

    def done(self) -> Replayed:
        return Replayed(self.number, self.call, self.reply)


def made_of_other(world: LoggedWorld, scenario: str) -> LoggedWorld:
    """The same calls in the world of another scenario. ScenarioError where it is none."""
    made = world.head.made_of or MadeOf(text="", seed=None, chance=world.head.chance, moment=world.head.moment)
    made = msgspec.structs.replace(made, text=read_scenario(find_scenario(scenario)))
    return LoggedWorld(msgspec.structs.replace(world.head, scenario=scenario, made_of=made, kept=None), world.calls)


def world_of(head: CallLogHead) -> World:
    """Made anew. ScenarioError where the scenario is none."""
    made = head.made_of
    with machine_at(head.moment if made is None else made.moment):
        if made is not None:
            return world_of_text(made.text, head.scenario, seed=made.seed, chance=made.chance)
        if head.kept is not None:
            return World.restored(head.kept)
    raise NotALog("the head says neither what the world was made of nor what was kept of it")


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
