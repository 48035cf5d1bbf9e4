"""A recorder between a client and a real endpoint."""

import signal
import threading
from pathlib import Path

import click

from lke_emulator.commands.ending import CANNOT_START, fail
from lke_emulator.commands.keys import keys_for
from lke_emulator.commands.setting import setting


@click.command()
@click.argument("recording", default="recording.yaml", type=click.Path(dir_okay=False, path_type=Path))
@setting(
    "--upstream",
    required=True,
    metavar="URL",
    help="The real endpoint, such as https://lke.tencentcloudapi.com; calls of lkeap and adp go to their hosts beside it.",
)
@setting("--listen", default="127.0.0.1:5531", show_default=True, metavar="HOST:PORT", help="Port 0 takes a free one.")
@setting("--redact-texts", is_flag=True, help="Replace what people wrote too: questions, answers, names.")
@setting("--overwrite", is_flag=True, help="Replace a RECORDING that is there.")
def record(recording: Path, upstream: str, listen: str, redact_texts: bool, overwrite: bool) -> None:
    """Stand between a client and a real endpoint, and write what it answers to RECORDING, until SIGTERM or Ctrl-C.

    Point the client at it as at an emulator, with any credentials: signed calls are signed anew with
    TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (TENCENTCLOUD_TOKEN), API keys are replaced by OPENAI_API_KEY,
    and the app keys of dialogues by LKE_BOT_APP_KEY; what is not set leaves the client's own. Streams are passed on as
    they come. Credentials, keys, tokens and uins are replaced before anything is written. Sockets are not recorded.

    \b
    lke-emulator record --upstream https://lke.tencentcloudapi.com
    lke-emulator record --upstream https://api.lkeap.cloud.tencent.com chat.yaml --redact-texts
    lke-emulator compare recording.yaml
    """
    from lke_emulator.recording.document import Recorder
    from lke_emulator.recording.proxy import RecordingProxy
    from lke_emulator.recording.redaction import Redaction
    from lke_emulator.recording.upstream import Upstream

    keys = keys_for("--upstream", upstream)
    host, port = address(listen)
    try:
        proxy = RecordingProxy(host, port, Upstream(upstream, keys))
    except OSError as error:
        fail(f"could not start: {listen}: {error.strerror or error}", CANNOT_START)
    with proxy:
        try:
            recorder = Recorder(recording, upstream, Redaction(keys.secrets, redact_texts), overwrite)
        except FileExistsError:
            raise click.UsageError(f"{recording} exists; --overwrite replaces it") from None
        except OSError as error:
            raise click.UsageError(f"{recording} cannot be written: {error.strerror}") from None
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        proxy.record(recorder)
        click.echo(f"lke-emulator records on {proxy.url} what {upstream} answers, to {recording}")
        over.wait()
        proxy.shutdown()
    for why in proxy.left_out:
        click.echo(f"lke-emulator: left out: {why}", err=True)
    click.echo(f"{recording}: {recorder.count} exchanges")


def address(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise click.UsageError(f"--listen must be HOST:PORT, such as 127.0.0.1:5531, not {listen}")
    return host.strip("[]"), int(port)
