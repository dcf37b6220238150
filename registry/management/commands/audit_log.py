"""`manage.py audit_log`: is the log what was published? Exit 1, and every fault, if it is not."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry.locks import reading_as_auditor
from registry.transparency import audit, publishing


class Command(BaseCommand):
    """Recompute every leaf from its row and every root, and compare with heads kept elsewhere."""

    help = "Audit the whole sealed log against tree heads kept outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the heads were kept, and whose they must be."""
        parser.add_argument("--heads", help="a heads.jsonl kept outside (default: HEADS_FILE)")
        parser.add_argument("--key", default="", help="the public key, 64 hexadecimal digits")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read only. Raises CommandError if the heads or the key cannot be read."""
        file = Path(options["heads"] or settings.HEADS_FILE)
        try:
            kept = publishing.read(file)
            key = bytes.fromhex(options["key"]) or None
        except (OSError, ValueError) as error:
            raise CommandError(f"The heads or the key cannot be read: {error}") from error
        with reading_as_auditor():
            found = audit.audit(kept, key)
        for fault in found.faults:
            self.stdout.write(f"WRONG  {fault}")
        self.stdout.write(
            f"{found.leaves} leaves, {found.heads} tree heads, {found.kept} kept outside: "
            + (f"{len(found.faults)} faults." if found.faults else "the log is whole.")
        )
        if found.faults:
            sys.exit(1)
