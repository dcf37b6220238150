"""The journal's rows: of record, never changed, never deleted (trigger in the migration)."""

from django.db import models


def stamped() -> models.Func:
    """The portal's time as a database default: nobody names it, so nobody back-dates it."""
    return models.Func(function="cdm_now", output_field=models.DateTimeField())


class Entry(models.Model):
    """One act. `at` is stamped by the database, `effective_at` is when it happened in the world.

    The actor stands as ids and names of that day: the journal lies below the people (house, 2).
    """

    at = models.DateTimeField(db_default=stamped(), editable=False)
    effective_at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor_person_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=40)
    actor_organisation_id = models.BigIntegerField(null=True)
    actor_organisation = models.CharField(max_length=200, blank=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    project = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "journal_entry"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="journal_by_project"),
            models.Index(fields=["subject_type", "subject_id"], name="journal_by_subject"),
            models.Index(fields=["actor_person_id", "-id"], name="journal_by_person"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.verb} by {self.actor_name}"
