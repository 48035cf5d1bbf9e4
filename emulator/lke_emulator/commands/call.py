"""One signed call."""

import sys
from typing import Any

import click
from click.core import ParameterSource

from lke_emulator.commands.ending import fail, pretty
from lke_emulator.commands.keys import LOCAL_CREDENTIALS
from lke_emulator.commands.setting import setting
from lke_emulator.commands.url import is_local, usable_url


@click.command()
@click.argument("action")
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@setting("--json", "text", twin="PARAMETERS", metavar="OBJECT", help="All parameters as one JSON object.")
@setting("--endpoint", default="http://127.0.0.1:5530", show_default=True, metavar="URL")
@setting("--region", known="TENCENTCLOUD_REGION", default="ap-guangzhou", show_default=True)
@click.option("--secret-id", envvar="TENCENTCLOUD_SECRET_ID", show_envvar=True)
@click.option("--secret-key", envvar="TENCENTCLOUD_SECRET_KEY", show_envvar=True)
@click.option("--token", envvar="TENCENTCLOUD_TOKEN", show_envvar=True, help="Of temporary credentials.")
def call(
    action: str,
    parameters: tuple[str, ...],
    text: str | None,
    endpoint: str,
    region: str,
    secret_id: str | None,
    secret_key: str | None,
    token: str | None,
) -> None:
    """Sign and send one call, and print the reply.

    ACTION is an action of any product; where two have one of that name, write lke.CreateApp or adp.CreateApp. Values
    are typed as the action wants them. An endpoint on this machine is called as AKIDlocal where no credentials are
    given. Exits with 1 when the API refuses the call.

    \b
    lke-emulator call DescribeTokenUsage ModelName=cs-normal-70b StatStartTime=1758988800 StatEndTime=1759075199
    lke-emulator call ListApp --json '{"PageNumber": 1, "PageSize": 10}'
    lke-emulator call lke.DescribeTokenUsageGraph AppBizIds.0=1812732010083385344
    """
    from lke_emulator import client

    found = find_action(action)
    params = from_json(text) if text is not None else from_pairs(found, parameters)
    if text is not None and parameters:
        raise click.UsageError("give either --json or KEY=VALUE, not both")
    credentials = client.Credentials(*local_or_given(endpoint, secret_id, secret_key), token or "")
    refused = False
    try:
        for answer in client.call(endpoint, found, params, region, credentials):
            response = answer.get("Response", answer) if isinstance(answer, dict) else answer
            refused |= isinstance(response, dict) and "Error" in response
            click.echo(pretty(response))
            if is_local(endpoint) and unknown_here(response, secret_id):
                click.echo(f"lke-emulator: these credentials came from {origin_of('secret_id')}; {WAY_OUT}", err=True)
    except client.CallFailed as error:
        fail(f"{error}; `lke-emulator serve` starts an emulator", 1)
    sys.exit(int(refused))


WAY_OUT = "an emulator on this machine knows its scenario's alone: leave them out to call as AKIDlocal"


def unknown_here(response: Any, secret_id: str | None) -> bool:
    """Whether credentials that were given are why a call was refused."""
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return bool(secret_id) and code.startswith("AuthFailure.")


def origin_of(parameter: str) -> str:
    source = click.get_current_context().get_parameter_source(parameter)
    return "TENCENTCLOUD_SECRET_ID" if source is ParameterSource.ENVIRONMENT else "--secret-id"


def find_action(name: str) -> Any:
    """The action of that name, or of `product.Action`; a usage error names the nearest ones."""
    from lke_emulator.protocol.spec import spec
    from lke_emulator.scenario.mismatch import nearest

    known = spec().by_key
    found = [action for key, action in known.items() if name in (key, action.name)]
    if not found:
        names = known if "." in name else {action.name for action in known.values()}
        raise click.UsageError(f"{name} is no action; {nearest(name, sorted(names))}")
    if len(found) > 1:
        raise click.UsageError(
            f"{name} is an action of several products; write {' or '.join(each.key for each in found)}"
        )
    return found[0]


def from_json(text: str) -> dict[str, Any]:
    import msgspec

    try:
        params = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise click.UsageError(f"--json is not JSON: {error}") from None
    if not isinstance(params, dict):
        raise click.UsageError("--json must be an object, such as '{\"PageNumber\": 1}'")
    return params


def from_pairs(action: Any, pairs: tuple[str, ...]) -> dict[str, Any]:
    """`Filters.0.Name=x` as {"Filters": [{"Name": "x"}]}, typed by the action's request."""
    from lke_emulator.gateway.params import unflatten
    from lke_emulator.protocol import shapes
    from lke_emulator.protocol.errors import ApiError

    flat: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or name in flat:
            raise click.UsageError(f"`{pair}` is " + ("there twice" if name in flat else "no KEY=VALUE"))
        flat[name] = value
    try:
        return shapes.read_params(action.request, unflatten(flat))
    except ApiError as error:
        raise click.UsageError(error.message("en-US")) from None


def local_or_given(endpoint: str, secret_id: str | None, secret_key: str | None) -> tuple[str, str]:
    """The credentials given; without any, the default scenario's for an endpoint on this machine."""
    usable_url("--endpoint", endpoint)
    if secret_id and secret_key:
        return secret_id, secret_key
    if secret_id or secret_key:
        raise click.UsageError("give both --secret-id and --secret-key")
    if is_local(endpoint):
        return LOCAL_CREDENTIALS
    raise click.UsageError("give --secret-id and --secret-key, or TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY")
