import crm.migration_operations
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0023_campaigns'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.CreateModelWithTriggers(
            name='SourceOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metric', models.CharField(blank=True, max_length=60, unique=True, verbose_name='metric')),
                ('sources', models.JSONField(blank=True, db_default=[], default=list, verbose_name='sources')),
                ('tolerance', models.FloatField(default=0.05, verbose_name='numbers differ from')),
                ('days_apart', models.PositiveIntegerField(default=400, verbose_name='days between values of the same time')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'order of sources',
                'verbose_name_plural': 'orders of sources',
                'ordering': ['metric'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tolerance__gte', 0), ('tolerance__lt', 1)), name='source_order_tolerance_is_a_share', violation_error_message='A tolerance is from 0% to less than 100%.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_sourceorderevent" ("changed_by_id", "days_apart", "id", "metric", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources", "tolerance", "version") SELECT new_values."changed_by_id", new_values."days_apart", new_values."id", new_values."metric", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."sources", new_values."tolerance", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='963c1f78aa702edbc0bbc2e139eb61899e32e2d4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_96f1b', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_sourceorder', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_sourceorderevent" ("changed_by_id", "days_apart", "id", "metric", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources", "tolerance", "version") SELECT new_values."changed_by_id", new_values."days_apart", new_values."id", new_values."metric", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."sources", new_values."tolerance", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='80ecb0d09cea37330ed84e621daf9fe4e33a2b1f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ffbe5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_sourceorder', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_sourceorderevent" ("changed_by_id", "days_apart", "id", "metric", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources", "tolerance", "version") SELECT old_values."changed_by_id", old_values."days_apart", old_values."id", old_values."metric", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sources", old_values."tolerance", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2937304cf45824ad9a51ae2470b9a2852caed59b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d8e25', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_sourceorder', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='SourceOrderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('metric', models.CharField(blank=True, max_length=60, verbose_name='metric')),
                ('sources', models.JSONField(blank=True, db_default=[], default=list, verbose_name='sources')),
                ('tolerance', models.FloatField(default=0.05, verbose_name='numbers differ from')),
                ('days_apart', models.PositiveIntegerField(default=400, verbose_name='days between values of the same time')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.sourceorder')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5e4f3ce12e6edecaac45c55d614afbd3a9cf8778', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_222d2', table='crm_sourceorderevent', when='BEFORE'))],
            },
        ),
    ]
