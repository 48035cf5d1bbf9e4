"""What neither a document nor a real response settles, as named settings.

Every default is an assumption of this project and may be wrong about the cloud; a scenario's `assumptions:` changes it.
"""

from functools import cache
from string import Formatter
from typing import Annotated, Literal, get_args

import msgspec

from lke_emulator.account.key_limits import Limit
from lke_emulator.dialogues.assumptions import DialogueAssumptions
from lke_emulator.models.tokens import Rates
from lke_emulator.protocol.errors import TEXTS

ReportColumn = Literal[
    "time",
    "api",
    "model",
    "account",
    "api_key",
    "calls",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "pages",
    "split_tokens",
    "searches",
]
REPORT_COLUMNS: tuple[ReportColumn, ...] = (
    "time",
    "api",
    "model",
    "account",
    "api_key",
    "calls",
    "input_tokens",
    "output_tokens",
    "total_tokens",
)

Many = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Some = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**6)]
HttpError = Annotated[int, msgspec.Meta(ge=400, le=599)]
Region = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)+$")]


VERSION_ALIASES = {"lke": ("2025-11-12",), "adp": ("2023-11-30", "2024-05-22", "2025-11-12")}


class OpenaiErrorStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """HTTP statuses of the OpenAI-compatible endpoint's business errors; only their bodies are documented."""

    not_enough_quota: HttpError = 429
    concurrency_exceeded: HttpError = 429
    input_too_long: HttpError = 400
    timeout: HttpError = 504


