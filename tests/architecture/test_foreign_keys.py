"""Rule 2: foreign keys go down the stairs, as imports do."""

from __future__ import annotations

from django.apps import apps
from django.db import models

STOREYS = [
    "cdm_portal", "journal", "identity", "registry", "projects", "participant", "dna", "doe",
    "board", "cobenefits", "offsets", "notices",
]


def climbs(model: type[models.Model]) -> list[str]:
    """The foreign keys of a model that point to a higher storey."""
    here = STOREYS.index(model._meta.app_label)
    found = []
    for field in model._meta.get_fields():
        target = field.related_model if field.concrete and field.is_relation else None
        if not isinstance(target, type) or target._meta.app_label not in STOREYS:
            continue
        if STOREYS.index(target._meta.app_label) > here:
            found.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    return found


def test_no_foreign_key_points_up() -> None:
    own = [m for m in apps.get_models() if m._meta.app_label in STOREYS]
    assert len(own) > 40
    assert [line for model in own for line in climbs(model)] == []


def test_a_planted_key_that_climbs_is_found() -> None:
    class Planted(models.Model):
        order = models.ForeignKey("offsets.Order", on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "registry"
            managed = False

    try:
        assert len(climbs(Planted)) == 1
    finally:
        del apps.all_models["registry"]["planted"]
        apps.clear_cache()


def test_every_app_of_the_house_stands_in_a_storey() -> None:
    house = ("cdm_portal", "registry", "projects", "cobenefits", "offsets")
    labels = {c.label for c in apps.get_app_configs() if c.name.split(".")[0] in house}
    assert labels == set(STOREYS)
