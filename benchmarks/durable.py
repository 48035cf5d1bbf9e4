"""What it costs to keep a world in a folder: a change, a read, and a start with a hundred thousand calls behind it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import Load, drive_load
from benchmarks.requests import SUBJECTS, Subject
from benchmarks.serving import Served, serving
from lke_emulator.durable.data_dir import DataDir
from lke_emulator.exchange.settings import Settings
from lke_emulator.scenario.load import load
from lke_emulator.serve import origin_of
from lke_emulator.usage.line import Line

CHAT = str(Path(__file__).with_name("chat.yaml"))
CALLS = 100_000
SECONDS = 2.0
MEASURED = ("DescribeTokenUsage, repeated", "lkeap chat", "OpenAI chat")
"""A read, and two that change what is kept."""


@contextmanager
def kept_in(folder: str) -> Iterator[None]:
    """For servers that are started within."""
    os.environ["LKE_EMULATOR_DATA_DIR"] = folder
    try:
        yield
    finally:
        os.environ.pop("LKE_EMULATOR_DATA_DIR", None)


def durable() -> None:
    print(f"\n{'server CPU time, us':<36}{'usual':>8}{'kept':>8}{'with ' + f'{CALLS:,}':>14}")
    with TemporaryDirectory() as empty, TemporaryDirectory() as full:
        written, read = seconds(lambda: behind(full)), seconds(lambda: again(full))
        with ExitStack() as stack:
            servers = [stack.enter_context(serving("emulator", CHAT))]
            for folder in (empty, full):
                with kept_in(folder):
                    servers.append(stack.enter_context(serving("emulator", CHAT)))
            for subject in SUBJECTS:
                if subject.name in MEASURED:
                    shown = "".join(f"{cost_of(server, subject):>11.1f}" for server in servers)
                    print(f"{subject.name:<33}{shown}", flush=True)
        usual, kept, long = [server.seconds for server in servers]
    print(f"start: usual {usual:.2f} s, kept {kept:.2f} s, with {CALLS:,} calls behind it {long:.2f} s")
    print(f"of which reading takes {read:.2f} s; writing them at once took {written:.2f} s")


def seconds(does: Callable[[], None]) -> float:
    """Of the processor's time."""
    began = time.process_time()
    does()
    return time.process_time() - began


def cost_of(server: Served, subject: Subject) -> float:
    """Microseconds of the server's time by the request."""
    before = server.cpu
    heard = drive_load(server.port, subject.make(server.port), SECONDS, Load(1, True), subject.is_refused)
    return (server.cpu - before) * 1e6 / heard.answers


def again(folder: str) -> None:
    data_dir = DataDir(Path(folder))
    data_dir.read()
    data_dir.close()


def behind(folder: str) -> None:
    """A world that has served so many calls."""
    world = load(CHAT)
    account = next(iter(world.accounts.values()))
    line = Line(model="deepseek-v3.2", sub_biz_type="KnowledgeQA", key="1", api="ChatCompletions")
    now = int(account.clock.now()) - CALLS
    for number in range(CALLS):
        account.ledger.record(line, now + number, input=20, output=number % 90, id=f"chatcmpl-{number:032}", charge=3)
    data_dir = DataDir(Path(folder))
    data_dir.begin(world, origin_of(Settings(scenario=CHAT)))
    data_dir.close()
