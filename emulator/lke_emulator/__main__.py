"""`python -m lke_emulator` is `lke-emulator`."""

from lke_emulator.cli import main

main(prog_name="lke-emulator")
