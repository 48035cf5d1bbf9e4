"""The contract tests, run against a real account: what of the assumptions they confirm and refute."""
