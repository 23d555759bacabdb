import crm.migration_operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0009_contact_people'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.CreateModelWithTriggers(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('colour', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(6)], verbose_name='colour')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='crm.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': [django.db.models.functions.text.Lower('name'), 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), name='tag_once_in_a_team', violation_error_message='The team has a tag of this name already.'), models.CheckConstraint(condition=models.Q(('colour__gte', 1), ('colour__lte', 6)), name='tag_has_a_colour', violation_error_message='Choose one of the colours.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_tagevent" ("colour", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") SELECT new_values."colour", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."team_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f669fc1f9526984bfcc7b48e1e93d850aef290c6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7ad15', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_tag', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_tagevent" ("colour", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") SELECT new_values."colour", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."team_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f561baf68ade63dc62bcf0e4639fca92320247b7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ba07a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_tag', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_tagevent" ("colour", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") SELECT old_values."colour", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."team_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e4a6db1a7bd5a9b2d458ee3314403b43a1cb5337', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_440b5', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_tag', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='ClientTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='crm.client', verbose_name='client')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='crm.tag', verbose_name='tag')),
            ],
            options={
                'verbose_name': 'tag of a client',
                'verbose_name_plural': 'tags of clients',
                'constraints': [models.UniqueConstraint(fields=('client', 'tag'), name='client_tag_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clienttagevent" ("added_at", "added_by_id", "client_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT new_values."added_at", new_values."added_by_id", new_values."client_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."tag_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d32748553e7035725cda3828c1510d18a0048242', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_783b2', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_clienttag', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clienttagevent" ("added_at", "added_by_id", "client_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT new_values."added_at", new_values."added_by_id", new_values."client_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."tag_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='488914b93fae55a0fbf67c8be910d89dd6922d3b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_77d79', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_clienttag', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clienttagevent" ("added_at", "added_by_id", "client_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT old_values."added_at", old_values."added_by_id", old_values."client_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."tag_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='281d3d14780b1a7d5bf132a993ed1e668b8b1b3f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0b3e8', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_clienttag', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='ClientTagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('added_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.clienttag')),
                ('tag', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.tag', verbose_name='tag')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='71bef6d1bd87338a39628f40ff5582e98c5c1538', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_34557', table='crm_clienttagevent', when='BEFORE'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='TagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('colour', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(6)], verbose_name='colour')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.tag')),
                ('team', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.team', verbose_name='team')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1aadeed2094c58265900ea67100a5fc78ff514dc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e6d2a', table='crm_tagevent', when='BEFORE'))],
            },
        ),
    ]
