"""Grid emission factors, days of methodology versions, and editions of published lists."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q

from cdm_portal.journal.models import stamped
from cdm_portal.models import TwoPersons, decided_rightly
from projects.methodologies import units


class GridFactor(TwoPersons):
    """The emission factor of an electricity grid as somebody published it, in tCO2/MWh.

    `om`, `bm` and `cm` are operating, build and combined margin, of which at least one is there;
    `w_om` is the weight of the operating margin in `cm`, the build margin having the rest. The
    vintage is the years of the data. It holds from `valid_from` to `valid_to`, or to the day before
    another one that `replaces` it.
    """

    class Technologies(models.TextChoices):
        """Which plants the combined margin is for."""

        ALL = "all", "All technologies"
        INTERMITTENT = "intermittent", "Wind and solar"
        OTHER = "other", "All but wind and solar"

    party_code = models.CharField(max_length=2)
    grid = models.CharField(max_length=120)
    technologies = models.CharField(
        max_length=12, choices=Technologies.choices, default=Technologies.ALL
    )
    first_year = models.SmallIntegerField()
    last_year = models.SmallIntegerField()
    om = models.DecimalField("operating margin", max_digits=12, decimal_places=8, null=True)
    bm = models.DecimalField("build margin", max_digits=12, decimal_places=8, null=True)
    cm = models.DecimalField("combined margin", max_digits=12, decimal_places=8, null=True)
    w_om = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    tool_version = models.CharField("version of TOOL07", max_length=10, blank=True)
    source = models.CharField(max_length=300)
    address = models.URLField(max_length=300, blank=True)
    published_on = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replacements"
    )
    note = models.CharField(max_length=500, blank=True)
    verified = models.BooleanField()

    class Meta:
        app_label = "projects"
        ordering = ["party_code", "grid", "-last_year", "technologies", "-id"]
        constraints = [
            *decided_rightly(
                persons="grid_factor_has_two_persons", names="decided_grid_factor_names_who",
                reasons="rejected_grid_factor_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(om__isnull=False) | Q(bm__isnull=False) | Q(cm__isnull=False),
                name="grid_factor_says_something",
            ),
            models.CheckConstraint(
                condition=(Q(om=None) | Q(om__gt=0)) & (Q(bm=None) | Q(bm__gte=0))
                & (Q(cm=None) | Q(cm__gt=0)) & (Q(w_om=None) | Q(w_om__gte=0, w_om__lte=1)),
                name="grid_factor_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=models.F("first_year"))
                & (Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from"))),
                name="grid_factor_days_in_order",
            ),
            models.UniqueConstraint(
                fields=["party_code", "grid", "technologies", "first_year", "last_year"],
                condition=Q(state="proposed"), name="one_proposal_of_a_vintage",
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(state="approved"), name="grid_factor_replaced_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grid}, {self.vintage}"

    @property
    def vintage(self) -> str:
        """The years of the data."""
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}–{self.last_year}"


class VersionDates(TwoPersons):
    """The days on which a design can take up a version of a methodology or tool, both included.

    The last one approved holds, over the days that the code ships. `grace_to` is the last day on
    which requests that rest on the version are still received, where it is later than `valid_to`.
    """

    code = models.CharField(max_length=20)
    version = models.CharField(max_length=10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    grace_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField()

    class Meta:
        app_label = "projects"
        ordering = ["id"]
        verbose_name_plural = "version dates"
        constraints = [
            *decided_rightly(
                persons="version_dates_have_two_persons", names="decided_version_dates_name_who",
                reasons="rejected_version_dates_have_reason",
            ),
            models.CheckConstraint(
                condition=(Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")))
                & (Q(grace_to=None) | Q(grace_to__gt=models.F("valid_to"), valid_to__isnull=False)),
                name="version_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["code", "version"], condition=Q(state="proposed"),
                name="one_proposal_of_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}, version {self.version}"


class Edition(models.Model):
    """A published list as one file said it: of record; the last one of a kind is shown."""

    class Kind(models.TextChoices):
        """Which list."""

        POTENTIALS = "potentials", "Global warming potentials"
        METHODOLOGIES = "methodologies", "Methodologies used"
        ENTITIES = "entities", "Operational entities named"
        HOSTS = "hosts", "Host Parties"

    kind = models.CharField(max_length=15, choices=Kind.choices)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.TextField()
    refused = models.IntegerField()
    imported_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        app_label = "projects"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "sha256"], name="edition_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.filename}"


class EditionRow(models.Model):
    """A row of a published list: its line in the file, its key, and its cells as text by column."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rows")
    line = models.IntegerField()
    key = models.CharField(max_length=200)
    cells = models.JSONField()

    class Meta:
        app_label = "projects"
        ordering = ["edition_id", "line"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="edition_names_a_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


def written(value: Decimal) -> str:
    """A margin as its publisher wrote it: without the zeros that the column adds."""
    return units.plain(value.normalize())


def last_day(factor: GridFactor, replaced_from: date | None) -> date | None:
    """The last day of a factor, where another one replaces it from a day on."""
    before = None if replaced_from is None else date.fromordinal(replaced_from.toordinal() - 1)
    return min((day for day in (factor.valid_to, before) if day is not None), default=None)
