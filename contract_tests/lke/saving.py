"""Knowledge as a client puts it in."""

from hashlib import md5
from typing import Any

from contract_tests.lke.worlds import SHOP, Ask
from lke_emulator.account.account import Account
from lke_emulator.knowledge.objects import stored


def save_params(name: str, content: bytes = b"", **params: Any) -> dict[str, Any]:
    """The parameters of SaveDoc for a file of this name."""
    content = content or name.encode()
    return {
        "BotBizId": SHOP,
        "FileName": name,
        "FileType": name.rpartition(".")[2],
        "CosUrl": f"/corp/1/{SHOP}/doc/{name}",
        "ETag": f'"{md5(content, usedforsecurity=False).hexdigest()}"',
        "CosHash": str(int.from_bytes(md5(content, usedforsecurity=False).digest()[:8])),
        "Size": str(len(content)),
        **params,
    }


def save(ask: Ask, name: str, content: bytes = b"", **params: Any) -> str:
    """The id of a document that is saved without an upload."""
    id: str = ask("SaveDoc", **save_params(name, content, **params))["DocBizId"]
    return id


def upload(account: Account, name: str, content: bytes, **params: Any) -> dict[str, Any]:
    """Put an object, and give the parameters of SaveDoc for it."""
    path = f"/corp/1/{SHOP}/doc/{name}"
    one = stored(path, content)
    account.objects.put(one)
    said = {"CosUrl": path, "ETag": f'"{one.etag}"', "CosHash": one.crc64, "Size": str(one.size)}
    return save_params(name, content, **{**said, **params})


def save_qa(ask: Ask, question: str, answer: str = "Because.", **params: Any) -> str:
    said = {"BotBizId": SHOP, "Question": question, "Answer": answer, "AttrRange": 1, **params}
    id: str = ask("CreateQA", **said)["QaBizId"]
    return id
