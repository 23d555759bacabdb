import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0011_people_found'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[crm.migration_operations.CreateModelWithTriggers(
                name='IdentityNumber',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('uscc', 'Unified social credit code'), ('lei', 'Legal entity identifier (LEI)'), ('tax', 'Tax number'), ('register', 'Number in another register'), ('id_card', 'Resident identity card'), ('passport', 'Passport'), ('other', 'Other')], max_length=12, verbose_name='kind')),
                    ('country', models.CharField(blank=True, help_text='Two letters, as CN or DE: whose authority gave it.', max_length=2, verbose_name='country')),
                    ('sealed', models.TextField(editable=False)),
                    ('fingerprint', models.CharField(editable=False, max_length=64)),
                    ('hint', models.CharField(blank=True, editable=False, max_length=4, verbose_name='last characters')),
                    ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('ended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='ended on')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='crm.client', verbose_name='client')),
                ],
                options={
                    'verbose_name': 'identity number',
                    'verbose_name_plural': 'identity numbers',
                    'ordering': [models.OrderBy(models.F('ended_on'), descending=True, nulls_first=True), 'kind', 'id'],
                    'indexes': [models.Index(condition=models.Q(('ended_on__isnull', True)), fields=['fingerprint'], name='identity_fingerprint')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('client', 'fingerprint'), name='identity_number_once', violation_error_message='The client has this number already.'), models.CheckConstraint(condition=models.Q(models.Q(('sealed', ''), _negated=True), models.Q(('fingerprint', ''), _negated=True)), name='identity_is_sealed'), models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='identity_country_is_a_code', violation_error_message='A country is two letters, as CN or DE.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_identitynumberevent" ("client_id", "country", "created_at", "ended_on", "expires_on", "fingerprint", "hint", "id", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sealed", "version") SELECT new_values."client_id", new_values."country", new_values."created_at", new_values."ended_on", new_values."expires_on", new_values."fingerprint", new_values."hint", new_values."id", new_values."kind", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."sealed", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='939313199fd1b18587136b9f4909f2fa283bbd6f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f9228', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_identitynumber', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_identitynumberevent" ("client_id", "country", "created_at", "ended_on", "expires_on", "fingerprint", "hint", "id", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sealed", "version") SELECT new_values."client_id", new_values."country", new_values."created_at", new_values."ended_on", new_values."expires_on", new_values."fingerprint", new_values."hint", new_values."id", new_values."kind", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."sealed", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3d96af9bd704d4ad64523d1de15cb616237f1be8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4efc0', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_identitynumber', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_identitynumberevent" ("client_id", "country", "created_at", "ended_on", "expires_on", "fingerprint", "hint", "id", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sealed", "version") SELECT old_values."client_id", old_values."country", old_values."created_at", old_values."ended_on", old_values."expires_on", old_values."fingerprint", old_values."hint", old_values."id", old_values."kind", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sealed", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a3a7794bdc23eccb258883fb3e6adff539367e1c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_03cab', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_identitynumber', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='IdentityNumberEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(choices=[('uscc', 'Unified social credit code'), ('lei', 'Legal entity identifier (LEI)'), ('tax', 'Tax number'), ('register', 'Number in another register'), ('id_card', 'Resident identity card'), ('passport', 'Passport'), ('other', 'Other')], max_length=12, verbose_name='kind')),
                    ('country', models.CharField(blank=True, help_text='Two letters, as CN or DE: whose authority gave it.', max_length=2, verbose_name='country')),
                    ('sealed', models.TextField(editable=False)),
                    ('fingerprint', models.CharField(editable=False, max_length=64)),
                    ('hint', models.CharField(blank=True, editable=False, max_length=4, verbose_name='last characters')),
                    ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('ended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='ended on')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.identitynumber')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='23a5ab63ea46d6ba07bf9c1afdb84b08feb17f18', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28425', table='crm_identitynumberevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='IdentityReveal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_reveals', to='crm.client', verbose_name='client')),
                    ('number', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='crm.identitynumber', verbose_name='identity number')),
                ],
                options={
                    'verbose_name': 'look at an identity number',
                    'verbose_name_plural': 'looks at identity numbers',
                    'ordering': ['-id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='identity_reveal_says_why')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_identityrevealevent" ("at", "by_id", "client_id", "id", "number_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") SELECT new_values."at", new_values."by_id", new_values."client_id", new_values."id", new_values."number_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='14a2c169d7ede055c13b27173c386475a78260bf', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_70ac7', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_identityreveal', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_identityrevealevent" ("at", "by_id", "client_id", "id", "number_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") SELECT new_values."at", new_values."by_id", new_values."client_id", new_values."id", new_values."number_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='83a7ef188019644ccdf82826ae40c4002243bf40', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ab088', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_identityreveal', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_identityrevealevent" ("at", "by_id", "client_id", "id", "number_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") SELECT old_values."at", old_values."by_id", old_values."client_id", old_values."id", old_values."number_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='14c2bc5a617a6f270a5748b53a7e1add0d1146fd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9ef9a', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_identityreveal', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='IdentityRevealEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('reason', models.CharField(max_length=300, verbose_name='reason')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                    ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('number', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.identitynumber', verbose_name='identity number')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.identityreveal')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='683882932a7991a55d61da44e4e6c160b33f1ce3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4bf9d', table='crm_identityrevealevent', when='BEFORE'))],
                },
            )],
        ),
    ]
