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
from lke_emulator.primitives.evidence import documented, inferred, observed
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
    graph_minutes_up_to: Annotated[
        Many, inferred("the example of DescribeTokenUsageGraph asks for a day and has five minutes")
    ] = 86_400
    """Seconds of the longest range whose graphs have five-minute buckets (the documented examples ask for a day)."""
    graph_hours_up_to: Annotated[Many, inferred("no document has a longer range")] = 7 * 86_400
    """Seconds of the longest range whose graphs have hours; longer ones have days."""
    graph_label_edge: Annotated[Literal["start", "end"], inferred("labels in the examples fit both")] = "end"
    """Which edge of its five minutes a minute label names; hours and days are named by themselves."""
    graph_fill_zero: Annotated[bool, documented("examples of the graph actions leave buckets out")] = False
    """Whether buckets without usage are there, with Y 0; the documented examples leave them out."""
    time_precedence: Annotated[Literal["stat", "string"], inferred("the pages mark both pairs as usable")] = "stat"
    """Which pair counts where both are given and differ: StatStartTime and StatEndTime, or StartTime and EndTime."""
    end_before_start: Annotated[
        Literal["refuse", "empty"],
        documented("parameter tables: the end must be greater than the start; the code is inferred"),
    ] = "refuse"
    """A range that ends before it starts: InvalidParameterValue, or no usage. The documents say the end must be greater."""
    root_uin_selects: Annotated[Literal["all", "own"], documented("international text of UinAccount")] = "all"
    """What the root's uin in UinAccount selects: the whole account (the international text), or its own calls alone."""
    api_call_types: Annotated[tuple[str, ...], inferred("the pages list the types without a word on which count")] = (
        "",
        "KnowledgeQA",
        "KnowledgeSummary",
        "Rewrite",
        "Embedding",
    )
    """SubBizTypes whose calls ApiCallStats and the call graph count; parsing and search have fields of their own."""
    dosage_type_limit: Annotated[Many, documented("the only example of ListModel")] = 0
    """DosageTypeLimit; its meaning is documented nowhere, the only example has 0."""
    dosage_type_curr: Annotated[Many, documented("the only example of ListModel")] = 0
    """DosageTypeCurr; as above."""
    detail_page_usage_quirk: Annotated[bool, inferred("both rows of the only example repeat their tokens there")] = (
        False
    )
    """Whether PageUsage of a call detail repeats its tokens, as both rows of the only example do."""
    page_size_max: Annotated[Some, documented("page of ListUsageCallDetail; for the knowledge list inferred")] = 1000
    """PageSize above it is InvalidParameterValue; documented for ListUsageCallDetail, assumed for the knowledge list."""

    # gateway
    check_order: Annotated[
        Literal["lookup-first", "signature-first"],
        inferred("unknown versions and actions are only reported by users whose keys were good"),
    ] = "lookup-first"
    """Whether an unknown version or action, or a content type the action cannot take, is told before the signature is judged."""
    missing_order: Annotated[
        Literal["public", "tce"], observed("replies of the public cloud in issues of the SDKs")
    ] = "public"
    """The first common parameter named missing in v1: the public cloud's Timestamp, or the private cloud's Action."""
    signatures: Annotated[Literal["real", "account", "any"], inferred("the cloud has one clock")] = "real"
    """The clock that a signature's timestamp is judged by, and a temporary key's end; `any` takes every timestamp. A client
    whose own clock is frozen signs with the frozen time."""
    strict_scope_service: Annotated[
        bool, inferred("the cloud refuses an IP as the service (sdk-go issue 89); an emulator is called by its IP")
    ] = False
    """Refuse a credential scope whose service is not the product on IP and local hosts too (always on *.tencentcloudapi.com)."""
    version_aliases: Annotated[dict[str, tuple[str, ...]], observed("versions that public clients send")] = (
        msgspec.field(default_factory=VERSION_ALIASES.copy)
    )
    """Other versions of a product that public clients ask for (observed): served as the known one where that has the action."""
    extra_members: Annotated[Literal["refuse", "ignore"], documented("common errors: UnknownParameter")] = "refuse"
    """Members of a request that the definition does not have: UnknownParameter, or as if they were not there."""
    unknown_signature_method: Annotated[
        Literal["HmacSHA1", "refuse"],
        documented("page on signature v1: HmacSHA256 where it says so, else HmacSHA1; the error list differs"),
    ] = "HmacSHA1"
    """A v1 SignatureMethod that is neither HmacSHA1 nor HmacSHA256 counts as HmacSHA1, or is InvalidParameterValue."""
    regions: Annotated[
        tuple[Region, ...],
        msgspec.Meta(min_length=1),
        documented("region tables of the three products; ap-singapore is on one page only"),
    ] = ("ap-jakarta", "ap-guangzhou")
    """Regions that the three products support; every other one is UnsupportedRegion."""
    post_oversize: Annotated[
        Literal["envelope", "413"], documented("common errors: RequestSizeLimitExceeded; how it arrives is inferred")
    ] = "envelope"
    """A POST above its limit: RequestSizeLimitExceeded in the envelope, or a bare HTTP status."""
    get_oversize: Annotated[
        Literal["envelope", "414"], documented("common errors: RequestSizeLimitExceeded; how it arrives is inferred")
    ] = "envelope"
    """A GET above 32 KB: RequestSizeLimitExceeded in the envelope, or a bare HTTP status."""
    other_method: Annotated[
        Literal["envelope", "405"], documented("common errors: UnsupportedProtocol; how it arrives is inferred")
    ] = "envelope"
    """PUT, DELETE and the like: UnsupportedProtocol in the envelope, or a bare HTTP status."""
    other_path: Annotated[Literal["404", "envelope"], inferred("documents know no other path")] = "404"
    """A signed call to another path than `/`: a bare HTTP 404, or served as if it came to `/`."""
    error_texts: Annotated[
        dict[str, str], observed("replies quoted in public issues; where none is known, the table of common errors")
    ] = msgspec.field(default_factory=dict)
    """Texts in place of the shipped ones, by key of the table in protocol/errors.py (also older generations of a text)."""
    sse_space: Annotated[bool, documented("examples of lkeap's streams")] = False
    """Whether a frame of a stream is written `data: {...}`; lkeap's examples have no blank."""

    # object storage
    upload_credential_ttl_s: Annotated[Seconds, observed("times in the example of DescribeStorageCredential")] = 600
    """How long a credential to upload with is good for, and UploadUrl; observed in examples."""
    download_credential_ttl_s: Annotated[Seconds, observed("sign times of addresses in examples")] = 3600
    """How long a credential to read with is good for, and FileUrl; observed in examples."""
    upload_credential_deletes: Annotated[
        bool, inferred("documented is that it uploads; SDKs delete what they break off")
    ] = True
    """Whether a credential to upload with may also delete at its one path; documented is that it uploads only."""
    object_public_url: Annotated[str, inferred("the cloud's buckets have hosts of their own")] = ""
    """Where UploadUrl, FileUrl and Url begin, such as http://emulator:5530; empty: as the caller reached the emulator."""
    object_key_strip_slash: Annotated[
        bool, observed("Node and browser SDK request `//corp/...` where UploadPath is the key")
    ] = True
    """Whether `//corp/...` is the object /corp/...: SDKs that get UploadPath as a key write so, and SaveDoc must find it."""
    object_bad_token_code: Annotated[
        Literal["AccessDenied", "InvalidToken"], inferred("object storage documents both codes")
    ] = "AccessDenied"
    """The code of a security token that is wrong or missing."""
    object_clock_skew_s: Annotated[Seconds, inferred("documented is the error alone")] = 900
    """How far in the future a signature may begin; beyond it is RequestTimeTooSkewed."""
    object_cors_origins: Annotated[
        tuple[str, ...], inferred("browser uploads need it; the rules of the real bucket are not public")
    ] = ("*",)
    """Browser origins whose pages may use object storage; `*` is every one."""

    # lkeap, signed
    chat_stream_error: Annotated[
        Literal["ErrorMsg", "Response"], observed("a sister product documents it; lkeap's pages have no failing stream")
    ] = "ErrorMsg"
    """The frame that ends a chat stream which fails: `{"ErrorMsg": {"Msg", "Code"}}` as a sister product documents it,
    or `{"Response": {"Error": ...}}` as a public client reads it."""
    search_results: Annotated[int, msgspec.Meta(ge=0, le=100), inferred("no number is published")] = 3
    """How many pages a chat with EnableSearch finds."""
    retrieval_refusal: Annotated[
        Literal["FailedOperation", "InvalidParameter"],
        documented("error lists of the pages have no other product code"),
    ] = "FailedOperation"
    """What GetEmbedding, QueryRewrite and RunRerank answer to input outside their limits; the first is the only product
    code that their documents list."""
    rerank_scores: Annotated[Literal["unit", "logit"], documented("examples of RunRerank")] = "logit"
    """Scores of RunRerank from 0 to 1, or their logarithmic odds; documented examples are -9.006162 and 2.8577538."""
    international_regions: Annotated[tuple[Region, ...], documented("international pages of lkeap")] = ("ap-jakarta",)
    """Regions where the limits of the international edition hold: 20 documents to rerank, parsing a PDF of 100 MB."""
    document_max_pages: Annotated[
        Some, inferred("documented is the code LimitExceeded.ExceededMaxPagesError, not its number")
    ] = 1000
    """Pages of one parse or split task; LimitExceeded.ExceededMaxPagesError above it."""
    document_wait_s: Annotated[Seconds, inferred("no duration is published")] = 1.0
    """How long a parse or split task waits before it is worked on."""
    document_pages_per_s: Annotated[float, msgspec.Meta(gt=0, le=10**6), inferred("no duration is published")] = 10.0
    """How fast documents are parsed and split."""
    cancelled_task: Annotated[
        Literal["Pause", "Failed"], documented("status list of GetReconstructDocumentResult has Pause and no cancelled")
    ] = "Pause"
    """The status of a task after CancelTask."""
    unknown_file_urls: Annotated[Literal["seeded", "unreachable"], inferred("an emulator fetches nothing")] = "seeded"
    """A FileUrl that no file of the scenario has: a seeded document, or a task that fails (`url download failed`)."""
    base64_file_types: Annotated[Literal["any", "documented"], inferred("documented are PDF and pictures")] = "any"
    """Whether FileBase64 may hold texts and office files too, for a parse task; documented are PDF and pictures."""
    text_page_characters: Annotated[Some, inferred("no length is published")] = 2000
    """How long a page of a text file is; a form feed ends one too."""
    split_chunk_characters: Annotated[
        Some, documented("MaxChunkSize of CreateSplitDocumentFlow; the default is inferred")
    ] = 1000
    """Characters of a chunk when MaxChunkSize is not given."""
    split_section_chunks: Annotated[Some, inferred("no bound is published")] = 20
    """Chunks of one section, at most: each has the whole section beside it, so a long text without headings would be there a
    thousand times."""
    mllm_page_tokens: Annotated[Many, inferred("no number is published")] = 1024
    """Tokens that EnableMllm adds for every page that is split."""

    # account (keys, limits)
    limit_clock: Annotated[Literal["real", "account"], inferred("the cloud has one clock")] = "real"
    """The clock whose seconds and minutes the limits of signed calls and of API keys count: with a frozen account's a test
    sees exactly so many calls pass, and none after them until the clock is moved."""
    shared_concurrency: Annotated[
        Many, inferred("an SDK's text says 5 for an account; the console's limits are not public")
    ] = 0
    """Calls in flight of a model without dedicated concurrency; 0 is no limit. An SDK's text says 5 for an account."""
    api_key_limit: Annotated[Many, documented("operation guide; the getting-started page says 50")] = 10
    """API keys that root and sub-accounts hold together; the operation guide says 10, the getting-started page 50."""
    api_key_length: Annotated[int, msgspec.Meta(ge=16, le=1000), observed("keys in public examples")] = 48
    """Letters and digits of an API key after `sk-`."""
    lkeap_key_reveal: Annotated[bool, inferred("the two consoles differ")] = False
    """Whether a key may be shown in full again; it is then kept in memory in full, otherwise only its hash is."""
    data_report_columns: Annotated[
        tuple[ReportColumn, ...], msgspec.Meta(min_length=1), inferred("the operation guide names none")
    ] = REPORT_COLUMNS
    """Columns of the data report; the operation guide names none of them."""
    openai_error_status: Annotated[OpenaiErrorStatus, inferred("only the bodies are documented")] = OpenaiErrorStatus()
    """HTTP status of 20031, 20034, 20059 and of a reply that was not finished in time."""
    gateway_error_type: Annotated[
        Literal["one_api_error", "new_api_error"], observed("source of the One API family")
    ] = "one_api_error"
    """`error.type` when a key is missing, wrong or may not do what it asks for."""
    gateway_lists: Annotated[Literal["new-api", "one-api"], observed("source of the One API family")] = "new-api"
    """Lists of the console: New API's pages from 1 with a total, or One API's bare lists, pages from 0."""
    gateway_token_name: Annotated[Some, observed("source of the One API family")] = 50
    """Characters of a token's name; New API has 50, One API 30."""
    gateway_billing_of: Annotated[
        Literal["key", "account"], observed("source of the One API family: DisplayTokenStatEnabled is on")
    ] = "key"
    """Whose figures /dashboard/billing tells: the API key's (the family's default) or the account's."""
    gateway_limits: Annotated[Limit, inferred("the manual points to the console")] = Limit()
    """Requests and tokens a minute, and calls in flight, of each key and model that no limit of the scenario names; 0 is
    no limit. Mainland documents 15,000 requests and 1,200,000 tokens a minute for a whole account."""
    request_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, le=10**6), documented("the gateway's manual: 120 seconds")
    ] = 120.0
    """How long a reply may take; the gateway's manual says 120 seconds."""
    tokens_per_1000_characters: Annotated[Rates, inferred("no tokenizer of the cloud's models is public")] = Rates()
    """The token estimate; no tokenizer of the cloud's models is public."""
    model_sizes: Annotated[
        Literal["international", "mainland"], documented("model lists of the international edition")
    ] = "international"
    """Which edition's context sizes hold where the two differ."""
    tokens_per_k: Annotated[Some, inferred("the pages write 32k and 128K")] = 1024
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
