import django.db.models.deletion
from django.db import migrations, models

from crm.migration_operations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('funnel', '0004_gate_lapses'),
    ]

    operations = [
        Together([
            migrations.AlterField(
                model_name='stagemove',
                name='case',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='funnel.case'),
            ),
            migrations.AddIndex(
                model_name='case',
                index=models.Index(fields=['stage', 'currency'], include=('amount',), name='case_totals'),
            ),
            migrations.AddIndex(
                model_name='stagemove',
                index=models.Index(fields=['case', 'id'], include=('to_stage', 'moved_at', 'amount'), name='move_way'),
            ),
        ]),
    ]
