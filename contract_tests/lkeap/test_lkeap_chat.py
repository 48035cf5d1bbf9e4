"""ChatCompletions through the official SDK: replies, streams, limits, failures and what is metered."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control, Target
from contract_tests.lkeap.conftest import PAID, account_of, assume, call, frames, used
from lke_emulator.account.records import Model
from lke_emulator.billing.billing import Unserved
from lke_emulator.models.moderation import Moderation
from lke_emulator.models.rules import ChatMatch, ChatRule, Failure, Rules, Usage

V3 = "deepseek-v3"
R1 = "deepseek-r1"
HELLO = {"Role": "user", "Content": "What is the knowledge engine?"}
REPLY = {"Role": "assistant", "Content": "A product."}
SYSTEM = {"Role": "system", "Content": "Be brief."}


def chat(client: Any, *messages: dict[str, str], **params: Any) -> Any:
    return call(client, "ChatCompletions", **{"Model": V3, "Messages": messages or [HELLO], **params})


def stream(client: Any, **params: Any) -> list[Any]:
    return frames(chat(client, Stream=True, **params))


def joined(events: list[Any], member: str) -> str:
    return "".join(event["Choices"][0]["Delta"].get(member, "") for event in events)


def rules(emulator: Control, *given: ChatRule) -> None:
    account_of(emulator).chat_rules = Rules(given)


# a reply


@pytest.mark.needs("packages")
def test_a_reply_has_the_documented_members(lkeap: Any) -> None:
    answer = chat(lkeap)
    (choice,) = answer.Choices
    assert (answer.Model, choice.Index, choice.FinishReason, choice.Message.Role) == (V3, 0, "stop", "assistant")
    assert choice.Message.Content
    assert answer.Id == answer.RequestId
    assert answer.Usage.TotalTokens == answer.Usage.PromptTokens + answer.Usage.CompletionTokens
    assert answer.Usage.CompletionTokens > 0


@pytest.mark.needs("packages")
def test_the_same_question_gets_the_same_answer(lkeap: Any) -> None:
    assert chat(lkeap).Choices[0].Message.Content == chat(lkeap).Choices[0].Message.Content


@pytest.mark.needs("packages")
def test_a_reasoning_model_shows_its_chain_of_thought(lkeap: Any) -> None:
    assert chat(lkeap, Model=R1).Choices[0].Message.ReasoningContent
    assert not chat(lkeap).Choices[0].Message.ReasoningContent


@pytest.mark.needs("packages")
def test_thinking_can_be_switched_on_for_v3_1_alone(lkeap: Any) -> None:
    thinking = {"Thinking": {"Type": "enabled"}}
    assert chat(lkeap, Model="deepseek-v3.1", **thinking).Choices[0].Message.ReasoningContent
    assert not chat(lkeap, Model="deepseek-v3.1").Choices[0].Message.ReasoningContent
    assert not chat(lkeap, Model="deepseek-v3-0324", **thinking).Choices[0].Message.ReasoningContent


@pytest.mark.needs("packages")
def test_max_tokens_bounds_the_content_but_not_the_chain_of_thought(lkeap: Any) -> None:
    short = chat(lkeap, Model=R1, MaxTokens=3).Choices[0].Message
    whole = chat(lkeap, Model=R1).Choices[0].Message
    assert len(short.Content) < len(whole.Content)
    assert short.ReasoningContent == whole.ReasoningContent


def test_a_search_gives_its_results_and_is_metered(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    before = used(account, "SearchPro")
    results = chat(lkeap, EnableSearch=True).Choices[0].Message.SearchResults
    assert [result.Index for result in results] == list(range(1, len(results) + 1))
    assert all(result.Url and result.Name and result.Snippet and result.PublishedTime for result in results)
    assert used(account, "SearchPro").search - before.search == 1
    assert not chat(lkeap).Choices[0].Message.SearchResults
    assert used(account, "SearchPro").search - before.search == 1


def test_what_a_reply_tells_is_what_is_metered(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    before = used(account, "ChatCompletions")
    told = chat(lkeap).Usage
    after = used(account, "ChatCompletions")
    assert after.calls - before.calls == 1
    assert (after.input - before.input, after.output - before.output) == (told.PromptTokens, told.CompletionTokens)


# a stream


@pytest.mark.needs("packages")
def test_a_stream_begins_with_the_role_and_ends_with_the_reason(lkeap: Any) -> None:
    first, *_, last = stream(lkeap)
    assert first["Choices"] == [{"Delta": {"Role": "assistant"}, "FinishReason": "", "Index": 0}]
    assert last["Choices"] == [{"Delta": {}, "FinishReason": "stop", "Index": 0}]


@pytest.mark.needs("packages")
def test_a_stream_says_what_the_reply_says(lkeap: Any) -> None:
    events = stream(lkeap, Model=R1)
    message = chat(lkeap, Model=R1).Choices[0].Message
    assert joined(events, "ReasoningContent") == message.ReasoningContent
    assert joined(events, "Content") == message.Content


@pytest.mark.needs("packages")
def test_the_chain_of_thought_comes_before_the_content(lkeap: Any) -> None:
    kinds = [next(iter(event["Choices"][0]["Delta"]), "") for event in stream(lkeap, Model=R1)]
    assert kinds.index("Content") > max(i for i, kind in enumerate(kinds) if kind == "ReasoningContent")


@pytest.mark.needs("packages")
def test_every_frame_has_the_members_of_the_documented_example(lkeap: Any) -> None:
    events = stream(lkeap)
    members = {"Choices", "Created", "Id", "Model", "Object", "Usage"}
    assert all(set(event) == members for event in events)
    assert {(event["Id"], event["Object"], event["Model"]) for event in events} == {
        (events[0]["Id"], "chat.completion.chunk", V3)
    }
    assert len(events[0]["Id"]) == 32


def test_the_last_frame_has_the_usage_and_the_others_zeros(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    before = used(account, "ChatCompletions")
    *others, last = [event["Usage"] for event in stream(lkeap)]
    assert all(usage == {"InputTokens": 0, "OutputTokens": 0, "TotalTokens": 0} for usage in others)
    assert last["TotalTokens"] == last["InputTokens"] + last["OutputTokens"] > 0
    after = used(account, "ChatCompletions")
    assert (after.input - before.input, after.output - before.output) == (last["InputTokens"], last["OutputTokens"])


@pytest.mark.needs("packages")
@pytest.mark.assumes("sse_space")
def test_the_bytes_of_a_stream_are_as_documented(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """No envelope, no [DONE], no blank after `data:`; the request id is in the header alone."""
    raw: list[requests.Response] = []
    monkeypatch.setattr(LkeapClient, "_process_response", lambda self, response, kind: raw.append(response))
    chat(target.client(LkeapClient), Stream=True)
    (response,) = raw
    assert response.headers["Content-Type"] == "text/event-stream"
    assert len(response.headers["X-TC-RequestId"]) == 36
    body = response.content.decode()
    assert body.startswith('data:{"Choices":[{"Delta":{"Role":"assistant"}')
    assert body.endswith("}\n\n")
    assert "[DONE]" not in body
    assert "RequestId" not in body


# limits


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [REPLY],
        [HELLO, HELLO],
        [HELLO, REPLY],
        [SYSTEM],
        [HELLO, SYSTEM],
        [{"Role": "user", "Content": ""}],
        [{"Role": "user"}],
        [{"Role": "tool", "Content": "x"}],
        [HELLO, REPLY] * 20 + [HELLO],
    ],
)
def test_messages_against_the_rules_are_refused(
    lkeap: Any, refusal: Callable[..., Any], messages: list[dict[str, str]]
) -> None:
    assert refusal(lambda: call(lkeap, "ChatCompletions", Model=V3, Messages=messages)).code == "InvalidParameter"


@pytest.mark.needs("packages")
def test_a_dialogue_of_forty_messages_is_answered(lkeap: Any) -> None:
    assert chat(lkeap, SYSTEM, *[HELLO, REPLY] * 19, HELLO).Choices[0].FinishReason == "stop"


@pytest.mark.parametrize(
    "params",
    [
        {"Model": "no-such-model"},
        {"Model": "lke-text-embedding-v1"},
        {"Temperature": 2.1},
        {"Temperature": -0.1},
        {"MaxTokens": 0},
        {"MaxTokens": 10_000_000},
        {"Thinking": {"Type": "perhaps"}},
        {"Messages": [{"Role": "user", "Content": "长" * 200_000}]},
    ],
)
def test_parameters_outside_their_range_are_refused(
    lkeap: Any, refusal: Callable[..., Any], params: dict[str, Any]
) -> None:
    assert refusal(lambda: chat(lkeap, **params)).code == "InvalidParameter"


def test_a_refusal_before_a_stream_is_an_ordinary_answer(lkeap: Any, refusal: Callable[..., Any]) -> None:
    assert refusal(lambda: stream(lkeap, Model="no-such-model")).code == "InvalidParameter"


def test_a_refusal_speaks_chinese_to_those_who_ask(target: Target, refusal: Callable[..., Any]) -> None:
    chinese = target.client(LkeapClient, language="zh-CN")
    assert refusal(lambda: chat(chinese, Model="no-such-model")).message.startswith("参数错误。")


# the state of the account


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"activated": False}, "FailedOperation.UnOpenError"),
        ({"postpaid": PAID, "balance": -1}, "ResourceUnavailable.InArrears"),
        ({}, "ResourceUnavailable.ResourcePackageRunOut"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_an_account_that_is_not_served_is_told_why(
    lkeap: Any, emulator: Control, refusal: Callable[..., Any], state: dict[str, Any], code: str, streamed: bool
) -> None:
    account = account_of(emulator)
    account.billing.open(**state)
    before = used(account, "ChatCompletions")
    assert refusal(lambda: chat(lkeap, Stream=streamed)).code == code
    assert used(account, "ChatCompletions") == before


def test_a_search_that_nothing_pays_for_refuses_the_chat(
    lkeap: Any, emulator: Control, refusal: Callable[..., Any]
) -> None:
    account_of(emulator).billing.open(postpaid=["ChatCompletions"], balance=10**12)
    assert chat(lkeap).Choices
    assert refusal(lambda: chat(lkeap, EnableSearch=True)).code == "ResourceUnavailable.ResourcePackageRunOut"


def test_any_other_state_is_a_billing_exception(
    lkeap: Any, emulator: Control, refusal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unserved(*args: Any) -> None:
        raise Unserved("sold out")  # type: ignore[arg-type]

    monkeypatch.setattr(type(account_of(emulator).billing), "admit", unserved)
    assert refusal(lambda: chat(lkeap)).code == "ResourcesSoldOut.ChargeStatusException"


def test_a_call_too_many_at_a_time_is_refused(lkeap: Any, emulator: Control, refusal: Callable[..., Any]) -> None:
    account = account_of(emulator)
    account.models[V3] = Model(V3, V3, concurrency=1, call_seconds=1)
    account.concurrency.enter(V3, account.clock.now())
    assert refusal(lambda: chat(lkeap)).code == "RequestLimitExceeded"
    assert refusal(lambda: stream(lkeap)).code == "RequestLimitExceeded"
    account.concurrency.leave(V3, account.clock.now())
    assert chat(lkeap).Choices
    assert stream(lkeap)
    assert chat(lkeap).Choices


def test_every_call_in_flight_is_ended(lkeap: Any, emulator: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    account = account_of(emulator)
    seen: list[str] = []
    monkeypatch.setattr(type(account.concurrency), "enter", lambda *args: seen.append("enter"))
    monkeypatch.setattr(type(account.concurrency), "leave", lambda *args: seen.append("leave"))
    rules(emulator, ChatRule(match=ChatMatch(text="slow"), delay=0.01))
    chat(lkeap)
    chat(lkeap, {"Role": "user", "Content": "slow"})
    stream(lkeap)
    assert seen == ["enter", "leave"] * 3


# what a scenario says


def test_a_rule_gives_the_reply_and_its_usage(lkeap: Any, emulator: Control) -> None:
    rules(emulator, ChatRule(content="forty-two", reasoning="hm", usage=Usage(input=7, output=9)))
    answer = chat(lkeap)
    assert (answer.Choices[0].Message.Content, answer.Choices[0].Message.ReasoningContent) == ("forty-two", "hm")
    assert (answer.Usage.PromptTokens, answer.Usage.CompletionTokens) == (7, 9)
    assert stream(lkeap)[-1]["Usage"] == {"InputTokens": 7, "OutputTokens": 9, "TotalTokens": 16}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("20031", "ResourceUnavailable.ResourcePackageRunOut"),
        ("20034", "RequestLimitExceeded"),
        ("20059", "InvalidParameter"),
        ("FailedOperation.InternalError", "FailedOperation.InternalError"),
        ("anything", "FailedOperation.EngineServerError"),
    ],
)
def test_a_rule_makes_a_call_fail(
    lkeap: Any, emulator: Control, refusal: Callable[..., Any], error: str, code: str
) -> None:
    rules(emulator, ChatRule(error=Failure(code=error)))
    assert refusal(lambda: chat(lkeap)).code == code
    assert refusal(lambda: stream(lkeap)).code == code


def test_a_stream_that_fails_ends_with_the_error(lkeap: Any, emulator: Control) -> None:
    rules(emulator, ChatRule(content="one two three four", error=Failure(code="x", message="broken"), cut_after=2))
    *events, last = stream(lkeap)
    assert len(events) == 1 + 2
    assert last["ErrorMsg"] == {"Msg": "Internal engine error. broken", "Code": 4000}


def test_a_stream_that_times_out_says_so_by_its_number(lkeap: Any, emulator: Control) -> None:
    rules(emulator, ChatRule(content="one two", error=Failure(code="x", status=504), cut_after=0))
    assert stream(lkeap)[-1]["ErrorMsg"]["Code"] == 4001


def test_the_form_of_an_error_in_a_stream_is_an_assumption(lkeap: Any, emulator: Control) -> None:
    assume(emulator, chat_stream_error="Response")
    rules(emulator, ChatRule(content="one two", error=Failure(code="20034"), cut_after=0))
    assert stream(lkeap)[-1]["Response"]["Error"]["Code"] == "RequestLimitExceeded"


def test_a_stream_that_is_cut_has_no_last_frame_and_costs_what_was_sent(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    before = used(account, "ChatCompletions")
    rules(emulator, ChatRule(content="one two three four five six seven", cut_after=2))
    events = stream(lkeap)
    assert len(events) == 1 + 2
    assert all(not event["Choices"][0]["FinishReason"] for event in events)
    assert used(account, "ChatCompletions").output - before.output == 2


def test_what_moderation_stops_ends_with_content_filter(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    account.moderation = Moderation(["knowledge"])
    assert chat(lkeap).Choices[0].FinishReason == "content_filter"
    assert stream(lkeap)[-1]["Choices"][0]["FinishReason"] == "content_filter"
    account.moderation.disable()
    assert chat(lkeap).Choices[0].FinishReason == "stop"
