"""A recording as a file: YAML that can be read after every exchange, and whose `replies` are a scenario's."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from lke_emulator import __version__
from lke_emulator.recording.exchange import RecordedReply
from lke_emulator.recording.redaction import Redaction
from lke_emulator.scenario.document import Place, ScenarioError, read_yaml

HEAD = """# Recorded by lke-emulator {version} from {upstream}; credentials, keys and uins are replaced.
# `lke-emulator compare` holds it against the emulator; an account of a scenario takes the replies of signed calls as they are.
upstream: {upstream}
"""
WIDTH = 120
CALL_LOG = "call_log: "


class OneLine(dict[str, Any]):
    """A mapping that is written between braces: a stream has hundreds of events that are alike."""


class Dumper(yaml.CSafeDumper):
    """Of plain values."""


Dumper.add_representer(
    OneLine, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)
)


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    upstream: str
    replies: list[RecordedReply] = []


class Recorder:
    """Writes each exchange when it has ended, redacted before it touches the disk. Safe to use from several threads."""

    def __init__(self, path: Path, upstream: str, redaction: Redaction, overwrite: bool = False) -> None:
        """OSError where the file cannot be written; FileExistsError where it is there and is not to be replaced."""
        self.path = path
        self.count = 0
        self._redaction = redaction
        self._lock = threading.Lock()
        with path.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(HEAD.format(version=__version__, upstream=upstream))

    def add(self, reply: RecordedReply) -> None:
        with self._lock:
            written = yaml.dump([self.redacted(reply)], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(written if self.count else f"replies:\n{written}")
            self.count += 1

    def redacted(self, reply: RecordedReply) -> Any:
        """Twice: what a later member says by its name is then found in an earlier one's text too."""
        plain = msgspec.to_builtins(reply)
        text, of = self._redaction.text, self._redaction.of
        rules: dict[str, Callable[[Any], Any]] = {
            "request": text,
            "match": of,
            "result": of,
            "events": lambda events: [OneLine(event) if isinstance(event, dict) else event for event in of(events)],
            "error": lambda error: {name: text(value) for name, value in error.items()},
            "recorded": lambda told: told | ({"body": of(told["body"], "content")} if "body" in told else {}),
        }
        for _ in range(2):
            done = {name: rules[name](value) if name in rules else value for name, value in plain.items()}
        return done


def read_recording(path: Path) -> Recording:
    """ScenarioError with file, line and path for what is no recording, OSError where there is none."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}:1: this is no UTF-8") from None
    if text.startswith(CALL_LOG):
        raise ScenarioError(f"{path}:1: this is a call log, which `lke-emulator replay` serves again")
    at = read_yaml(text, str(path))
    try:
        return msgspec.convert(at.value, Recording)
    except msgspec.ValidationError as error:
        why, _, place = str(error).partition(" - at `$")
        raise inside(at, place.removesuffix("`").removeprefix(".")).wrong(f"{why}; this is no recording") from None


def inside(at: Place, path: str) -> Place:
    """The place that msgspec writes as `replies[3].action`; a mapping's members it does not name."""
    steps = path.replace("[", ".").replace("]", "").split(".")
    for step in filter(None, steps):
        at = at / (int(step) if step.isdecimal() else step)
    return at
