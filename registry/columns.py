"""What the registry's tables share: keys that stand in SQL, and columns that the database computes.
"""

from typing import Any

from django.db import models


def link(to: type[models.Model] | str, **options: Any) -> "models.ForeignKey[Any, Any]":
    """A key whose constraint and index stand in registry/sql."""
    settings = {"db_constraint": False, "db_index": False, "related_name": "+", **options}
    return models.ForeignKey(to, models.DO_NOTHING, **settings)


def computed(expression: Any, kind: "models.Field[Any, Any] | None" = None) -> Any:
    """A column that the database computes and stores; a number unless told otherwise."""
    return models.GeneratedField(
        expression=expression, output_field=kind or models.BigIntegerField(), db_persist=True
    )
