import crm.migration_operations
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tiering', '0009_committees_for_overrides'),
    ]

    operations = [
        crm.migration_operations.CreateModelWithTriggers(
            name='MayLeave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('values', models.JSONField(default=dict)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='may_leave', to='tiering.watchlistentry')),
            ],
            options={
                'ordering': ['-since', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('entry',), name='may_leave_once'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='may_leave_ends_after_it_begins')],
                'indexes': [models.Index(fields=['entry', '-since'], name='may_leave_of_entry')],
                'triggers': [pgtrigger.compiler.Trigger(name='only_closes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."values" IS DISTINCT FROM (NEW."values"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d9c97ecb590ef0e1536433512bc40f3eb920b245', operation='UPDATE', pgid='pgtrigger_only_closes_33a66', table='tiering_mayleave', when='BEFORE')), pgtrigger.compiler.Trigger(name='closed_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."until" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1042311c20bb1640a08b6128be73884491587bde', operation='UPDATE', pgid='pgtrigger_closed_for_good_39751', table='tiering_mayleave', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='12d0cb5b3ba888856697af4ace868db264ebd5f3', operation='DELETE', pgid='pgtrigger_stays_8ca4d', table='tiering_mayleave', when='BEFORE'))],
            },
        ),
    ]
