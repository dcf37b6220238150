"""`python manage.py vendor_check`: every vendored file is the one that its manifest names."""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

ROOT = Path(__file__).resolve().parents[3]
MANIFEST = ROOT / "cdm_portal" / "static" / "vendor.toml"
WATCHED = (
    "cdm_portal/static/vendor",
    "cdm_portal/static/fonts",
    "cdm_portal/static/icons",
    "cdm_portal/papers/fonts",
    "tests/vendor",
)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packages(manifest: Path = MANIFEST) -> list[dict[str, Any]]:
    """The entries of the manifest."""
    entries: list[dict[str, Any]] = tomllib.loads(manifest.read_text())["package"]
    return entries


def _faults_of(entry: dict[str, Any], root: Path) -> Iterator[str]:
    if not (root / entry["licence_file"]).is_file():
        yield f"{entry['name']}: no licence file {entry['licence_file']}"
    for file, sha256 in entry["files"].items():
        path = root / file
        if not path.is_file():
            yield f"{entry['name']}: {file} is missing"
        elif digest(path) != sha256:
            yield f"{entry['name']}: {file} is not the file that was vendored"


def faults(entries: list[dict[str, Any]], root: Path = ROOT) -> Iterator[str]:
    """What differs from the manifest: a hash, a missing file or licence, an unlisted file."""
    listed: set[str] = set()
    for entry in entries:
        listed |= {entry["licence_file"], *entry["files"]}
        yield from _faults_of(entry, root)
    for folder in WATCHED:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in listed:
                yield f"{name} is in no entry of the manifest"


class Command(BaseCommand):
    """Compare every vendored file with the manifest, offline."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what differs; exit 1 if anything does."""
        entries = packages()
        found = list(faults(entries))
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{len(entries)} packages, {sum(len(e['files']) for e in entries)} files")
