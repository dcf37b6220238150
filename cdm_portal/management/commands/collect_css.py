"""`python manage.py collect_css`: joins the sheets of the design system into the one pages link."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
ENTRY = CSS / "meridian.css"
JOINED = CSS / "portal.css"
IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\)(?: layer\((?P<layer>\w+)\))?;')
COMMENT = re.compile(r"/\*.*?\*/", re.S)
PAIR = re.compile(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\);")


def _fallback(tokens: str) -> str:
    """The tokens for browsers without `light-dark()` (before mid-2024)."""
    pairs = PAIR.findall(tokens)
    light = "".join(f"{name}:{value};" for name, value, _ in pairs)
    dark = "".join(f"{name}:{value};" for name, _, value in pairs)
    return (
        "@supports not (color:light-dark(#000,#fff)){@layer tokens{"
        f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}}}}}\n"
    )


def joined() -> str:
    """Every sheet in the order and the layer of the entry, without comments and blank lines."""
    parts = ["/* Made by `manage.py collect_css`: change the sheets, not this file. */"]
    entry = COMMENT.sub("", ENTRY.read_text())
    parts.append(entry.split("@import", 1)[0].strip())
    for found in IMPORT.finditer(entry):
        sheet = COMMENT.sub("", (CSS / found["path"]).read_text())
        lines = "\n".join(line.strip() for line in sheet.splitlines() if line.strip())
        lines = lines.replace('url("../../', 'url("../')
        parts.append(f"@layer {found['layer']} {{\n{lines}\n}}" if found["layer"] else lines)
    return "\n".join(parts) + "\n" + _fallback((CSS / "tokens.css").read_text())


class Command(BaseCommand):
    """Write portal.css, or with `--check` fail if it is not what the sheets say."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """`--check`: compare, write nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Join the sheets."""
        text = joined()
        if check:
            if not JOINED.exists() or JOINED.read_text() != text:
                raise CommandError("portal.css is older than its sheets: run collect_css")
            return
        JOINED.write_text(text)
        self.stdout.write(f"{JOINED.name}: {len(text.encode())} bytes")
