"""The log, on stderr: lines for people, or one JSON object a line. Stdout belongs to the readiness line."""

import json
import logging
from datetime import UTC, datetime
from typing import Literal

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


def extras(record: logging.LogRecord) -> dict[str, object]:
    """What was logged with the message by `extra=`."""
    return {name: value for name, value in record.__dict__.items() if name not in STANDARD and value is not None}


def moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class TextFormatter(logging.Formatter):
    """`2025-09-28T04:00:00.000Z INFO lke.CreateApp failed inside request_id=...`, a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        known = "".join(
            f" {name}={value if isinstance(value, str) else json_of(value)}" for name, value in extras(record).items()
        )
        text = f"{moment(record)} {record.levelname} {record.getMessage()}{known}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class JsonFormatter(logging.Formatter):
    """One object a line: ts, level, message, then what was logged with it."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {"ts": moment(record), "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json_of(entry | extras(record))


def json_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def set_up(format: Literal["text", "json"]) -> None:
    """Log the emulator from INFO on, everything else (uvicorn) from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("lke_emulator").setLevel(logging.INFO)
