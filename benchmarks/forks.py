"""Servers that are forked from one process which has imported everything: a start takes a hundredth of a second, so that a
thousand of them can be killed.

Each line on stdin is the settings of one, as JSON; on stdout comes its process id.
"""

import gc
import json
import os
import signal
import sys

from lke_emulator import log
from lke_emulator.app import SURFACES, surface_named
from lke_emulator.durable import data_dir
from lke_emulator.exchange.settings import Settings
from lke_emulator.products import load_handlers
from lke_emulator.scenario.load import load
from lke_emulator.serve import CannotStart, serve


def main() -> None:
    assert data_dir
    load("empty")
    load_handlers()
    for surface in SURFACES:
        surface_named(surface)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(Settings(**json.loads(line)))
        print(child, flush=True)


def run(settings: Settings) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    log.set_up("text", "warning")
    try:
        serve(settings)
    except CannotStart as error:
        print(error, file=sys.stderr, flush=True)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
