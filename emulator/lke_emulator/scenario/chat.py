"""The `chat` of a scenario's account: rules that say what a model answers, or how it fails."""

from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.models.rules import ChatRule, Rules


def build_chat(rules: Sequence[ChatRule], account: Account) -> None:
    """ValueError names the place of what is wrong."""
    account.chat_rules = Rules(rules)
