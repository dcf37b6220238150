"""`python manage.py migrate`: Django's own, at half its cost."""

import contextlib
import gc
from collections.abc import Iterator
from typing import Any

import django_fsm
from django.core.management.commands import migrate

LITTER = 100_000  # objects between two collections: historic models are cyclic garbage by nature


class _Deaf:
    """Stands where every state field asks to hear of each class that is made."""

    def connect(self, receiver: object) -> None:
        """Forget who asked."""


@contextlib.contextmanager
def _quick() -> Iterator[None]:
    """Half the time of a migration goes into two things that come to nothing here.

    Django makes some ten thousand historic models on the way from nothing, and each state field
    among them asks to be told of all that follow, to look for its transitions; a historic model
    has no methods, so none. And the collector searches them after every 700 objects.
    """
    heard: Any = vars(django_fsm)
    signal, pace = heard["class_prepared"], gc.get_threshold()
    heard["class_prepared"] = _Deaf()
    gc.set_threshold(LITTER, *pace[1:])
    try:
        yield
    finally:
        heard["class_prepared"] = signal
        gc.set_threshold(*pace)


class Command(migrate.Command):
    """Applies and reverses migrations as Django's command does."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's own."""
        with _quick():
            super().handle(*args, **options)
