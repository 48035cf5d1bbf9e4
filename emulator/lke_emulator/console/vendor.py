"""Take the library of the console from its package, at the exact version of pyproject.toml, as `make vendor` does.

`static/vendor/vendor.json` says of each file where it is from, under which licence, and its SHA-256.
"""

import json
import subprocess
import tarfile
import tempfile
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

VENDOR = Path(__file__).parent / "static" / "vendor"
PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


class Taken(NamedTuple):
    file: str
    package: str
    path: str
    """In the package."""
    licence: str
    """SPDX."""


FILES = (
    Taken("preact.js", "htm", "preact/standalone.module.js", "Apache-2.0 AND MIT"),
    Taken("htm.LICENSE.txt", "htm", "LICENSE", "Apache-2.0"),
    Taken("preact.LICENSE.txt", "preact", "LICENSE", "MIT"),  # preact.js has it inside
)


def packed(package: str, version: str, folder: Path) -> tarfile.TarFile:
    subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    return tarfile.open(folder / f"{package}-{version}.tgz")


def main() -> None:
    versions = tomllib.loads(PYPROJECT.read_text())["tool"]["lke-emulator"]["console"]
    with tempfile.TemporaryDirectory() as folder:
        packages = {name: packed(name, version, Path(folder)) for name, version in versions.items()}
        rows = []
        for one in FILES:
            member = packages[one.package].extractfile(f"package/{one.path}")
            assert member is not None
            content = member.read()
            (VENDOR / one.file).write_bytes(content)
            rows.append({**one._asdict(), "version": versions[one.package], "sha256": sha256(content).hexdigest()})
        (VENDOR / "vendor.json").write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
