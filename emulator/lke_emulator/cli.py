"""The command line. Every command imports what it needs when it runs: `--help` and `version` load nothing else.

Exit codes: 0; 1 a call was refused or did not arrive; 2 wrong usage or a bad scenario; 3 it could not start.
"""

import gc
import io
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lke_emulator import __version__

STARTER = Path(__file__).parent / "scenario" / "starter.yaml"
BAD_SCENARIO, CANNOT_START = 2, 3
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
LOCAL_CREDENTIALS = ("AKIDlocal", "local-secret-key")


PREFIX = "LKE_EMULATOR_"
TWINS: set[str] = set()
"""Every environment variable that is a setting."""


def setting(*names: str, **attributes: Any) -> Callable[..., Any]:
    """A flag with its environment twin: `--log-format` is LKE_EMULATOR_LOG_FORMAT too."""
    twin = PREFIX + names[0].removeprefix("--").partition("/")[0].replace("-", "_").upper()
    TWINS.add(twin)
    return click.option(*names, envvar=twin, show_envvar=True, **attributes)


def finite(context: click.Context, option: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter("must be a number of seconds")
    return value


class Commands(click.Group):
    """`start` is what other emulators call `serve`."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, "serve" if name == "start" else name)


def warn_of_unknown_settings() -> None:
    """A variable that is mistyped would change nothing, and nobody would know."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in TWINS)
    if unknown:
        from lke_emulator.scenario.mismatch import nearest

        for name in unknown:
            click.echo(f"lke-emulator: warning: {name} is no setting; {nearest(name, sorted(TWINS))}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="lke-emulator", message="%(prog)s %(version)s")
def main() -> None:
    """A local emulator of Tencent Cloud's LKE family.

    \b
    lke-emulator serve                                     serve the default scenario on http://127.0.0.1:5530
    lke-emulator call DescribeTokenUsage                   sign and send one call to it
    lke-emulator init && lke-emulator validate scenario.yaml
    """
    warn_of_unknown_settings()
    for stream in (sys.stdout, sys.stderr):
        # Replies hold any language, whatever the locale says that a terminal shows.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@main.command()
@setting("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is every one.")
@setting("--port", default=5530, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@setting("--scenario", default="default", show_default=True, help="Name of a shipped scenario, or path of a YAML file.")
@setting("--seed", type=int, help="In place of the scenario's seed.")
@setting(
    "--auth",
    default="strict",
    show_default=True,
    type=click.Choice(["strict", "off"]),
    help="off: nothing is verified. A SecretId or key that is known acts as itself, all else as the first account.",
)
@setting("--strict", is_flag=True, help="Refuse actions that only have generated replies.")
@setting(
    "--rate-limit",
    type=click.IntRange(0),
    help="Calls a second for every action, 0 for no limit.  [default: as the scenario says]",
)
@setting(
    "--latency",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 60),
    callback=finite,
    help="Seconds added to every answer.",
)
@setting("--watch", is_flag=True, help="Load the scenario again whenever its file changes; SIGHUP does so at any time.")
@setting("--endpoints-file", default="", metavar="PATH", help="Write the URL there as JSON when ready.")
@setting("--log-format", default="text", show_default=True, type=click.Choice(["text", "json"]))
@setting(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="debug tells every call that is refused.",
)
@setting(
    "--cors-origin",
    "cors_origins",
    multiple=True,
    metavar="ORIGIN",
    help="A browser origin beside loopback that may call.",
)
@setting(
    "--control-origin",
    "control_origins",
    multiple=True,
    metavar="ORIGIN",
    help="A browser origin whose pages may use /_emulator.",
)
@setting("--control-token", default="", metavar="TOKEN", help="Opens /_emulator to callers from other machines.")
def serve(**flags: Any) -> None:
    """Serve a scenario until SIGTERM.

    Prints one line on stdout when it is ready, `lke-emulator ready on http://127.0.0.1:5530` and the date there; nothing else is
    meant to be read by programs. A flag wins over its environment variable.

    \b
    lke-emulator serve --scenario quiet-weekend
    lke-emulator serve --scenario my.yaml --watch --rate-limit 0
    lke-emulator serve --port 0 --endpoints-file emulator.json
    """
    gc.disable()  # until it has started: collections are a tenth of it, and find nothing
    from lke_emulator import log
    from lke_emulator.exchange.settings import Settings
    from lke_emulator.scenario.document import ScenarioError
    from lke_emulator.serve import CannotStart
    from lke_emulator.serve import serve as run

    settings = Settings(**flags)
    log.set_up(settings.log_format, settings.log_level)
    try:
        run(settings)
    except ScenarioError as error:
        fail(str(error), BAD_SCENARIO)
    except CannotStart as error:
        fail(f"could not start: {error}", CANNOT_START)


def fail(message: str, code: int) -> None:
    click.echo(f"lke-emulator: {message}", err=True)
    sys.exit(code)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def validate(files: tuple[str, ...]) -> None:
    """Check scenarios: files, or names of shipped ones.

    Says for each what it holds, or what is wrong, with file, line and path. Exits with 2 when one is wrong. What is
    likely not meant, such as an app that no usage names, is a warning.
    """
    from lke_emulator.scenario.document import ScenarioError
    from lke_emulator.scenario.load import load

    wrong = False
    for file in files:
        try:
            world = load(file, warn=lambda warning: click.echo(f"warning: {warning}", err=True))
        except ScenarioError as error:
            wrong = True
            click.echo(str(error), err=True)
        else:
            accounts, credentials = len(world.accounts), len(world.credentials)
            click.echo(f"{file}: valid; accounts: {accounts}, credentials: {credentials}, seed: {world.seed}")
    sys.exit(BAD_SCENARIO if wrong else 0)


@main.command()
@click.argument("file", default="scenario.yaml", type=click.Path(dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite the file.")
def init(file: str, force: bool) -> None:
    """Write a commented scenario to start from, as FILE (scenario.yaml); - is stdout."""
    if file == "-":
        click.echo(STARTER.read_text("utf-8"), nl=False)
        return
    try:
        with open(file, "w" if force else "x", encoding="utf-8") as target:
            target.write(STARTER.read_text("utf-8"))
    except FileExistsError:
        raise click.UsageError(f"{file} exists; --force overwrites it") from None
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"wrote {file}; serve it with: lke-emulator serve --scenario {file} --watch")


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for completion and checks in editors.

    \b
    lke-emulator schema > scenario.schema.json
    Then, at the top of a scenario:  # yaml-language-server: $schema=scenario.schema.json
    """
    from lke_emulator.scenario.schema import schema as scenario_schema

    click.echo(pretty(scenario_schema()))


@main.command()
@click.option("--product", metavar="PRODUCT", help="Only those of lke, lkeap or adp.")
def actions(product: str | None) -> None:
    """List the actions: product, version, and how each is answered.

    stateful: from the scenario and what was called. generated: seeded values in the shape of the reply.
    """
    from lke_emulator.products import load_handlers
    from lke_emulator.protocol.spec import spec

    handlers = load_handlers()
    if product is not None and product not in spec().products:
        raise click.UsageError(f"{product} is not one of {', '.join(sorted(spec().products))}")
    for action in spec().by_key.values():
        if product in (None, action.product):
            source = "stateful" if action.key in handlers else "generated"
            click.echo(f"{action.product:5}  {action.version}  {source:9}  {action.name}")


@main.command(context_settings={"ignore_unknown_options": True})
@setting("--scenario", default="default", show_default=True, help="Name of a shipped scenario, or path of a YAML file.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
def run(scenario: str, command: tuple[str, ...]) -> None:
    """Run a command against an emulator of its own, and end with its exit code.

    The command finds in its environment how the scenario's first account is called: LKE_ENDPOINT, LKE_ENDPOINT_HOST
    (without http://), TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_REGION, OPENAI_BASE_URL and
    OPENAI_API_KEY. Where it fails, the calls that it made are printed.

    \b
    lke-emulator run -- pytest
    lke-emulator run --scenario my.yaml -- npm test
    """
    from lke_emulator.scenario.document import ScenarioError
    from lke_emulator.testing.running import CannotRun, run_beside

    try:
        code, calls = run_beside(scenario, command)
    except ScenarioError as error:
        fail(str(error), BAD_SCENARIO)
    except CannotRun as error:
        fail(str(error), CANNOT_START)
    if code:
        click.echo(f"lke-emulator: {command[0]} ended with {code}; its calls, the newest last:", err=True)
        click.echo("\n".join(calls) or "none", err=True)
    sys.exit(code)


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(f"lke-emulator {__version__}")


@main.command()
@click.argument("action")
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--json", "text", metavar="OBJECT", help="All parameters as one JSON object.")
@setting("--endpoint", default="http://127.0.0.1:5530", show_default=True, metavar="URL")
@click.option("--region", default="ap-guangzhou", show_default=True)
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


def is_local(endpoint: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(endpoint).hostname in LOCAL_HOSTS


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
    from urllib.parse import urlsplit

    try:
        url = urlsplit(endpoint)
        usable = url.scheme in ("http", "https") and bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise click.UsageError(f"--endpoint must be an http or https URL, not {endpoint}")
    if secret_id and secret_key:
        return secret_id, secret_key
    if secret_id or secret_key:
        raise click.UsageError("give both --secret-id and --secret-key")
    if url.hostname in LOCAL_HOSTS:
        return LOCAL_CREDENTIALS
    raise click.UsageError("give --secret-id and --secret-key, or TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY")


def pretty(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=2)
