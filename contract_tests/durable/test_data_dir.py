"""The law of the folder: whatever has happened, what a process that died just now leaves behind is the world that it had."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import APP, CHANGES, ROOT, Emulated, Step, begun, everything
from contract_tests.products.nouns import leaves
from lke_emulator.account.journal import Journal
from lke_emulator.account.snapshot import save, write
from lke_emulator.account.world import World
from lke_emulator.durable.data_dir import DataDir, ScenarioFile
from lke_emulator.durable.database import CannotKeep
from lke_emulator.exchange.answer import Answer, Begin, Parts
from lke_emulator.exchange.raw import Raw
from lke_emulator.openai.surface import Openai
from lke_emulator.scenario.load import load

ORIGIN = ScenarioFile("histories.yaml", "digest", None)
SEPARATELY = ("limits", "throttle", "billing")
"""Windows of a second or a minute, and what time has settled since: these alone are not written."""


OPEN: list[DataDir] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """From Python 3.13 on a file that is left open is a warning."""
    yield
    while OPEN:
        OPEN.pop().close()


class Kept:
    """A world whose calls are attended by a folder."""

    def __init__(self, it: Emulated, folder: Path) -> None:
        self.it = it
        self.folder = folder
        self.data_dir = DataDir(folder / "kept")
        OPEN.append(self.data_dir)
        self.data_dir.begin(it.world, ORIGIN)
        it.app.running.attendants = (self.data_dir,)
        self.deaths = 0

    def dead(self) -> World:
        """The world as another process finds it that comes after this one died."""
        self.deaths += 1
        left = shutil.copytree(self.folder / "kept", self.folder / f"left {self.deaths}")
        data_dir = DataDir(left)
        world = data_dir.read()
        data_dir.close()
        world.ids.restored(self.it.world.ids.saved())
        return world

    def again(self) -> Emulated:
        """What happened, the journal, is not kept, so both forget that."""
        self.it.world.journal = Journal()
        return Emulated(self.dead(), self.it.tasks)

    def writes(self) -> int:
        """How many rows were written so far."""
        return self.data_dir._file.total_changes

    def check(self) -> None:
        world = self.dead()
        assert list(world.accounts) == list(self.it.world.accounts)
        assert world.opened == self.it.world.opened
        assert world.faults.saved() == self.it.world.faults.saved()
        assert list(world.credentials) == list(self.it.world.credentials)
        for uin, account in self.it.world.accounts.items():
            assert told(world.accounts[uin]) == told(account)
            assert write(world.origin(uin)) == write(self.it.world.origin(uin))


def told(account: Any) -> Any:
    text = write(save(account))
    return text.account, {name: part for name, part in text.parts.items() if name not in SEPARATELY}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@settings(max_examples=12, deadline=None)
@given(before=st.lists(CHANGES, max_size=6), after=st.lists(CHANGES, max_size=3))
def test_what_is_left_behind_answers_every_further_call_alike(before: list[Step], after: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        kept = Kept(begun(), Path(folder))
        for step in before:
            kept.it.step(step)
            kept.check()
        again = kept.again()
        assert everything(again) == everything(kept.it)
        for step in after:
            assert again.step(step) == kept.it.step(step), step


def test_reads_write_nothing(folder: Path) -> None:
    kept = Kept(begun(), folder)
    kept.it.step(("chat", "sk-there-from-the-beginning", "deepseek-v3.2", "Hello", False))
    before = kept.writes()
    everything(kept.it)
    assert kept.writes() == before


def test_refused_calls_write_nothing(folder: Path) -> None:
    kept = Kept(begun(), folder)
    before = kept.writes()
    for said in (
        kept.it.signed("lke", "CreateQA", {"BotBizId": "1", "Question": "Q?", "Answer": "A"}),
        kept.it.signed("lke", "DeleteApp", {"AppBizId": "1", "AppType": "knowledge_qa"}),
        kept.it.ask("POST", "/v1/chat/completions", {"model": "x", "messages": []}, authorization="Bearer sk-no"),
        kept.it.control("POST", "/packages/grant", {"kind": "none"}),
        kept.it.control("POST", "/keys/9/disable"),
    ):
        assert b"rror" in said[1]
        assert kept.writes() == before, said
    assert kept.writes() == before


def test_of_the_books_only_what_a_call_has_changed_is_written(folder: Path) -> None:
    kept = Kept(begun(), folder)
    longest = "SELECT max(length(value)) FROM fragments WHERE part = 'billing'"
    lengths = []
    for times in (1, 50):
        for _ in range(times):
            kept.it.control("POST", "/wallet/top-up", {"amount": 10, "method": "card"})
        kept.it.step(CHAT)
        lengths += kept.data_dir._file.execute(longest).fetchone()
    assert lengths[1] < 2 * lengths[0]
    kept.check()


def test_accounts_that_are_opened_copied_reset_and_closed_are_kept_so(folder: Path) -> None:
    kept = Kept(begun(), folder)
    for method, path, body in (
        ("POST", "/_emulator/accounts", {"uin": "7", "scenario": "default"}),
        ("POST", f"/_emulator/accounts/{ROOT}/copy", {"uin": "8"}),
        ("PATCH", "/_emulator/accounts/7", {"usage": [{"kind": "points", "points": [{"at": "-1h", "calls": 9}]}]}),
        ("POST", "/_emulator/accounts/7/clock/advance", {"by": 3600}),
        ("POST", "/_emulator/faults", {"operation": "lke.ListApp", "first": 1, "error": "InternalError"}),
        ("POST", "/_emulator/accounts/7/reset", None),
        ("DELETE", "/_emulator/accounts/8", None),
        ("POST", "/_emulator/reset", None),
    ):
        status, said = kept.it.ask(method, path, body)
        assert status < 300, said
        for account in kept.it.world.accounts.values():
            account.clock.freeze()  # or it would show another moment than the one that is left
    kept.it.control("POST", "/clock/advance", {"by": 1})
    kept.check()


def test_a_clock_that_was_moved_has_gone_on_meanwhile(folder: Path) -> None:
    kept = Kept(Emulated(load("empty"), []), folder)
    (account,) = kept.it.world.accounts.values()
    kept.it.ask("POST", f"/_emulator/accounts/{account.uin}/clock/advance", {"by": 86400})
    (again,) = kept.dead().accounts.values()
    assert again.clock.course == account.clock.course
    assert again.clock.now() >= account.clock.now() - 1


def test_a_world_that_is_loaded_again_takes_the_place_of_the_kept_one(folder: Path) -> None:
    kept = Kept(begun(), folder)
    world = begun().world
    kept.data_dir.begin(world, ORIGIN)
    kept.it.app.replace_world(world)
    kept.it.step(
        ("signed", "lke", "CreateVar", {"AppBizId": "1800000000000000001", "VarName": "n", "VarType": "STRING"})
    )
    kept.check()


def test_a_scenario_that_control_loads_is_kept_and_the_flags_go_on_with_it(folder: Path) -> None:
    kept = Kept(begun(), folder)
    kept.it.ask("POST", "/_emulator/accounts", {"uin": "7", "scenario": "quiet-weekend"})
    status, said = kept.it.ask("POST", "/_emulator/scenario", {"name": "empty"})
    assert status == 200, said
    for account in kept.it.world.accounts.values():
        account.clock.freeze()
    kept.it.ask("POST", f"/_emulator/accounts/{kept.it.world.first_credential.account}/clock/advance", {"by": 60})
    kept.it.ask("POST", "/_emulator/accounts/7/clock/advance", {"by": 60})
    kept.check()
    assert kept.data_dir.origin() == ORIGIN


CHAT: Step = ("chat", "sk-there-from-the-beginning", "deepseek-v3.2", "Hello", False)


@pytest.mark.parametrize(
    "change",
    [
        CHAT,
        ("signed", "lke", "CreateVar", {"AppBizId": APP, "VarName": "n", "VarType": "STRING"}),
        ("control", "POST", "/keys", {"label": "x"}),
        ("control", "POST", "/reset"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_written_fails_and_has_not_happened(folder: Path, change: Step) -> None:
    kept = Kept(begun(), folder)
    kept.it.step(CHAT)
    before = told(kept.it.world.accounts[ROOT])
    kept.data_dir._file.execute("PRAGMA query_only = ON")
    status, said = kept.it.step(change)
    assert (status == 500 or b"InternalError" in said, b"rror" in said) == (True, True)
    assert told(kept.it.world.accounts[ROOT]) == before
    kept.data_dir._file.execute("PRAGMA query_only = OFF")
    assert told(kept.it.world.accounts[ROOT]) == before
    kept.it.step(change)
    assert told(kept.it.world.accounts[ROOT]) != before
    kept.check()


def test_a_disk_that_is_full_keeps_what_was_there(folder: Path) -> None:
    kept = Kept(begun(), folder)
    (pages,) = kept.data_dir._file.execute("PRAGMA page_count").fetchone()
    kept.data_dir._file.execute(f"PRAGMA max_page_count = {pages}")
    opened = [kept.it.ask("POST", "/_emulator/accounts", {"uin": str(uin), "scenario": "default"})[0] for uin in (7, 8)]
    assert (opened, list(kept.it.world.accounts)) == ([500, 500], [ROOT])
    assert kept.it.ask("POST", "/_emulator/scenario", {"name": "documented-examples"})[0] == 500
    assert list(kept.it.world.accounts) == [ROOT]
    kept.check()


def streaming(kept: Kept) -> Parts:
    """The rest of an answer that has begun."""
    body = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    head = {"authorization": f"Bearer {CHAT[1]}"}
    raw = Raw("POST", "/v1/chat/completions", "", head, msgspec.json.encode(body))
    stream = Openai(raw, kept.it.app.running).parts()
    assert isinstance(next(stream), Begin)
    return stream


def test_a_stream_breaks_where_the_change_of_another_call_could_not_be_written(folder: Path) -> None:
    kept = Kept(begun(), folder)
    stream = streaming(kept)
    kept.data_dir._file.execute("PRAGMA query_only = ON")
    assert kept.it.step(CHAT)[0] == 500
    kept.data_dir._file.execute("PRAGMA query_only = OFF")
    (failure,) = stream
    assert isinstance(failure, Answer)
    assert failure.status == 500
    kept.check()


def test_a_call_under_way_fails_where_a_scenario_that_came_meanwhile_could_not_be_written(folder: Path) -> None:
    """Or it would end well in a world that nobody serves any more."""
    kept = Kept(begun(), folder)
    stream = streaming(kept)
    before = told(kept.dead().accounts[ROOT])
    kept.data_dir._file.execute("PRAGMA query_only = ON")
    assert kept.it.ask("POST", "/_emulator/scenario", {"name": "empty"})[0] == 500
    kept.data_dir._file.execute("PRAGMA query_only = OFF")
    (failure,) = stream
    assert isinstance(failure, Answer)
    assert failure.status == 500
    assert told(kept.it.world.accounts[ROOT]) == before
    kept.check()


def test_a_folder_that_is_gone_takes_nothing(folder: Path) -> None:
    kept = Kept(begun(), folder)
    (folder / "kept").rename(folder / "away")
    before = told(kept.it.world.accounts[ROOT])
    assert kept.it.step(CHAT)[0] == 500
    assert told(kept.it.world.accounts[ROOT]) == before
    (folder / "away").rename(folder / "kept")
    assert kept.it.step(CHAT)[0] == 200
    kept.check()


def test_a_folder_that_another_process_holds_is_refused(folder: Path) -> None:
    Kept(begun(), folder)
    with pytest.raises(CannotKeep, match="is held by another lke-emulator"):
        DataDir(folder / "kept")


def test_a_folder_of_a_newer_version_is_refused(folder: Path) -> None:
    DataDir(folder).close()
    with sqlite3.connect(folder / "world.sqlite") as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(CannotKeep, match="written by a newer lke-emulator"):
        DataDir(folder)


def test_a_folder_with_something_else_in_it_is_refused(folder: Path) -> None:
    (folder / "world.sqlite").write_text("This is no database, but a long text about one. " * 100)
    with pytest.raises(CannotKeep, match="cannot be read"):
        DataDir(folder)
    with sqlite3.connect(folder / "other.sqlite") as file:
        file.execute("CREATE TABLE other (id)")
    file.close()
    (folder / "other.sqlite").rename(folder / "world.sqlite")
    with pytest.raises(CannotKeep, match="is no file of lke-emulator"):
        DataDir(folder)


def test_a_kept_world_that_no_account_can_be_in_is_refused(folder: Path) -> None:
    kept = Kept(begun(), folder)
    kept.data_dir._file.execute("UPDATE fragments SET value = ? WHERE part = 'ids'", (msgspec.msgpack.encode(1),))
    kept.data_dir.close()
    OPEN.append(DataDir(folder / "kept"))
    with pytest.raises(CannotKeep, match="holds a world that cannot be read here"):
        OPEN[-1].read()


TAKES_TIME: dict[str, list[Step]] = {
    "an export": [("signed", "lke", "ExportAttributeLabel", {"BotBizId": APP})],
    "a parse task": [("document", "Reconstruct")],
    "a split task that was cancelled": [("document", "Split"), ("task", "CancelTask", 0)],
    "a document": [("uploaded", "a.txt", "Hello")],
    "a release": [("signed", "lke", "CreateRelease", {"BotBizId": APP})],
}


def courses(it: Emulated, said: bytes) -> list[object]:
    """How far everything is that takes time, as those are told who ask."""
    task = re.search(rb'"TaskId":"([0-9]+)"', said)
    asked = {"BotBizId": APP, "TaskType": "ExportAttributeLabel", "TaskId": task[1].decode() if task else "0"}
    answers = [it.signed("lke", "GetTaskStatus", asked)]
    answers += [
        it.signed("lke", name, {"BotBizId": APP, "PageNumber": 1, "PageSize": 9}) for name in ("ListDoc", "ListRelease")
    ]
    for kind in ("Reconstruct", "Split"):
        answers += [it.signed("lkeap", f"Get{kind}DocumentResult", {"TaskId": id}) for id in it.tasks]
    return [
        [
            (name, value)
            for name, value in leaves(msgspec.json.decode(body))
            if name in ("Status", "StatusDesc", "CosPath")
        ]
        for _, body in answers
    ]


@pytest.mark.parametrize("what", TAKES_TIME)
def test_what_is_under_way_goes_on_in_who_comes_after_and_is_not_undone_by_the_clock(folder: Path, what: str) -> None:
    kept = Kept(begun(), folder)
    it = kept.it
    said = b"".join(it.step(step)[1] for step in TAKES_TIME[what])
    after = [kept.again(), it.again()]
    for seconds in (0, 1, 60, -3600):
        for one in (it, *after):
            one.control("POST", "/clock/advance", {"by": seconds})
        courses_of_all = [courses(one, said) for one in (it, *after)]
        assert courses_of_all[0] == courses_of_all[1] == courses_of_all[2]
        if seconds == 60:
            ended = courses_of_all[0]
    assert courses_of_all[0] == ended
