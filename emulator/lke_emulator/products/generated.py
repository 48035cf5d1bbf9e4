"""A believable reply for an action without a handler: seeded values for every member of its response shape.

What a value looks like follows from its type and its name: `Shape.Member` against the rules below, the first that fits.
Formats are those of the published examples. The same action, parameters and seed give the same values on any machine.
"""

import re
from collections.abc import Callable
from functools import cache
from time import gmtime, strftime
from typing import Any, Literal, NamedTuple

import msgspec

from lke_emulator.primitives.seeds import noise, number
from lke_emulator.protocol.spec import Action, Member, Shape

PAGING = frozenset(("PageNumber", "PageSize", "Page", "Limit", "Offset"))
TOTALS = ("Total", "TotalCount", "Count")
SUMS = (
    ("TotalTokens", "InputTokens", "OutputTokens"),
    ("TotalTokens", "PromptTokens", "CompletionTokens"),
    ("TotalToken", "InputToken", "OutputToken"),
    ("TotalTokenUsage", "InputTokenUsage", "OutputTokenUsage"),
)
NOT_ECHOED = frozenset(
    ("Id", "Name", "Key", "Value", "Type", "Status", "State", "Title", "Content", "Description", "Index")
)
"""Names too common to mean the same thing in a request and deep inside its reply."""
LONGEST = 3
DEEPEST = 6

Rule = Callable[[int], Any]
Rules = tuple[tuple[str, Rule], ...]
"""Patterns are compiled when they are first asked: most processes never generate a reply."""


def generated(action: Action, params: dict[str, Any], seed: int, now: float, zone: int) -> dict[str, Any]:
    """The members of a reply without RequestId. `now` is Unix seconds, `zone` seconds east of UTC.

    Members that the request has too (same name and type) repeat its value; a page holds what its size and number say.
    Times keep still within an hour of the clock, so that a repeated request gets the same reply.
    """
    draft = ReplyDraft(action, params, seed, now, zone)
    return draft.fill(action.response, draft.key, 0, ())


class TimeForm(NamedTuple):
    """How a member that is a time is written, and where it lies among the times of its object."""

    before: int
    """Seconds before the object's age."""
    is_ahead: bool
    form: Literal["seconds", "milliseconds", "zone"]


class Filling(NamedTuple):
    """What is known of a member before any request asks for it."""

    name: str
    member: Member
    inner: Shape | None
    rule: Rule
    moment: TimeForm | None


class Outline(NamedTuple):
    """What is known of a shape."""

    fillings: tuple[Filling, ...]
    totals: tuple[str, ...]
    sums: tuple[tuple[str, ...], ...]
    has_file: bool
    has_leaf: bool


@cache
def outline(shape: Shape) -> Outline:
    members = {name: member for name, member in shape.members.items() if not member.disabled}
    lists = any(member.many and not member.scalar for member in members.values())
    single = [name for name in TOTALS if name in members and members[name].scalar and not members[name].many]
    file_type = members.get("FileType")
    return Outline(
        tuple([filling(shape, member) for member in members.values()]),
        tuple(single if lists else ()),
        tuple([names for names in SUMS if members.keys() >= set(names)]),
        "FileName" in members and file_type is not None and file_type.type == "string",
        "IsLeaf" in members,
    )


def filling(shape: Shape, member: Member) -> Filling:
    name, place = member.name, f"{shape.name}.{member.name}"
    if not member.scalar:
        return Filling(name, member, shape.of(member), str, None)
    return Filling(name, member, None, rule_for(member.type, place), moment_form(name, place))


def moment_form(name: str, place: str) -> TimeForm | None:
    if not re.search(MOMENT, name):
        return None
    before = next((seconds for pattern, seconds in BEFORE if re.search(pattern, name)), 0)
    form: Literal["seconds", "milliseconds", "zone"] = "seconds"
    if re.search(MILLISECONDS, place):
        form = "milliseconds"
    elif re.search(WITH_ZONE, place):
        form = "zone"
    return TimeForm(before, bool(re.search(AHEAD, name)), form)


