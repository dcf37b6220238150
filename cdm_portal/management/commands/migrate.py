"""`python manage.py migrate`: Django's own, at a quarter of its cost."""

import contextlib
import copy
import gc
from collections.abc import Callable, Iterator
from functools import partialmethod
from typing import Any

import django_fsm
from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState
from django.db.models import Field

LITTER = 100_000  # objects between two collections: historic models are cyclic garbage by nature
OPTIONS = ("_append_option", "_remove_option", "_alter_option")


class _Deaf:
    """Stands where every state field asks to hear of each class that is made."""

    def connect(self, receiver: object) -> None:
        """Forget who asked."""


def _again(field: Any, *, by_its_words: Callable[[Any], Any] = Field.clone) -> Any:
    """A field for another class: the same, behind all that were made before it.

    One that belongs to a class already, or that holds a second field, is made from its words, as
    Django makes them all.
    """
    if hasattr(field, "model") or hasattr(field, "base_field"):
        return by_its_words(field)
    made = copy.deepcopy(field)
    made.name = None  # one that whoever resolved a later state left on the field of the migration
    made.creation_counter = Field.creation_counter
    Field.creation_counter += 1
    return made


def _in_place(
    state: Any, app: str, model: str, option: str, *told: Any, change: Callable[..., None]
) -> None:
    """Change the constraints or indexes of a model, and tell the class that stands for it."""
    classes = vars(state).pop("apps", None)  # without them Django has nothing to make anew
    change(state, app, model, option, *told)
    if classes is not None:
        state.apps = classes
        options = classes.get_model(app, model)._meta
        setattr(options, option, list(state.models[app, model].options[option]))
        vars(options).pop("total_unique_constraints", None)  # Django's memory of them


def _replace(stack: contextlib.ExitStack, place: Any, name: str, found: object) -> None:
    """Put something else there until the stack is unwound."""
    stack.callback(setattr, place, name, getattr(place, name))
    setattr(place, name, found)


@contextlib.contextmanager
def _quick() -> Iterator[None]:
    """Most of the time of a migration goes into things that come to nothing here.

    Django makes some ten thousand historic models on the way from nothing. Each state field among
    them asks to be told of all that follow, to look for its transitions; a historic model has no
    methods, so none. The collector searches them after every 700 objects. Every field is taken to
    words and made of them again, though a copy does. And for each constraint and each index a model
    is made anew with all that point at it, though nothing of them changes.
    """
    pace = gc.get_threshold()
    with contextlib.ExitStack() as stack:
        _replace(stack, django_fsm, "class_prepared", _Deaf())
        _replace(stack, Field, "clone", _again)
        for name in OPTIONS:
            change = partialmethod(_in_place, change=getattr(ProjectState, name))
            _replace(stack, ProjectState, name, change)
        stack.callback(gc.set_threshold, *pace)
        gc.set_threshold(LITTER, *pace[1:])
        yield


class Command(migrate.Command):
    """Applies and reverses migrations as Django's command does."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's own."""
        with _quick():
            super().handle(*args, **options)
