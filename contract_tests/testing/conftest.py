"""The plugin's own fixtures, in place of the suite's of the same names."""

from lke_emulator.testing.plugin import lke, lke_server

__all__ = ["lke", "lke_server"]
