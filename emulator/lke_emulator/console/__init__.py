"""The page for people at /_emulator/console: static files, and a client of control like any other."""
