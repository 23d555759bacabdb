import crm.migration_operations
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0012_identity_numbers'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[crm.migration_operations.CreateModelWithTriggers(
                name='ProfileFieldEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.CharField(max_length=40, verbose_name='key')),
                    ('label_en', models.CharField(max_length=80, verbose_name='English label')),
                    ('label_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese label')),
                    ('meaning_en', models.CharField(blank=True, max_length=300, verbose_name='definition in English')),
                    ('meaning_zh', models.CharField(blank=True, max_length=300, verbose_name='definition in Chinese')),
                    ('type', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'Choice'), ('flag', 'Yes or no')], default='text', max_length=8, verbose_name='type')),
                    ('unit', models.CharField(blank=True, choices=[('', 'No unit'), ('fraction', 'Fraction (0.62 is 62%)'), ('multiple', 'Multiple'), ('money', 'Money'), ('days', 'Days'), ('years', 'Years'), ('count', 'Count'), ('points', 'Points'), ('grade', 'Grade from 1 to 5')], default='', max_length=20, verbose_name='unit')),
                    ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                    ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('corporate', 'Corporate'), ('institution', 'Institution'), ('individual', 'Individual')], max_length=12), size=None, verbose_name='kinds of client')),
                    ('required', models.BooleanField(default=False, verbose_name='required')),
                    ('metric', models.CharField(blank=True, editable=False, max_length=60, verbose_name='metric')),
                    ('place', models.PositiveSmallIntegerField(default=100, verbose_name='place in the list')),
                    ('of_the_house', models.BooleanField(default=False, editable=False, verbose_name='shipped with Strata')),
                    ('retired_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='retired at')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.profilefield')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5b43442640fc5d13be56c25f1abdbff5e2f23485', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_31f9a', table='crm_profilefieldevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='ProfileValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.FloatField(blank=True, null=True, verbose_name='value')),
                    ('day', models.DateField(blank=True, null=True, verbose_name='value')),
                    ('text', models.CharField(blank=True, max_length=300, verbose_name='value')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='profile', to='crm.client', verbose_name='client')),
                    ('field', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='values', to='crm.profilefield', verbose_name='field')),
                ],
                options={
                    'verbose_name': 'value of a field',
                    'verbose_name_plural': 'values of fields',
                    'indexes': [models.Index(condition=models.Q(('number__isnull', False)), fields=['field', 'number'], name='profile_number'), models.Index(condition=models.Q(('day__isnull', False)), fields=['field', 'day'], name='profile_day'), models.Index(condition=models.Q(('text', ''), _negated=True), fields=['field', 'text'], name='profile_text')],
                    'constraints': [models.UniqueConstraint(fields=('client', 'field'), name='profile_value_once'), models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', True), ('number__isnull', False), ('text', '')), models.Q(('day__isnull', False), ('number__isnull', True), ('text', '')), models.Q(('day__isnull', True), ('number__isnull', True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='profile_value_is_one')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_profilevalueevent" ("client_id", "created_at", "day", "field_id", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT new_values."client_id", new_values."created_at", new_values."day", new_values."field_id", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d7241951e19556fce8fb917075f1ee7adb3da916', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a0de6', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_profilevalue', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_profilevalueevent" ("client_id", "created_at", "day", "field_id", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT new_values."client_id", new_values."created_at", new_values."day", new_values."field_id", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='86a6176b19df238726bf348d47242902e31270bf', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5a9d4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_profilevalue', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_profilevalueevent" ("client_id", "created_at", "day", "field_id", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT old_values."client_id", old_values."created_at", old_values."day", old_values."field_id", old_values."id", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d1aeabdaf544d03c95ff955feb8603ebb3859379', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_05bcb', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_profilevalue', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='ProfileValueEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('number', models.FloatField(blank=True, null=True, verbose_name='value')),
                    ('day', models.DateField(blank=True, null=True, verbose_name='value')),
                    ('text', models.CharField(blank=True, max_length=300, verbose_name='value')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('field', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.profilefield', verbose_name='field')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.profilevalue')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be61807a6c4e642304f8457f22dcbf58194350c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a59f8', table='crm_profilevalueevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='ProfileField',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=40, unique=True, verbose_name='key')),
                    ('label_en', models.CharField(max_length=80, verbose_name='English label')),
                    ('label_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese label')),
                    ('meaning_en', models.CharField(blank=True, max_length=300, verbose_name='definition in English')),
                    ('meaning_zh', models.CharField(blank=True, max_length=300, verbose_name='definition in Chinese')),
                    ('type', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'Choice'), ('flag', 'Yes or no')], default='text', max_length=8, verbose_name='type')),
                    ('unit', models.CharField(blank=True, choices=[('', 'No unit'), ('fraction', 'Fraction (0.62 is 62%)'), ('multiple', 'Multiple'), ('money', 'Money'), ('days', 'Days'), ('years', 'Years'), ('count', 'Count'), ('points', 'Points'), ('grade', 'Grade from 1 to 5')], default='', max_length=20, verbose_name='unit')),
                    ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                    ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('corporate', 'Corporate'), ('institution', 'Institution'), ('individual', 'Individual')], max_length=12), size=None, verbose_name='kinds of client')),
                    ('required', models.BooleanField(default=False, verbose_name='required')),
                    ('metric', models.CharField(blank=True, editable=False, max_length=60, verbose_name='metric')),
                    ('place', models.PositiveSmallIntegerField(default=100, verbose_name='place in the list')),
                    ('of_the_house', models.BooleanField(default=False, editable=False, verbose_name='shipped with Strata')),
                    ('retired_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='retired at')),
                ],
                options={
                    'verbose_name': 'field of clients',
                    'verbose_name_plural': 'fields of clients',
                    'ordering': ['place', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z][a-z0-9_]*$')), name='profile_field_key_is_plain', violation_error_message='A key begins with a letter and holds small letters, digits and underscores.'), models.CheckConstraint(condition=models.Q(models.Q(('type', 'choice'), models.Q(('choices', []), _negated=True)), models.Q(models.Q(('type', 'choice'), _negated=True), ('choices', [])), _connector='OR'), name='profile_field_has_its_choices', violation_error_message='A field to choose in has a list of choices; others have none.'), models.CheckConstraint(condition=models.Q(('unit', ''), ('type', 'number'), _connector='OR'), name='profile_field_unit_is_of_a_number', violation_error_message='Only a number has a unit.'), models.CheckConstraint(condition=models.Q(('metric', ''), ('type__in', ['number', 'choice']), _connector='OR'), name='profile_field_metric_is_number_or_choice', violation_error_message='Only numbers and choices can be metrics.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='keeps_its_meaning', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."type" IS DISTINCT FROM (NEW."type") OR OLD."metric" IS DISTINCT FROM (NEW."metric"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='60ecf117f53d9b29efd42e1dbd79dceedc2a7b7d', operation='UPDATE', pgid='pgtrigger_keeps_its_meaning_4e33d', table='crm_profilefield', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_profilefieldevent" ("choices", "id", "key", "kinds", "label_en", "label_zh", "meaning_en", "meaning_zh", "metric", "of_the_house", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "required", "retired_at", "type", "unit") SELECT new_values."choices", new_values."id", new_values."key", new_values."kinds", new_values."label_en", new_values."label_zh", new_values."meaning_en", new_values."meaning_zh", new_values."metric", new_values."of_the_house", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."place", new_values."required", new_values."retired_at", new_values."type", new_values."unit" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cdf08e3512b027ed4a3204399ef6c775e248ac44', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ae731', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_profilefield', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_profilefieldevent" ("choices", "id", "key", "kinds", "label_en", "label_zh", "meaning_en", "meaning_zh", "metric", "of_the_house", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "required", "retired_at", "type", "unit") SELECT new_values."choices", new_values."id", new_values."key", new_values."kinds", new_values."label_en", new_values."label_zh", new_values."meaning_en", new_values."meaning_zh", new_values."metric", new_values."of_the_house", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."place", new_values."required", new_values."retired_at", new_values."type", new_values."unit" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ed41d5fb892de823a9d783d29ac94c5f0bbbc3b3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8310b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_profilefield', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_profilefieldevent" ("choices", "id", "key", "kinds", "label_en", "label_zh", "meaning_en", "meaning_zh", "metric", "of_the_house", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "required", "retired_at", "type", "unit") SELECT old_values."choices", old_values."id", old_values."key", old_values."kinds", old_values."label_en", old_values."label_zh", old_values."meaning_en", old_values."meaning_zh", old_values."metric", old_values."of_the_house", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."required", old_values."retired_at", old_values."type", old_values."unit" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='27e8c44577bb4f035ad72628b8fa8890f2e6c460', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6bb94', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_profilefield', when='AFTER'))],
                },
            )],
        ),
    ]
