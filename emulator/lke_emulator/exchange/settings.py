"""How one emulator is started; every field is a flag of `lke-emulator serve` and an environment variable."""

from typing import Literal

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: int = 5530
    scenario: str = "default"
    seed: int | None = None
    """Overrides the scenario's seed."""
    auth: Literal["strict", "off"] = "strict"
    strict: bool = False
    """Refuse actions that have no handler instead of generating a reply."""
    rate_limit: int | None = None
    """Calls a second for every action, 0 for none; None as the scenario says."""
    latency: float = 0.0
    """Seconds added to every answer."""
    watch: bool = False
    data_dir: str = ""
    """Where the world is kept; empty: nowhere."""
    call_log: str = ""
    """Where every call is written; empty: nowhere."""
    endpoints_file: str = ""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    cors_origins: tuple[str, ...] = ()
    """Browser origins beside the loopback ones that may call."""
    control_token: str = ""
    """Opens /_emulator to callers that are not on this machine."""
    control_origins: tuple[str, ...] = ()
    """Browser origins whose pages may use /_emulator."""
