"""A request keeps both dates: when it was first submitted, and when it was submitted again.

Requests submitted again before had their first date written over; the journal still has it.
"""

from django.db import migrations, models

SQL = """
UPDATE board_request r SET resubmitted_at = r.submitted_at, submitted_at = e.first_at
FROM (SELECT facts->>'request' AS reference, min(effective_at) AS first_at FROM journal_entry
      WHERE verb IN ('board.request_registration', 'board.request_issuance') GROUP BY 1) e
WHERE e.reference = r.reference AND r.version > 1;
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0011_replies"), ("journal", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="request", name="resubmitted_at",
            field=models.DateTimeField(
                help_text="When its present version was submitted again", null=True),
        ),
        migrations.AlterField(
            model_name="request", name="submitted_at",
            field=models.DateTimeField(
                help_text="When it was first submitted: the day of the request for the share of "
                "proceeds"),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
