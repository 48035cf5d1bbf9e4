"""A recording is the same as long as the emulator is, and tells every way in which it is not."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.process.commands import run
from contract_tests.recording.conftest import ENVIRONMENT, SCENARIO, Recorded, recorder
from lke_emulator.recording.comparison import Comparison, Difference
from lke_emulator.recording.document import Recording, read_recording
from lke_emulator.recording.replay import compared, fresh
from lke_emulator.testing import serve
from lke_emulator.testing.server import ThreadedServer

STREAM = {"Model": "deepseek-v3.2", "Messages": [{"Role": "user", "Content": "Hi"}], "Stream": True}
CHAT = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": "Hi"}]}
V2 = {"AppKey": "k", "VisitorId": "v", "ConversationId": "c" * 32, "Contents": [{"Type": "text", "Text": "Hi"}]}


def session(recorded: Recorded) -> None:
    """What a client does: reads, writes and reads again by the id that it was given, asks, and makes mistakes."""
    lke, lkeap = recorded.client(), recorded.client("lkeap")
    lke.call_json("ListApp", {"PageNumber": 1, "PageSize": 10})
    lke.call_json("DescribeTokenUsage", {"ModelName": "hunyuan"})
    made = lke.call_json(
        "CreateApp",
        {"AppType": "knowledge_qa", "BaseConfig": {"Name": "New", "Avatar": "https://a.example/a.png", "Desc": ""}},
    )["Response"]
    lke.call_json("DescribeApp", {"AppBizId": made["AppBizId"], "AppType": "knowledge_qa"})
    for action, params in (("DescribeTokenUsage", {"Colour": "red"}), ("ListApp", {"PageNumber": 1})):
        with contextlib.suppress(TencentCloudSDKException):
            lke.call_json(action, params)
    with contextlib.suppress(TencentCloudSDKException):
        lkeap.call_json("RunRerank", {"Query": "", "Docs": []})
    list(lkeap.call_sse("ChatCompletions", STREAM))
    key = {"Authorization": "Bearer sk-client00000000000000000000"}
    httpx.post(f"{recorded.proxy.url}/v1/chat/completions", json=CHAT, headers=key)
    httpx.get(f"{recorded.proxy.url}/v1/models/none", headers=key)
    httpx.post(f"{recorded.proxy.url}/adp/v2/chat", json=V2)


@pytest.fixture(scope="module")
def recording(real: ThreadedServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recorded") / "recording.yaml"
    with recorder(real, path) as recorded:
        session(recorded)
    return path


def test_the_same_emulator_answers_the_same(recording: Path, scenario: str) -> None:
    """Ids, times and what was redacted are others, and are held against each other."""
    result = run("compare", str(recording), "--scenario", scenario)
    assert (result.exit_code, result.stdout) == (0, "all 11 replies are the same\n")


def test_a_server_that_runs_is_compared_by_its_url(recording: Path, scenario: str) -> None:
    with serve(scenario) as server:
        result = run("compare", str(recording), "--target", server.url, **ENVIRONMENT)
    assert (result.exit_code, result.stdout) == (0, "all 11 replies are the same\n")


def found(recording: Path, tmp_path: Path, scenario: dict[str, Any], **how: Any) -> list[Difference]:
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(scenario))
    with fresh(str(path)) as place:
        return [
            one for each in compared(read_recording(recording), place, Comparison(**how)) for one in each.differences
        ]


def assume(**settings: Any) -> Callable[..., None]:
    return lambda world, _: world.setdefault("assumptions", {}).update(settings)


def account(**members: Any) -> Callable[..., None]:
    return lambda world, _: world["accounts"][0].update(members)


def stream(change: Callable[[list[Any]], Any]) -> Callable[..., None]:
    """The chat's stream as it was, changed."""

    def changed(world: Any, recording: Recording) -> None:
        events = next(one.events for one in recording.replies if one.action == "lkeap.ChatCompletions")
        assert events is not None
        events = [dict(event) for event in events]
        change(events)
        account(replies=[{"action": "lkeap.ChatCompletions", "events": events}])(world, recording)

    return changed


def reversed_apps(world: Any, recording: Recording) -> None:
    result = {**recording.replies[0].result, "List": recording.replies[0].result["List"][::-1]}
    account(replies=[{"action": "lke.ListApp", "match": {"PageSize": 10}, "result": result}])(world, recording)


