"""What must not be in a recording, replaced before it is written: the same value by the same stand-in everywhere."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from lke_emulator.primitives.secret_names import WORDS, is_secret

SHORTEST = 6
"""Characters of a value that is looked for inside of texts too."""
PATTERNS = (
    (re.compile(r"()(sk-[A-Za-z0-9_-]{12,})"), "key"),
    (re.compile(r"()(\b[AI]KID[A-Za-z0-9_-]{6,})"), "key"),
    (re.compile(r"(Bearer )([^\s\"]+)"), "key"),
    (
        re.compile(
            r"((?:^|[?&])(?:q-[a-z-]+|sign|[\w-]*(?:token|signature|secret_?id|key))=)([^&\s\"]+)", re.IGNORECASE
        ),
        "key",
    ),
    (re.compile(r"(\"[\w-]*(?:token|secret|password|key)\\*\"\s*:\s*\\*\")([^\"\\]+)", re.IGNORECASE), "key"),
    (re.compile(r"(\buin[/:= ])(\d{5,20})"), "uin"),
    (re.compile(r"()((?<!\d)100\d{9}(?!\d))"), "uin"),
)
"""What goes before and the secret: keys, parameters of addresses and forms, members of JSON within a text; uins where they are
announced, and where they have their twelve digits and begin with 100."""
FIRST_UIN = 900_000_000_000
STAND_IN = re.compile(r"redacted-[a-z]+-\d+|9000000\d{5}")
TEXT_WORDS = frozenset(
    (
        *("answer", "arguments", "comment", "content", "description", "doc", "docs", "greeting", "input", "inputs"),
        *("message", "messages", "name", "prompt", "query", "question", "questions", "reason", "remark", "summary"),
        *("text", "thought", "title", "topic"),
    )
)
ENUMERATIONS = frozenset(("model", "type", "status", "event", "token", "tokens"))
"""Words of names whose values are the cloud's, not people's: ModelName, InputTokens."""
IDENTIFIER = re.compile(r"[A-Za-z0-9_.:/+=-]*|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")


def is_stand_in(value: object) -> bool:
    """Whether a recorded value is in the place of one that was left out."""
    return not isinstance(value, bool) and isinstance(value, (str, int)) and bool(STAND_IN.fullmatch(str(value)))


def words_of(name: str) -> set[str]:
    return {word.lower() for word in WORDS.findall(name)}


class Redaction:
    """Keys, tokens and uins are known by the names of their members and by their form; where one was seen once, it is
    replaced in every text from then on. With `texts` whatever people wrote goes too."""

    def __init__(self, secrets: Iterable[str] = (), texts: bool = False) -> None:
        """`secrets` are known from the beginning, such as what the calls are signed with."""
        self.texts = texts
        self._known: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        for secret in filter(None, secrets):
            self.stand_in("key", secret)

    def stand_in(self, kind: str, value: str) -> str:
        if STAND_IN.fullmatch(value):
            return value
        if value not in self._known:
            self._counts[kind] += 1
            number = self._counts[kind]
            self._known[value] = str(FIRST_UIN + number) if kind == "uin" else f"redacted-{kind}-{number}"
        return self._known[value]

    def of(self, value: Any, name: str = "") -> Any:
        """A value of JSON, under this name."""
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.of(inner, str(key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.of(inner, name) for inner in value]
        if isinstance(value, str):
            return self.word(value, name) if value else value
        if isinstance(value, int) and not isinstance(value, bool) and value and "uin" in words_of(name):
            return int(self.stand_in("uin", str(value)))
        return value

    def word(self, value: str, name: str) -> str:
        if "uin" in words_of(name):
            return self.stand_in("uin", value)
        if is_secret(name) and not (value.isdecimal() and "token" in words_of(name)):  # a count of tokens
            return self.stand_in("key", value)
        if self.texts and self.is_text(value, name):
            return self.stand_in("text", value)
        return self.text(value)

    def text(self, value: str) -> str:
        """A text in which a secret may stand."""
        for secret, instead in self._known.items():
            if len(secret) >= SHORTEST and secret in value:
                edge = r"(?<!\d){}(?!\d)" if secret.isdecimal() else "{}"
                value = re.sub(edge.format(re.escape(secret)), instead, value)
        for pattern, kind in PATTERNS:
            value = pattern.sub(partial(self.found, kind), value)
        return value

    def found(self, kind: str, match: re.Match[str]) -> str:
        before, secret = match.groups()
        return match.group() if STAND_IN.search(secret) else f"{before}{self.stand_in(kind, secret)}"

    @staticmethod
    def is_text(value: str, name: str) -> bool:
        """What people wrote: by the name of its member, or because no identifier looks so."""
        words = words_of(name)
        return not words & ENUMERATIONS and (bool(words & TEXT_WORDS) or not IDENTIFIER.fullmatch(value))
