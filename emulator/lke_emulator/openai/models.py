"""GET /v1/models and /v1/models/{name}, and which model a call means."""

from typing import Any

from lke_emulator.exchange.answer import Answer
from lke_emulator.models.catalogue import CATALOGUE, DECLARED, Kind
from lke_emulator.openai.call import OpenaiCall
from lke_emulator.openai.errors import OpenaiError

CREATED = 1_740_528_000
"""2025-02-26, the day from which the endpoint's models are billed (documented); a date of each model is not."""
PURPOSE = {"chat": "chat", "embedding": "embeddings", "image": "images"}


def available(call: OpenaiCall) -> dict[str, tuple[Kind, str]]:
    """Model -> kind and owner: what the scenario declares, then the catalogue; of these what the key may call."""
    declared = {name: CATALOGUE.get(name, DECLARED) for name in call.account.models}
    return {name: facts for name, facts in (declared | CATALOGUE).items() if call.key.may_call(name)}


def check_model(call: OpenaiCall, model: str, wanted: Kind) -> None:
    """That the model exists (404), is one for this (400), and that the key may call it (403)."""
    facts = CATALOGUE.get(model)
    if facts is None:
        if model not in call.account.models:
            raise unknown(call, model)
        facts = DECLARED
    if facts[0] not in ("", wanted):
        raise OpenaiError("kind", "model", model=model, kind=PURPOSE[facts[0]], wanted=PURPOSE[wanted])
    if not call.key.may_call(model):
        raise OpenaiError("denied", "model", model=model)


def unknown(call: OpenaiCall, model: str) -> OpenaiError:
    return OpenaiError("model", "model", model=model, models=", ".join(available(call)))


def row(name: str, owner: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": owner}


def models(call: OpenaiCall) -> Answer:
    rows = [row(name, owner) for name, (_, owner) in available(call).items()]
    return call.answer({"object": "list", "data": rows})


def model(call: OpenaiCall) -> Answer:
    found = available(call).get(call.name)
    if found is None:
        raise unknown(call, call.name)
    return call.answer(row(call.name, found[1]))