class ReplyDraft:
    """One reply in the making."""

    def __init__(self, action: Action, params: dict[str, Any], seed: int, now: float, zone: int) -> None:
        kept = {name: value for name, value in params.items() if name not in PAGING}
        self.key = number(seed, action.key, msgspec.json.encode(kept, order="deterministic"))
        self.params = params
        self.asked = action.request.members
        self.hour = int(now) // 3600 * 3600
        self.zone = zone

    def fill(self, shape: Shape, key: int, index: int, above: tuple[Shape, ...]) -> dict[str, Any]:
        """`key` seeds all objects of one path; `index` counts its list positions, so that neighbours differ by one step."""
        made: dict[str, Any] = {}
        known = outline(shape)
        count = 1 + (noise(key, 0) + index) % LONGEST if len(above) < 2 else 1
        for place, (name, member, inner, rule, moment) in enumerate(known.fillings, 1):
            if inner is None:
                if above or name != "RequestId":
                    made[name] = self.scalars(member, rule, moment, noise(key, place), key, index, not above)
            elif inner in above or len(above) > DEEPEST:
                continue
            elif member.many:
                places = range(count) if above else self.page(count)
                path = noise(key, place)
                made[name] = [self.fill(inner, path, index * LONGEST + i, (*above, shape)) for i in places]
            else:
                made[name] = self.fill(inner, noise(key, place), index, (*above, shape))
        return agreeing(made, shape, known, count)

    def page(self, count: int) -> range:
        """The places of a list of `count` that the request asks for."""
        size = self.params.get("PageSize") or self.params.get("Limit") or count
        page = self.params.get("PageNumber") or self.params.get("Page")
        start = self.params.get("Offset") or 0
        if not isinstance(size, int) or size < 0 or not isinstance(start, int) or start < 0:
            return range(count)
        if isinstance(page, int) and page > 0:
            start = (page - 1) * size
        return range(count)[start : start + size]

    def scalars(
        self, member: Member, rule: Rule, moment: TimeForm | None, n: int, key: int, index: int, is_top: bool
    ) -> Any:
        """The value of a scalar member, or of a list of scalars."""
        name = member.name
        if name in self.params and (is_top or name not in NOT_ECHOED):
            same, given = self.asked.get(name), self.params[name]
            if given is not None and same and (same.type, same.many) == (member.type, member.many):
                return given
        if moment is not None:
            when = self.when(moment, key, index)
            return when if member.type == "string" else int(when)
        n += index
        return [rule(n + place) for place in range(1 + n % LONGEST)] if member.many else rule(n)

    def when(self, moment: TimeForm, key: int, index: int) -> str:
        """A time: one object's times have one age, and keep their order (created, started, ended; expiry is ahead)."""
        own = noise(key, -1 - index)
        when = self.hour - 600 - own % (20 * 86400) - moment.before
        if moment.is_ahead:
            when = self.hour + 30 * 86400
        if moment.form == "milliseconds":
            return f"{when}{(own >> 40) % 1000:03}"
        if moment.form == "zone":
            sign, minutes = "-" if self.zone < 0 else "+", abs(self.zone) // 60
            return strftime(f"%Y-%m-%dT%H:%M:%S{sign}{minutes // 60:02}:{minutes % 60:02}", gmtime(when + self.zone))
        return str(when)


def agreeing(made: dict[str, Any], shape: Shape, known: Outline, count: int) -> dict[str, Any]:
    """The object with its members in accord: totals with their lists, sums with their parts, types with their files."""
    members = shape.members
    for name in known.totals:
        made[name] = typed(count, members[name])
    for total, *parts in known.sums:
        made[total] = typed(sum([int(made[part]) for part in parts]), members[total])
    if known.has_file:
        made["FileType"] = made["FileName"].rpartition(".")[2]
    if known.has_leaf:
        made["IsLeaf"] = not made.get("Children")
    return made


def typed(value: int, member: Member) -> Any:
    return str(value) if member.type == "string" else value


@cache
def rule_for(scalar: str, place: str) -> Rule:
    return next(rule for pattern, rule in RULES[scalar] if re.search(pattern, place))


def one_of(*values: Any) -> Rule:
    return lambda n: values[n % len(values)]


def whole_number(low: int, high: int) -> Rule:
    """A number from low up to high, as far from its neighbour's as from any."""
    return lambda n: low + noise(n, 0) % (high - low)


def digits(low: int, high: int) -> Rule:
    return lambda n: str(low + noise(n, 0) % (high - low))


def fraction(n: int) -> float:
    return noise(n, 0) % 1000 / 1000


def snowflake(n: int) -> str:
    """19 digits, as AppBizId and DocBizId have."""
    return str(1_800_000_000_000_000_000 + noise(n, 0) % 10**17)


def hexadecimal(n: int) -> str:
    return f"{noise(n, 0):016x}{noise(n, 1):016x}"


def uuid(n: int) -> str:
    text = hexadecimal(n)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def filled(form: str, *values: str) -> Rule:
    """A text with one of the values and 8 digits of its own in it."""
    return lambda n: form.format(values[n % len(values)] if values else "", hexadecimal(n)[:8])


MOMENT = r"(?<!Usage)(?<!Token)(Time|Timestamp|At|Created)$|Expire(Start|End)$"
AHEAD = r"^(Expire(End|d)|Next)"
BEFORE = (("^Create", 90_000), ("Start|Fire|Schedule", 300))
MILLISECONDS = r"WorkflowRun|NodeRun|FileInfoContent|ConversationFileInfo|ResetTime|DisassociatedTimestamp"
WITH_ZONE = r"^(AppTrigger|Conversation\.|DescribeConversationResponse|IntervalSchedule|OnceSchedule)"

