"""A definition as it is shipped and as tccli has it, each as small as it gets."""

import json
from typing import Any

from lke_emulator.protocol.spec import FOLDER

FILES = sorted(FOLDER.glob("*.json"))
GOOD: dict[str, Any] = {
    "service": "lke",
    "version": "2023-11-30",
    "source": "test",
    "actions": {"A": ["ARequest", "AResponse"]},
    "shapes": {"ARequest": {"Limit": "int64!"}, "AResponse": {"RequestId": "string", "List": "[Item]"}, "Item": {}},
}


def changed(**parts: Any) -> bytes:
    return json.dumps(GOOD | parts).encode()


def source() -> dict[str, Any]:
    """A product's api.json in tccli's form, as small as it gets."""
    item = {"name": "Name", "type": "string", "member": "string", "document": "", "example": "", "disabled": False}
    return {
        "metadata": {"apiVersion": "2023-11-30", "api_brief": "", "serviceNameCN": "", "serviceShortName": "lke"},
        "version": "1.0",
        "actions": {"A": {"name": "", "document": "", "input": "ARequest", "output": "AResponse", "status": "online"}},
        "objects": {
            "ARequest": {
                "document": "",
                "type": "object",
                "members": [
                    {**item, "name": "Limit", "type": "int", "member": "uint64", "required": True},
                    {**item, "name": "Filters", "type": "list", "member": "Item", "required": False},
                ],
            },
            "AResponse": {
                "document": "",
                "type": "object",
                "members": [{"name": "RequestId", "type": "string", "member": "string", "document": ""}],
            },
            "Item": {
                "document": "",
                "usage": "both",
                "members": [{**item, "value_allowed_null": True, "output_required": False, "disabled": True}],
            },
        },
    }
