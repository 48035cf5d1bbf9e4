"""The models of an account and whether something pays for them; the token of a dialogue, which tells the same."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.account.records import Model
from lke_emulator.models.catalogue import is_reasoning
from lke_emulator.products import action
from lke_emulator.products.talking import VISITOR_LENGTH, app_of_key, issue, pattern_of
from lke_emulator.protocol.errors import refusal

APIS = ("KnowledgeQA", "ChatCompletions")
"""What a model of an account is called by: dialogues of an app, and chats."""
AVAILABLE, EXHAUSTED = 1, 2
"""ResourceStatus (documented)."""
API_VISITOR = 5
"""The only Type of GetWsToken (documented)."""
INPUT_LENGTH, ROLE_LENGTH = 12_000, 4_000
"""Characters; both documented, the first of one model."""
DIALS = {
    "PromptWordsLimit": "8K",
    "TopP": {"Default": 0.8, "Max": 1, "Min": 0},
    "Temperature": {"Default": 0.7, "Max": 1, "Min": 0},
    "MaxTokens": {"Default": 4000, "Max": 8000, "Min": 1},
}
"""Those of the documented example, which is about cs-normal; assumed for every model."""


def spendable(call: Call, model: str) -> int:
    """What there is for calls of a model; 0 when they would be refused."""
    billing = call.account.billing
    return max(billing.spendable(api, model, call.now) for api in APIS)


@action("lke.ListModel")
def list_model(call: Call) -> dict[str, Any]:
    category = call.params.get("ModelCategory", "")
    rows = [model_info(model, call) for model in call.account.models.values()]
    return {"List": [row for row in rows if category in ("", row["ModelCategory"])]}


def model_info(model: Model, call: Call) -> dict[str, Any]:
    places = call.account.concurrency.quota(model.name, call.now) or 0
    return {
        "ModelName": model.name,
        "AliasName": model.display_name,
        "ResourceStatus": AVAILABLE if spendable(call, model.name) else EXHAUSTED,
        "ModelCategory": "thought" if is_reasoning(model.name) else "generate",
        "InputLenLimit": INPUT_LENGTH,
        "RoleLenLimit": ROLE_LENGTH,
        "Concurrency": places,
        "IsExclusive": places > 0,
        "IsDeepThinking": is_reasoning(model.name),
        **DIALS,
    }


@action("lke.GetWsToken")
def get_ws_token(call: Call) -> dict[str, Any]:
    """A token for a dialogue. Balance is above 0 as long as the app's models can be called (documented)."""
    params = call.params
    if params["Type"] != API_VISITOR:
        raise refusal("parameter-value", name="Type", value=params["Type"])
    visitor = params.get("VisitorBizId", "")
    if len(visitor) > VISITOR_LENGTH:
        raise refusal("parameter-value", name="VisitorBizId", value=visitor)
    app = app_of_key(call, "BotAppKey")
    pattern, workflow = pattern_of(app, call)
    labels = {label.get("Name", ""): tuple(label.get("Values", ())) for label in params.get("VisitorLabels", ())}
    return {
        "Token": issue(call, app, visitor, API_VISITOR, labels),
        "Balance": max((spendable(call, model) for model in call.account.models), default=0),
        "InputLenLimit": INPUT_LENGTH,
        "Pattern": pattern,
        "SingleWorkflow": workflow,
    }
