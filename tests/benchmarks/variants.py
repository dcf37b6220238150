"""What is measured against what: a pgbench script or a Python caller each."""

from __future__ import annotations

from dataclasses import dataclass

PORTAL = "cdm_portal.settings"
HORDAK = "tests.benchmarks.hordak_settings"

BARE = "SELECT bench_bare({counter}, 1, uuidv7());\n"
# Not `(f()).*`: that would call the verb once for each column that it answers.
CANCEL = (
    "SELECT sold.* FROM (SELECT uuidv7() AS key) AS asked,"
    " registry_cancel({lot}, 1, 1, key, key, NULL, '2024-03-04 09:00+00') AS sold;\n"
)
SETTLE = (
    "SELECT sold.* FROM (SELECT array_agg(1) AS ones, array_agg(uuidv7()) AS keys"
    " FROM generate_series(1, {sales})) AS asked,"
    " registry_settle({lot}, ones, ones, keys, '2024-03-04 09:00+00', {early}) AS sold;\n"
)
BARRIER = "SELECT pg_logical_emit_message(true, 'registry', '');\n"
BATCH = 50


@dataclass(frozen=True, slots=True)
class Variant:
    """A name, a sentence, and either `script` (for pgbench) or `sale` (of `module`, in Python).

    `sales` are made by each call; `sealing` has the log sealed twice a second meanwhile.
    """

    name: str
    title: str
    script: str = ""
    sale: str = ""
    module: str = "sales"
    settings: str = PORTAL
    database: str = "cdm"
    role: str = "cdm_app"
    sales: int = 1
    sealing: bool = False


RANDOM, HOT, FUNCTION, SPREAD = "bare random", "bare hot", "cancel", "cancel spread"
EARLY, SETTLED, SEALED = "cancel early", "settle 50", "cancel sealed"
VERB, SERVICE, EARLY_SERVICE = "django verb", "django service", "django early"
ORM, PEER = "django orm", "hordak"

ALL = (
    Variant(RANDOM, "update and insert, one of 10,000 rows at random, pgbench",
            "\\set row random(1, 10000)\n" + BARE.format(counter=":row")),
    Variant(HOT, "update and insert, one row, pgbench", BARE.format(counter="1")),
    Variant(FUNCTION, "registry_cancel on one lot, pgbench", CANCEL.format(lot=":lot")),
    Variant(SEALED, "the same while the log is sealed", CANCEL.format(lot=":lot"), sealing=True),
    Variant(SPREAD, "registry_cancel on 64 lots at random, pgbench",
            "\\set lot random(1, 64)\n" + CANCEL.format(lot=":lot")),
    Variant(EARLY, "registry_settle of one sale, early lock release and barrier, pgbench",
            SETTLE.format(lot=":lot", early="true", sales=1) + BARRIER),
    Variant(SETTLED, "registry_settle of 50 sales, pgbench",
            SETTLE.format(lot=":lot", early="false", sales=BATCH), sales=BATCH),
    Variant(VERB, "registry_cancel through registry.locks.call, nothing else", sale="verb"),
    Variant(SERVICE, "registry.actions.cancel: verb, row read back, journal", sale="service"),
    Variant(EARLY_SERVICE, "registry.actions.settle of one sale, early, journal", sale="early"),
    Variant(ORM, "select_for_update, save, create, create", sale="orm"),
    Variant(PEER, "django-hordak: Account.transfer_to, one hot account", sale="transfer",
            module="hordak_sales", settings=HORDAK, database="hordak", role="cdm_owner"),
)  # fmt: skip