USAGE = [
    {
        "kind": "points",
        "sub_account": "Ada",
        "model": "hunyuan",
        "points": [{"at": "-1h", "calls": 3, "input_tokens": 31}],
    }
]
TEXT = "There is no parameter `{name}`."
WAYS: dict[str, tuple[Callable[..., None], str, str]] = {
    "a code": (assume(retrieval_refusal="InvalidParameter"), "lkeap.RunRerank.error.code", "InvalidParameter"),
    "the text of an error": (assume(error_texts={"unknown": TEXT}), "lke.DescribeTokenUsage.error.message", "no param"),
    "an error in place of a result": (
        account(replies=[{"action": "lke.DescribeTokenUsage", "error": {"code": "InternalError"}}]),
        "lke.DescribeTokenUsage",
        "is the error InternalError",
    ),
    "a member that is missing": (assume(v2_frame_extras=False), "POST /adp/v2/chat.0.data.Timestamp", "is not there"),
    "a member more": (stream(lambda all: all[0].update(More=1)), "lkeap.ChatCompletions.0.More", "was not there"),
    "a type": (stream(lambda all: all[0].update(Created="1790000000")), "lkeap.ChatCompletions.0.Created", "is text"),
    "the order of a list": (reversed_apps, "lke.ListApp.List", "in another order"),
    "the order of events": (stream(lambda all: all.insert(0, all.pop())), "lkeap.ChatCompletions.0.*", ""),
    "an event that is missing": (stream(lambda all: all.pop(3)), "lkeap.ChatCompletions", "events"),
    "a figure": (account(usage=USAGE), "lke.DescribeTokenUsage.InputTokenUsage", "was 30, is 31"),
    "a name": (
        account(apps=[{"biz_id": "1900000000000000001", "name": "Store"}, {"name": "Desk"}]),
        "lke.ListApp.List.*.Name",
        "'Store'",
    ),
    "what an id stands for": (
        stream(lambda all: all[2].update(Id="0" * 32)),
        "lkeap.ChatCompletions.2.Id",
        "",
    ),
    "the form of an id": (stream(lambda all: all[0].update(Id="one")), "lkeap.ChatCompletions.0.Id", "one"),
    "the status of HTTP": (
        account(faults=[{"surface": "openai", "nth": 2, "error": "x", "status": 410}]),
        "GET /v1/models/none.status",
        "is 410",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_emulator_that_was_changed_is_found_out(recording: Path, tmp_path: Path, way: str) -> None:
    from fnmatch import fnmatchcase

    change, place, what = WAYS[way]
    world = yaml.safe_load(SCENARIO)
    change(world, read_recording(recording))
    differences = found(recording, tmp_path, world)
    assert [one for one in differences if fnmatchcase(one.place, place) and what in one.what], differences


@pytest.mark.parametrize("way", ["a figure", "a name", "an event that is missing"])
def test_figures_and_names_may_differ_where_only_shapes_are_compared(recording: Path, tmp_path: Path, way: str) -> None:
    world = yaml.safe_load(SCENARIO)
    WAYS[way][0](world, read_recording(recording))
    assert found(recording, tmp_path, world, shapes_only=True) == []


@pytest.mark.parametrize(
    "way", ["a code", "the text of an error", "a member that is missing", "a type", "a member more"]
)
def test_codes_texts_members_and_types_may_not(recording: Path, tmp_path: Path, way: str) -> None:
    world = yaml.safe_load(SCENARIO)
    WAYS[way][0](world, read_recording(recording))
    assert found(recording, tmp_path, world, shapes_only=True) != []


def test_differences_are_printed_and_end_with_1(recording: Path, tmp_path: Path) -> None:
    world = yaml.safe_load(SCENARIO)
    account(usage=USAGE)(world, None)
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(world))
    result = run("compare", str(recording), "--scenario", str(path))
    assert result.exit_code == 1
    assert "2. lke.DescribeTokenUsage" in result.stdout
    assert "lke.DescribeTokenUsage.InputTokenUsage: was 30, is 31" in result.stdout
    assert "1 of 11 replies differ" in result.stdout
    ignoring = run("compare", str(recording), "--scenario", str(path), "--ignore", "lke.*TokenUsage")
    assert (ignoring.exit_code, ignoring.stdout) == (0, "all 11 replies are the same\n")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (None, 2, "recording.yaml cannot be read: No such file"),
        ("a: 1", 2, "this is no recording"),
        ("upstream: x\nreplies:\n- action: 1", 2, "recording.yaml:3: replies[0].action: Expected `str`"),
        ("upstream: [", 2, "recording.yaml:"),
    ],
)
def test_what_is_no_recording_is_told_in_one_message(tmp_path: Path, text: str | None, code: int, message: str) -> None:
    path = tmp_path / "recording.yaml"
    if text is not None:
        path.write_text(text)
    result = run("compare", str(path))
    assert result.exit_code == code
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
