"""The control routes: health, the list of actions, the journal."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from emulator import __version__
from emulator.api3.spec import spec
from emulator.control.guard import guarded
from emulator.control.reply import give, refuse
from emulator.running import Running
from emulator.world.clock import real_now

JOURNAL_PAGE = 100
JOURNAL_FILTERS = ("account", "action", "caller", "code")


def routes(running: Running) -> list[BaseRoute]:
    """Health is public, everything else is guarded."""

    async def health(request: Request) -> Response:
        world = running.world
        return give(
            {
                "status": "ok",
                "version": __version__,
                "scenario": world.scenario,
                "seed": world.seed,
                "uptime": round(real_now() - running.began, 3),
            }
        )

    async def actions(request: Request) -> Response:
        return give({"actions": list(action_rows(running))})

    async def journal(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            since, limit = float(query.pop("since", 0)), int(query.pop("limit", JOURNAL_PAGE))
        except ValueError:
            return refuse(400, "since is Unix seconds and limit a whole number")
        unknown = set(query) - set(JOURNAL_FILTERS)
        if unknown:
            return refuse(400, f"unknown filter {min(unknown)}: {', '.join(JOURNAL_FILTERS)}, since, limit")
        book = running.world.journal
        return give({"calls": list(book.find(since=since, limit=limit, **query)), "dropped": book.dropped})

    async def nowhere(request: Request) -> Response:
        return refuse(404, f"no control route {request.url.path}: health, actions, journal")

    guard = running.settings
    return [
        Route("/health", health),
        Route("/_emulator/health", health),
        Route("/_emulator/actions", guarded(actions, guard)),
        Route("/_emulator/journal", guarded(journal, guard)),
        Route("/_emulator/{rest:path}", guarded(nowhere, guard)),
    ]


def action_rows(running: Running) -> list[dict[str, object]]:
    """Every action of the spec: how it is answered, and its limit for the first account."""
    world = running.world
    account = world.accounts[world.first_credential.account]
    override = running.settings.rate_limit
    return [
        {
            "action": action.name,
            "product": action.product,
            "version": action.version,
            "answer": "stateful" if action.key in running.handlers else "generated",
            "limit": account.limit_of(action.key) if override is None else override,
        }
        for action in spec().by_key.values()
    ]
