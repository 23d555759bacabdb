import crm.migration_operations
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0008_saved_views'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.CreateModelWithTriggers(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registered', 'Registered'), ('office', 'Office'), ('mailing', 'For mail'), ('site', 'Plant or site'), ('home', 'Home')], default='office', max_length=12, verbose_name='kind')),
                ('text', models.CharField(max_length=300, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('ended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='ended on')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='crm.client', verbose_name='client')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='crm.region', verbose_name='region')),
            ],
            options={
                'verbose_name': 'address',
                'verbose_name_plural': 'addresses',
                'ordering': [models.OrderBy(models.F('ended_on'), descending=True, nulls_first=True), 'kind', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'registered'), ('ended_on__isnull', True)), fields=('client',), name='address_one_registered', violation_error_message='The client has a registered address already. End that one first.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_addressevent" ("client_id", "created_at", "ended_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "region_id", "text", "version") SELECT new_values."client_id", new_values."created_at", new_values."ended_on", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."postcode", new_values."region_id", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f0b9b993534e39d68ee0892f1c0d57cc9dde3843', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_70727', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_address', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_addressevent" ("client_id", "created_at", "ended_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "region_id", "text", "version") SELECT new_values."client_id", new_values."created_at", new_values."ended_on", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."postcode", new_values."region_id", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='553453da019bb9a8052f3213ac20be837f1bfecb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_97484', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_address', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_addressevent" ("client_id", "created_at", "ended_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "region_id", "text", "version") SELECT old_values."client_id", old_values."created_at", old_values."ended_on", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."postcode", old_values."region_id", old_values."text", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='448c01a6b05fe9b0378d6470b3efef4eb9ef443c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7befb', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_address', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='AddressEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('registered', 'Registered'), ('office', 'Office'), ('mailing', 'For mail'), ('site', 'Plant or site'), ('home', 'Home')], default='office', max_length=12, verbose_name='kind')),
                ('text', models.CharField(max_length=300, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('ended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='ended on')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.address')),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.region', verbose_name='region')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='beb3883d30f88f769260319ae4b5b4acbc689bcf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d8739', table='crm_addressevent', when='BEFORE'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='ContactPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='position')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('decision_maker', 'Decision maker'), ('owner', 'Owner'), ('finance', 'Finance'), ('legal', 'Legal'), ('operations', 'Operations'), ('guarantor', 'Guarantor'), ('other', 'Other')], max_length=16), blank=True, default=list, size=None, verbose_name='roles')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone_sealed', models.TextField(blank=True, editable=False)),
                ('phone_fingerprint', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('phone_hint', models.CharField(blank=True, editable=False, max_length=4, verbose_name='last digits of the telephone number')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                ('do_not_contact', models.BooleanField(default=False, verbose_name='not to be contacted')),
                ('consent', models.CharField(choices=[('not_asked', 'Not asked'), ('given', 'Given'), ('refused', 'Refused')], default='not_asked', max_length=10, verbose_name='consent')),
                ('consent_on', models.DateField(blank=True, null=True, verbose_name='consent given or refused on')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('ended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='ended on')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='crm.client', verbose_name='client')),
            ],
            options={
                'verbose_name': 'contact person',
                'verbose_name_plural': 'contact persons',
                'ordering': [models.OrderBy(models.F('ended_on'), descending=True, nulls_first=True), 'name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('consent', 'not_asked'), ('consent_on__isnull', True)), models.Q(models.Q(('consent', 'not_asked'), _negated=True), ('consent_on__isnull', False)), _connector='OR'), name='person_consent_has_its_day', violation_error_message='Say on which day consent was given or refused, and only then.'), models.CheckConstraint(condition=models.Q(models.Q(('phone_fingerprint', ''), ('phone_hint', ''), ('phone_sealed', '')), models.Q(models.Q(('phone_sealed', ''), _negated=True), models.Q(('phone_fingerprint', ''), _negated=True)), _connector='OR'), name='person_phone_is_sealed_whole')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpersonevent" ("client_id", "consent", "consent_on", "created_at", "do_not_contact", "email", "ended_on", "id", "language", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_fingerprint", "phone_hint", "phone_sealed", "position", "roles", "version") SELECT new_values."client_id", new_values."consent", new_values."consent_on", new_values."created_at", new_values."do_not_contact", new_values."email", new_values."ended_on", new_values."id", new_values."language", new_values."name", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone_fingerprint", new_values."phone_hint", new_values."phone_sealed", new_values."position", new_values."roles", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3a29c405f25495ec8f1d4754a6e8e1aa9bd9d6e1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_30032', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_contactperson', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpersonevent" ("client_id", "consent", "consent_on", "created_at", "do_not_contact", "email", "ended_on", "id", "language", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_fingerprint", "phone_hint", "phone_sealed", "position", "roles", "version") SELECT new_values."client_id", new_values."consent", new_values."consent_on", new_values."created_at", new_values."do_not_contact", new_values."email", new_values."ended_on", new_values."id", new_values."language", new_values."name", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone_fingerprint", new_values."phone_hint", new_values."phone_sealed", new_values."position", new_values."roles", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9c6faf962324ce762466f63f244b1b41a0087dc5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e6a9c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_contactperson', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpersonevent" ("client_id", "consent", "consent_on", "created_at", "do_not_contact", "email", "ended_on", "id", "language", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_fingerprint", "phone_hint", "phone_sealed", "position", "roles", "version") SELECT old_values."client_id", old_values."consent", old_values."consent_on", old_values."created_at", old_values."do_not_contact", old_values."email", old_values."ended_on", old_values."id", old_values."language", old_values."name", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone_fingerprint", old_values."phone_hint", old_values."phone_sealed", old_values."position", old_values."roles", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='974bee0803b9599dbb1d2242c67c29174aeae108', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_bc45a', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_contactperson', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='ContactPersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='position')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('decision_maker', 'Decision maker'), ('owner', 'Owner'), ('finance', 'Finance'), ('legal', 'Legal'), ('operations', 'Operations'), ('guarantor', 'Guarantor'), ('other', 'Other')], max_length=16), blank=True, default=list, size=None, verbose_name='roles')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone_sealed', models.TextField(blank=True, editable=False)),
                ('phone_fingerprint', models.CharField(blank=True, editable=False, max_length=64)),
                ('phone_hint', models.CharField(blank=True, editable=False, max_length=4, verbose_name='last digits of the telephone number')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                ('do_not_contact', models.BooleanField(default=False, verbose_name='not to be contacted')),
                ('consent', models.CharField(choices=[('not_asked', 'Not asked'), ('given', 'Given'), ('refused', 'Refused')], default='not_asked', max_length=10, verbose_name='consent')),
                ('consent_on', models.DateField(blank=True, null=True, verbose_name='consent given or refused on')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('ended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='ended on')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.contactperson')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1c253da593740987566e75828e7fb38de39e06de', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_92403', table='crm_contactpersonevent', when='BEFORE'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='Reveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(choices=[('phone', 'Telephone number')], max_length=12, verbose_name='what')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='crm.client', verbose_name='client')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='crm.contactperson', verbose_name='contact person')),
            ],
            options={
                'verbose_name': 'look at a sealed value',
                'verbose_name_plural': 'looks at sealed values',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reveal_says_why')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_revealevent" ("at", "by_id", "client_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "value") SELECT new_values."at", new_values."by_id", new_values."client_id", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3686e7ef92b9f55c1bb0dccbd3a86b56ea01ca7d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9a6b0', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_reveal', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_revealevent" ("at", "by_id", "client_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "value") SELECT new_values."at", new_values."by_id", new_values."client_id", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='02e9312ec354cf9421eb1e0318502b59e8bebc6e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b09af', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_reveal', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_revealevent" ("at", "by_id", "client_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "value") SELECT old_values."at", old_values."by_id", old_values."client_id", old_values."id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='10daaca1f36e937b9e8a5be37dc4dd4900d74cd8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_51ea5', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_reveal', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='RevealEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('value', models.CharField(choices=[('phone', 'Telephone number')], max_length=12, verbose_name='what')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contactperson', verbose_name='contact person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.reveal')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0c47e04ec5bd4b91a261bb235750084f9f66a15', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b2898', table='crm_revealevent', when='BEFORE'))],
            },
        ),
    ]
