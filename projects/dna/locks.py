"""Row locks of the national approval: project, then letter, then the series of numbers."""

from cdm_portal.refusals import NotFound
from projects import locks
from projects.dna.models import Letter, LetterSeries, Question


def letter(pk: int) -> Letter:
    """The letter with its project, both locked. Raises NotFound."""
    project_id = Letter.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound("There is no such letter.")
    project = locks.project(project_id)
    found = Letter.objects.select_for_update().get(pk=pk)
    found.project = project
    return found


def series(party_code: str, year: int) -> LetterSeries:
    """The Party's series of a year, locked; made on its first letter."""
    LetterSeries.objects.get_or_create(party_code=party_code, year=year)
    return LetterSeries.objects.select_for_update().get(party_code=party_code, year=year)


def question(pk: int) -> Question:
    """A question of a letter that is locked already."""
    return Question.objects.select_for_update().get(pk=pk)
