"""A document that gives no result."""


class Unparsable(Exception):
    """Why: an error code of lkeap, and what is wrong."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = why
