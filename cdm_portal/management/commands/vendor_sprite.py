"""`python manage.py vendor_sprite --icons DIR [NAME …]`: the icon sprite, from unpacked Lucide.

For developers: `npm pack lucide-static`, unpack it, and name the icons to add; those already in the
sprite stay. Afterwards write the new hash that `vendor_check` asks for into `vendor.toml`.
"""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

SPRITE = Path(__file__).resolve().parents[2] / "static" / "icons" / "sprite.svg"
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)


def symbol(source: Path) -> str:
    """One icon as a symbol: its drawing without size and stroke, which the style sheet gives."""
    found = DRAWING.search(source.read_text())
    if found is None:
        raise CommandError(f"{source} is no SVG")
    body = "".join(line.strip().replace(" />", "/>") for line in found[1].splitlines())
    return f'<symbol id="{source.stem}" viewBox="0 0 24 24">{body}</symbol>'


class Command(BaseCommand):
    """Write the sprite anew from a folder of icons."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """The folder, and the names to add."""
        parser.add_argument("--icons", type=Path, required=True)
        parser.add_argument("names", nargs="*")

    def handle(self, *args: Any, icons: Path, names: list[str], **options: Any) -> None:
        """Keep what is there, add what is named."""
        known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
        symbols = [symbol(icons / f"{name}.svg") for name in sorted(known | set(names))]
        SPRITE.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
        )
        self.stdout.write(f"{len(symbols)} icons")
