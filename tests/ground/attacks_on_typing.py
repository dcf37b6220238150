"""What an insider may try on typed texts that could not be saved, and on passages of findings; see
attacks.py."""

from __future__ import annotations

from tests.ground.attacks import named, put

DIGEST = "repeat('0', 64)"


def typed(section: str = "'general'", seen: str = DIGEST, ident: int = -1) -> str:
    """A text kept beside a section, past the action."""
    return (
        "INSERT INTO participant_typedsection"
        " (id, project_id, person_id, section, typed, seen, reasons, typed_at)"
        f" SELECT {ident}, min(p.id), (SELECT min(id) FROM identity_person), {section}, '{{}}',"
        f" {seen}, '{{}}', now() FROM projects_project p"
    )


TABLE = "participant_typedsection"
TYPED_ATTACKS = (
    named(TABLE, "typed_into_a_section", typed("'annex'")),
    named(TABLE, "typed_after_seeing", typed(seen="'nothing'")),
    named(TABLE, "typed_section_once", f"{typed()};{typed(ident=-2)}"),
    named("projects_finding", "passage_stands_in_a_section",
          put("projects_finding", "passage = 'x', section = ''")),
)
