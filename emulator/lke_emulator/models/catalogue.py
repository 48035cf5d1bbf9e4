"""The models that every account may call, beside those its scenario declares, and how much each takes.

Sources: the lkeap endpoint's pages 1255/70381 (international, 2025-11-25) and 1772/115969 (mainland, 2026-01-12), the
embedding models of the API definition, and the gateway user manual (GW-11, GW-27, GW-28), which gives no sizes.
"""

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["", "chat", "embedding", "image"]
"""Empty for a model that only a scenario declares: it serves whatever it is asked for."""


class ContextSizes(NamedTuple):
    """In thousands of tokens; 0 where none is documented."""

    context: int = 0
    input: int = 0
    output: int = 0
    thought: int = 0


SMALL = ContextSizes(48, 16, 32)
LARGE = ContextSizes(128, 96, 32, 32)
INTERNATIONAL = {
    "deepseek-r1": SMALL,
    "deepseek-r1-0528": SMALL,
    "deepseek-v3": SMALL,
    "deepseek-v3.1-terminus": ContextSizes(128, 96, 32),
}
MAINLAND = {
    "deepseek-r1-0528": ContextSizes(128, 96, 16, 32),
    "deepseek-v3-0324": ContextSizes(128, 0, 16),
    "deepseek-v3.1": LARGE,
    "deepseek-v3.1-terminus": LARGE,
    "deepseek-v3.2": LARGE,
}
NAMES: dict[tuple[Kind, str], str] = {
    (
        "chat",
        "deepseek",
    ): "deepseek-r1 deepseek-r1-0528 deepseek-v3 deepseek-v3-0324 deepseek-v3.1 deepseek-v3.1-terminus"
    " deepseek-v3.2 deepseek-v3.2-exp deepseek-prover-v2 deepseek-chat deepseek-reasoner",
    ("chat", "alibaba"): "qwen-plus qwen-max",
    ("chat", "anthropic"): "claude-sonnet",
    ("chat", "moonshot"): "kimi-k2",
    ("chat", "bytedance"): "doubao-pro",
    ("chat", "zhipu"): "glm-4",
    ("chat", "openai"): "gpt-4o",
    ("embedding", "tencent"): "adp-text-embedding-0.5b lke-text-embedding-v1 lke-text-embedding-v2",
    ("embedding", "openai"): "text-embedding-3-small",
    ("image", "openai"): "dall-e-3",
}
CATALOGUE = {name: facts for facts, names in NAMES.items() for name in names.split()}
"""Model -> kind and owner."""
DECLARED: tuple[Kind, str] = ("", "custom")
REASONING = ("*deepseek-r1*", "deepseek-reasoner", "*-thinking", "*-thinking-*")


def sizes(model: str, edition: Literal["international", "mainland"]) -> ContextSizes:
    """Those of one edition; a model that it does not list has the sizes of the other."""
    first, second = (INTERNATIONAL, MAINLAND) if edition == "international" else (MAINLAND, INTERNATIONAL)
    return first.get(model) or second.get(model) or ContextSizes()


@lru_cache(1024)
def is_reasoning(model: str) -> bool:
    """Whether the model shows its chain of thought before every answer."""
    return any(fnmatchcase(model.lower(), pattern) for pattern in REASONING)
