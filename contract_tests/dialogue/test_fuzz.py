"""Whatever a caller sends to a dialogue endpoint is answered in its events, and nothing fails inside."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.dialogue.conftest import CONVERSATION, SHOP, Talk
from contract_tests.dialogue.grammar import check
from lke_emulator.dialogue.asking import of_v1, of_v2
from lke_emulator.dialogue.errors import DialogueError
from lke_emulator.dialogue.packets import Malformed, sent, token_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
V1 = {"session_id": "s1", "bot_app_key": "shop-key", "visitor_biz_id": "v", "content": "hi"}
V2 = {"ConversationId": CONVERSATION, "AppKey": "shop-key", "Contents": [{"Type": "text", "Text": "hi"}]}
MEMBERS1 = st.sampled_from(
    [*V1, "file_infos", "custom_variables", "visitor_labels", "stream", "incremental", "request_id"]
)
MEMBERS2 = st.sampled_from([*V2, "Incremental", "RequestId", "UserId", "Stream", "GenerateAgain", "SystemRole"])
TYPES = st.sampled_from(["text", "image", "file", "custom_variables", "widget_action", "option_cards"])
CONTENT = st.dictionaries(
    st.sampled_from(["Type", "type", "Text", "Image", "File", "CustomVariables", "WidgetAction"]), JSON
)


def code_of_reading(reads: Callable[[], object]) -> int:
    """0 where it was read."""
    try:
        reads()
    except DialogueError as error:
        return error.code
    return 0


@given(spoilt=st.dictionaries(MEMBERS1, JSON, max_size=3))
def test_a_v1_body_is_read_or_refused(spoilt: dict[str, Any]) -> None:
    assert code_of_reading(lambda: of_v1({**V1, **spoilt}, over_socket=False)) in (0, 400, 460034)


@given(spoilt=st.dictionaries(MEMBERS2, JSON, max_size=3), kind=TYPES, content=CONTENT)
def test_a_v2_body_is_read_or_refused(spoilt: dict[str, Any], kind: str, content: dict[str, Any]) -> None:
    body = {**V2, "Contents": [{**content, "Type": kind}], **spoilt}
    assert code_of_reading(lambda: of_v2(body, True, False)) in (0, 400, 460034)


@given(st.text(max_size=40).map(lambda text: "42" + text) | st.text(max_size=40))
def test_a_packet_is_read_or_malformed(packet: str) -> None:
    for reads in (sent, token_of):
        try:
            reads(packet)
        except Malformed:
            continue


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=TYPES, content=CONTENT)
def test_contents_of_any_shape_are_told_as_the_grammar_says(talk: Talk, kind: str, content: dict[str, Any]) -> None:
    content = {name: value for name, value in content.items() if name != "type"}
    body = {**V2, "Contents": [{**content, "Type": kind}]}
    events = talk.events("v2", "/adp/v2/chat", body)
    check("v2", events)
    code = events[0][1]["Error"]["Code"] if events[0][0] == "error" else 0
    assert code in (0, 400)
    assert talk.account.apps.get(SHOP) is not None
