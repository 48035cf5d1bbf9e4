"""Why a call was refused, in words."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import click

from lke_emulator.commands.ending import REFUSED, fail
from lke_emulator.commands.setting import setting

PARAMETERS = 500
"""Characters of them that are shown."""


@click.command()
@click.argument("request_id")
@setting("--endpoint", default="http://127.0.0.1:5530", show_default=True, metavar="URL", help="Of the emulator.")
@setting("--control-token", metavar="TOKEN", default="", help="Where the emulator was started with one.")
@setting("--json", "in_full", is_flag=True, help="The members of /_emulator/explain as they are.")
def explain(request_id: str, endpoint: str, control_token: str, in_full: bool) -> None:
    """Say why a call went as it did: what is nearest to an unknown name, what a signature was made of, which SecretIds
    there are.

    \b
    lke-emulator explain 7f4e8d8c-58b5-4d43-8d54-98a9bb9a9d9a
    """
    from lke_emulator.commands.url import usable_url
    from lke_emulator.testing.control import ControlClient, ControlError

    usable_url("--endpoint", endpoint)
    try:
        with closing(ControlClient(endpoint, control_token)) as control:
            told = control.get(f"/explain/{request_id}")
    except ControlError as error:
        fail(str(error), REFUSED)
    except ConnectionError as error:
        fail(f"{error}; `lke-emulator serve` starts an emulator", REFUSED)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if in_full else "\n".join(explained(told)))


def explained(told: dict[str, Any]) -> Iterator[str]:
    who = f" by {told['caller']} of account {told['account']}" if told["account"] else ""
    yield f"{told['operation'] or told['surface']}{who}: {told['code'] or told['verdict']}"
    yield f"  {told['message']}" if told["message"] else f"  answered ({told['source'] or told['surface']})"
    params = json.dumps(told["params"], ensure_ascii=False)
    yield f"  parameters {params[:PARAMETERS]}{' ...' if len(params) > PARAMETERS else ''}"
    for cause in told["causes"]:
        yield f"- {cause['text']}"
        if cause["advice"]:
            yield f"  -> {cause['advice']}"
    for other in (told["detail"] or {}).get("others", ()):
        yield f"- also: {other}"
    if told["changes"]:
        yield "it changed"
    for change in told["changes"]:
        yield f"  {described_change(change)}"
    if told["signature"]:
        yield from both_signed(told["signature"])


SIGNS = {"created": "+", "changed": "~", "deleted": "-"}


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def described_change(change: dict[str, Any]) -> str:
    """`~ billing packages 7 (Trial for chats): used 356055 -> 356089`."""
    what = [SIGNS[change["change"]], change["part"]]
    what += [change["noun"]] if change["noun"] != change["part"] else []
    what += [change["id"]] if change["id"] else []
    what += [f"({change['name']})"] if change["name"] not in ("", change["id"]) else []
    what += [f"x {change['count']}"] if change["count"] > 1 else []
    members = [
        name if pair == [None, None] else f"{name} {as_json(pair[0])} -> {as_json(pair[1])}"
        for name, pair in change["members"].items()
    ]
    return " ".join(what) + (f": {', '.join(members)}" if members else "")


def both_signed(comparison: dict[str, Any]) -> Iterator[str]:
    difference = comparison["difference"]
    titles = {
        "client": "the client signed" if comparison["is_certain"] else "by what it sent, the client signed",
        "server": "it should have signed",
    }
    for side, title in titles.items():
        for text in ("canonical_request", "string_to_sign"):
            if comparison[side][text]:
                yield ""
                yield f"{title} ({text.replace('_', ' ')}):"
                for number, line in enumerate(comparison[side][text].split("\n"), 1):
                    marked = difference and (text.replace("_", " "), number) == (difference["text"], difference["line"])
                    yield f"{'>' if marked else ' '} {line}"
