"""Questions to the journal."""

from django.db.models import Model, QuerySet

from cdm_portal.journal.models import Entry


def of(subject: Model) -> QuerySet[Entry]:
    """Every act upon one record, newest first."""
    return Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def of_project(reference: str) -> QuerySet[Entry]:
    """Every act upon anything of one project, newest first."""
    return Entry.objects.filter(project=reference)
