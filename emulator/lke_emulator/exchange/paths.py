"""Which row of a surface's table a path means. Templates are written as Starlette's: `/keys/{id}`, `/files/{name:path}`."""

from collections.abc import Iterable
from re import Pattern
from typing import Generic, TypeVar

from starlette.routing import compile_path

Row = TypeVar("Row")


class Paths(Generic[Row]):
    """Rows by path and method; a path without names comes before one with."""

    def __init__(self, rows: Iterable[tuple[str, str, Row]]) -> None:
        """(method, path, row) of each."""
        self._plain: dict[str, dict[str, Row]] = {}
        self._named: list[tuple[Pattern[str], dict[str, Row]]] = []
        templates: dict[str, dict[str, Row]] = {}
        for method, path, row in rows:
            known = self._plain if "{" not in path else templates
            known.setdefault(path, {})[method] = row
        for path, methods in templates.items():
            self._named.append((compile_path(path)[0], methods))

    def find(self, path: str) -> tuple[dict[str, Row], dict[str, str]]:
        """The rows of a path by their methods, and what it names; no rows where there is no such path."""
        plain = self._plain.get(path)
        if plain is not None:
            return plain, {}
        for pattern, methods in self._named:
            match = pattern.match(path)
            if match is not None:
                return methods, match.groupdict()
        return {}, {}
