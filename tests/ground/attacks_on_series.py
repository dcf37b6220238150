"""What an insider may try on long series, past the actions; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import Attack, copy, named, put, trigger

IMPORT, BLOCK = "participant_readingsimport", "participant_readingsblock"
OF_RECORD = "participant_readings"
FILE = "participant_readingsfile"
KEEPS = "an import keeps its file"
TREATMENT, MAPPING = "participant_readingstreatment", "participant_columnmapping"


def begun(state: str = "running", ident: int = -1, lease: str = "gen_random_uuid()") -> str:
    """An import of some file, put in past the action."""
    return (
        f"INSERT INTO {IMPORT} (id, period_id, document_id, resolution, state, queued_at, attempts,"
        " step, steps, message, lease, leased_until, row_count, faults, headers)"
        f" SELECT {ident}, (SELECT min(id) FROM projects_monitoringperiod), min(d.id), 'minute',"
        f" '{state}', now(), 0, 0, 1, '', {lease}, now(), 0, '[]', '[]' FROM projects_document d"
    )


def block(
    amounts: str = "{1,NULL}", rows: str = "{2,NULL}", ident: int = -1, step_seconds: str = "60",
    decimals: str = "3",
) -> str:
    """Two minutes of readings of that import."""
    return (
        f"INSERT INTO {BLOCK} (id, source_id, symbol, unit, first_at, step_seconds, decimals,"
        f" amounts, rows) VALUES ({ident}, -1, 'EG_export', 'kWh', '2020-01-01Z', {step_seconds},"
        f" {decimals},"
        f" '{amounts}', '{rows}')"
    )


def treated(ident: int = -1, reason: str = "x") -> str:
    """A treatment of that import."""
    return (
        f"INSERT INTO {TREATMENT} (id, source_id, key, choice, reason, chosen_by, chosen_at)"
        f" VALUES ({ident}, -1, 'k', 'keep', '{reason}', 'x', now())"
    )


def mapped(ident: int = -1) -> str:
    """What a header of a project's files stands for."""
    return (
        f"INSERT INTO {MAPPING} (id, project_id, header, reads_as, set_by, set_at)"
        f" SELECT {ident}, min(id), 'Zeit', 'timestamp', 'x', now() FROM projects_project"
    )


def below(column: str) -> Attack:
    """A count of an import below nothing."""
    return named(IMPORT, f"{IMPORT}_{column}_check",
                 f"{begun()};UPDATE {IMPORT} SET {column} = -1 WHERE id = -1")


ENDED = begun("failed", -2)
COUNTS = tuple(
    below(column) for column in ("attempts", "step", "steps", "row_count")
) + tuple(
    named(BLOCK, f"{BLOCK}_{column}_check", f"{begun()};{block(**{column: '-1'})}")
    for column in ("step_seconds", "decimals")
)
SERIES_ATTACKS = (
    *COUNTS,
    named(IMPORT, "one_import_at_a_time", f"{begun()};{begun('queued', -2)}"),
    named(IMPORT, "running_import_is_leased", begun(lease="NULL")),
    trigger(IMPORT, "of_record", f"{begun()};{put(IMPORT, 'queued_at = now() - make_interval(1)')}",
            KEEPS),
    trigger(IMPORT, "of_record", f"{begun('done')};{put(IMPORT, 'step = 9')}", KEEPS),
    trigger(IMPORT, "of_record", f"{begun()};{ENDED};DELETE FROM {IMPORT} WHERE id = -1", KEEPS),
    named(FILE, f"{FILE}_source_id_key",
          f"{begun()};{copy(FILE, source_id='-1')};{copy(FILE, source_id='-1', id='-2')}"),
    trigger(IMPORT, "of_record_truncate", f"TRUNCATE {IMPORT} CASCADE", OF_RECORD,
            "of record"),
    trigger(BLOCK, "block_under_way", f"{begun('queued')};{block()}",
            "readings are kept while their import runs"),
    named(BLOCK, "block_is_whole", f"{begun()};{block(rows='{2}')}"),
    named(BLOCK, "block_not_negative", f"{begun()};{block('{-1,2}')}"),
    named(BLOCK, "block_once", f"{begun()};{block()};{block(ident=-2)}"),
    named(TREATMENT, "treatment_chosen_once", f"{begun()};{treated()};{treated(-2)}"),
    named(TREATMENT, "treatment_has_a_reason", f"{begun()};{treated(reason='')}"),
    named(MAPPING, "header_mapped_once", f"{mapped()};{mapped(-2)}"),
)
