"""What a real endpoint answers, recorded without secrets, and held against the emulator."""
