import crm.migration_operations
import crm.models.conduct
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0021_taking_out'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[crm.migration_operations.CreateModelWithTriggers(
                name='ConsentRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(blank=True, choices=[('phone', 'Telephone'), ('email', 'E-mail'), ('post', 'Post'), ('messaging', 'Messaging')], max_length=10, verbose_name='channel')),
                    ('stance', models.CharField(choices=[('given', 'Consent given'), ('refused', 'Consent refused'), ('blocked', 'Not to be contacted')], max_length=8, verbose_name='what was said')),
                    ('source', models.CharField(max_length=120, verbose_name='source')),
                    ('since', models.DateField(default=crm.models.conduct.today, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='crm.client', verbose_name='client')),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='crm.contactperson', verbose_name='contact person')),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ],
                options={
                    'verbose_name': 'consent',
                    'verbose_name_plural': 'consents',
                    'ordering': ['-since', '-id'],
                    'indexes': [models.Index(fields=['client', 'channel'], name='consent_of_client')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='consent_says_whence', violation_error_message='Say where this is known from.'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='consent_until_after_since', violation_error_message='It cannot end before it begins.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_consentrecordevent" ("channel", "client_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "since", "source", "stance", "until") SELECT new_values."channel", new_values."client_id", new_values."created_at", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_by_id", new_values."since", new_values."source", new_values."stance", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c6b10885135eb26a6e9cd871087c80cd126ec124', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_573e4', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_consentrecord', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_consentrecordevent" ("channel", "client_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "since", "source", "stance", "until") SELECT new_values."channel", new_values."client_id", new_values."created_at", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_by_id", new_values."since", new_values."source", new_values."stance", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2c5aab4988038d18a923849747fa17a4ed32cbfd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_0155d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_consentrecord', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_consentrecordevent" ("channel", "client_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "since", "source", "stance", "until") SELECT old_values."channel", old_values."client_id", old_values."created_at", old_values."id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_by_id", old_values."since", old_values."source", old_values."stance", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='49b0e7de4ab4d4ba9f066a00b574a1744b82c3a1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a7020', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_consentrecord', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='ConsentRecordEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('channel', models.CharField(blank=True, choices=[('phone', 'Telephone'), ('email', 'E-mail'), ('post', 'Post'), ('messaging', 'Messaging')], max_length=10, verbose_name='channel')),
                    ('stance', models.CharField(choices=[('given', 'Consent given'), ('refused', 'Consent refused'), ('blocked', 'Not to be contacted')], max_length=8, verbose_name='what was said')),
                    ('source', models.CharField(max_length=120, verbose_name='source')),
                    ('since', models.DateField(default=crm.models.conduct.today, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contactperson', verbose_name='contact person')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.consentrecord')),
                    ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4d8a371f02b735046502c7ca879d3014c2248fcb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4520f', table='crm_consentrecordevent', when='BEFORE'))],
                },
            )],
        ),
    ]