class Assumptions(DialogueAssumptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """World-wide; the words in quotes are the values a setting can take."""

    # usage and statistics (LKE)
    graph_minutes_up_to: Many = 86_400
    """Seconds of the longest range whose graphs have five-minute buckets (the documented examples ask for a day)."""
    graph_hours_up_to: Many = 7 * 86_400
    """Seconds of the longest range whose graphs have hours; longer ones have days."""
    graph_label_edge: Literal["start", "end"] = "end"
    """Which edge of its five minutes a minute label names; hours and days are named by themselves."""
    graph_fill_zero: bool = False
    """Whether buckets without usage are there, with Y 0; the documented examples leave them out."""
    time_precedence: Literal["stat", "string"] = "stat"
    """Which pair counts where both are given and differ: StatStartTime and StatEndTime, or StartTime and EndTime."""
    end_before_start: Literal["refuse", "empty"] = "refuse"
    """A range that ends before it starts: InvalidParameterValue, or no usage. The documents say the end must be greater."""
    root_uin_selects: Literal["all", "own"] = "all"
    """What the root's uin in UinAccount selects: the whole account (the international text), or its own calls alone."""
    api_call_types: tuple[str, ...] = ("", "KnowledgeQA", "KnowledgeSummary", "Rewrite", "Embedding")
    """SubBizTypes whose calls ApiCallStats and the call graph count; parsing and search have fields of their own."""
    dosage_type_limit: Many = 0
    """DosageTypeLimit; its meaning is documented nowhere, the only example has 0."""
    dosage_type_curr: Many = 0
    """DosageTypeCurr; as above."""
    detail_page_usage_quirk: bool = False
    """Whether PageUsage of a call detail repeats its tokens, as both rows of the only example do."""
    page_size_max: Some = 1000
    """PageSize above it is InvalidParameterValue; documented for ListUsageCallDetail, assumed for the knowledge list."""

    # gateway
    check_order: Literal["lookup-first", "signature-first"] = "lookup-first"
    """Whether an unknown version or action, or a content type the action cannot take, is told before the signature is judged."""
    missing_order: Literal["public", "tce"] = "public"
    """The first common parameter named missing in v1: the public cloud's Timestamp, or the private cloud's Action."""
    signatures: Literal["real", "account", "any"] = "real"
    """The clock that a signature's timestamp is judged by, and a temporary key's end; `any` takes every timestamp. A client
    whose own clock is frozen signs with the frozen time."""
    strict_scope_service: bool = False
    """Refuse a credential scope whose service is not the product on IP and local hosts too (always on *.tencentcloudapi.com)."""
    version_aliases: dict[str, tuple[str, ...]] = msgspec.field(default_factory=VERSION_ALIASES.copy)
    """Other versions of a product that public clients ask for (observed): served as the known one where that has the action."""
    extra_members: Literal["refuse", "ignore"] = "refuse"
    """Members of a request that the definition does not have: UnknownParameter, or as if they were not there."""
    unknown_signature_method: Literal["HmacSHA1", "refuse"] = "HmacSHA1"
    """A v1 SignatureMethod that is neither HmacSHA1 nor HmacSHA256 counts as HmacSHA1, or is InvalidParameterValue."""
    regions: Annotated[tuple[Region, ...], msgspec.Meta(min_length=1)] = ("ap-jakarta", "ap-guangzhou")
    """Regions that the three products support; every other one is UnsupportedRegion."""
    post_oversize: Literal["envelope", "413"] = "envelope"
    """A POST above its limit: RequestSizeLimitExceeded in the envelope, or a bare HTTP status."""
    get_oversize: Literal["envelope", "414"] = "envelope"
    """A GET above 32 KB: RequestSizeLimitExceeded in the envelope, or a bare HTTP status."""
    other_method: Literal["envelope", "405"] = "envelope"
    """PUT, DELETE and the like: UnsupportedProtocol in the envelope, or a bare HTTP status."""
    other_path: Literal["404", "envelope"] = "404"
    """A signed call to another path than `/`: a bare HTTP 404, or served as if it came to `/`."""
    error_texts: dict[str, str] = msgspec.field(default_factory=dict)
    """Texts in place of the shipped ones, by key of the table in protocol/errors.py (also older generations of a text)."""
    sse_space: bool = False
    """Whether a frame of a stream is written `data: {...}`; lkeap's examples have no blank."""

    # object storage
    upload_credential_ttl_s: Seconds = 600
    """How long a credential to upload with is good for, and UploadUrl; observed in examples."""
    download_credential_ttl_s: Seconds = 3600
    """How long a credential to read with is good for, and FileUrl; observed in examples."""
    upload_credential_deletes: bool = True
    """Whether a credential to upload with may also delete at its one path; documented is that it uploads only."""
    object_public_url: str = ""
    """Where UploadUrl, FileUrl and Url begin, such as http://emulator:5530; empty: as the caller reached the emulator."""
    object_key_strip_slash: bool = True
    """Whether `//corp/...` is the object /corp/...: SDKs that get UploadPath as a key write so, and SaveDoc must find it."""
    object_bad_token_code: Literal["AccessDenied", "InvalidToken"] = "AccessDenied"
    """The code of a security token that is wrong or missing."""
    object_clock_skew_s: Seconds = 900
    """How far in the future a signature may begin; beyond it is RequestTimeTooSkewed."""
    object_cors_origins: tuple[str, ...] = ("*",)
    """Browser origins whose pages may use object storage; `*` is every one."""

    # lkeap, signed
    chat_stream_error: Literal["ErrorMsg", "Response"] = "ErrorMsg"
    """The frame that ends a chat stream which fails: `{"ErrorMsg": {"Msg", "Code"}}` as a sister product documents it,
    or `{"Response": {"Error": ...}}` as a public client reads it."""
    search_results: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3
    """How many pages a chat with EnableSearch finds."""
    retrieval_refusal: Literal["FailedOperation", "InvalidParameter"] = "FailedOperation"
    """What GetEmbedding, QueryRewrite and RunRerank answer to input outside their limits; the first is the only product
    code that their documents list."""
    rerank_scores: Literal["unit", "logit"] = "logit"
    """Scores of RunRerank from 0 to 1, or their logarithmic odds; documented examples are -9.006162 and 2.8577538."""
    international_regions: tuple[Region, ...] = ("ap-jakarta",)
    """Regions where the limits of the international edition hold: 20 documents to rerank, parsing a PDF of 100 MB."""
    document_max_pages: Some = 1000
    """Pages of one parse or split task; LimitExceeded.ExceededMaxPagesError above it."""
    document_wait_s: Seconds = 1.0
    """How long a parse or split task waits before it is worked on."""
    document_pages_per_s: Annotated[float, msgspec.Meta(gt=0, le=10**6)] = 10.0
    """How fast documents are parsed and split."""
    cancelled_task: Literal["Pause", "Failed"] = "Pause"
    """The status of a task after CancelTask."""
    unknown_file_urls: Literal["seeded", "unreachable"] = "seeded"
    """A FileUrl that no file of the scenario has: a seeded document, or a task that fails (`url download failed`)."""
    base64_file_types: Literal["any", "documented"] = "any"
    """Whether FileBase64 may hold texts and office files too, for a parse task; documented are PDF and pictures."""
    text_page_characters: Some = 2000
    """How long a page of a text file is; a form feed ends one too."""
    split_chunk_characters: Some = 1000
    """Characters of a chunk when MaxChunkSize is not given."""
    mllm_page_tokens: Many = 1024
    """Tokens that EnableMllm adds for every page that is split."""

    # account (keys, limits)
    limit_clock: Literal["real", "account"] = "real"
    """The clock whose seconds and minutes the limits of signed calls and of API keys count: with a frozen account's a test
    sees exactly so many calls pass, and none after them until the clock is moved."""
    shared_concurrency: Many = 0
    """Calls in flight of a model without dedicated concurrency; 0 is no limit. An SDK's text says 5 for an account."""
    api_key_limit: Many = 10
    """API keys that root and sub-accounts hold together; the operation guide says 10, the getting-started page 50."""
    api_key_length: Annotated[int, msgspec.Meta(ge=16, le=1000)] = 48
    """Letters and digits of an API key after `sk-`."""
    lkeap_key_reveal: bool = False
    """Whether a key may be shown in full again; it is then kept in memory in full, otherwise only its hash is."""
    data_report_columns: Annotated[tuple[ReportColumn, ...], msgspec.Meta(min_length=1)] = REPORT_COLUMNS
    """Columns of the data report; the operation guide names none of them."""
    openai_error_status: OpenaiErrorStatus = OpenaiErrorStatus()
    """HTTP status of 20031, 20034, 20059 and of a reply that was not finished in time."""
    gateway_error_type: Literal["one_api_error", "new_api_error"] = "one_api_error"
    """`error.type` when a key is missing, wrong or may not do what it asks for."""
    gateway_lists: Literal["new-api", "one-api"] = "new-api"
    """Lists of the console: New API's pages from 1 with a total, or One API's bare lists, pages from 0."""
    gateway_token_name: Some = 50
    """Characters of a token's name; New API has 50, One API 30."""
    gateway_billing_of: Literal["key", "account"] = "key"
    """Whose figures /dashboard/billing tells: the API key's (the family's default) or the account's."""
    gateway_limits: Limit = Limit()
    """Requests and tokens a minute, and calls in flight, of each key and model that no limit of the scenario names; 0 is
    no limit. Mainland documents 15,000 requests and 1,200,000 tokens a minute for a whole account."""
    request_timeout_s: Annotated[float, msgspec.Meta(gt=0, le=10**6)] = 120.0
    """How long a reply may take; the gateway's manual says 120 seconds."""
    tokens_per_1000_characters: Rates = Rates()
    """The token estimate; no tokenizer of the cloud's models is public."""
    model_sizes: Literal["international", "mainland"] = "international"
    """Which edition's context sizes hold where the two differ."""
    tokens_per_k: Some = 1024
    """Tokens that the k of a documented context size means."""

    def __post_init__(self) -> None:
        """ValueError for a text of the common table that does not exist, or that names facts it does not get."""
        for key, text in self.error_texts.items():
            if key not in TEXTS:
                raise ValueError(f"error_texts: there is no text `{key}`; known: {', '.join(TEXTS)}")
            if not placeholders(text) <= placeholders(TEXTS[key].en):
                raise ValueError(f"error_texts: `{key}` can only use what is in `{TEXTS[key].en}`")
        for name in fractional():
            # 60 that was written as a default is told as 60.0 too, as it is when it was read.
            msgspec.structs.force_setattr(self, name, float(getattr(self, name)))


@cache
def fractional() -> list[str]:
    """The settings that may be fractions."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Assumptions)}
    return [name for name, kind in kinds.items() if kind is float or get_args(kind)[:1] == (float,)]


def placeholders(text: str) -> set[str]:
    """What stands in braces; ValueError when the braces do not match."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"error_texts: {error} in `{text}`") from None
