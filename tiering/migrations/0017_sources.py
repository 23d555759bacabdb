import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0024_sources'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('tiering', '0016_covering_ledgers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[migrations.AddField(
                model_name='qualityround',
                name='observations',
                field=models.BigIntegerField(db_default=0),
            ), migrations.AddField(
                model_name='qualityround',
                name='orders',
                field=models.BigIntegerField(db_default=0),
            ), migrations.AddField(
                model_name='qualityround',
                name='reports',
                field=models.BigIntegerField(db_default=0),
            ), migrations.AddField(
                model_name='qualityround',
                name='statements',
                field=models.BigIntegerField(db_default=0),
            ), migrations.AlterField(
                model_name='datagap',
                name='state',
                field=models.CharField(choices=[('missing', 'Missing'), ('stale', 'Too old'), ('conflict', 'Sources differ')], max_length=8),
            ), crm.migration_operations.CreateModelWithTriggers(
                name='SourceDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('metric', models.CharField(max_length=60, verbose_name='metric')),
                    ('source', models.CharField(max_length=80, verbose_name='source')),
                    ('value', models.JSONField(verbose_name='value')),
                    ('told', models.JSONField()),
                    ('reason', models.CharField(max_length=500, verbose_name='reason')),
                    ('observation', models.BigIntegerField(editable=False, null=True, unique=True)),
                    ('decided_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ending', models.CharField(blank=True, choices=[('undone', 'Taken back'), ('newer', 'A source said something new')], max_length=8)),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.client', verbose_name='client')),
                    ('decided_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'decision between sources',
                    'verbose_name_plural': 'decisions between sources',
                    'ordering': ['-decided_at', '-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('client', 'metric'), name='source_decision_one_stands'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ending', ''), ('observation__isnull', False)), models.Q(('ended_at__isnull', False), ('observation', None), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='source_decision_ends_whole'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='source_decision_has_a_reason')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_sourcedecisionevent" ("client_id", "decided_at", "decided_by_id", "ended_at", "ended_by_id", "ending", "id", "metric", "observation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source", "told", "value") SELECT new_values."client_id", new_values."decided_at", new_values."decided_by_id", new_values."ended_at", new_values."ended_by_id", new_values."ending", new_values."id", new_values."metric", new_values."observation", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."source", new_values."told", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='50202cf1fe8ff345c9ef75ecff609fcd3d65a17d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_88f8d', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_sourcedecision', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_sourcedecisionevent" ("client_id", "decided_at", "decided_by_id", "ended_at", "ended_by_id", "ending", "id", "metric", "observation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source", "told", "value") SELECT new_values."client_id", new_values."decided_at", new_values."decided_by_id", new_values."ended_at", new_values."ended_by_id", new_values."ending", new_values."id", new_values."metric", new_values."observation", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."source", new_values."told", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='da9a21162f06632aa2aea1432afa1088d159c5ac', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_53848', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_sourcedecision', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_sourcedecisionevent" ("client_id", "decided_at", "decided_by_id", "ended_at", "ended_by_id", "ending", "id", "metric", "observation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source", "told", "value") SELECT old_values."client_id", old_values."decided_at", old_values."decided_by_id", old_values."ended_at", old_values."ended_by_id", old_values."ending", old_values."id", old_values."metric", old_values."observation", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."source", old_values."told", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c87b1ce3af3c8032f565b99ab5db15ef50d8f85c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_018f5', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_sourcedecision', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='SourceConflict',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('metric', models.CharField(max_length=60)),
                    ('told', models.JSONField()),
                    ('settled', models.CharField(blank=True, choices=[('', 'Open'), ('order', 'By the order of sources'), ('decision', 'Decided'), ('override', 'Overridden')], max_length=8)),
                    ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='crm.client')),
                ],
                options={
                    'indexes': [models.Index(fields=['metric', 'client'], name='source_conflict_metric')],
                    'constraints': [models.UniqueConstraint(fields=('client', 'metric'), name='source_conflict_once')],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='SourceDecisionEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('metric', models.CharField(max_length=60, verbose_name='metric')),
                    ('source', models.CharField(max_length=80, verbose_name='source')),
                    ('value', models.JSONField(verbose_name='value')),
                    ('told', models.JSONField()),
                    ('reason', models.CharField(max_length=500, verbose_name='reason')),
                    ('observation', models.BigIntegerField(editable=False, null=True)),
                    ('decided_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ending', models.CharField(blank=True, choices=[('undone', 'Taken back'), ('newer', 'A source said something new')], max_length=8)),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('decided_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.sourcedecision')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1db0d25e5e92b883b8bd84386cc242115ba8c240', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bfd21', table='tiering_sourcedecisionevent', when='BEFORE'))],
                },
            )],
        ),
    ]
