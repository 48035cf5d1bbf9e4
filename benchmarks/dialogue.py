"""What a dialogue costs in CPU time beside a chat of the same length: surfaces alone, without sockets, the
median of runs that take turns."""

from itertools import count
from json import dumps
from statistics import median
from time import process_time
from typing import NamedTuple

from lke_emulator.app import create_app, surface_of
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.settings import Settings
from lke_emulator.scenario.document import read_yaml
from lke_emulator.scenario.load import typed
from lke_emulator.scenario.world import build_world

ANSWER = "A model of a lighthouse is made of oak and costs forty-eight dollars. " * 20
SCENARIO = f"""
accounts:
  - uin: 100000000009
    rate_limit: 0
    credentials: [{{ secret_id: a, secret_key: b }}]
    models: [{{ name: cs-normal }}]
    apps: [{{ name: Shop, key: shop-key, model: cs-normal }}]
    keys: [{{ secret: sk-bench }}]
    chat: [{{ content: "{ANSWER}" }}]
    billing: {{ postpaid: all, balance: 1000000 }}
"""
QUESTION = "What is it made of?"
RUNS = 100


class Course(NamedTuple):
    """Seconds of CPU time, and how many events there were."""

    whole: float
    first: float
    events: int


def main() -> None:
    at = read_yaml(SCENARIO, "bench.yaml")
    running = create_app(Settings(port=0), build_world(typed(at), at, "bench", None, None)).running
    numbers = count()

    def course(path: str, body: dict[str, object]) -> Course:
        headers = {"content-type": "application/json", "host": "x", "authorization": "Bearer sk-bench"}
        raw = Raw("POST", path, "", headers, dumps(body).encode())
        surface = surface_of(path)
        assert surface is not None
        begin = process_time()
        events, first = 0, 0.0
        for part in surface(raw, running).parts():
            if isinstance(part, bytes):
                events += 1
                first = first or process_time() - begin
        return Course(process_time() - begin, first, events)

    def chat() -> Course:
        messages = [{"role": "user", "content": QUESTION}]
        return course("/v1/chat/completions", {"model": "cs-normal", "stream": True, "messages": messages})

    def v1() -> Course:
        body = {"session_id": f"s-{next(numbers)}", "bot_app_key": "shop-key", "visitor_biz_id": "v"}
        return course("/v1/qbot/chat/sse", {**body, "content": QUESTION, "incremental": True})

    def v2() -> Course:
        contents = [{"Type": "text", "Text": QUESTION}]
        body = {"ConversationId": f"{next(numbers):032d}", "AppKey": "shop-key", "VisitorId": "v"}
        return course("/adp/v2/chat", {**body, "Contents": contents})

    # They take turns, so that a change in the machine's speed meets all.
    turns = [{"chat": chat(), "v1": v1(), "v2": v2()} for _ in range(RUNS)]
    best = {name: min((turn[name] for turn in turns), key=lambda found: found.whole) for name in turns[0]}
    print(f"\n{f'an answer of {len(ANSWER)} characters':<78} {'aim':>10} {'measured':>10}")
    for name in ("v1", "v2"):
        found = best[name]
        times = median(turn[name].whole / turn["chat"].whole for turn in turns)
        row(f"a dialogue of {name} against a chat, times", "< 2", times)
        row(f"the first event of {name}, milliseconds", "< 1", 1000 * found.first)
        row(f"events of {name}, thousands a CPU second", "", found.events / found.whole / 1000)
    row("chunks of a chat, thousands a CPU second", "", best["chat"].events / best["chat"].whole / 1000)


def row(name: str, aim: str, figure: float) -> None:
    print(f"{name:<78} {aim:>10} {figure:>10.3f}")
