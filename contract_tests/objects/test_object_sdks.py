"""The official object storage SDKs of Node, Go and Java, unmodified, with the credentials that lke gives."""

from hashlib import md5
from pathlib import Path

from contract_tests.clients.toolchains import Toolchain, toolchain
from contract_tests.conftest import Control
from contract_tests.lke.worlds import ROOT, SHOP
from contract_tests.objects.conftest import Grant
from lke_emulator.account.account import Account

__all__ = ["toolchain"]
CONTENT = "123456789 测试"


def test_an_object_is_put_read_listed_and_deleted(
    toolchain: Toolchain, emulator: Control, grant: Grant, shop: Account
) -> None:
    up, prefix = grant("txt"), f"corp/{ROOT}/{SHOP}/"
    host = emulator.url.removeprefix("http://")
    asked = {"what": "small", "host": host, "up": up, "down": grant(), "content": CONTENT, "prefix": prefix}
    told = toolchain.own("objects").told(asked)
    content = CONTENT.encode()
    assert told == {
        "etag": f'"{md5(content).hexdigest()}"',
        "size": len(content),
        "content": CONTENT,
        "range": content[2:5].decode("utf-8", "replace"),
        "listed": [up["UploadPath"].lstrip("/")],
        "gone": 404,
    }
    assert shop.objects.get(up["UploadPath"]) is None


def test_a_large_file_goes_up_in_parts_and_comes_down_whole(
    toolchain: Toolchain, emulator: Control, grant: Grant, shop: Account, tmp_path: Path
) -> None:
    content = bytes(range(256)) * (10 << 10)
    (file := tmp_path / "large.txt").write_bytes(content)
    up, host = grant("txt"), emulator.url.removeprefix("http://")
    asked = {"what": "large", "host": host, "up": up, "down": grant(), "file": str(file)}
    told = toolchain.own("objects").told(asked)
    assert told["etag"].endswith('-3"')
    assert told["md5"] == md5(content).hexdigest()
    assert shop.objects.get(up["UploadPath"]).content == content  # type: ignore[union-attr]
    assert shop.multipart.saved().uploads == ()
