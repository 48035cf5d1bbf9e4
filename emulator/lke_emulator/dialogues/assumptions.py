"""What neither a document nor a public client settles about dialogues."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions

Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**6)]


class DialogueAssumptions(KnowledgeAssumptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    v1_incremental_final: Literal["delta", "full", "empty"] = "delta"
    """What the last v1 reply of an incremental answer holds: the rest, the whole, or nothing."""
    v1_can_rating: Literal["final", "always"] = "final"
    """In which replies of an answer can_rating is true; public clients take it for the end."""
    v1_echo_is_final: bool = True
    """Whether the reply that repeats the question has is_final."""
    v1_sensitive: Literal["echo_and_reply", "echo_only", "error_460501"] = "echo_and_reply"
    """What comes after a v1 question that moderation stops: `is_evil` in its echo is documented, the rest is not."""
    v1_error_shape: Literal["both", "payload", "top"] = "both"
    """Where a v1 error stands: in the payload as documented, beside it as public clients read it, or in both places."""
    dialogue_content_type: str = "text/event-stream"
    """Content-Type of a dialogue's events; without a charset (observed)."""
    dialogue_cors: bool = True
    """Whether pages of this machine may call the dialogue endpoints; a public client says that the real host lets none."""
    sse_heartbeat_s: Seconds = 0.0
    """Seconds without an event after which a v2 stream has a comment; 0 for none, as observed."""
    dialogue_language: Literal["zh-CN", "en-US"] = "zh-CN"
    """The language of titles and errors where neither the host (international is English) nor a query says one."""
    v2_require_user: bool = False
    """Whether a v2 request needs VisitorId or UserId, as documented; the official demo sends neither."""
    v2_request_id_check: Literal["sse", "always", "never"] = "sse"
    """Where the documented form of RequestId is required; on the socket a shorter one was seen to work."""
    v2_frame_extras: bool = True
    """Whether every v2 event has Timestamp and an empty RecordId, as observed."""
    v2_refer_legacy_names: bool = True
    """Whether references have the older names of their ids too (ReferBizId, DocBizId, QaBizId, KnowledgeBizId)."""
    v2_content_added_text: bool = False
    """Whether content.added has the first text, as one documented sample does; clients that add up deltas lose it."""
    v2_sensitive_output: Literal["replace", "error"] = "replace"
    """An answer that moderation stops: the refusal in its place, or the error 460502."""
    v2_run_failure: Literal["error", "completed"] = "error"
    """How an answer fails on its way: by an error event, or by response.completed with Status failed."""
    v2_done_after_error: bool = False
    """Whether `done` follows an error."""
    v2_ws_done: bool = False
    """Whether `done` is sent over the socket too."""
    docparse_status_words: tuple[str, str, str] = ("RUNNING", "SUCCESS", "FAILED")
    """What docParse calls its states; public clients name these and others."""
    docparse_event_name: str = "status"
    """The event of docParse; public clients look at the data alone."""
    docparse_s: Seconds = 0.0
    """How long docParse takes; no duration is published."""
    ws_token_single_use: bool = True
    """Whether a token opens one socket only (documented)."""
    ws_token_ttl_s: Seconds = 60.0
    """How long a token is good for (documented)."""
    ws_auth_failure: Literal["event", "connect_error"] = "event"
    """How a socket is refused: by the event that was observed, or by Socket.IO's own CONNECT_ERROR."""
    ws_connect_before_auth_error: bool = True
    """Whether a socket that is refused is connected first: without it some clients wait for their own timeout."""
    ws_connect_timeout_s: Seconds = 10.0
    """How long a socket may be open without a token."""
    ws_rating_event: str = "rating"
    """The v1 event that rates an answer; its name is documented nowhere."""
    stop_requires_token: bool = True
    """Whether stop_generation needs a connection with a token; a public client sends it over one without."""
    dialogue_unreleased: Literal[460048, 460021] = 460048
    """What an app answers that was never released; the first was observed, the second is documented too."""
    message_days: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 180
    """Days for which message records are kept (documented)."""
    rag_searches_metered: bool = True
    """Whether a search of an app's knowledge counts as RagSearchUsage."""
