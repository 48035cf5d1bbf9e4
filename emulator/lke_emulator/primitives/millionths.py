"""Numbers as a scenario writes them, made whole: no float ever reaches a counter."""

from collections.abc import Sequence
from math import gcd

Number = int | float

MILLION = 1_000_000


def millionths(name: str, value: Number, least: Number = 0, most: Number | None = None) -> int:
    """The value in millionths; a float is read as its decimal text with six places, so 0.1 is exactly one tenth.

    ValueError when it is below `least` or above `most`.
    """
    if not least <= value or (most is not None and value > most):
        bound = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: must be {bound}, not {value}")
    return value * MILLION if isinstance(value, int) else int(f"{value:.6f}".replace(".", ""))


def proportions(name: str, weights: Sequence[Number], length: int | None = None) -> list[int]:
    """The smallest whole numbers in the same proportions.

    ValueError for a wrong length, a negative weight, or nothing but zeros.
    """
    if length is not None and len(weights) != length:
        raise ValueError(f"{name}: must be {length} weights, not {len(weights)}")
    whole = [millionths(name, weight) for weight in weights]
    divisor = gcd(*whole)
    if divisor == 0:
        raise ValueError(f"{name}: at least one weight must be above 0")
    return [weight // divisor for weight in whole]
