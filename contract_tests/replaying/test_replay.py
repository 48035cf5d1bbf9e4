"""The law of replay: the calls of a log get the replies that they got, whatever they were and whenever."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import APP, APP_KEY, CHANGES, KEY, SCENARIO, Emulated, Step
from lke_emulator.dialogue import SOCKETS
from lke_emulator.dialogue.calls import Connection, Opening, meant
from lke_emulator.durable.data_dir import DataDir, ScenarioFile
from lke_emulator.exchange.raw import Raw
from lke_emulator.knowledge import parsing
from lke_emulator.replaying.call_log import CallLog, NotALog, read_log
from lke_emulator.replaying.replay import Replay, Replayed
from lke_emulator.scenario.load import load, world_of_text

RUNNING = "\n".join(line for line in SCENARIO.splitlines() if "frozen_at" not in line)
"""The same with a clock that goes."""


def logged(folder: Path, steps: list[Step], text: str = SCENARIO) -> Path:
    """What was logged while these steps were made."""
    file = folder / "calls.yaml"
    it = Emulated(world_of_text(text, "scenario.yaml"), [])
    log = logging(it, file)
    for step in steps:
        it.step(step)
    log.close()
    return file


def logging(it: Emulated, file: Path) -> CallLog:
    log = CallLog(file, it.app.running.settings, it.world)
    it.app.running.attendants = (log, *it.app.running.attendants)
    return log


def again(file: Path) -> list[Replayed]:
    return list(Replay(read_log(file)).replies())


def check_all_same(file: Path, at_least: int = 1) -> None:
    replies = again(file)
    assert len(replies) >= at_least
    for one in replies:
        assert one.is_same, one.differences()


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(CHANGES, min_size=1, max_size=8), text=st.sampled_from([SCENARIO, RUNNING]))
def test_what_was_logged_gets_the_same_replies_again(steps: list[Step], text: str) -> None:
    with TemporaryDirectory() as folder:
        check_all_same(logged(Path(folder), steps, text))


@pytest.mark.parametrize("version", [1, 2])
def test_a_dialogue_over_a_socket_is_logged_to_its_last_packet(tmp_path: Path, version: int) -> None:
    file = logged(tmp_path, [("socket", version, "Will it rain?"), ("socket", version, "Hello")], RUNNING)
    check_all_same(file)
    of_sockets = [one.call for one in again(file) if one.call.socket]
    assert len({call.socket for call in of_sockets}) == 2
    assert [call.operation for call in of_sockets] == [
        "",
        f"dialogue.v{version}.connect",
        f"dialogue.v{version}.socket",
    ] * 2
    assert "It rains." in "".join(call.reply.body for call in of_sockets)


def test_a_socket_whose_client_leaves_in_the_middle_is_left_there_again(tmp_path: Path) -> None:
    it, file = Emulated(world_of_text(RUNNING, "scenario.yaml"), []), tmp_path / "calls.yaml"
    log = logging(it, file)
    connection = Connection()
    raw = Raw("GET", SOCKETS[0], "EIO=4&transport=websocket", {}, b"")
    issued = it.signed("lke", "GetWsToken", {"Type": 5, "BotAppKey": APP_KEY, "VisitorBizId": "v"})[1]
    token = msgspec.json.decode(issued)["Response"]["Token"]
    list(Opening(raw, it.app.running, connection).parts())
    for packet in (f'40{{"token":"{token}"}}', '42["send",{"payload":{"session_id":"s-1","content":"Hello"}}]'):
        asked = meant(packet, False, "rating")
        parts = asked.kind(raw._replace(body=packet.encode()), it.app.running, connection, asked.data).parts()
        next(parts), next(parts, None)
        parts.close()
    it.step(("chat", KEY, "deepseek-v3.2", "Hello", False))
    log.close()
    check_all_same(file, 5)
    assert [one.call.left for one in again(file)][-2]


def test_a_scenario_that_is_loaded_meanwhile_takes_its_place_again(tmp_path: Path) -> None:
    scenario, file = tmp_path / "scenario.yaml", tmp_path / "calls.yaml"
    scenario.write_text(RUNNING)
    it = Emulated(load(str(scenario)), [])
    log = logging(it, file)
    call = ("signed", "lke", "ListModel", {"AppType": "canned"})
    opened = it.ask("POST", "/_emulator/accounts", {"uin": "7", "scenario": "default"})
    assert opened[0] == 201, opened
    said = it.step(call)
    scenario.write_text(RUNNING.replace("result: {List: []}", "error: {code: FailedOperation}"))
    changed = load(str(scenario))
    changed.keep(it.world)
    it.app.replace_world(changed)
    assert it.step(call) != said
    it.ask("POST", "/_emulator/accounts/7/clock/advance", {"by": 60})
    assert it.ask("POST", "/_emulator/scenario", {"name": "empty"})[0] == 200
    it.ask("POST", "/_emulator/accounts/7/keys", {"label": "drawn"})
    it.ask("POST", "/_emulator/accounts", {"scenario": "quiet-weekend"})
    it.ask("POST", "/_emulator/reset")
    log.close()
    scenario.unlink()
    check_all_same(file, 8)


def test_a_log_goes_on_from_the_world_that_a_folder_kept(tmp_path: Path) -> None:
    it = Emulated(world_of_text(RUNNING, "scenario.yaml"), [])
    data_dir = DataDir(tmp_path / "kept")
    data_dir.begin(it.world, ScenarioFile("scenario.yaml", "", None))
    it.app.running.attendants = (data_dir,)
    steps: list[Step] = [
        ("chat", KEY, "deepseek-v3.2", "Hello", False),
        ("control", "POST", "/clock/advance", {"by": 3600}),
        ("signed", "lke", "CreateVar", {"AppBizId": APP, "VarName": "n", "VarType": "STRING"}),
    ]
    for step in steps:
        it.step(step)
    it.ask("POST", "/_emulator/faults", {"operation": "lke.ListVar", "every": 2, "error": "InternalError"})
    data_dir.close()
    data_dir = DataDir(tmp_path / "kept")
    it, file = Emulated(data_dir.read(), []), tmp_path / "calls.yaml"
    it.app.running.attendants = (data_dir,)
    log = logging(it, file)
    for step in [
        *steps,
        ("signed", "lke", "ListVar", {"AppBizId": APP}),
        ("signed", "lke", "ListVar", {"AppBizId": APP}),
    ]:
        it.step(step)
    data_dir._file.execute("PRAGMA query_only = ON")
    assert b"InternalError" in it.signed("lke", "CreateVar", {"AppBizId": APP, "VarName": "m", "VarType": "STRING"})[1]
    assert it.ask("POST", "/_emulator/accounts", {"uin": "55"})[0] == 500
    assert it.ask("POST", "/_emulator/scenario", {"name": "empty"})[0] == 500
    data_dir._file.execute("PRAGMA query_only = OFF")
    assert it.ask("GET", "/_emulator/accounts/55")[0] == 404
    assert it.ask("POST", "/_emulator/scenario/undo")[0] == 409
    it.ask("POST", "/_emulator/accounts", {"uin": "55"})
    it.step(("chat", KEY, "deepseek-v3.2", "Hello", True))
    log.close()
    data_dir.close()
    check_all_same(file, 7)
    head = read_log(file)[0].head
    assert head.made_of is None


def test_a_log_is_replayed_by_a_process_that_hashes_otherwise(tmp_path: Path) -> None:
    file = logged(
        tmp_path, [("adp", "CreateApp", {"SpaceId": "lab", "Name": "o", "AppMode": 2}), ("reset",), UPLOADED, ASKED]
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "lke_emulator", "replay", str(file)]
        ran = subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "replies are the same" in ran.stdout


UPLOADED: Step = ("uploaded", "a.txt", "Hello")
ASKED: Step = ("dialogue", 2, "Hello", {})


def test_the_last_call_may_be_cut_short(tmp_path: Path) -> None:
    file = logged(tmp_path, [ASKED, ASKED])
    file.write_bytes(file.read_bytes()[:-9])
    warnings: list[str] = []
    (world,) = read_log(file, warnings.append)
    assert len(world.calls) == 1
    assert warnings == [f"{file}:12 was cut short, and is left out"]


def test_a_file_that_was_read_while_others_were_served_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "LONG_TEXT", 100)
    long: Step = ("uploaded", "a.txt", "Hello world.\n" * 50)
    file = logged(tmp_path, [long, ("dialogue", 1, "Hello", {})], RUNNING)
    check_all_same(file, 4)
    assert [len(one.call.steps) for one in again(file) if one.call.operation == "lke.SaveDoc"] == [3]


def test_a_disk_that_is_full_ends_the_log_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    it, file = Emulated(world_of_text(SCENARIO, "scenario.yaml"), []), tmp_path / "calls.yaml"
    log = logging(it, file)
    log.close()
    log._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115
    for _ in range(2):
        assert it.step(ASKED)[0] == 200
    assert [record.message for record in caplog.records] == [
        f"{file} cannot be written: No space left on device; the call log ends here"
    ]


def test_a_file_of_something_else_is_not_replaced_by_a_log(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text("accounts: []\n")
    with pytest.raises(FileExistsError, match="is no call log"):
        logging(Emulated(world_of_text(SCENARIO, "scenario.yaml"), []), file)
    assert file.read_text() == "accounts: []\n"
    check_all_same(logged(tmp_path, [ASKED]))
    check_all_same(logged(tmp_path, [ASKED]))


def test_a_reply_that_differs_is_told_place_by_place(tmp_path: Path) -> None:
    qa = (
        "signed",
        "lke",
        "CreateQA",
        {"BotBizId": "1800000000000000001", "Question": "Q?", "Answer": "A", "AttrRange": 1},
    )
    file = logged(tmp_path, [qa, qa])
    text = file.read_text()
    place = text.rindex("QaBizId")
    file.write_text(text[:place] + text[place:].replace("QaBizId", "QaId", 1))
    first, second = again(file)
    assert first.is_same
    assert [line.partition(":")[0] for line in second.differences()] == ["Response.QaId", "Response.QaBizId"]


def test_a_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert logged(tmp_path, []).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text", ["", "x", "calls:\n", "call_log: 1\ncalls:\n", "[" * 100_000, "call_log: [" * 10, "\x00: 1\n"]
)
def test_what_is_no_log_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "strange.yaml"
    file.write_text(text)
    with pytest.raises(NotALog, match="no call log"):
        again(file)


@pytest.mark.parametrize("line", ["x", "- {}", "- " + "[" * 100_000, "- 1"])
def test_a_line_that_is_no_call_is_named(tmp_path: Path, line: str) -> None:
    file = logged(tmp_path, [])
    with file.open("a") as end:
        end.write(line + "\n")
    with pytest.raises(NotALog, match=r"calls.yaml:\d+: this is no call"):
        again(file)


def test_a_log_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    file = logged(tmp_path, [])
    file.write_text(file.read_text().replace("call_log: 1", "call_log: 2"))
    with pytest.raises(NotALog, match="a newer lke-emulator wrote it"):
        again(file)


def test_a_path_that_no_surface_answers_is_named(tmp_path: Path) -> None:
    file = logged(tmp_path, [("signed", "lke", "ListModel", {"AppType": "x"})])
    file.write_text(file.read_text().replace('"path":"/"', '"path":"/gone"'))
    with pytest.raises(NotALog, match="no surface answers /gone"):
        again(file)


def test_a_log_is_yaml(tmp_path: Path) -> None:
    import yaml

    file = logged(tmp_path, [("signed", "lke", "ListModel", {"AppType": "x"})])
    (call,) = yaml.safe_load(file.read_text())["calls"]
    assert call["operation"] == "lke.ListModel"
    assert msgspec.json.decode(call["reply"]["body"])["Response"]
