"""What an insider may try on the index of acts that cases wait for; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import copy, named, put, trigger

FOLLOWS = "what is due follows from the cases"
UNKEPT = "ALTER TABLE board_due DISABLE TRIGGER kept;"
"""The wall in front of the others, which an owner can open."""
INSTRUCT = "INSERT INTO board_due (act, request_id) SELECT 'instruct', min(id) FROM board_request"
REQUEST = (
    "INSERT INTO board_due (act, period_id, doe_id) SELECT 'request', min(p.id), min(o.id)"
    " FROM projects_monitoringperiod p, identity_organisation o"
)
DUE = (
    trigger("board_due", "kept", "DELETE FROM board_due", FOLLOWS),
    trigger("board_due", "kept", put("board_due", "seat_number = 99", "act = 'vote'"), FOLLOWS),
    trigger("board_due", "kept", INSTRUCT, FOLLOWS),
    trigger("board_due", "kept", "TRUNCATE board_due", FOLLOWS),
    named("board_due", "due_names_its_case",
          UNKEPT + copy("board_due", "act = 'vote'", act="'instruct'")),
    named("board_due", "votes_due", UNKEPT + copy("board_due", "act = 'vote'")),
    named("board_due", "instructions_due", f"{UNKEPT}{INSTRUCT};{INSTRUCT}"),
    named("board_due", "requests_due", f"{UNKEPT}{REQUEST};{REQUEST}"),
    named("board_due", "board_due_seat_number_check",
          UNKEPT + put("board_due", "seat_number = -1", "act = 'vote'")),
)  # fmt: skip
KEEPS = {
    f"{table}.keep_due":
        "it keeps board_due and refuses nothing: test_what_is_due_follows_from_the_cases"
    for table in ("board_vote", "board_instruction", "board_request", "projects_monitoringperiod")
} | dict.fromkeys(
    (
        "projects_project.catalogue_begins", "projects_project.catalogue_follows",
        "projects_monitoringperiod.catalogue_follows", "cobenefits_report.catalogue_follows",
        "identity_organisation.catalogue_follows",
    ),
    "it keeps the catalogue and refuses nothing: tests/offsets/test_catalogue.py",
)  # fmt: skip
