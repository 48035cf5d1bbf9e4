"""/_emulator: what a person or a test reads and does. It is not the cloud's; it is plain JSON over HTTP."""
