"""What a person may not do with an account now."""


class Refused(Exception):
    """The text says why, and what would help. `until` is the Unix second from which it would be accepted, if time helps."""

    def __init__(self, why: str, until: float | None = None) -> None:
        super().__init__(why)
        self.until = until