PEOPLE = one_of("Mei Lin", "Arif Santoso", "Laura Weber", "Kenji Mori", "Sofia Rossi", "Daniel Okoye", "Chen Yu")
FILES = one_of("price-list.xlsx", "user-guide.pdf", "warranty.docx", "faq.md", "release-notes.txt", "handbook.pdf")
APPS = one_of("Service desk", "Sales assistant", "Onboarding guide", "Policy advisor", "Travel planner")
BASES = one_of("Product manuals", "Company policies", "Support articles", "Course material")
MODELS = one_of("cs-normal-70b", "cs-normal", "hunyuan", "deepseek-v3.2")
QUESTIONS = one_of(
    "How do I reset my password?",
    "Which plans can be refunded?",
    "When is my order delivered?",
    "How long is the warranty?",
    "Can I change the invoice address?",
)
ANSWERS = one_of(
    "Open Settings, choose Security, then Reset password.",
    "Yearly plans can be refunded within seven days.",
    "Orders leave our warehouse within two working days.",
    "The warranty covers two years from the day of purchase.",
    "Yes, as long as the invoice has not been issued.",
)
TASKS = one_of("Issue an invoice", "Book a room", "File a claim")
TOPICS = one_of("Billing", "Delivery", "Account")
REMARKS = one_of("For the support team", "Reviewed every quarter", "First edition", "Used in the public demo")

