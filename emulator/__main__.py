"""`python -m emulator` is `lke-emulator`."""

from emulator.cli import main

main(prog_name="lke-emulator")
