"""What holds between the state of a report and its dates; one under way, one in view."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cobenefits', '0003_reports_of_before'),
        ('projects', '0013_document_kinds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='report',
            name='kept_at',
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['id'], name='cobenefit_reports_to_check'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['', 'slight', 'moderate', 'high'])), name='cobenefit_level_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted'])), fields=('project',), name='one_cobenefit_report_under_way'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('project',), name='one_cobenefit_report_in_view'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('submitted_at__isnull', False), ('turn__gt', 0)), _connector='OR'), name='cobenefit_report_was_handed_in'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state__in', ['draft', 'submitted'])), models.Q(('published_at__isnull', False), ('state__in', ['published', 'amended', 'withdrawn'])), _connector='OR'), name='published_cobenefit_report_has_date'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('reason', ''), ('state__in', ['draft', 'submitted', 'published'])), models.Q(('ended_at__isnull', False), ('reason', ''), ('state', 'amended')), models.Q(('ended_at__isnull', False), ('state', 'withdrawn'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='ended_cobenefit_report_says_how'),
        ),
    ]
