import crm.migration_operations
import crm.models.absences
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('crm', '0014_governed_observations')]

    dependencies = [
        ('crm', '0002_clients'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together([
            crm.migration_operations.CreateModelWithTriggers(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(verbose_name='last day')),
                    ('is_away', models.BooleanField(default=True, verbose_name='away')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputed_absences', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                    ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ],
                options={
                    'verbose_name': 'absence',
                    'verbose_name_plural': 'absences',
                    'ordering': ['-starts_on', '-id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='absence_ends_after_it_starts', violation_error_message='The last day is not before the first.'), models.CheckConstraint(condition=models.Q(('deputy__isnull', True), models.Q(('deputy', models.F('user')), _negated=True), _connector='OR'), name='absence_deputy_is_another', violation_error_message='Nobody is their own deputy. Choose somebody else.'), models.CheckConstraint(condition=models.Q(('is_away', True), ('deputy__isnull', False), _connector='OR'), name='absence_is_away_or_deputed', violation_error_message='Choose a deputy: somebody who is not away hands over to one.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), (crm.models.absences.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='absence_one_at_a_time', violation_error_message='The days overlap an absence that is entered already. End that one, or choose other days.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_absenceevent" ("created_at", "deputy_id", "ends_on", "entered_by_id", "id", "is_away", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on", "user_id") SELECT new_values."created_at", new_values."deputy_id", new_values."ends_on", new_values."entered_by_id", new_values."id", new_values."is_away", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."starts_on", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cfd7b17edb7d01a57ab44b1e8595b6c87096285a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a8fde', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_absence', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_absenceevent" ("created_at", "deputy_id", "ends_on", "entered_by_id", "id", "is_away", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on", "user_id") SELECT new_values."created_at", new_values."deputy_id", new_values."ends_on", new_values."entered_by_id", new_values."id", new_values."is_away", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."starts_on", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3e840c06d83592bc82b8683b101f4a643d54b1b2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_82220', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_absence', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_absenceevent" ("created_at", "deputy_id", "ends_on", "entered_by_id", "id", "is_away", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on", "user_id") SELECT old_values."created_at", old_values."deputy_id", old_values."ends_on", old_values."entered_by_id", old_values."id", old_values."is_away", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."starts_on", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='cf0261f52fda58d4ef2c24681a3a0f12b1a59acc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d6367', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_absence', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='Digest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slot', models.CharField(max_length=40, verbose_name='slot')),
                    ('status', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('dropped', 'Nothing left to tell'), ('failed', 'Failed')], default='waiting', max_length=8, verbose_name='status')),
                    ('attempts', models.PositiveSmallIntegerField(db_default=0, verbose_name='attempts')),
                    ('free_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='free at')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made at')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                    ('failure', models.CharField(blank=True, db_default='', max_length=300, verbose_name='last failure')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='digests', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
                ],
                options={
                    'verbose_name': 'e-mail of notices',
                    'verbose_name_plural': 'e-mails of notices',
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['free_at'], name='digest_waiting')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'slot'), name='digest_once')],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='NoticePreference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('in_app', models.BooleanField(verbose_name='in the page')),
                    ('mail', models.BooleanField(verbose_name='by mail')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notice_preferences', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'notice preference',
                    'verbose_name_plural': 'notice preferences',
                    'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='notice_preference_once')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noticepreferenceevent" ("id", "in_app", "kind", "mail", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."id", new_values."in_app", new_values."kind", new_values."mail", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7a71b9a10f40d2d7352b75e151d15a2a627d63e5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2b93a', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_noticepreference', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noticepreferenceevent" ("id", "in_app", "kind", "mail", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."id", new_values."in_app", new_values."kind", new_values."mail", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8648ef502c05e465d0f45b29973cd64687c1437d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c011c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_noticepreference', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noticepreferenceevent" ("id", "in_app", "kind", "mail", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."id", old_values."in_app", old_values."kind", old_values."mail", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='51dc18f8783d5842ab53aa33c06786008efa7438', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_1d951', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_noticepreference', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='NoticeSettings',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rhythm', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('weekly', 'Once a week'), ('none', 'Never')], default='daily', max_length=8, verbose_name='mails')),
                    ('hour', models.PositiveSmallIntegerField(default=8, verbose_name='hour')),
                    ('weekday', models.PositiveSmallIntegerField(default=0, verbose_name='day of the week')),
                    ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                    ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                    ('language', models.CharField(blank=True, max_length=10, verbose_name='language of mails')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice_settings', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'notice settings',
                    'verbose_name_plural': 'notice settings',
                    'constraints': [models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='notice_hour_of_a_day'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='notice_day_of_a_week'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='notice_quiet_has_both_ends', violation_error_message='Quiet hours have a beginning and an end; give both, or neither.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noticesettingsevent" ("hour", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quiet_from", "quiet_until", "rhythm", "user_id", "weekday") SELECT new_values."hour", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."quiet_from", new_values."quiet_until", new_values."rhythm", new_values."user_id", new_values."weekday" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bb5ac695ffc027f88c126b545d77de50e5cba783', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d92e3', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_noticesettings', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noticesettingsevent" ("hour", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quiet_from", "quiet_until", "rhythm", "user_id", "weekday") SELECT new_values."hour", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."quiet_from", new_values."quiet_until", new_values."rhythm", new_values."user_id", new_values."weekday" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1b310c20ef293ac323d47f6b20dd3f1c5e03b281', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d838b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_noticesettings', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noticesettingsevent" ("hour", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quiet_from", "quiet_until", "rhythm", "user_id", "weekday") SELECT old_values."hour", old_values."id", old_values."language", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."quiet_from", old_values."quiet_until", old_values."rhythm", old_values."user_id", old_values."weekday" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8c9823fbf3dcd1840e1f3b7915474b02a6ebf9e1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_be018', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_noticesettings', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, verbose_name='file name')),
                    ('content_type', models.CharField(max_length=100)),
                    ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                    ('sha256', models.CharField(max_length=64)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='uploaded at')),
                    ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='crm.client', verbose_name='client')),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                ],
                options={
                    'verbose_name': 'attachment',
                    'verbose_name_plural': 'attachments',
                    'ordering': ['-id'],
                    'triggers': [pgtrigger.compiler.Trigger(name='stays_as_handed_in', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='20b411d5b32d4afe954b837324e837724606994d', operation='UPDATE OR DELETE', pgid='pgtrigger_stays_as_handed_in_325ff', table='crm_attachment', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Interest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.TextField(max_length=2000, verbose_name='what the interest is')),
                    ('declared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='declared')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='crm.client', verbose_name='client')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ],
                options={
                    'verbose_name': 'interest',
                    'verbose_name_plural': 'interests',
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'client'), name='interest_declared_once', violation_error_message='You have declared an interest in this client already.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='interest_says_what')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_interestevent" ("client_id", "declared_at", "ended_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id") SELECT new_values."client_id", new_values."declared_at", new_values."ended_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='93f76236822f807d13dd090e197a8cd51abc444d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4d31f', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_interest', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_interestevent" ("client_id", "declared_at", "ended_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id") SELECT new_values."client_id", new_values."declared_at", new_values."ended_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d3fd63d35ca550167a48e9461534806e649c5f85', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b5639', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_interest', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_interestevent" ("client_id", "declared_at", "ended_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id") SELECT old_values."client_id", old_values."declared_at", old_values."ended_at", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5c98b7a488c58698011541da9b1e471f8389da7d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_cdbe7', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_interest', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Task',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(blank=True, max_length=60)),
                    ('title', models.CharField(blank=True, max_length=200, verbose_name='what is to be done')),
                    ('params', models.JSONField(blank=True, default=dict)),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('cancelled', 'Cancelled')], db_default='open', default='open', max_length=10, verbose_name='status')),
                    ('origin', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                    ('outcome', models.TextField(blank=True, db_default='', max_length=2000, verbose_name='outcome')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                    ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='crm.client', verbose_name='client')),
                    ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'task',
                    'verbose_name_plural': 'tasks',
                    'ordering': ['due_on', 'id'],
                    'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['assignee', 'due_on'], name='task_due'), models.Index(condition=models.Q(('status', 'open')), fields=['client', 'due_on'], name='task_of_client')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), models.Q(('title', ''), _negated=True)), models.Q(models.Q(('kind', ''), _negated=True), ('title', '')), _connector='OR'), name='task_says_what', violation_error_message='Say what is to be done.'), models.CheckConstraint(condition=models.Q(('assignee__isnull', False), ('client__isnull', False), _connector='OR'), name='task_is_somebodys', violation_error_message='A task is of a person or of a client.'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='task_finished_when_not_open')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_taskevent" ("assignee_id", "client_id", "created_at", "created_by_id", "due_on", "finished_at", "finished_by_id", "id", "kind", "origin", "outcome", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "title") SELECT new_values."assignee_id", new_values."client_id", new_values."created_at", new_values."created_by_id", new_values."due_on", new_values."finished_at", new_values."finished_by_id", new_values."id", new_values."kind", new_values."origin", new_values."outcome", new_values."params", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."status", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f1fcc8b2dbf558ba779a3135c270bfd95106cc51', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f9739', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_task', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_taskevent" ("assignee_id", "client_id", "created_at", "created_by_id", "due_on", "finished_at", "finished_by_id", "id", "kind", "origin", "outcome", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "title") SELECT new_values."assignee_id", new_values."client_id", new_values."created_at", new_values."created_by_id", new_values."due_on", new_values."finished_at", new_values."finished_by_id", new_values."id", new_values."kind", new_values."origin", new_values."outcome", new_values."params", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."status", new_values."title" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='070ddabae3633ec53ad4b41d613fa4a64720e394', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e0e47', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_task', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_taskevent" ("assignee_id", "client_id", "created_at", "created_by_id", "due_on", "finished_at", "finished_by_id", "id", "kind", "origin", "outcome", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "title") SELECT old_values."assignee_id", old_values."client_id", old_values."created_at", old_values."created_by_id", old_values."due_on", old_values."finished_at", old_values."finished_by_id", old_values."id", old_values."kind", old_values."origin", old_values."outcome", old_values."params", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."status", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ce6c5e68c9d032aed07dfa57ff6f0dcedf39f7db', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5f5c1', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_task', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='AbsenceEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('starts_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(verbose_name='last day')),
                    ('is_away', models.BooleanField(default=True, verbose_name='away')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('deputy', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                    ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.absence')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2fa31a0182e872fb06a3af103f69335d32c62d06', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_86367', table='crm_absenceevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('event', models.CharField(max_length=200)),
                    ('params', models.JSONField(default=dict)),
                    ('in_app', models.BooleanField(db_default=True)),
                    ('to_mail', models.BooleanField(db_default=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('read_at', models.DateTimeField(blank=True, null=True)),
                    ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='crm.client')),
                    ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='crm.digest')),
                    ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'notice',
                    'verbose_name_plural': 'notices',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['recipient', '-id'], name='notice_of_recipient'), models.Index(condition=models.Q(('in_app', True), ('read_at__isnull', True)), fields=['recipient', '-id'], name='notice_unread'), models.Index(condition=models.Q(('digest__isnull', True), ('read_at__isnull', True), ('to_mail', True)), fields=['recipient', 'created_at'], name='notice_unmailed')],
                    'constraints': [models.UniqueConstraint(fields=('recipient', 'event'), name='notice_once')],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='NoticePreferenceEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(max_length=60)),
                    ('in_app', models.BooleanField(verbose_name='in the page')),
                    ('mail', models.BooleanField(verbose_name='by mail')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.noticepreference')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='18157fd8748cbbaa2f6caac46aad3fc0be425e39', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d50b', table='crm_noticepreferenceevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='NoticeSettingsEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('rhythm', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('weekly', 'Once a week'), ('none', 'Never')], default='daily', max_length=8, verbose_name='mails')),
                    ('hour', models.PositiveSmallIntegerField(default=8, verbose_name='hour')),
                    ('weekday', models.PositiveSmallIntegerField(default=0, verbose_name='day of the week')),
                    ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                    ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                    ('language', models.CharField(blank=True, max_length=10, verbose_name='language of mails')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.noticesettings')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='67b1ad3e5980694a10c51c4ba499e439e8ff103e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_30bd4', table='crm_noticesettingsevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='AttachmentContent',
                fields=[
                    ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='content', serialize=False, to='crm.attachment', verbose_name='attachment')),
                    ('data', models.BinaryField()),
                ],
                options={
                    'verbose_name': 'content of an attachment',
                    'verbose_name_plural': 'contents of attachments',
                    'triggers': [pgtrigger.compiler.Trigger(name='stays_as_handed_in', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ecbc079a7b63e4f880d93f4d6ae094f6465d2bf2', operation='UPDATE OR DELETE', pgid='pgtrigger_stays_as_handed_in_e58c6', table='crm_attachmentcontent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='InterestEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('reason', models.TextField(max_length=2000, verbose_name='what the interest is')),
                    ('declared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='declared')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.interest')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2dba5f26158746c83f9f271375d8ddafa85de1d6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_81e8d', table='crm_interestevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='TaskEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(blank=True, max_length=60)),
                    ('title', models.CharField(blank=True, max_length=200, verbose_name='what is to be done')),
                    ('params', models.JSONField(blank=True, default=dict)),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('cancelled', 'Cancelled')], db_default='open', default='open', max_length=10, verbose_name='status')),
                    ('origin', models.CharField(blank=True, max_length=200, null=True)),
                    ('outcome', models.TextField(blank=True, db_default='', max_length=2000, verbose_name='outcome')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('assignee', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                    ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('created_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('finished_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.task')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='296796ae066a5f780117f64d9cbdf00e51d31439', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_59de6', table='crm_taskevent', when='BEFORE'))],
                },
            ),
        ]),
    ]
