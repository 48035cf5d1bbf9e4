"""Prepare the clients of the toolchains that are here: `make clients`."""

import shutil
import sys

from contract_tests.clients.toolchains import TOOLCHAINS

for toolchain in TOOLCHAINS:
    gone = [each for each in toolchain.needs if shutil.which(each) is None]
    if gone:
        print(f"{toolchain.name}: {' and '.join(gone)} not found; its tests are skipped")
        continue
    try:
        toolchain.prepare()
    except AssertionError as failure:
        sys.exit(f"{toolchain.name}: {failure}")
