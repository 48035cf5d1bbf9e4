"""The paths of the OpenAI-compatible endpoint, each with and without /v1 (GW-31)."""

from starlette.routing import BaseRoute, Route

from lke_emulator.exchange.running import Running
from lke_emulator.openai.chat import completions
from lke_emulator.openai.embeddings import embeddings
from lke_emulator.openai.endpoint import Endpoint
from lke_emulator.openai.images import images
from lke_emulator.openai.models import model, models

PATHS = (
    ("/chat/completions", "openai.chat.completions", "POST", completions),
    ("/models", "openai.models", "GET", models),
    ("/models/{name:path}", "openai.models", "GET", model),
    ("/embeddings", "openai.embeddings", "POST", embeddings),
    ("/images/generations", "openai.images.generations", "POST", images),
)


def routes(running: Running) -> list[BaseRoute]:
    """An endpoint answers every method itself: a wrong one is refused in the form of the API."""
    return [
        Route(prefix + path, Endpoint(running, action, method, serve))
        for path, action, method, serve in PATHS
        for prefix in ("/v1", "")
    ]
