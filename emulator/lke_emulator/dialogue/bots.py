"""Which app a key or a token opens, and what of it a dialogue depends on: its draft, or what was released of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.bots import Shelves, bot_of
from lke_emulator.dialogue.errors import DialogueError, bad
from lke_emulator.dialogues.bot import Bot
from lke_emulator.knowledge.apps import App
from lke_emulator.models.catalogue import CATALOGUE

KINDS = ("knowledge_qa",)
"""AppTypes that answer dialogues (documented: the others have no dialogue)."""


class Door(NamedTuple):
    """An app that may be talked to."""

    app: App
    bot: Bot
    library: Shelves


def enter(
    account: Account, app: App | None, draft: bool, visitor: Mapping[str, Sequence[str]], now: float, unreleased: int
) -> Door:
    """DialogueError for an app that cannot be talked to, in the order of the checks: gone, not released, stopped, of a type
    that does not answer (inferred). `unreleased` is the code of the second."""
    if app is None:
        raise DialogueError(460004)
    live = None if draft else account.releases.live(app.biz_id, now)
    if not draft and live is None:
        raise DialogueError(unreleased)
    if app.disabled:
        raise DialogueError(460026, reason="stopped")
    if app.type not in KINDS:
        raise DialogueError(460030)
    configuration = app.draft if live is None else live.configuration
    bot = bot_of(account, app, configuration, draft, now)
    return Door(app, bot, Shelves(account, app, draft, visitor, now))


def model_of(account: Account, name: str) -> str:
    """The model that a question asks for, with or without its vendor before it (documented: `Deepseek/deepseek-v3.2`).
    DialogueError 400 for one that the account does not have and nobody does."""
    for known in (name, name.rpartition("/")[2]):
        if not known or known in account.models or CATALOGUE.get(known, ("", ""))[0] == "chat":
            return known
    raise bad(f"there is no model {name}")
