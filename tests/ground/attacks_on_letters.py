"""What an insider may try on letters of approval, criteria, points and confidential documents; see
attacks.py. Where the state holds no criteria, an attack writes its own first."""

from __future__ import annotations

from tests.ground.attacks import below_zero, copy, named, put, taken, trigger, twice

LETTER, ISSUED = "state = 'requested'", "state = 'issued'"
UNDECIDED = {"state": "'requested'", "number": "NULL", "document_id": "NULL", "sha256": "''",
             "rubric_id": "NULL", "decided_at": "NULL", "issued_at": "NULL"}  # fmt: skip
"""What a letter that begins has not; for a copy of one that is further."""

STRANGER = {"party_code": "'ZZ'", "host": "false", "sustainable_development": "false"}
"""A Party that neither hosts a project nor has a letter."""

DECLARED = (
    "state = 'issued', ratified = true, voluntary = true, number = 'X', issued_at = now(),"
    " document_id = (SELECT min(id) FROM projects_document)"
)
UNASKED = (
    "(SELECT min(id) FROM projects_project WHERE id NOT IN (SELECT project_id FROM dna_letter))"
)


def written(table: str, row: dict[str, str]) -> str:
    """A row past the actions."""
    columns = ", ".join(f'"{column}"' for column in row)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(row.values())})"


def rubric(**changes: str) -> str:
    """A Party's criteria in one version."""
    row = {"id": "-1", "party_code": "'ZZ'", "version": "1", "made_by": "'x'",
           "made_at": "now()"} | changes  # fmt: skip
    return written("dna_rubric", row)


def criterion(**changes: str) -> str:
    """A criterion of that rubric, from -3 to 3."""
    row = {"id": "-1", "rubric_id": "-1", "number": "1", "group": "'Social'", "name": "'Jobs'",
           "minimum": "-3", "maximum": "3"} | changes  # fmt: skip
    return written("dna_criterion", row)


def score(**changes: str) -> str:
    """Points for that criterion."""
    row = {"id": "-1", "letter_id": "(SELECT min(id) FROM dna_letter)", "criterion_id": "-1",
           "points": "3"} | changes  # fmt: skip
    return written("dna_score", row)


CRITERION = f"{rubric()};{criterion()}"
LETTER_TRIGGERS = (
    trigger("dna_letter", "guard_state", copy("dna_letter", ISSUED, number="'X'", **STRANGER),
            "a letter begins as requested, not issued"),
    trigger("dna_letter", "guard_state",
            copy("dna_letter", LETTER, **UNDECIDED, **STRANGER | {"host": "true"}),
            "says wrongly whether its Party hosts"),
    *(trigger("dna_letter", "guard_state", put("dna_letter", change, LETTER),
              "a letter stays with its Party and project")
      for change in ("host = NOT host", "party_code = 'ZZ'", f"project_id = {UNASKED}")),
    trigger("dna_letter", "guard_state",
            put("dna_letter", "state = 'refused', reason = 'x'", ISSUED),
            "no way from issued to refused"),
    trigger("dna_letter", "guard_state",
            put("dna_letter", "state = 'withdrawn', reason = 'x'", ISSUED) + ";"
            + put("dna_letter", ISSUED, "state = 'withdrawn'"),
            "no way from withdrawn to issued"),
    trigger("dna_score", "within", f"{CRITERION};{score(points='4')}", "points lie within"),
    trigger("dna_score", "within", f"{CRITERION};{score(points='-4')}", "points lie within"),
)  # fmt: skip

DNA = (
    named("dna_letter", "issued_letter_is_complete", put("dna_letter", ISSUED, LETTER)),
    named("dna_letter", "issued_letter_is_complete",
          put("dna_letter", f"{DECLARED}, sustainable_development = false", f"{LETTER} AND host")),
    named("dna_letter", "only_the_host_declares_development",
          copy("dna_letter", LETTER, **UNDECIDED,
               **STRANGER | {"sustainable_development": "true"})),
    named("dna_letter", "no_without_a_reason", put("dna_letter", "state = 'refused'", LETTER)),
    taken("dna_letter", "number", LETTER),
    twice("dna_letter", "one_live_letter_per_party", ISSUED, **UNDECIDED),
    twice("dna_letter_entities", "dna_letter_entities_letter_id_organisation_id_26c0ab41_uniq"),
    below_zero("dna_letterseries", "last"),
    below_zero("dna_letterseries", "year"),
    twice("dna_letterseries", "letter_series_once"),
    named("dna_question", "answer_has_text_and_date",
          put("dna_question", "answer = 'Nobody, never'", "answered_at IS NULL")),
    twice("dna_question", "one_open_question", "answered_at IS NULL"),
    named("dna_rubric", "dna_rubric_version_check", rubric(version="-1")),
    named("dna_rubric", "rubric_version_once", f"{rubric()};{rubric(id='-2')}"),
    named("dna_criterion", "dna_criterion_number_check", f"{rubric()};{criterion(number='-1')}"),
    named("dna_criterion", "criterion_has_bounds", f"{rubric()};{criterion(minimum='3')}"),
    named("dna_criterion", "criterion_has_bounds", f"{rubric()};{criterion(maximum='0')}"),
    named("dna_criterion", "criterion_number_once",
          CRITERION + ";" + criterion(id="-2", name="'Health'")),
    named("dna_criterion", "rubric_criterion_once",
          CRITERION + ";" + criterion(id="-2", number="2")),
    named("dna_score", "scored_once", f"{CRITERION};{score()};{score(id='-2', points='0')}"),
)  # fmt: skip


def confidential(**changes: str) -> str:
    """A confidential attachment past the actions."""
    row = {"kind": "'attachment'", "part": "'other'", "public": "false",
           "confidential": "true"} | changes  # fmt: skip
    return copy("projects_document", **row)


DOCUMENTS = (
    *(named("projects_document", "confidential_stays_private", statement)
      for statement in (
          confidential() + ";UPDATE projects_document SET public = true WHERE id = -1",
          confidential(public="true"),
          confidential(kind="'design'"),
          *(confidential(part=f"'{part}'") for part in ("baseline", "additionality", "impacts")),
      )),
)  # fmt: skip
