"""What the catalogue says of a project, in one row that a page of thousands is chosen from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from projects.models import Project


class CatalogueEntry(models.Model):
    """One row a project, kept by the database itself (migration 0009): whoever changes the project,
    its periods, its offers, its co-benefit report, its owner or its host Party changes it too, and
    nobody else can. `shown` says whether the catalogue may name it.

    `price` is the lowest of its listed offers in USD, None without one; an offer whose last unit is
    cancelled is listed no more. `newest` is the last of `vintages`, the years of reductions for
    which units were issued, 0 without. How many tonnes are free now is never kept here: it is read
    from the registry's lots for the rows of a page (`offsets.stock`).
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="catalogued"
    )
    shown = models.BooleanField()
    title = models.CharField(max_length=200)
    words = models.TextField()
    sector = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    scale = models.CharField(max_length=10)
    methodology = models.CharField(max_length=20)
    party_code = models.CharField(max_length=2)
    country = models.CharField(max_length=80)
    region = models.CharField(max_length=20)
    ldc = models.BooleanField()
    sids = models.BooleanField()
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    criteria = ArrayField(models.CharField(max_length=30))
    benefits = models.SmallIntegerField()
    vintages = ArrayField(models.SmallIntegerField())
    newest = models.SmallIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    periods = ArrayField(models.SmallIntegerField())

    class Meta:
        ordering = ["project_id"]
        verbose_name_plural = "catalogue entries"
        indexes = [
            models.Index(
                fields=["title", "project"], condition=Q(shown=True, price__isnull=False),
                name="catalogue_on_offer",
            ),
        ]

    def __str__(self) -> str:
        return self.title
