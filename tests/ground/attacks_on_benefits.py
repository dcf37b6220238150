"""What an insider may try on co-benefit reports, their lines and the host's comments; see
attacks.py. The world has a draft, a report in view with a comment, and an amendment of it that
waits; where an attack needs an ended version, it ends one first. What is said by indicator and by
DOEs is in attacks_on_checks."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, Attack, copy, named, put, trigger, twice
from tests.ground.attacks_on_checks import CHECKS

R, LINE, COMMENT = "cobenefits_report", "cobenefits_line", "cobenefits_comment"
DRAFT, WAITS, IN_VIEW = "state = 'draft'", "state = 'submitted'", "state = 'published'"
OF_DRAFT = f"report_id = (SELECT id FROM {R} WHERE {DRAFT})"
OF_VIEW = f"report_id = (SELECT min(id) FROM {R} WHERE {IN_VIEW})"
HAND_IN = "state = 'submitted', turn = turn + 1, submitted_at = now()"
AMEND, PUBLISH = "state = 'amended', ended_at = now()", "state = 'published', published_at = now()"
END = put("cobenefits_check", "state = 'ended'", "state = 'accepted'") + ";"
WITHDRAW = END + put(R, "state = 'withdrawn', ended_at = now(), reason = 'x'", IN_VIEW)
NEVER_SAID = "(SELECT min(id) FROM projects_project WHERE validation_began_at IS NULL)"


def comment(report: str = IN_VIEW, kind: str = "dna", party: str = "KE", text: str = "x") -> str:
    """A comment that is said to be of an organisation."""
    return (
        f"INSERT INTO {COMMENT} (id, report_id, organisation_id, text, at) SELECT -1,"
        f" (SELECT min(id) FROM {R} WHERE {report}),"
        f" (SELECT min(id) FROM identity_organisation WHERE kind = '{kind}'"
        f" AND party_code = '{party}'), '{text}', now()"
    )


def fresh(**changes: str) -> str:
    """A draft past the actions, of a project that has none."""
    row = {"version": "1", "project_id": NEVER_SAID, "kept_at": "now()"} | changes
    return copy(R, DRAFT, **row)


WAYS: tuple[Attack, ...] = (
    trigger(R, "guard_state", copy(R, WAITS, version="99", project_id=NEVER_SAID),
            "begins as draft, not submitted"),
    trigger(R, "guard_state",
            put(R, f"{PUBLISH}, turn = 1, submitted_at = now()", DRAFT),
            "no way from draft to published", "of record while it is draft"),
    trigger(R, "guard_state", put(R, "state = 'submitted', published_at = NULL", IN_VIEW),
            "no way from published to submitted", "of record while it is published"),
    trigger(R, "guard_state", put(R, HAND_IN.replace("turn + 1", "turn + 2"), DRAFT),
            "counts how often"),
    trigger(R, "guard_state", f"DELETE FROM {LINE} WHERE {OF_DRAFT};{put(R, HAND_IN, DRAFT)}",
            "has a level and words", "has words, a level, and its criterion"),
    trigger(R, "guard_state",
            f"UPDATE {LINE} SET text = '' WHERE {OF_DRAFT};{put(R, HAND_IN, DRAFT)}",
            "has a level and words"),
    trigger(R, "amended_by_later", END + put(R, AMEND, IN_VIEW), "amended by a later version"),
)  # fmt: skip

RECORD: tuple[Attack, ...] = (
    trigger(R, "of_record", put(R, "version = 98", DRAFT), "of record while it is draft"),
    trigger(R, "of_record", put(R, "submitted_at = now()", WAITS),
            "of record while it is submitted"),
    trigger(R, "of_record", put(R, "published_at = '2001-01-01'", IN_VIEW),
            "of record while it is published"),
    trigger(R, "of_record", WITHDRAW + ";" + put(R, "reason = 'y'", "state = 'withdrawn'"),
            "of record while it is withdrawn"),
    trigger(R, "of_record", f"DELETE FROM cobenefits_said WHERE {OF_DRAFT};"
            f"DELETE FROM {LINE} WHERE {OF_DRAFT};"
            f"DELETE FROM {R} WHERE {DRAFT}",
            "of record: DELETE refused"),
    trigger(R, "of_record_truncate", f"TRUNCATE {R} CASCADE", OF_RECORD, then="of record"),
    trigger(LINE, "of_record", put(LINE, "text = 'Forged'", OF_VIEW),
            "of record while it is published"),
    trigger(LINE, "of_record", copy(LINE, OF_VIEW, criterion="'energy'"),
            "of record while it is published"),
    trigger(LINE, "of_record", f"DELETE FROM {LINE} WHERE {OF_VIEW}",
            "of record while it is published"),
    trigger(LINE, "of_record",
            put(LINE, f"report_id = (SELECT min(id) FROM {R} WHERE {IN_VIEW}),"
                " criterion = 'energy'", OF_DRAFT), "of record while it is published"),
    trigger(LINE, "of_record_truncate", f"TRUNCATE {LINE}", OF_RECORD),
    trigger(COMMENT, "host_comments", comment(DRAFT), "not on one that is draft"),
    trigger(COMMENT, "host_comments", comment(party="NG"), "nobody else"),
    trigger(COMMENT, "host_comments", comment(kind="secretariat", party=""), "nobody else"),
    named(COMMENT, "cobenefit_comment_says_something", comment(text="")),
)  # fmt: skip

BENEFITS: tuple[Attack, ...] = WAYS + RECORD + CHECKS + (
    named(LINE, "criterion_is_one_of_twelve", copy(LINE, OF_DRAFT, criterion="'fame'")),
    named(LINE, "cobenefit_level_known", put(LINE, "level = 'enormous'", OF_DRAFT)),
    twice(LINE, "criterion_once", OF_DRAFT),
    named(R, f"{R}_version_check", fresh(version="-1")),
    named(R, f"{R}_turn_check", put(R, "turn = -1", DRAFT)),
    named(R, "cobenefit_version_once",
          fresh(project_id=f"(SELECT max(project_id) FROM {R} WHERE {IN_VIEW})", version="1"),
          "one_cobenefit_report_under_way"),
    named(R, "one_cobenefit_report_under_way", copy(R, DRAFT, version="97")),
    named(R, "one_cobenefit_report_in_view", put(R, PUBLISH, WAITS)),
    named(R, "cobenefit_report_was_handed_in", put(R, "state = 'submitted', turn = turn + 1",
                                                   DRAFT)),
    named(R, "published_cobenefit_report_has_date", f"{WITHDRAW};"
          + put(R, "state = 'published'", WAITS)),
    named(R, "ended_cobenefit_report_says_how",
          END + put(R, "state = 'withdrawn', ended_at = now()", IN_VIEW)),
)  # fmt: skip
