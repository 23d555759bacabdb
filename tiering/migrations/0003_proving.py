import crm.migration_operations
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('tiering', '0029_assessments_rest_on_what_there_is')]

    dependencies = [
        ('crm', '0001_people'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('tiering', '0002_engine'),
    ]

    operations = [
        crm.migration_operations.Together([
            crm.migration_operations.CreateModelWithTriggers(
                name='Segmentation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8, verbose_name='status')),
                    ('failure', models.CharField(blank=True, max_length=500)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('metrics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None, verbose_name='metrics')),
                    ('segments', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='number of segments')),
                    ('findings', models.JSONField(default=dict)),
                    ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'segmentation',
                    'verbose_name_plural': 'segmentations',
                    'ordering': ['-id'],
                    'triggers': [pgtrigger.compiler.Trigger(name='finished_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status IN ('done', 'failed') AND NEW.* IS DISTINCT FROM OLD.*)", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='bb19c8e5991f4832d54e5113d0c7c93ea03ec7ed', operation='UPDATE', pgid='pgtrigger_finished_is_final_ab05b', table='tiering_segmentation', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Challenger',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.TextField(max_length=2000, verbose_name='what it is to show')),
                    ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='challengers', to='tiering.tierscheme')),
                    ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='tiering.criteriaversion')),
                ],
                options={
                    'verbose_name': 'challenger',
                    'verbose_name_plural': 'challengers',
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('version',), name='challenger_runs_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='challenger_ended_by_somebody')],
                    'triggers': [pgtrigger.compiler.Trigger(name='keeps_its_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."scheme_id" IS DISTINCT FROM (NEW."scheme_id") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."started_by_id" IS DISTINCT FROM (NEW."started_by_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fbeb4a9f60918d7ccdb1876a1bfc2f1a4b9a6eba', operation='UPDATE', pgid='pgtrigger_keeps_its_start_15bf3', table='tiering_challenger', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d7a6948b1a8d05ee1101b61ec24095a32fbf80fd', operation='DELETE', pgid='pgtrigger_stays_c5b4c', table='tiering_challenger', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_challengerevent" ("ended_at", "ended_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scheme_id", "started_at", "started_by_id", "version_id") SELECT new_values."ended_at", new_values."ended_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."scheme_id", new_values."started_at", new_values."started_by_id", new_values."version_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e4924773f32e43f98bed2aaa31567b19e9386b85', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_df2e8', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_challenger', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_challengerevent" ("ended_at", "ended_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scheme_id", "started_at", "started_by_id", "version_id") SELECT new_values."ended_at", new_values."ended_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."scheme_id", new_values."started_at", new_values."started_by_id", new_values."version_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='69f97f916059a454f94bbc44568a600f9bfd8249', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d5df3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_challenger', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_challengerevent" ("ended_at", "ended_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scheme_id", "started_at", "started_by_id", "version_id") SELECT old_values."ended_at", old_values."ended_by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."scheme_id", old_values."started_at", old_values."started_by_id", old_values."version_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='efaacd676cf553b1e377f0c93374a2d9e8c8a081', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_32769', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_challenger', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Validation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('basis', models.CharField(choices=[('held', 'Tiers as they were in force'), ('version', 'Tiers as the version would have placed')], default='held', max_length=8, verbose_name='basis')),
                    ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None, verbose_name='days')),
                    ('outcome', models.CharField(max_length=20, verbose_name='outcome')),
                    ('months', models.PositiveSmallIntegerField(verbose_name='horizon in months')),
                    ('status', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8, verbose_name='status')),
                    ('failure', models.CharField(blank=True, max_length=500)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('findings', models.JSONField(default=dict)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='validations', to='tiering.criteriaversion')),
                ],
                options={
                    'verbose_name': 'validation',
                    'verbose_name_plural': 'validations',
                    'ordering': ['-id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('days__len__gte', 1)), name='validation_has_days'), models.CheckConstraint(condition=models.Q(('months__gte', 1)), name='validation_looks_ahead')],
                    'triggers': [pgtrigger.compiler.Trigger(name='finished_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status IN ('done', 'failed') AND NEW.* IS DISTINCT FROM OLD.*)", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7973439f4a5d0d4dc3b510130d75eae03dbd971d', operation='UPDATE', pgid='pgtrigger_finished_is_final_f085e', table='tiering_validation', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Calibration',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8, verbose_name='status')),
                    ('failure', models.CharField(blank=True, max_length=500)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None, verbose_name='days')),
                    ('outcome', models.CharField(max_length=20, verbose_name='outcome')),
                    ('months', models.PositiveSmallIntegerField(verbose_name='horizon in months')),
                    ('draft', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposed_by', to='tiering.criteriaversion')),
                    ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calibrations', to='tiering.criteriaversion')),
                ],
                options={
                    'verbose_name': 'calibration',
                    'verbose_name_plural': 'calibrations',
                    'ordering': ['-id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('days__len__gte', 1)), name='calibration_has_days'), models.CheckConstraint(condition=models.Q(('months__gte', 1)), name='calibration_looks_ahead')],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='ScoreCurve',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8, verbose_name='status')),
                    ('failure', models.CharField(blank=True, max_length=500)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None, verbose_name='days')),
                    ('outcome', models.CharField(max_length=20, verbose_name='outcome')),
                    ('months', models.PositiveSmallIntegerField(verbose_name='horizon in months')),
                    ('metric', models.CharField(max_length=60, verbose_name='metric')),
                    ('intercept', models.FloatField(blank=True, null=True)),
                    ('slope', models.FloatField(blank=True, null=True)),
                    ('findings', models.JSONField(default=dict)),
                    ('approved_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('written_at', models.DateTimeField(blank=True, null=True)),
                    ('standing', models.JSONField(default=list)),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='curves', to='tiering.criteriaversion')),
                ],
                options={
                    'verbose_name': 'probability curve',
                    'verbose_name_plural': 'probability curves',
                    'ordering': ['-id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('days__len__gte', 1)), name='curve_has_days'), models.CheckConstraint(condition=models.Q(('months__gte', 1)), name='curve_looks_ahead'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('requested_by')), _negated=True)), _connector='OR'), name='curve_approved_by_another'), models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), models.Q(('intercept__isnull', False), ('slope__lt', 0), ('status', 'done')), _connector='OR'), name='curve_approved_falls'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('approved_at__isnull', False), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='curve_ended_by_somebody'), models.UniqueConstraint(condition=models.Q(('approved_at__isnull', False), ('ended_at__isnull', True)), fields=('metric',), name='curve_one_in_use')],
                    'triggers': [pgtrigger.compiler.Trigger(name='finished_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status IN ('done', 'failed') AND ROW(OLD.status, OLD.failure, OLD.version_id, OLD.days, OLD.outcome, OLD.months, OLD.intercept, OLD.slope, OLD.findings, OLD.metric, OLD.requested_by_id, OLD.created_at) IS DISTINCT FROM ROW(NEW.status, NEW.failure, NEW.version_id, NEW.days, NEW.outcome, NEW.months, NEW.intercept, NEW.slope, NEW.findings, NEW.metric, NEW.requested_by_id, NEW.created_at))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='66be473964212fae39c809a389c3b9182c32ed6c', operation='UPDATE', pgid='pgtrigger_finished_is_final_750cf', table='tiering_scorecurve', when='BEFORE')), pgtrigger.compiler.Trigger(name='approval_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.approved_by_id IS NOT NULL AND ROW(OLD.approved_by_id, OLD.approved_at) IS DISTINCT FROM ROW(NEW.approved_by_id, NEW.approved_at) OR OLD.ended_at IS NOT NULL AND ROW(OLD.ended_by_id, OLD.ended_at) IS DISTINCT FROM ROW(NEW.ended_by_id, NEW.ended_at))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='beb632e0b1279dc81886da1286a6100b3ca60183', operation='UPDATE', pgid='pgtrigger_approval_is_final_52e0f', table='tiering_scorecurve', when='BEFORE')), pgtrigger.compiler.Trigger(name='approved_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."approved_by_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0eff6effe73d1345061fe1297264f248dc1b13d3', operation='DELETE', pgid='pgtrigger_approved_stays_b0ae8', table='tiering_scorecurve', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='ChallengerEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('reason', models.TextField(max_length=2000, verbose_name='what it is to show')),
                    ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.challenger')),
                    ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tierscheme')),
                    ('started_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.criteriaversion')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f26db8d08f04b3bd5745a24b65fdb314ec1e42e8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c8566', table='tiering_challengerevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='ChallengeNight',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('subjects', models.PositiveIntegerField()),
                    ('same', models.PositiveIntegerField()),
                    ('higher', models.PositiveIntegerField()),
                    ('lower', models.PositiveIntegerField()),
                    ('is_kept', models.BooleanField(db_default=True)),
                    ('challenger', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nights', to='tiering.challenger')),
                    ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='night', to='tiering.tieringrun')),
                ],
                options={
                    'ordering': ['day'],
                    'constraints': [models.UniqueConstraint(fields=('challenger', 'day'), name='challenge_night_once'), models.CheckConstraint(condition=models.Q(('subjects', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('same'), '+', models.F('higher')), '+', models.F('lower')))), name='challenge_night_adds_up')],
                },
            ),
        ]),
    ]
