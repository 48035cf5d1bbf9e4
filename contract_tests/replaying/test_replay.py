"""The law of replay: the calls of a log get the replies that they got, whatever they were and whenever."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import CHANGES, SCENARIO, Emulated, Step
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import machine_at
from lke_emulator.replaying.call_log import CallLog, NotALog, head_of, read_log
from lke_emulator.replaying.replay import Replayed, replayed
from lke_emulator.scenario.load import load

RUNNING = "\n".join(line for line in SCENARIO.splitlines() if "frozen_at" not in line)
"""The same with a clock that goes."""


def logged(folder: Path, steps: list[Step], text: str = SCENARIO) -> Path:
    """What was logged while these steps were made."""
    scenario, file = folder / "scenario.yaml", folder / "calls.yaml"
    scenario.write_text(text)
    head = head_of(Settings(scenario=str(scenario), auth="off"))
    with machine_at(head.began):
        world = load(head.scenario, chance=head.chance)
    it, log = Emulated(world, []), CallLog(file, head)
    it.app.running.attendants = (log,)
    for step in steps:
        it.step(step)
    log.close()
    return file


def again(file: Path) -> list[Replayed]:
    head, calls = read_log(file)
    return list(replayed(head, list(calls)))


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(CHANGES, min_size=1, max_size=8), text=st.sampled_from([SCENARIO, RUNNING]))
def test_what_was_logged_gets_the_same_replies_again(steps: list[Step], text: str) -> None:
    steps = [step for step in steps if step[0] != "socket"]
    with TemporaryDirectory() as folder:
        for one in again(logged(Path(folder), steps, text)):
            assert one.is_same, one.differences()


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


def test_calls_of_a_world_that_was_loaded_later_are_not_logged(tmp_path: Path) -> None:
    file = logged(tmp_path, [])
    head, _ = read_log(file)
    log = CallLog(file, head)
    one, other = (Emulated(load(head.scenario, chance=head.chance), []) for _ in range(2))
    for it in (one, other, one):
        it.app.running.attendants = (log,)
        it.signed("lke", "ListModel", {"AppType": "x"})
    log.close()
    assert len(again(file)) == 2


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
        end.write(line)
    with pytest.raises(NotALog, match=r"calls.yaml:\d+: this is no call"):
        again(file)


def test_a_log_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    file = logged(tmp_path, [])
    file.write_text(file.read_text().replace("call_log: 1", "call_log: 2"))
    with pytest.raises(NotALog, match="a newer lke-emulator wrote it"):
        again(file)


def test_a_surface_that_is_not_here_is_named(tmp_path: Path) -> None:
    file = logged(tmp_path, [("signed", "lke", "ListModel", {"AppType": "x"})])
    for strange in ("gateway.pipeline.No", "no.surface.No", "os.path", ""):
        changed = tmp_path / "changed.yaml"
        changed.write_text(file.read_text().replace("gateway.pipeline.Gateway", strange))
        with pytest.raises(NotALog, match="there is no surface"):
            again(changed)


def test_a_log_is_yaml(tmp_path: Path) -> None:
    import yaml

    file = logged(tmp_path, [("signed", "lke", "ListModel", {"AppType": "x"})])
    (call,) = yaml.safe_load(file.read_text())["calls"]
    assert call["operation"] == "lke.ListModel"
    assert msgspec.json.decode(call["reply"]["body"])["Response"]
