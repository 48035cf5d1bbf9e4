"""Which row of a surface's table a path means. Templates are written as Starlette's: `/keys/{id}`, `/files/{name:path}`."""

from collections.abc import Iterable
from re import Pattern
from typing import Generic, TypeVar

from starlette.routing import compile_path

Row = TypeVar("Row")


class Paths(Generic[Row]):
    """Rows by path and method; the path with the fewest names is meant."""

    def __init__(self, rows: Iterable[tuple[str, str, Row]]) -> None:
        """(method, path, row) of each."""
        self._plain: dict[str, dict[str, Row]] = {}
        self._named: dict[Pattern[str], dict[str, Row]] = {}
        for method, path, row in rows:
            if "{" in path:
                self._named.setdefault(compile_path(path)[0], {})[method] = row
            else:
                self._plain.setdefault(path, {})[method] = row

    def find(self, path: str) -> dict[str, tuple[Row, dict[str, str]]]:
        """What a path is with each method: a row, and what the path names. Nothing where there is no such path."""
        found: dict[str, tuple[Row, dict[str, str]]] = {
            method: (row, {}) for method, row in self._plain.get(path, {}).items()
        }
        if found:
            return found
        matches = [(rows, match.groupdict()) for pattern, rows in self._named.items() if (match := pattern.match(path))]
        fewest = min((len(names) for _, names in matches), default=0)
        for rows, names in matches:
            if len(names) == fewest:
                found = {method: (row, names) for method, row in rows.items()} | found
        return found
