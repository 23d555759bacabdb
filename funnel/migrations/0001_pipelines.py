import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('funnel', '0002_initial')]

    initial = True

    dependencies = [
        ('crm', '0002_clients'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('tiering', '0001_methods'),
    ]

    operations = [
        crm.migration_operations.Together([
            crm.migration_operations.CreateModelWithTriggers(
                name='Pipeline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=40, unique=True, verbose_name='key')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                ],
                options={
                    'verbose_name': 'pipeline',
                    'verbose_name_plural': 'pipelines',
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='dab039f6f9f04761b018552cea40d9a8a4861302', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7796a', referencing='REFERENCING NEW TABLE AS new_values ', table='funnel_pipeline', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='eac09548c827ec7c5c94693a1503f826352a08d9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4795e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='funnel_pipeline', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."id", old_values."key", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='507a6659627ab4bd0e4778e15046bee17db3db11', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_69571', referencing='REFERENCING OLD TABLE AS old_values ', table='funnel_pipeline', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='PipelineEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.SlugField(db_index=False, max_length=40, verbose_name='key')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funnel.pipeline')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3277c046cc85c1f83d5c8c0e032dc59d6d165909', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_195fd', table='funnel_pipelineevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Stage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=40, verbose_name='key')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('outcome', models.CharField(choices=[('open', 'Open'), ('won', 'Approved'), ('lost', 'Declined')], default='open', max_length=6, verbose_name='outcome')),
                    ('limit_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days allowed')),
                    ('pipeline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='funnel.pipeline', verbose_name='pipeline')),
                ],
                options={
                    'verbose_name': 'stage',
                    'verbose_name_plural': 'stages',
                    'ordering': ['pipeline', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('pipeline', 'key'), name='stage_key_once'), models.UniqueConstraint(fields=('pipeline', 'position'), name='stage_position_once')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stageevent" ("id", "key", "limit_days", "name_en", "name_zh", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "position") SELECT new_values."id", new_values."key", new_values."limit_days", new_values."name_en", new_values."name_zh", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id", new_values."position" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='38dc70637e85477845bf7ec60cfc03c3d68213e0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_84126', referencing='REFERENCING NEW TABLE AS new_values ', table='funnel_stage', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stageevent" ("id", "key", "limit_days", "name_en", "name_zh", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "position") SELECT new_values."id", new_values."key", new_values."limit_days", new_values."name_en", new_values."name_zh", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id", new_values."position" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2208f84cc459975eb6786547a4c440f329a18e0d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e84cb', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='funnel_stage', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stageevent" ("id", "key", "limit_days", "name_en", "name_zh", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "position") SELECT old_values."id", old_values."key", old_values."limit_days", old_values."name_en", old_values."name_zh", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id", old_values."position" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='22cd409acb7f7bab16cf196466268696c950d436', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_212ea', referencing='REFERENCING OLD TABLE AS old_values ', table='funnel_stage', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='StageEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.SlugField(db_index=False, max_length=40, verbose_name='key')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('outcome', models.CharField(choices=[('open', 'Open'), ('won', 'Approved'), ('lost', 'Declined')], default='open', max_length=6, verbose_name='outcome')),
                    ('limit_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days allowed')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funnel.stage')),
                    ('pipeline', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funnel.pipeline', verbose_name='pipeline')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a830b8ce66ba2306ffb544f27347379f4b8e32f0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_23a55', table='funnel_stageevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='StageGate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('minimum_tier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stage_gates', to='tiering.tier', verbose_name='minimum tier')),
                    ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gates', to='funnel.stage', verbose_name='stage')),
                ],
                options={
                    'verbose_name': 'stage gate',
                    'verbose_name_plural': 'stage gates',
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stagegateevent" ("id", "minimum_tier_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_id") SELECT new_values."id", new_values."minimum_tier_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."stage_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a7254065ec1afc61fc1d21cd00dc72a7a422d31f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a3bfc', referencing='REFERENCING NEW TABLE AS new_values ', table='funnel_stagegate', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stagegateevent" ("id", "minimum_tier_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_id") SELECT new_values."id", new_values."minimum_tier_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."stage_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='87780efdb9daa5c9d2bc49c8b1af6fec06f00953', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d3cc0', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='funnel_stagegate', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stagegateevent" ("id", "minimum_tier_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_id") SELECT old_values."id", old_values."minimum_tier_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."stage_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a15dded4c3636c776822fcbf7136738a14b99c5b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_32a5a', referencing='REFERENCING OLD TABLE AS old_values ', table='funnel_stagegate', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Case',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                    ('product', models.CharField(choices=[('term_loan', 'Term loan'), ('working_capital', 'Working-capital loan'), ('project_loan', 'Project loan'), ('lease', 'Equipment lease'), ('letter_of_credit', 'Letter of credit'), ('guarantee', 'Guarantee'), ('supply_chain', 'Supply-chain finance')], max_length=20, verbose_name='product')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=20, verbose_name='amount')),
                    ('entered_stage_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='in this stage since')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='crm.client', verbose_name='client')),
                    ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='crm.project', verbose_name='project')),
                    ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='funnel.stage', verbose_name='stage')),
                ],
                options={
                    'verbose_name': 'financing case',
                    'verbose_name_plural': 'financing cases',
                    'indexes': [models.Index(fields=['stage', '-amount', 'id'], name='case_board')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='case_amount_is_positive', violation_error_message='The amount is more than nothing.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "code", "created_at", "entered_stage_at", "id", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."code", new_values."created_at", new_values."entered_stage_at", new_values."id", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."product", new_values."project_id", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='417dd4bb992a4300bf267e77b380ec45c2124705', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5a47d', referencing='REFERENCING NEW TABLE AS new_values ', table='funnel_case', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "code", "created_at", "entered_stage_at", "id", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."code", new_values."created_at", new_values."entered_stage_at", new_values."id", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."product", new_values."project_id", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e8823726d11d67b96f14a9e1b2195b13844f943f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_30ddf', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='funnel_case', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "code", "created_at", "entered_stage_at", "id", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "stage_id", "version") SELECT old_values."amount", old_values."client_id", old_values."code", old_values."created_at", old_values."entered_stage_at", old_values."id", old_values."opened_by_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."project_id", old_values."stage_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='7876a09b6757d8d37e720307fc93e0f318842182', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5f1e3', referencing='REFERENCING OLD TABLE AS old_values ', table='funnel_case', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='StageGateEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('minimum_tier', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tier', verbose_name='minimum tier')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funnel.stagegate')),
                    ('stage', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funnel.stage', verbose_name='stage')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2749f9680b5ba4d8704b437d0e5a10c21d706931', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9bcf3', table='funnel_stagegateevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='StageMove',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('moved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('comment', models.TextField(blank=True, max_length=2000, verbose_name='comment')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='funnel.case')),
                    ('from_stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funnel.stage')),
                    ('moved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('tier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tier')),
                    ('to_stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funnel.stage')),
                ],
                options={
                    'ordering': ['id'],
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9fd03c37dadd838bf01f9e76036df15a11b757aa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bbf40', table='funnel_stagemove', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CaseEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('code', models.CharField(max_length=40, verbose_name='code')),
                    ('product', models.CharField(choices=[('term_loan', 'Term loan'), ('working_capital', 'Working-capital loan'), ('project_loan', 'Project loan'), ('lease', 'Equipment lease'), ('letter_of_credit', 'Letter of credit'), ('guarantee', 'Guarantee'), ('supply_chain', 'Supply-chain finance')], max_length=20, verbose_name='product')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=20, verbose_name='amount')),
                    ('entered_stage_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='in this stage since')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('opened_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funnel.case')),
                    ('project', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.project', verbose_name='project')),
                    ('stage', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funnel.stage', verbose_name='stage')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='539ac4580f1840c9a065198d4f7ef33e98550b96', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_59039', table='funnel_caseevent', when='BEFORE'))],
                },
            ),
        ]),
    ]
