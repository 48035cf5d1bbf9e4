"""What neither a document nor a public client settles about dialogues."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.primitives.evidence import documented, inferred, observed

Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**6)]


class DialogueAssumptions(KnowledgeAssumptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    v1_incremental_final: Annotated[
        Literal["delta", "full", "empty"],
        inferred("of two public clients one adds every reply up, the other reads the last alone"),
    ] = "delta"
    """What the last v1 reply of an incremental answer holds: the rest, the whole, or nothing."""
    v1_can_rating: Annotated[
        Literal["final", "always"],
        observed("a public client drops replies before it, another ends at the first one with it"),
    ] = "final"
    """In which replies of an answer can_rating is true; public clients take it for the end."""
    v1_echo_is_final: Annotated[bool, inferred("documents describe the member without a word on the echo")] = True
    """Whether the reply that repeats the question has is_final."""
    v1_sensitive: Annotated[
        Literal["echo_and_reply", "echo_only", "error_460501"],
        inferred("documented is is_evil in the echo: the message was not sent"),
    ] = "echo_and_reply"
    """What comes after a v1 question that moderation stops: `is_evil` in its echo is documented, the rest is not."""
    v1_error_shape: Annotated[
        Literal["both", "payload", "top"],
        observed("documents have it in the payload, public clients read it beside it"),
    ] = "both"
    """Where a v1 error stands: in the payload as documented, beside it as public clients read it, or in both places."""
    dialogue_content_type: Annotated[str, observed("a public client names it; others set the encoding themselves")] = (
        "text/event-stream"
    )
    """Content-Type of a dialogue's events; without a charset (observed)."""
    dialogue_cors: Annotated[
        bool, inferred("for pages under test; a browser client reports that the real host lets none")
    ] = True
    """Whether pages of this machine may call the dialogue endpoints; a public client says that the real host lets none."""
    sse_heartbeat_s: Annotated[Seconds, observed("no comment is in any captured stream")] = 0.0
    """Seconds without an event after which a v2 stream has a comment; 0 for none, as observed."""
    dialogue_language: Annotated[Literal["zh-CN", "en-US"], inferred("the documented texts are Chinese")] = "zh-CN"
    """The language of titles and errors where neither the host (international is English) nor a query says one."""
    v2_require_user: Annotated[bool, observed("the official demo sends neither VisitorId nor UserId")] = False
    """Whether a v2 request needs VisitorId or UserId, as documented; the official demo sends neither."""
    v2_request_id_check: Annotated[
        Literal["sse", "always", "never"], observed("a RequestId of 17 characters worked on the socket")
    ] = "sse"
    """Where the documented form of RequestId is required; on the socket a shorter one was seen to work."""
    v2_frame_extras: Annotated[bool, observed("events captured by a public client")] = True
    """Whether every v2 event has Timestamp and an empty RecordId, as observed."""
    v2_refer_legacy_names: Annotated[bool, observed("public clients read the older names")] = True
    """Whether references have the older names of their ids too (ReferBizId, DocBizId, QaBizId, KnowledgeBizId)."""
    v2_content_added_text: Annotated[
        bool, observed("clients that add deltas up would lose the text; one documented sample has it")
    ] = False
    """Whether content.added has the first text, as one documented sample does; clients that add up deltas lose it."""
    v2_recommendation: Annotated[
        Literal["option_cards", "text"],
        inferred("documented is the type of the message, and that an option card is what can be said next"),
    ] = "option_cards"
    """What a message of recommended questions holds: option cards, or a text with a line for each."""
    v2_sensitive_output: Annotated[
        Literal["replace", "error"], inferred("documented is the event text.replace, not when it is sent")
    ] = "replace"
    """An answer that moderation stops: the refusal in its place, or the error 460502."""
    v2_run_failure: Annotated[
        Literal["error", "completed"], inferred("both are documented, for no case in particular")
    ] = "error"
    """How an answer fails on its way: by an error event, or by response.completed with Status failed."""
    v2_done_after_error: Annotated[bool, observed("no captured or documented error is followed by it")] = False
    """Whether `done` follows an error."""
    v2_ws_done: Annotated[bool, observed("no capture of the socket has it")] = False
    """Whether `done` is sent over the socket too."""
    unknown_widgets: Annotated[
        Literal["refuse", "answer"], inferred("documented is the text of 460801, not when it is said")
    ] = "refuse"
    """What becomes of an action on a widget that no answer of the conversation showed: the error 460801, or an answer."""
    new_message_interrupts: Annotated[
        Literal["stop", "wait"], inferred("documented is the switch EnableNewMessageInterrupt, by its name alone")
    ] = "stop"
    """What a question does to the answer before it in an app whose EnableNewMessageInterrupt is on: stop it, or wait for it."""
    docparse_status_words: Annotated[tuple[str, str, str], observed("a public client; another one has COMPLETED")] = (
        "RUNNING",
        "SUCCESS",
        "FAILED",
    )
    """What docParse calls its states; public clients name these and others."""
    docparse_event_name: Annotated[str, inferred("a comment in a public client names a type `status`")] = "status"
    """The event of docParse; public clients look at the data alone."""
    docparse_s: Annotated[Seconds, inferred("no duration is published")] = 0.0
    """How long docParse takes; no duration is published."""
    ws_token_single_use: Annotated[bool, documented("page on Socket.IO: a token is good for one connection")] = True
    """Whether a token opens one socket only (documented)."""
    ws_token_ttl_s: Annotated[Seconds, documented("page on Socket.IO: 60 seconds")] = 60.0
    """How long a token is good for (documented)."""
    ws_auth_failure: Annotated[Literal["event", "connect_error"], observed("an event that a public client handles")] = (
        "event"
    )
    """How a socket is refused: by the event that was observed, or by Socket.IO's own CONNECT_ERROR."""
    ws_connect_before_auth_error: Annotated[bool, inferred("Python clients wait for their own timeout without it")] = (
        True
    )
    """Whether a socket that is refused is connected first: without it some clients wait for their own timeout."""
    ws_connect_timeout_s: Annotated[Seconds, inferred("no time is published")] = 10.0
    """How long a socket may be open without a token."""
    ws_rating_event: Annotated[str, inferred("by analogy with RateMsgRecord and error 460023")] = "rating"
    """The v1 event that rates an answer; its name is documented nowhere."""
    stop_requires_token: Annotated[bool, inferred("a public client stops over a connection without one")] = True
    """Whether stop_generation needs a connection with a token; a public client sends it over one without."""
    dialogue_unreleased: Annotated[
        Literal[460048, 460021], observed("a reply that a public client had; 460021 is documented too")
    ] = 460048
    """What an app answers that was never released; the first was observed, the second is documented too."""
    message_days: Annotated[int, msgspec.Meta(ge=1, le=10**6), documented("page of GetMsgRecord: 180 days")] = 180
    """Days for which message records are kept (documented)."""
    usage_user: Annotated[
        Literal["visitor", "sub_account"],
        inferred("adp calls the visitor of a dialogue UserId; its example of usage has user_001"),
    ] = "visitor"
    """Whom UserId and the filter user_id of adp's usage mean in calls of dialogues: who asked, or whose account it was."""
    rag_searches_metered: Annotated[bool, inferred("the statistics have the field, no document says what counts")] = (
        True
    )
    """Whether a search of an app's knowledge counts as RagSearchUsage."""
