"""Copy the vendored front-end files into app/static/vendor, or check them against the manifest.

    python tools/vendor.py          take the files anew and write the manifest
    python tools/vendor.py --check  compare every file with the manifest; fetches nothing

Small packages come from `npm ci --ignore-scripts` and are pinned by package-lock.json. The
typeface is too large to be a dependency, so it is packed once into a temporary folder; the manifest
keeps the hash of that archive, and a different archive under the same version is refused.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "static" / "vendor"
MANIFEST = VENDOR / "MANIFEST.json"


class VendorError(Exception):
    """Something that was to be copied is missing, changed or unexpected."""


@dataclass(frozen=True)
class Vendored:
    """One package: which of its files are copied, and under which names."""

    name: str
    version: str
    licence: str
    files: tuple[tuple[str, str], ...]
    packed: bool = False
    """Whether it is taken by `npm pack` instead of standing in package-lock.json."""

    @property
    def folder(self) -> str:
        """Where its files stand below app/static/vendor."""
        return f"{self.name}-{self.version}"


SUBSETS = tuple(
    f"woff2-dynamic-subset/PretendardGOVVariable.subset.{number}.woff2" for number in range(120)
)
VENDORED = (
    Vendored(
        name="pretendard-gov",
        version="1.3.9",
        licence="OFL-1.1",
        packed=True,
        files=(
            ("dist/LICENSE.txt", "LICENSE.txt"),
            (
                "dist/web/variable/pretendardvariable-gov-dynamic-subset.css",
                "pretendard-gov.css",
            ),
            *((f"dist/web/variable/{subset}", subset) for subset in SUBSETS),
        ),
    ),
    Vendored(
        name="socket.io-client",
        version="4.8.4",
        licence="MIT",
        files=(
            ("LICENSE", "LICENSE"),
            ("dist/socket.io.esm.min.js", "socket.io.esm.min.js"),
        ),
    ),
)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def npm(*arguments: str, cwd: Path) -> str:
    """Run npm and return what it printed."""
    program = shutil.which("npm")
    if program is None:
        raise VendorError("npm is missing: install Node.js 20 or newer")
    finished = subprocess.run(
        [program, *arguments], cwd=cwd, check=True, capture_output=True, text=True
    )
    return finished.stdout


def installed_packages(workplace: Path) -> Path:
    """Install what package-lock.json pins, scripts off, and return the folder of packages."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, workplace / name)
    npm("ci", "--ignore-scripts", cwd=workplace)
    return workplace / "node_modules"


def packed_package(package: Vendored, workplace: Path, *, expected: str | None) -> tuple[Path, str]:
    """Pack and unpack one package; return its folder and the integrity of its archive."""
    npm("pack", f"{package.name}@{package.version}", "--ignore-scripts", cwd=workplace)
    archive = workplace / f"{package.folder}.tgz"
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    integrity = f"sha512-{digest}"
    if expected is not None and integrity != expected:
        raise VendorError(f"{package.folder}: the archive differs from the one in the manifest")
    target = workplace / package.folder
    wanted = {f"package/{source}" for source, _ in package.files}
    with tarfile.open(archive) as opened:
        members = [member for member in opened if member.name in wanted]
        opened.extractall(target, members=members, filter="data")
    return target / "package", integrity


def read_manifest() -> dict[str, dict[str, object]]:
    """Return the manifest's entries by package name; empty when there is none yet."""
    if not MANIFEST.exists():
        return {}
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]
    return {entry["name"]: entry for entry in entries}


def take_all() -> None:
    """Copy every vendored file anew and write the manifest."""
    known = read_manifest()
    entries: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        workplace = Path(name)
        packages = installed_packages(workplace)
        for package in VENDORED:
            entry: dict[str, object] = {
                "name": package.name,
                "version": package.version,
                "licence": package.licence,
            }
            if package.packed:
                before = known.get(package.name, {})
                same = before.get("version") == package.version
                expected = str(before["integrity"]) if same else None
                source, integrity = packed_package(package, workplace, expected=expected)
                entry["integrity"] = integrity
            else:
                source = packages / package.name
            entry["files"] = copy_files(package, source)
            entries.append(entry)
    MANIFEST.write_text(
        json.dumps({"packages": entries}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def copy_files(package: Vendored, source: Path) -> dict[str, str]:
    """Copy one package's files into its versioned folder; return their hashes by path."""
    for old in VENDOR.glob(f"{package.name}-*"):
        shutil.rmtree(old)
    hashes: dict[str, str] = {}
    for origin, name in package.files:
        target = VENDOR / package.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / origin, target)
        hashes[f"{package.folder}/{name}"] = sha256_of(target)
    return dict(sorted(hashes.items()))


def differences() -> list[str]:
    """Name every vendored file that is missing, changed or not in the manifest."""
    expected: dict[str, str] = {}
    for entry in read_manifest().values():
        files = entry["files"]
        if not isinstance(files, dict):
            raise VendorError("the manifest's files are not a table")
        expected.update(files)
    present = {
        path.relative_to(VENDOR).as_posix(): path
        for path in VENDOR.rglob("*")
        if path.is_file() and path != MANIFEST
    }
    found = [f"missing: {name}" for name in sorted(expected.keys() - present.keys())]
    found += [f"unlisted: {name}" for name in sorted(present.keys() - expected.keys())]
    found += [
        f"changed: {name}"
        for name in sorted(expected.keys() & present.keys())
        if sha256_of(present[name]) != expected[name]
    ]
    return found


def main() -> int:
    """Take the files, or with --check compare them, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare only; fetches nothing")
    if not parser.parse_args().check:
        take_all()
    found = differences()
    for line in found:
        sys.stderr.write(f"{line}\n")
    listed = sum(len(package.files) for package in VENDORED)
    sys.stdout.write(f"{listed} vendored files, {len(found)} differ\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
