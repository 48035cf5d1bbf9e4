"""The contract tests against a real account."""

import sys

import click

from lke_emulator.commands.ending import CANNOT_START, REFUSED, fail, pretty
from lke_emulator.commands.keys import keys_for
from lke_emulator.commands.setting import setting
from lke_emulator.commands.url import is_local, usable_url


@click.command()
@setting(
    "--target", required=True, metavar="URL", help="An endpoint of API 3.0, such as https://lke.tencentcloudapi.com."
)
@setting("--region", known="TENCENTCLOUD_REGION", default="ap-guangzhou", show_default=True)
@setting("--openai-target", default="", metavar="URL", help="The endpoint with API keys, such as https://host/v1.")
@setting("--dialogue-target", default="", metavar="URL", help="The host of the dialogue endpoints.")
@setting("--writes", is_flag=True, help="Run also what creates things; it deletes them again.")
@setting("--costs", is_flag=True, help="Run also what calls models and parses documents.")
@setting("--only", multiple=True, metavar="ID", help="Only what tells of these assumptions.")
@setting("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def verify(
    target: str,
    region: str,
    openai_target: str,
    dialogue_target: str,
    writes: bool,
    costs: bool,
    only: tuple[str, ...],
    as_json: bool,
) -> None:
    """Hold the assumptions against a real account: confirmed, refuted, or not checkable, and why.

    It runs the contract tests that can go to any endpoint, about one a second. They read, and make mistakes on purpose;
    what writes or costs is run only where it is asked for. Credentials are TENCENTCLOUD_SECRET_ID,
    TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_TOKEN, OPENAI_API_KEY, and LKE_BOT_APP_KEY. Needs
    `pip install 'lke-emulator[verify]'`. Exits with 1 if anything is refuted or fails.

    \b
    lke-emulator verify --target https://lke.tencentcloudapi.com
    lke-emulator verify --target https://lke.tencentcloudapi.com --only check_order --only missing_order
    lke-emulator verify --target http://127.0.0.1:5530
    """
    keys = keys_for("--target", target)
    for flag, url in (("--openai-target", openai_target), ("--dialogue-target", dialogue_target)):
        if url:
            usable_url(flag, url)
    if keys.credentials is None:
        raise click.UsageError("set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: the checks sign their calls")
    known = known_ids(only)
    try:
        from lke_emulator.verification.checks import CannotVerify, run_checks
    except ModuleNotFoundError as error:
        fail(f"verify needs {error.name}: pip install 'lke-emulator[verify]'", CANNOT_START)
    from lke_emulator.verification.report import told_to_people, verification

    check_credentials(target, region, keys.credentials)
    own = target.rstrip("/") if is_local(target) else ""
    environment = {
        "LKE_TARGET": target.rstrip("/"),
        "LKE_REGION": region,
        "LKE_OPENAI_TARGET": openai_target or (f"{own}/v1" if own else ""),
        "LKE_DIALOGUE_TARGET": dialogue_target or own,
        "TENCENTCLOUD_SECRET_ID": keys.credentials.secret_id,
        "TENCENTCLOUD_SECRET_KEY": keys.credentials.secret_key,
        "TENCENTCLOUD_TOKEN": keys.credentials.token,
        "OPENAI_API_KEY": keys.api_key,
        "LKE_BOT_APP_KEY": keys.app_key,
    }
    allowed = frozenset(name for name, is_allowed in (("writes", writes), ("costs", costs)) if is_allowed)
    try:
        report = verification(target, run_checks(environment, known, allowed, tell_how_many), known)
    except CannotVerify as error:
        fail(str(error), CANNOT_START)
    if as_json:
        import msgspec

        click.echo(pretty(msgspec.to_builtins(report)))
    else:
        click.echo("\n".join(told_to_people(report)))
    sys.exit(0 if report.is_good else REFUSED)


def tell_how_many(checks: int) -> None:
    click.echo(f"lke-emulator: {checks} checks, about one a second where calls are limited", err=True)


def known_ids(only: tuple[str, ...]) -> frozenset[str]:
    """A usage error names the nearest ones."""
    import msgspec

    from lke_emulator.account.assumptions import Assumptions
    from lke_emulator.scenario.mismatch import nearest

    known = [field.name for field in msgspec.structs.fields(Assumptions)]
    for name in only:
        if name not in known:
            raise click.UsageError(f"{name} is no assumption; {nearest(name, known)}")
    return frozenset(only)


def check_credentials(target: str, region: str, credentials: object) -> None:
    """One call before all others: where it is refused, every check would be, and would refute what is true."""
    from lke_emulator import client
    from lke_emulator.protocol.spec import spec

    assert isinstance(credentials, client.Credentials)
    action = spec().by_key["lke.DescribeTokenUsage"]
    try:
        answer = next(client.call(target, action, {}, region, credentials))
    except client.CallFailed as error:
        fail(str(error), REFUSED)
    refused = answer.get("Response", {}).get("Error", {}) if isinstance(answer, dict) else {}
    if refused.get("Code", "").startswith(("AuthFailure", "UnauthorizedOperation", "UnsupportedRegion")):
        fail(f"{target} refuses the call that tries the credentials: {refused['Code']}: {refused['Message']}", REFUSED)
