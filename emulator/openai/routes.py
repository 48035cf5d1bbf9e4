"""The paths of the OpenAI-compatible endpoint, each with and without /v1 (GW-31)."""

from starlette.routing import BaseRoute, Route

from emulator.openai.chat import completions
from emulator.openai.embeddings import embeddings
from emulator.openai.endpoint import Endpoint
from emulator.openai.images import images
from emulator.openai.models import model, models
from emulator.running import Running

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
