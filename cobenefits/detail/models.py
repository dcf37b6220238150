"""What a report says indicator by indicator; the administrator's entries of indicators; and what
somebody typed that could not be saved.
"""

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Person
from cdm_portal.journal.models import stamped
from cobenefits.indicators import SECTIONS
from projects.models import Document, Project

DIGITS, PLACES = 20, 6


class IndicatorEntry(models.Model):
    """A word on one indicator that counts from a day on: new, worded anew, or ended. Of record; the
    last one of its day counts.
    """

    section = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField()
    ended = models.BooleanField(default=False)
    valid_from = models.DateField()
    person = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["valid_from", "id"]
        verbose_name_plural = "indicator entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(section__in=SECTIONS), name="indicator_in_a_section"
            ),
            models.CheckConstraint(
                condition=Q(key__regex="^[a-z][a-z0-9_]*$") & ~Q(source="")
                & (Q(ended=True) | ~Q(label="")),
                name="indicator_entry_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.label or self.key}, from {self.valid_from}"


class Said(models.Model):
    """What the participant says of one indicator, or to one question of an extra section.

    `label` is the indicator's wording of that day. `level` “none” is the tool's n/a. A quantity has
    a unit. What is not applicable says nothing else but, perhaps, why.
    """

    class Level(models.TextChoices):
        """How strong; “n/a” where a level makes no sense."""

        SLIGHT = "slight", "Slight"
        MODERATE = "moderate", "Moderate"
        HIGH = "high", "High"
        NONE = "none", "n/a"

    report = models.ForeignKey(
        "cobenefits.Report", on_delete=models.PROTECT, related_name="indicators"
    )
    section = models.CharField(max_length=30)
    indicator = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    applicable = models.BooleanField()
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    quantity = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    unit = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    monitored = models.BooleanField(null=True)
    evidence = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "section", "indicator"], name="indicator_said_once"
            ),
            models.CheckConstraint(
                condition=Q(section__in=SECTIONS), name="said_in_a_section"
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", "slight", "moderate", "high", "none"]),
                name="indicator_level_known",
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gte=0) & ~Q(unit=""),
                name="quantity_has_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(applicable=True)
                | Q(level="", quantity=None, unit="", monitored=None, evidence="", document=None),
                name="what_does_not_apply_says_no_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.text[:60]}"


class TypedBenefit(models.Model):
    """What one person typed into a section and what could not be saved, as it was typed:
    {box: [texts]}; `seen` is the digest of the section that they had before them.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="typed_benefits"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=30)
    typed = models.JSONField()
    seen = models.CharField(max_length=64)
    typed_at = models.DateTimeField()

    class Meta:
        ordering = ["typed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "section", "person"], name="typed_benefit_once"
            ),
            models.CheckConstraint(
                condition=Q(section__in=SECTIONS), name="typed_benefit_in_a_section"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}, typed {self.typed_at}"
