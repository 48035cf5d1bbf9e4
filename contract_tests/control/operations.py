"""What control can do, by its own document."""

from typing import Any

from hypothesis import strategies as st

from contract_tests.account.emulated import APP, ROOT, begun
from contract_tests.control.json_schema import values, wrong

DOCUMENT = begun().document()
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    one["operationId"]: (method.upper(), path, one)
    for path, methods in DOCUMENT["paths"].items()
    for method, one in methods.items()
}
WAITING = ("stream_events", "wait_for_calls")
"""They end when something happens."""
NAMED = {"uin": ROOT, "id": "1", "action": "lke.CreateQA", "api": "KnowledgeQA", "sub_account": "1", "product": "lke"}


def path_of(name: str) -> str:
    path: str = OPERATIONS[name][1]
    return path.format(**NAMED | ({"id": APP} if "/apps/" in path else {}))


def body_schema(name: str) -> Any:
    """None where it takes no body."""
    operation = OPERATIONS[name][2]
    return operation["requestBody"]["content"]["application/json"]["schema"] if "requestBody" in operation else None


def write(name: str) -> st.SearchStrategy[tuple[str, str, str, Any]]:
    """A step of `emulated`: a request that changes something, as the document allows it."""
    schema, call = body_schema(name), (OPERATIONS[name][0], path_of(name))
    if schema is None:
        return st.just(("any", *call, None))
    fitting = values(schema, SCHEMAS).filter(lambda body: not list(wrong(body, schema, SCHEMAS)))
    return fitting.map(lambda body: ("any", *call, body))


WRITES: Any = st.sampled_from(
    [name for name, (method, _, _) in OPERATIONS.items() if method != "GET" and name not in WAITING]
).flatmap(write)
