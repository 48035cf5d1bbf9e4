"""Named rhythms: how usage lies over a week and a day. Weights are relative; the figures are this project's own."""

from typing import NamedTuple


class Rhythm(NamedTuple):
    weekdays: tuple[float, ...]
    """Seven, Monday first."""
    hours: tuple[float, ...]
    """Twenty-four, of the account's zone."""
    holidays: bool = False
    """Whether public holidays are kept."""


FLAT = Rhythm((1,) * 7, (1,) * 24)

RHYTHMS = {
    "flat": FLAT,
    "office": Rhythm(
        (1, 1.06, 1.08, 1.04, 0.92, 0.22, 0.16),
        (1, 1, 1, 1, 1, 1, 2, 6, 24, 62, 78, 72, 38, 48, 76, 80, 74, 60, 32, 18, 12, 8, 4, 2),
        holidays=True,
    ),
    "consumer": Rhythm(
        (0.92, 0.9, 0.92, 0.95, 1.05, 1.18, 1.14),
        (14, 8, 5, 3, 3, 4, 10, 22, 36, 46, 52, 56, 66, 58, 52, 52, 56, 62, 72, 86, 96, 100, 72, 36),
    ),
    "weekend": Rhythm(
        (0.2, 0.2, 0.2, 0.25, 0.6, 1.6, 1.5),
        (12, 6, 4, 2, 2, 2, 4, 10, 22, 42, 60, 70, 72, 74, 78, 80, 80, 78, 76, 80, 84, 76, 52, 28),
    ),
    "night": Rhythm(
        (1, 1, 1, 1, 1, 0.7, 0.7),
        (60, 90, 100, 100, 90, 60, 20, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 6, 14, 32),
    ),
}
