"""Take the two libraries of the console from their packages, at the exact versions of pyproject.toml, as `make vendor` does.

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
    appended: str = ""
    """What follows the package's own bytes."""


FILES = (
    Taken("preact.js", "htm", "preact/standalone.module.js", "Apache-2.0 AND MIT"),
    # A classic script that sets a variable; under Trusted Types no script can be added later, a module can be imported.
    Taken("uplot.js", "uplot", "dist/uPlot.iife.min.js", "MIT", "\nexport default uPlot;\n"),
    Taken("uplot.css", "uplot", "dist/uPlot.min.css", "MIT"),
    Taken("htm.LICENSE.txt", "htm", "LICENSE", "Apache-2.0"),
    Taken("preact.LICENSE.txt", "preact", "LICENSE", "MIT"),  # preact.js has it inside
    Taken("uplot.LICENSE.txt", "uplot", "LICENSE", "MIT"),
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
            content = member.read() + one.appended.encode()
            (VENDOR / one.file).write_bytes(content)
            row = {**one._asdict(), "version": versions[one.package], "sha256": sha256(content).hexdigest()}
            rows.append({name: value for name, value in row.items() if value})
        (VENDOR / "vendor.json").write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
