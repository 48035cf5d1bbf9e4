"""A document that gives no result."""

MOST_CHARACTERS = 20_000_000
"""That a document which says nothing of its length may give."""
TOO_LARGE = "LimitExceeded.TooLargeFileError"


class Unparsable(Exception):
    """Why: an error code of lkeap, and what is wrong."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = why


def check_left(characters: int) -> None:
    if characters < 0:
        raise Unparsable(TOO_LARGE, f"the file has more than {MOST_CHARACTERS} characters")
