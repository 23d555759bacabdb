import crm.migration_operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0017_importing'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[crm.migration_operations.CreateModelWithTriggers(
                name='ClientRulesEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.PositiveSmallIntegerField(default=1, editable=False, serialize=False)),
                    ('derives', models.BooleanField(default=False, help_text='While this is off, stages are what people and files say.', verbose_name='derive stages')),
                    ('dormant_days', models.PositiveIntegerField(default=180, validators=[django.core.validators.MinValueValidator(1)], verbose_name='dormant after days without contact and revenue')),
                    ('start_up_years', models.FloatField(default=3, verbose_name='start-up for years after founding')),
                    ('mature_years', models.FloatField(default=10, verbose_name='mature from years after founding, growth unknown')),
                    ('growth_from', models.FloatField(default=0.15, verbose_name='growth from a growth of revenue')),
                    ('decline_to', models.FloatField(default=-0.1, verbose_name='decline up to a growth of revenue')),
                    ('wealthy_worth', models.FloatField(default=6000000, verbose_name='high net worth from')),
                    ('wealthy_income', models.FloatField(default=1000000, verbose_name='or a yearly income from')),
                    ('middle_worth', models.FloatField(default=1000000, verbose_name='middle from a net worth of')),
                    ('middle_income', models.FloatField(default=200000, verbose_name='or from a yearly income of')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.clientrules')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3ffff84204425f4aadf6854ec8968b158cb3a727', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_76272', table='crm_clientrulesevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='StageChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('axis', models.CharField(choices=[('status', 'Status'), ('life_cycle', 'Life-cycle stage')], max_length=12, verbose_name='what')),
                    ('before', models.CharField(blank=True, max_length=12)),
                    ('value', models.CharField(blank=True, max_length=12)),
                    ('why', models.JSONField(default=dict)),
                    ('day', models.DateField()),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stage_changes', to='crm.client', verbose_name='client')),
                ],
                options={
                    'verbose_name': 'change of stage',
                    'verbose_name_plural': 'changes of stage',
                    'ordering': ['-id'],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='StageHold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('axis', models.CharField(choices=[('status', 'Status'), ('life_cycle', 'Life-cycle stage')], max_length=12, verbose_name='what')),
                    ('value', models.CharField(max_length=12, verbose_name='stage')),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='through')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                    ('lifted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lifted at')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stage_holds', to='crm.client', verbose_name='client')),
                ],
                options={
                    'verbose_name': 'stage set by hand',
                    'verbose_name_plural': 'stages set by hand',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('client', 'axis'), name='stage_hold_one'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='stage_hold_says_why')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_stageholdevent" ("at", "axis", "by_id", "client_id", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until", "value") SELECT new_values."at", new_values."axis", new_values."by_id", new_values."client_id", new_values."id", new_values."lifted_at", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."until", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9b5da11fab7e4623546ca9e6c5e69f587002d405', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7a4d9', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_stagehold', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_stageholdevent" ("at", "axis", "by_id", "client_id", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until", "value") SELECT new_values."at", new_values."axis", new_values."by_id", new_values."client_id", new_values."id", new_values."lifted_at", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."until", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='59390fd3367ba00ae37fa1e5e03d275149713bf7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c24de', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_stagehold', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_stageholdevent" ("at", "axis", "by_id", "client_id", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until", "value") SELECT old_values."at", old_values."axis", old_values."by_id", old_values."client_id", old_values."id", old_values."lifted_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."until", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='129c3e293ab7bc366ec392354b268543d44c314b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d3af3', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_stagehold', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='StageHoldEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('axis', models.CharField(choices=[('status', 'Status'), ('life_cycle', 'Life-cycle stage')], max_length=12, verbose_name='what')),
                    ('value', models.CharField(max_length=12, verbose_name='stage')),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='through')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                    ('lifted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lifted at')),
                    ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.stagehold')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2336b460eb3fe26be10b17c31b2a644871b13ebf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b49b4', table='crm_stageholdevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='StageSweep',
                fields=[
                    ('table', models.CharField(max_length=80, primary_key=True, serialize=False)),
                    ('last', models.BigIntegerField(default=0)),
                ],
            ), crm.migration_operations.CreateModelWithTriggers(
                name='ClientRules',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                    ('derives', models.BooleanField(default=False, help_text='While this is off, stages are what people and files say.', verbose_name='derive stages')),
                    ('dormant_days', models.PositiveIntegerField(default=180, validators=[django.core.validators.MinValueValidator(1)], verbose_name='dormant after days without contact and revenue')),
                    ('start_up_years', models.FloatField(default=3, verbose_name='start-up for years after founding')),
                    ('mature_years', models.FloatField(default=10, verbose_name='mature from years after founding, growth unknown')),
                    ('growth_from', models.FloatField(default=0.15, verbose_name='growth from a growth of revenue')),
                    ('decline_to', models.FloatField(default=-0.1, verbose_name='decline up to a growth of revenue')),
                    ('wealthy_worth', models.FloatField(default=6000000, verbose_name='high net worth from')),
                    ('wealthy_income', models.FloatField(default=1000000, verbose_name='or a yearly income from')),
                    ('middle_worth', models.FloatField(default=1000000, verbose_name='middle from a net worth of')),
                    ('middle_income', models.FloatField(default=200000, verbose_name='or from a yearly income of')),
                ],
                options={
                    'verbose_name': 'rules for clients',
                    'verbose_name_plural': 'rules for clients',
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='client_rules_are_one'), models.CheckConstraint(condition=models.Q(('decline_to__lt', models.F('growth_from')), ('dormant_days__gte', 1), ('mature_years__gte', models.F('start_up_years')), ('middle_income__lte', models.F('wealthy_income')), ('middle_worth__lte', models.F('wealthy_worth')), ('start_up_years__gte', 0)), name='client_rules_in_order', violation_error_message='Decline ends below where growth begins, start-up before maturity, the middle below high net worth.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clientrulesevent" ("decline_to", "derives", "dormant_days", "growth_from", "id", "mature_years", "middle_income", "middle_worth", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "start_up_years", "wealthy_income", "wealthy_worth") SELECT new_values."decline_to", new_values."derives", new_values."dormant_days", new_values."growth_from", new_values."id", new_values."mature_years", new_values."middle_income", new_values."middle_worth", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."start_up_years", new_values."wealthy_income", new_values."wealthy_worth" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4ced428953710b23ec775dcecd271278e01030a6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_cd5d5', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_clientrules', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clientrulesevent" ("decline_to", "derives", "dormant_days", "growth_from", "id", "mature_years", "middle_income", "middle_worth", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "start_up_years", "wealthy_income", "wealthy_worth") SELECT new_values."decline_to", new_values."derives", new_values."dormant_days", new_values."growth_from", new_values."id", new_values."mature_years", new_values."middle_income", new_values."middle_worth", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."start_up_years", new_values."wealthy_income", new_values."wealthy_worth" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c1cd71eae7ea593a8524884b0418fe2982027197', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b0c29', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_clientrules', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clientrulesevent" ("decline_to", "derives", "dormant_days", "growth_from", "id", "mature_years", "middle_income", "middle_worth", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "start_up_years", "wealthy_income", "wealthy_worth") SELECT old_values."decline_to", old_values."derives", old_values."dormant_days", old_values."growth_from", old_values."id", old_values."mature_years", old_values."middle_income", old_values."middle_worth", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."start_up_years", old_values."wealthy_income", old_values."wealthy_worth" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c98aaaf9292d16e3b83154205d0c5960e0985074', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_50ad6', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_clientrules', when='AFTER'))],
                },
            )],
        ),
    ]
