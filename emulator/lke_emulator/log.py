"""The log, on stderr: lines for people, or one JSON object a line. Stdout belongs to the readiness line.

Logging never makes a call wait: a test that starts the emulator with a pipe for its stderr may never read it.
"""

import json
import logging
import os
import queue
import select
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal

HELD = 1000
"""Lines that wait for a reader; further ones are dropped."""
LEAVE_SECONDS = 0.2
"""How long the end of the process waits for its last lines to be read."""

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


def extras(record: logging.LogRecord) -> dict[str, object]:
    """What was logged with the message by `extra=`."""
    return {name: value for name, value in record.__dict__.items() if name not in STANDARD and value is not None}


def stamp(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class TextFormatter(logging.Formatter):
    """`2025-09-28T04:00:00.000Z INFO lke.CreateApp failed inside request_id=...`, a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        known = "".join(
            f" {name}={value if isinstance(value, str) else json_of(value)}" for name, value in extras(record).items()
        )
        text = f"{stamp(record)} {record.levelname} {record.getMessage()}{known}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class JsonFormatter(logging.Formatter):
    """One object a line: ts, level, message, then what was logged with it."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {"ts": stamp(record), "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json_of(entry | extras(record))


def json_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


class PatientHandler(logging.Handler):
    """Writes in a thread of its own, so that only this thread waits for whoever reads.

    What finds HELD lines waiting is dropped, and how many were dropped is told once the others have been read.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.descriptor = descriptor
        self.lines: queue.Queue[str] = queue.Queue(HELD)
        self.dropped = 0
        self.told = 0
        threading.Thread(target=self.run, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.lines.put_nowait(self.format(record))
        except queue.Full:
            self.dropped += 1

    def run(self) -> None:
        while True:
            self.write(self.lines.get())
            missing = self.dropped - self.told
            if missing and self.lines.empty():
                self.told += missing
                self.write(self.format(warning(f"{missing} lines of the log could not be written")))
            self.lines.task_done()

    def write(self, line: str) -> None:
        # Not by sys.stderr: its lock, held by a thread that waits, would stop the end of the process.
        data = (line + "\n").encode("utf-8", "backslashreplace")
        with suppress(OSError):  # nobody is at the other end any more
            while data:
                try:
                    data = data[os.write(self.descriptor, data) :]
                except BlockingIOError:  # some parents hand down pipes that do not wait
                    select.select((), (self.descriptor,), ())

    def flush(self) -> None:
        """Called by logging as the process ends."""
        with self.lines.all_tasks_done:
            self.lines.all_tasks_done.wait_for(lambda: not self.lines.unfinished_tasks, LEAVE_SECONDS)


def warning(text: str) -> logging.LogRecord:
    return logging.LogRecord("lke_emulator.log", logging.WARNING, __file__, 0, text, (), None)


def set_up(format: Literal["text", "json"], level: Literal["debug", "info", "warning", "error"]) -> None:
    """Log the emulator from `level` on, everything else (uvicorn) from WARNING on."""
    handler = PatientHandler(sys.stderr.fileno()) if sys.stderr else logging.NullHandler()
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("lke_emulator").setLevel(level.upper())
