"""A vote and a member's request for a review are a seat's: one each per request and seat.

Rows of before are given the seat of the person who made them; they are of record, so that their
trigger is set aside for this one statement.
"""

from django.db import migrations, models

FILL = """
ALTER TABLE {table} DISABLE TRIGGER of_record;
UPDATE {table} r SET seat_number = (
  SELECT m.seat_number FROM identity_membership m
  WHERE m.person_id = r.person_id AND m.role = 'board_member'
  ORDER BY m.valid_from DESC, m.id DESC LIMIT 1) {where};
ALTER TABLE {table} ENABLE TRIGGER of_record;
"""
VOTES = FILL.format(table="board_vote", where="")
REVIEWS = FILL.format(table="board_reviewrequest", where="WHERE r.party_code = ''")


class Migration(migrations.Migration):
    dependencies = [("board", "0003_deliberation")]
    operations = [
        migrations.AddField(
            model_name="vote", name="seat_number",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="reviewrequest", name="seat_number",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunSQL(VOTES, migrations.RunSQL.noop),
        migrations.RunSQL(REVIEWS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="vote", name="seat_number", field=models.PositiveSmallIntegerField(),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(
                fields=("request", "seat_number"), name="one_vote_of_a_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewrequest",
            constraint=models.UniqueConstraint(
                fields=("request", "seat_number"), name="review_asked_once_for_a_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("party_code", ""), ("seat_number__isnull", False)),
                    models.Q(
                        models.Q(("party_code", ""), _negated=True), ("seat_number", None)
                    ),
                    _connector="OR",
                ),
                name="review_asked_for_seat_or_party",
            ),
        ),
    ]
