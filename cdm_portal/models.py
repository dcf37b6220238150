"""Two small tables of the ground: the demonstration clock's offset, the processes' heartbeats."""

from django.db import models


class Clock(models.Model):
    """How many days the demonstration runs ahead of the database clock (decisions, 1).

    One row. The web role can only read it; it moves through `cdm_advance_clock`, forward only and
    only while `demonstration` is set, which the owner role alone can do.
    """

    id = models.SmallIntegerField(primary_key=True)
    days_ahead = models.IntegerField()
    demonstration = models.BooleanField()

    class Meta:
        db_table = "cdm_clock"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="clock_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(days_ahead__gte=0), name="clock_never_behind"
            ),
        ]


class Heartbeat(models.Model):
    """When a background process last said that it lives."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cdm_heartbeat"