STRINGS: Rules = (
    (r"Uin(Account)?$|\.UserId$|UpdatedUser$", digits(100_000_000_000, 1_000_000_000_000)),
    (
        r"(Avatar|Icon|IconUrl|ImageUrl|ImageUrls|ImageUrlList|PreviewUrl)$",
        filled("https://lke.example.com/image/{1}.png"),
    ),
    (r"CosUrl$|CosPath$|UploadPath$", filled("/corp/1800000000000000001/doc/{1}.docx")),
    (r"(Url|URL|Uri|Link|Site|Ref)$", filled("https://lke.example.com/page/{1}")),
    (r"(File|Image|Mount|Relative)Path$", filled("/data/{1}")),
    (r"Bucket$", one_of("lke-1250000000")),
    (r"Region$", one_of("ap-guangzhou", "ap-jakarta")),
    (r"ApiKey$", lambda n: f"sk-{hexadecimal(n)}{hexadecimal(n + 1)[:16]}"),
    (r"TmpSecretId$", lambda n: f"AKID{hexadecimal(n)}"),
    (r"(Secret|Token|Password|SecretKey|AppKey|AesKey|AssetKey|Md5|UniqueId)$", hexadecimal),
    (r"Permission\w+$", one_of("adpAppEdit", "adpAppView", "adpKnowledgeEdit")),
    (r"Model(Id|Name|)$|ConsumptionTarget$", MODELS),
    (r"(Trace|NodeRun|WorkflowRun|Task|Dosage)Id$|NodePath$", hexadecimal),
    (r"Space(Id)$", one_of("default_space")),
    (
        r"(Agent|Plugin|Tool|Workflow|Node|Conversation|Session|Record|Message|Var|Variable|Widget|WidgetRun|Skill|Version"
        r"|Trigger|Instance|Thread|Workspace|Run|Credential|TaskFlow)Id$",
        uuid,
    ),
    (r"(Id|Ids|IdList|BizIdPath|IdPath)$", snowflake),
    (r"(Fail|Failed|Exceed|Over|NotAccepted)\w*(Count|Size|Total)$", one_of("0")),
    (r"(Size|Bytes|Tokens|CharCount)$", digits(200, 90_000)),
    (r"(Ms|Cost|Elapsed|TokenTime)$", digits(200, 9_000)),
    (r"(Total|Count|Number|Num|Limit|Pos|Index|ValueInt)$", digits(1, 60)),
    (r"Progress$", one_of("100")),
    (r"(Temperature|TopP)$", one_of("0.5", "0.7")),
    (r"(Json|Meta|Data|Graph|Charts|Payload|Cursor|Request|Response|Body|SplitRule|Input|Output)$", one_of("{}")),
    (r"(CustomParam\w*|CustomVariables?|CustomerVariable|Result|State|View|BillingTag|Info|Infos)$", one_of("{}")),
    (r"(Error|Fail|Risk)\w*$|Reason$", one_of("")),
    (r"(Status|Action|State|Type|Source)Desc(ription)?$|SummaryTitle$", one_of("Completed", "Running")),
    (r"Workflow\w*\.Status$", one_of("PUBLISHED", "UNPUBLISHED")),
    (r"Status\w*$|ResultCode$|\.Msg$", one_of("success")),
    (r"(FileType|FileExt|FileTypes|FileTypeList|Format)$", one_of("docx", "pdf", "txt", "xlsx")),
    (r"AppType$", one_of("knowledge_qa")),
    (r"Pattern$", one_of("standard", "agent", "single_workflow")),
    (r"CallType$", one_of("chat")),
    (r"Method$", one_of("GET", "POST")),
    (r"Role$", one_of("user", "assistant")),
    (r"FinishReason$", one_of("stop")),
    (r"(Thinking|Effort|Switch)$", one_of("enabled", "disabled")),
    (r"MimeType$", one_of("text/html", "image/png")),
    (r"Timezone$", one_of("Asia/Shanghai", "Asia/Jakarta")),
    (r"TimeOfDay$", one_of("09:00", "18:00")),
    (r"Expression$", one_of("0 9 * * *")),
    (r"ThemeColor$", one_of("#3B4651", "#1F6FEB")),
    (r"ReleaseVersion$", lambda n: f"v202601{n % 28 + 1:02}120000"),
    (r"Version$", lambda n: f"1.0.{n % 9}"),
    (r"(User|Staff|Nick|Visitor|From|Owner)\w*[nN]ame$", PEOPLE),
    (r"(Operator|Creator|Updater|Owner|Author|Developer|Speaker)$", PEOPLE),
    (r"(Doc|File|New)Name$|(Doc|File)\w*\.Name$", FILES),
    (r"(App|Robot|Agent|Source)Name$|(App|Agent)\w*\.Name$", APPS),
    (r"(Kb|Knowledge|KnowledgeBase)Name$|(KB|Kb|Knowledge|Share)\w*\.Name$", BASES),
    (r"(Alias|AliasName)$", MODELS),
    (r"Space\w*\.?Name$", one_of("Default space", "Research", "Operations")),
    (r"(Tool|Plugin)\w*Name$|(Tool|Plugin)\w*\.Name$", one_of("weather_report", "parse_document", "currency_rates")),
    (r"(Workflow|TaskFlow|Node|Trigger|Intent)Name$|Workflow\w*\.Name$", TASKS),
    (r"(Cate|Category|Label|Attr|Term)\w*Name\w*$|(Cate|Category|Label|Attr)\w*\.Name$", TOPICS),
    (r"(Term|Label|Synonym|Tag|Keyword)\w*$", one_of("refund", "invoice", "warranty", "delivery")),
    (r"(Param|Var|Variable|Key)\w*Name$", one_of("city", "language", "order_id")),
    (r"Name$", one_of("Standard", "Extended", "Trial")),
    (r"(Question|Query|Title|OptionCards?|OptionCardList|Questions|QuestionList|QuestionTips)$", QUESTIONS),
    (r"(Answer|Content|Text|Message|Messages|Greeting|Reply|Snippet|OrgData|Outputs|Summary)$", ANSWERS),
    (r"(Desc|Description|Comment|Introduction|Instructions|Tips|Prompt|Notice\w*)$", REMARKS),
    (r"", one_of("standard", "general", "default")),
)
WHOLES: Rules = (
    (r"Id$", lambda n: int(snowflake(n))),
    (r"(Fail|Failed|Reject|Dislike|Sensitive|Exceed|NotAccepted|Free)\w*$", one_of(0)),
    (r"(Tokens?|TokenCount|Usage|Used|UsedCount)$", whole_number(200, 5_000)),
    (r"(Ms|Cost|Elapsed|Latency|MilliSeconds|Milliseconds)$", whole_number(200, 9_000)),
    (r"(FileSize|Capacity|ResourceTotal)$", whole_number(10_000, 1_000_000)),
    (r"(Words|Length|Len|Input)Limit$|MaxTokens$", one_of(4_000, 8_000)),
    (r"(Limit|Total|Count|Num|Number|Pages|Peak|Concurrency|Round|Stats)$|Timeout|Y$", whole_number(1, 60)),
    (r"Brightness$", whole_number(40, 120)),
    (r"", one_of(1, 2)),
)
FLOATS: Rules = (
    (r"(Rate|Proportion|Confidence|Penalty|Temperature|TopP|Score|ScoreList|Mom|Embedding)$", fraction),
    (r"Price$|PU$", lambda n: noise(n, 0) % 1000 / 100),
    (r"Percentage$", whole_number(1, 100)),
    (r"", whole_number(1, 20_000)),
)
BOOLS: Rules = (
    (r"\.(IsAllow|Can|Enabled?$|IsEnabled?$|HasPermission)", one_of(True)),
    (r"\.Has|InAppeal|(Deleted|Deleting|Disabled|Hidden|Debug|Copying|Creating|Exceeded)\w*$", one_of(False)),
    (r"", one_of(True, False)),
)
RULES = {"string": STRINGS, "int64": WHOLES, "uint64": WHOLES, "float": FLOATS, "bool": BOOLS}
