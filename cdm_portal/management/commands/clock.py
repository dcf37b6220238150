"""`manage.py clock`: show the portal's time, or move a demonstration forward."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cdm_portal import clock, record
from cdm_portal.refusals import Refused


class Command(BaseCommand):
    """Show or advance the clock (decisions, 1)."""

    help = "Show the portal's time; --advance DAYS moves a demonstration forward by whole days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two options."""
        parser.add_argument("--advance", type=int, metavar="DAYS")
        parser.add_argument("--begin", action="store_true", help="begin demonstration rules")

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin the demonstration or advance if asked, then print the time."""
        if options["begin"]:
            if not settings.CDM_DEMONSTRATION:
                raise CommandError("Demonstration rules begin under CDM_ENV=demo only.")
            record.begin_demonstration()
        if options["advance"] is not None:
            try:
                record.advance_clock(days=options["advance"])
            except Refused as refusal:
                raise CommandError(refusal.message) from refusal
        ahead = clock.days_ahead()
        self.stdout.write(f"{clock.now():%Y-%m-%d %H:%M:%S} UTC, {ahead} days ahead")
