"""Governance: proposals with their history, measures, representatives, authorisations, trusted
accounts, external transfers, the stop. The verbs are loaded again as they are now."""

from django.db import migrations, models
from django.db.models import DO_NOTHING

from registry import sql

BEFORE = """
DROP FUNCTION IF EXISTS registry_propose(
  text, bigint, bigint, bigint, integer, bigint, timestamptz);
DROP FUNCTION IF EXISTS registry_approve(bigint, bigint, bytea, timestamptz);
DROP FUNCTION IF EXISTS registry_unfreeze(bigint, bigint, bigint, text, timestamptz);
DROP FUNCTION IF EXISTS registry_open_account(
  integer, text, bigint, text, bigint, timestamptz);
DROP FUNCTION IF EXISTS registry_promised(bigint, text, smallint, smallint);
"""
KINDS = [
    (0, "Executive Board, source of issuance"), (100, "Party holding account"),
    (110, "Pending account"), (120, "Former operator holding account"), (121, "Holding account"),
    (230, "Voluntary cancellation account"), (240, "Excess issuance cancellation account"),
    (250, "Mandatory cancellation account"), (260, "Administrative cancellation account"),
    (300, "Retirement account"),
]
STATES = [
    ("proposed", "Waiting for a second person"), ("approved", "Approved, waiting for its delay"),
    ("executed", "Executed"), ("rejected", "Rejected"),
    ("declined", "Declined by the acquiring registry"),
    ("terminated", "Terminated: the books disagree"), ("lapsed", "Lapsed"),
]
VERBS = [
    ("open_account", "Account opened"), ("issue", "Issuance"), ("forward", "Forwarding"),
    ("transfer", "External transfer"), ("cancel", "Cancellation"), ("earmark", "Put on offer"),
    ("release", "Taken off offer"), ("close", "Sold-out lots ended"), ("freeze", "Freeze"),
    ("unfreeze", "Freeze lifted"), ("close_account", "Account closed"),
    ("represent", "Representative named"), ("recall", "Representative recalled"),
    ("authorise", "Authorisation entered"), ("revoke", "Authorisation ended"),
    ("trust", "Account trusted"), ("distrust", "Account trusted no longer"),
    ("stop", "Registry stopped"), ("resume", "Registry moves again"),
]
CODES = [
    (0, "Awaiting approval"), (1, "Proposed"), (2, "Checked, no discrepancy"),
    (3, "Checked, discrepancy"), (4, "Completed"), (5, "Terminated"),
    (6, "Rejected by the acquiring registry"), (7, "Cancelled"),
    (8, "Accepted by the acquiring registry"),
]


def link(to, *, null=False):
    return models.ForeignKey(
        to, DO_NOTHING, db_constraint=False, db_index=False, related_name="+", null=null
    )


def table(name, ordering, *fields):
    pk = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    return migrations.CreateModel(
        name=name, fields=[("id", pk), *fields], options={"ordering": ordering}
    )


def add(model, name, field):
    return migrations.AddField(model, name, field)


def number(*, null=False):
    return models.BigIntegerField(null=null)


def moment(*, null=False):
    return models.DateTimeField(null=null)


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_parties_and_accounts")]
    operations = [
        migrations.RunSQL(BEFORE),
        migrations.AlterField("account", "kind", models.SmallIntegerField(choices=KINDS)),
        migrations.AlterField("proposal", "state", models.TextField(choices=STATES)),
        migrations.AlterField("transaction", "verb", models.TextField(choices=VERBS)),
        add("account", "external", models.BooleanField(db_default=False)),
        add("account", "closed_at", moment(null=True)),
        add("proposal", "party", link("registry.party", null=True)),
        add("proposal", "lo", number(null=True)),
        add("proposal", "hi", number(null=True)),
        add("proposal", "approved_by", number(null=True)),
        add("proposal", "approved_at", moment(null=True)),
        add("proposal", "execute_after", moment(null=True)),
        add("block", "reserved_for", link("registry.proposal", null=True)),
        table(
            "TransactionState", ["key", "n"], ("key", models.UUIDField()),
            ("n", models.SmallIntegerField()),
            ("was", models.SmallIntegerField(choices=CODES, null=True)),
            ("state", models.SmallIntegerField(choices=CODES)), ("person", number()),
            ("at", moment()), ("effective_at", moment()),
        ),
        table(
            "Measure", ["id"], ("key", models.UUIDField(unique=True)),
            ("verb", models.TextField(choices=[
                ("trust", "Trust an account"), ("distrust", "Trust an account no longer"),
                ("unfreeze", "Lift a freeze"), ("resume", "Let the registry move again"),
            ])),
            ("account", link("registry.account", null=True)),
            ("block", link("registry.block", null=True)),
            ("trusted", link("registry.account", null=True)),
            ("reason", models.TextField()), ("sha256", models.BinaryField()),
            ("initiator", number()), ("at", moment()),
            ("state", models.TextField(choices=[
                ("proposed", "Waiting for a second person"), ("executed", "Executed"),
                ("rejected", "Rejected"),
            ])),
            ("decided_by", number(null=True)), ("decided_at", moment(null=True)),
            ("decision", models.TextField()), ("tx", link("registry.transaction", null=True)),
        ),
        table(
            "Stop", ["-id"], ("tx", link("registry.transaction")),
            ("resumed", link("registry.transaction", null=True)),
        ),
        table(
            "Representative", ["account_id", "seat", "id"], ("account", link("registry.account")),
            ("person_id", number()), ("seat", models.SmallIntegerField()), ("since", moment()),
            ("until", moment(null=True)),
        ),
        table(
            "Authorisation", ["id"], ("project_number", models.TextField()),
            ("holder_id", number(null=True)), ("party", link("registry.party", null=True)),
            ("letter", models.TextField()), ("since", moment()), ("until", moment(null=True)),
        ),
        table(
            "TrustedAccount", ["id"], ("account", link("registry.account")),
            ("trusted", link("registry.account")), ("since", moment()), ("until", moment(null=True)),
        ),
        *(migrations.RunSQL(sql.read(name)) for name in sql.GOVERNANCE),
    ]
