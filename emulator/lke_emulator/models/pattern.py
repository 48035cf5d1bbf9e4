"""A text that a regular expression finds, made from the form in which `re` itself reads it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lke_emulator.models.linear import as_read, linear

CANDIDATES = "aA0_-. :/@#é中"
"""What is tried for a set that names what it does not hold."""
LONGEST = 10_000
WORK = 50_000
"""Steps in which the pattern must be found."""
CATEGORIES = {"CATEGORY_DIGIT": "0", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}
OPPOSITES = {"CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_WORD": "-", "CATEGORY_NOT_SPACE": "a"}


@lru_cache(256)
def example(pattern: str, wished: int = 1) -> str | None:
    """A text in which the pattern is found, None where no such text was found.

    `wished` is how often to repeat what may be repeated. ValueError for what is no pattern, or is found only in texts of
    more than 10,000 characters.
    """
    found = linear(pattern)
    text = text_of(as_read(pattern), wished)
    return text if found.found_in(text, WORK) else None


def text_of(parsed: Iterable[tuple[Any, Any]], wished: int) -> str:
    return "".join(one(str(operation), argument, wished) for operation, argument in parsed)


def one(operation: str, argument: Any, wished: int) -> str:
    """The text for one operation; for what takes no text, such as an anchor, nothing."""
    match operation:
        case "LITERAL":
            return chr(int(argument))
        case "NOT_LITERAL":
            return "b" if argument == ord("a") else "a"
        case "ANY":
            return "a"
        case "IN":
            return character_of(argument)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = argument
            text, times = text_of(inner, wished), max(least, min(int(most), wished))
            if len(text) * times > LONGEST:
                raise ValueError(f"a text of more than {LONGEST} characters")
            return str(text * times)
        case "SUBPATTERN":
            return text_of(argument[-1], wished)
        case "ATOMIC_GROUP":
            return text_of(argument, wished)
        case "BRANCH":
            return text_of(argument[1][0], wished)
        case _:
            return ""


def character_of(items: list[tuple[Any, Any]]) -> str:
    """A character of a set such as [a-z_] or [^"]."""
    if str(items[0][0]) == "NEGATE":
        return next(
            (character for character in CANDIDATES if not any(holds(item, character) for item in items[1:])), ""
        )
    operation, argument = str(items[0][0]), items[0][1]
    if operation == "CATEGORY":
        return (CATEGORIES | OPPOSITES).get(str(argument), "")
    return chr(argument[0] if operation == "RANGE" else argument)


def holds(item: tuple[Any, Any], character: str) -> bool:
    operation, argument = str(item[0]), item[1]
    if operation == "LITERAL":
        return ord(character) == int(argument)
    if operation == "RANGE":
        return bool(argument[0] <= ord(character) <= argument[1])
    return {
        "CATEGORY_DIGIT": character.isdigit(),
        "CATEGORY_WORD": character.isalnum() or character == "_",
        "CATEGORY_SPACE": character.isspace(),
    }.get(str(argument), True)
