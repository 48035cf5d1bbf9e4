"""Snapshots of accounts: taken from a server that runs, put back into one, and held against each other."""

import json
import sys
from contextlib import closing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from lke_emulator.commands.ending import REFUSED, fail
from lke_emulator.commands.setting import setting

SUFFIX = ".json"
NOW = "now"
"""What is called so is how the server's account stands."""


@click.group()
@setting("--endpoint", default="http://127.0.0.1:5530", show_default=True, metavar="URL")
@setting("--control-token", default="", metavar="TOKEN", help="Of a server that asks for one.")
@setting("--snapshots", default="snapshots", show_default=True, metavar="DIR", help="Where snapshots are kept.")
@setting("--account", default="", metavar="UIN", help="[default: the server's first; of `load` the snapshot's]")
@click.pass_context
def snapshot(context: click.Context, /, **settings: str) -> None:
    """Keep how an account stands, and come back to it.

    A NAME is a file in the folder of snapshots; one with a slash or a dot in it is a path.

    \b
    lke-emulator snapshot save before
    lke-emulator snapshot diff before            how it stands now, against how it was
    lke-emulator snapshot load before
    """
    context.obj = settings


def file_of(settings: dict[str, str], name: str) -> Path:
    return Path(name) if "/" in name or "." in name else Path(settings["snapshots"]) / (name + SUFFIX)


def ask_control(settings: dict[str, str], method: str, path: str, body: Any = None) -> Any:
    """What control answers; ends the command where it refuses, or nobody answers."""
    from lke_emulator.commands.url import usable_url
    from lke_emulator.testing.control import ControlClient, ControlError

    usable_url("--endpoint", settings["endpoint"])
    try:
        with closing(ControlClient(settings["endpoint"], settings["control_token"])) as control:
            return control.send(method, path, body)
    except ControlError as error:
        fail(str(error), REFUSED)
    except ConnectionError as error:
        fail(f"{error}; `lke-emulator serve` starts an emulator", REFUSED)


def account_now(settings: dict[str, str]) -> Any:
    uin = settings["account"] or ask_control(settings, "GET", "/accounts")["accounts"][0]["uin"]
    ask_control(settings, "GET", f"/accounts/{uin}/wallet")  # who looks at it has settled what was used till now
    return ask_control(settings, "GET", f"/accounts/{uin}/snapshot")


def read_file(settings: dict[str, str], name: str) -> Any:
    """A snapshot by its name. A usage error where it is none."""
    if name == NOW:
        return account_now(settings)
    file = file_of(settings, name)
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise click.UsageError(f"{file} is no snapshot") from None
    if not (
        isinstance(found, dict) and isinstance(found.get("parts"), dict) and isinstance(found.get("account"), dict)
    ):
        raise click.UsageError(f"{file} is no snapshot")
    return found


@snapshot.command()
@click.argument("name")
@setting("--force", is_flag=True, help="Replace a snapshot of that name.")
@click.pass_obj
def save(settings: dict[str, str], name: str, force: bool) -> None:
    """Keep how the account stands as NAME."""
    file = file_of(settings, name)
    if name == NOW:
        raise click.UsageError(f"{NOW} is how the account stands; give another name")
    if file.exists() and not force:
        raise click.UsageError(f"{file} exists; --force replaces it")
    text = json.dumps(account_now(settings), ensure_ascii=False, indent=1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"saved {file}")


@snapshot.command()
@click.argument("name")
@click.pass_obj
def load(settings: dict[str, str], name: str) -> None:
    """Let the account be as it was when NAME was saved; what it has become since is gone. Another --account is opened so."""
    saved = read_file(settings, name)
    uin = settings["account"] or saved["account"].get("uin")
    answer = ask_control(settings, "PUT", f"/accounts/{uin}/snapshot", saved)
    click.echo(f"account {answer['account']['uin']} is as {name} says")
    for one in answer["credentials"]:
        click.echo(f"{one['uin']} is opened by {one['secret_id']} {one['secret_key']}")


@snapshot.command("list")
@click.pass_obj
def list_snapshots(settings: dict[str, str]) -> None:
    """The snapshots in the folder: name, account, the moment on its clock, and bytes."""
    folder, found = Path(settings["snapshots"]), False
    for file in sorted(folder.glob("*" + SUFFIX)):
        found = True
        try:
            saved = read_file(settings, str(file))
        except click.UsageError as error:
            click.echo(f"lke-emulator: warning: {error.message}", err=True)
            continue
        account, clock = saved["account"], saved["parts"].get("clock", {})
        name = f"{account.get('uin')} {account.get('name', '')}".strip()
        click.echo(f"{file.stem:20}  {name:30}  {moment_of(clock)}  {file.stat().st_size:>9}")
    if not found:
        what = "holds none" if folder.is_dir() else "is a file" if folder.exists() else "is not there"
        click.echo(
            f"lke-emulator: no snapshots: the folder {folder.absolute()} {what}; `lke-emulator snapshot save NAME` keeps one"
            " there, `--snapshots DIR` is another folder",
            err=True,
        )


def moment_of(clock: Any) -> str:
    try:
        return datetime.fromtimestamp(clock["now"]).astimezone().isoformat(" ", "seconds")
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError):
        return "no moment"


@snapshot.command()
@click.argument("before")
@click.argument("after", default=NOW)
@click.pass_obj
def diff(settings: dict[str, str], before: str, after: str) -> None:
    """What appeared (+), went (-) and changed (~) from one snapshot to another, or to how the account stands now.

    Exits with 1 where anything differs.
    """
    from lke_emulator.account.snapshot_changes import changes_between

    found = list(changes_between(read_file(settings, before), read_file(settings, after)))
    for part, changes in groupby(found, lambda change: change.place[0]):
        click.echo(part)
        for change in changes:
            click.echo(str(change))
    sys.exit(REFUSED if found else 0)
