"""The meetings of the Board, as the secretariat keeps them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class Meeting(models.Model):
    """A meeting of the Executive Board on its days, both included. It stays once it has begun."""

    number = models.PositiveIntegerField(unique=True)
    first_date = models.DateField()
    last_date = models.DateField()
    place = models.CharField(max_length=200)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["first_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="meeting_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                name="cancelled_meeting_has_reason",
            ),
            ExclusionConstraint(
                name="one_meeting_at_a_time",
                expressions=[(
                    Func(
                        F("first_date"), F("last_date"), Value("[]"),
                        function="daterange", output_field=DateRangeField(),
                    ),
                    RangeOperators.OVERLAPS,
                )],
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"EB {self.number}"
