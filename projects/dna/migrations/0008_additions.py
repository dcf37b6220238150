"""Entities that join later are authorised of record, and none joins without a letter."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION dna_guard_addition() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM dna_letter l JOIN identity_organisation o ON o.id = NEW.organisation_id
     WHERE l.id = NEW.letter_id AND l.state = 'issued'
       AND (l.host OR l.party_code = o.party_code)) THEN
    RAISE EXCEPTION 'only a letter in force authorises an entity, another Party its own'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'added_under_a_letter';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_addition BEFORE INSERT ON dna_addition
  FOR EACH ROW EXECUTE FUNCTION dna_guard_addition();
CALL cdm_keep('dna_addition');

-- No change adds a participant whom no letter in force authorises.
CREATE FUNCTION dna_guard_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state = 'in_force' AND NEW.base_id IS NOT NULL AND EXISTS (
    SELECT FROM participant_statementparticipant p
     WHERE p.statement_id = NEW.id
       AND NOT EXISTS (SELECT FROM participant_statementparticipant b
                        WHERE b.statement_id = NEW.base_id
                          AND b.organisation_id = p.organisation_id)
       AND NOT EXISTS (
         SELECT FROM dna_letter l WHERE l.project_id = NEW.project_id AND l.state = 'issued'
            AND (EXISTS (SELECT FROM dna_letter_entities e
                          WHERE e.letter_id = l.id AND e.organisation_id = p.organisation_id)
              OR EXISTS (SELECT FROM dna_addition a
                          WHERE a.letter_id = l.id AND a.organisation_id = p.organisation_id))))
  THEN
    RAISE EXCEPTION 'no letter in force authorises a participant that this change adds'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'added_with_a_letter';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_added BEFORE UPDATE OF state ON participant_statement
  FOR EACH ROW EXECUTE FUNCTION dna_guard_added();
"""

UNDO = """
DROP TRIGGER guard_added ON participant_statement;
DROP FUNCTION dna_guard_added();
DROP TRIGGER of_record ON dna_addition;
DROP TRIGGER guard_addition ON dna_addition;
DROP FUNCTION dna_guard_addition();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("dna", "0007_desk_indexes"),
        ('identity', '0002_seats'),
        ("participant", "0005_communication_law"),
        ('cdm_portal', '0002_of_record'),
    ]

    operations = [
        migrations.CreateModel(
            name='Addition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authorised_by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='additions', to='dna.letter')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='added_by', to='identity.organisation')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('letter', 'organisation'), name='added_once')],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
