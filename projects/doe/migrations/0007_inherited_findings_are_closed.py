"""A forward action request is closed in the verification that inherits it, no longer carried over.

That one was carried over stays in its conversation and in the journal.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('doe', '0006_law')]

    operations = [
        migrations.RemoveField(
            model_name='verification',
            name='carried_findings',
        ),
    ]
