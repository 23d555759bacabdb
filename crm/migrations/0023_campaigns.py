import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0022_consent'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[crm.migration_operations.CreateModelWithTriggers(
                name='Campaign',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('kind', models.CharField(choices=[('event', 'Event'), ('training', 'Training'), ('product', 'Product'), ('survey', 'Survey')], default='event', max_length=10, verbose_name='kind')),
                    ('goal', models.CharField(max_length=300, verbose_name='goal')),
                    ('channel', models.CharField(choices=[('phone', 'Telephone'), ('email', 'E-mail'), ('post', 'Post'), ('messaging', 'Messaging')], default='email', max_length=10, verbose_name='channel')),
                    ('starts_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(verbose_name='last day')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('running', 'Running'), ('closed', 'Closed')], default='draft', max_length=10, verbose_name='status')),
                    ('launched_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='launched at')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('questionnaire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='crm.questionnaire', verbose_name='questionnaire')),
                    ('segment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='crm.segment', verbose_name='segment')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='crm.team')),
                ],
                options={
                    'verbose_name': 'campaign',
                    'verbose_name_plural': 'campaigns',
                    'ordering': ['-id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='campaign_ends_after_it_starts', violation_error_message='It cannot end before it begins.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'survey'), _negated=True), ('questionnaire__isnull', False), _connector='OR'), name='campaign_survey_has_questions', violation_error_message='A survey needs a questionnaire.'), models.CheckConstraint(condition=models.Q(models.Q(('launched_at__isnull', True), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('launched_at__isnull', False)), _connector='OR'), name='campaign_launched_unless_draft')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaignevent" ("channel", "created_at", "ends_on", "goal", "id", "kind", "launched_at", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "questionnaire_id", "segment_id", "starts_on", "status", "team_id", "version") SELECT new_values."channel", new_values."created_at", new_values."ends_on", new_values."goal", new_values."id", new_values."kind", new_values."launched_at", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."questionnaire_id", new_values."segment_id", new_values."starts_on", new_values."status", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='58dcd4b9092d9c59ee339310cdf114b4e41fce47', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f3cf4', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_campaign', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaignevent" ("channel", "created_at", "ends_on", "goal", "id", "kind", "launched_at", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "questionnaire_id", "segment_id", "starts_on", "status", "team_id", "version") SELECT new_values."channel", new_values."created_at", new_values."ends_on", new_values."goal", new_values."id", new_values."kind", new_values."launched_at", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."questionnaire_id", new_values."segment_id", new_values."starts_on", new_values."status", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c59e45e6b4393b689871f4b7292da9483006f34f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_80e1b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_campaign', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaignevent" ("channel", "created_at", "ends_on", "goal", "id", "kind", "launched_at", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "questionnaire_id", "segment_id", "starts_on", "status", "team_id", "version") SELECT old_values."channel", old_values."created_at", old_values."ends_on", old_values."goal", old_values."id", old_values."kind", old_values."launched_at", old_values."name", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."questionnaire_id", old_values."segment_id", old_values."starts_on", old_values."status", old_values."team_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='845575b4f1b875e010b9455b6fc716e80b33d468', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e20c7', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_campaign', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='CampaignEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('kind', models.CharField(choices=[('event', 'Event'), ('training', 'Training'), ('product', 'Product'), ('survey', 'Survey')], default='event', max_length=10, verbose_name='kind')),
                    ('goal', models.CharField(max_length=300, verbose_name='goal')),
                    ('channel', models.CharField(choices=[('phone', 'Telephone'), ('email', 'E-mail'), ('post', 'Post'), ('messaging', 'Messaging')], default='email', max_length=10, verbose_name='channel')),
                    ('starts_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(verbose_name='last day')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('running', 'Running'), ('closed', 'Closed')], default='draft', max_length=10, verbose_name='status')),
                    ('launched_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='launched at')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.campaign')),
                    ('questionnaire', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.questionnaire', verbose_name='questionnaire')),
                    ('segment', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.segment', verbose_name='segment')),
                    ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.team')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2c62a750c2e6881c8f8cac1b05306c927404e9c7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e7818', table='crm_campaignevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='CampaignText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                    ('tier', models.CharField(blank=True, max_length=40, verbose_name='tier')),
                    ('demand_level', models.CharField(blank=True, choices=[('basic', 'Basic'), ('comprehensive', 'Comprehensive'), ('premium', 'Premium')], max_length=16, verbose_name='demand level')),
                    ('subject', models.CharField(max_length=150, verbose_name='subject')),
                    ('body', models.TextField(max_length=5000, verbose_name='text')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='crm.campaign')),
                ],
                options={
                    'verbose_name': 'text of a campaign',
                    'verbose_name_plural': 'texts of campaigns',
                    'ordering': ['language', 'tier', 'demand_level'],
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'language', 'tier', 'demand_level'), name='campaign_text_once', violation_error_message='There are words for these clients in this language already.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaigntextevent" ("body", "campaign_id", "demand_level", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "tier") SELECT new_values."body", new_values."campaign_id", new_values."demand_level", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."subject", new_values."tier" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e5441e8242862c6ce3255aa0c4aa8a507f6f8004', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_57c52', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_campaigntext', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaigntextevent" ("body", "campaign_id", "demand_level", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "tier") SELECT new_values."body", new_values."campaign_id", new_values."demand_level", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."subject", new_values."tier" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b6d33f820a131c264ff28c6361dfd0cf33544650', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a42e7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_campaigntext', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaigntextevent" ("body", "campaign_id", "demand_level", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject", "tier") SELECT old_values."body", old_values."campaign_id", old_values."demand_level", old_values."id", old_values."language", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."subject", old_values."tier" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fc06716aad43862fa0d8b28b03d9ee3797e64714', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6b115', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_campaigntext', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='CampaignTextEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                    ('tier', models.CharField(blank=True, max_length=40, verbose_name='tier')),
                    ('demand_level', models.CharField(blank=True, choices=[('basic', 'Basic'), ('comprehensive', 'Comprehensive'), ('premium', 'Premium')], max_length=16, verbose_name='demand level')),
                    ('subject', models.CharField(max_length=150, verbose_name='subject')),
                    ('body', models.TextField(max_length=5000, verbose_name='text')),
                    ('campaign', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.campaign')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.campaigntext')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='104fe1cbcb15e0b4e289221ad0e4c72ad75334f7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b0c3b', table='crm_campaigntextevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('tier', models.CharField(blank=True, max_length=40, verbose_name='tier')),
                    ('left_out', models.CharField(blank=True, choices=[('blocked', 'Not to be contacted'), ('no_person', 'No contact person'), ('no_consent', 'No consent for the channel'), ('no_address', 'No address for the channel'), ('rm_away', 'RM away, without a deputy'), ('no_text', 'No text in their language')], max_length=12, verbose_name='left out')),
                    ('delivery', models.CharField(blank=True, choices=[('', 'None'), ('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Given up')], default='', max_length=8, verbose_name='mail')),
                    ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ('free_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('failure', models.CharField(blank=True, db_default='', max_length=300)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('answer', models.CharField(blank=True, choices=[('', 'No answer'), ('yes', 'Yes'), ('no', 'No'), ('later', 'Later')], default='', max_length=6, verbose_name='answer')),
                    ('attended', models.BooleanField(default=False, verbose_name='attended')),
                    ('case', models.BigIntegerField(blank=True, null=True, verbose_name='case')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='crm.campaign')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.client', verbose_name='client')),
                    ('link', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='crm.answerlink')),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.contactperson')),
                    ('text', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.campaigntext')),
                ],
                options={
                    'verbose_name': 'invitation',
                    'verbose_name_plural': 'invitations',
                    'ordering': ['id'],
                    'indexes': [models.Index(condition=models.Q(('delivery', 'waiting')), fields=['free_at'], name='invitation_to_mail')],
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'client'), name='invitation_once'), models.CheckConstraint(condition=models.Q(('left_out', ''), models.Q(('answer', ''), ('attended', False), ('case__isnull', True), ('delivery', ''), ('link__isnull', True)), _connector='OR'), name='invitation_left_out_gets_nothing')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_invitationevent" ("answer", "attended", "campaign_id", "case", "client_id", "delivery", "id", "left_out", "link_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "text_id", "tier") SELECT new_values."answer", new_values."attended", new_values."campaign_id", new_values."case", new_values."client_id", new_values."delivery", new_values."id", new_values."left_out", new_values."link_id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."sent_at", new_values."text_id", new_values."tier" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b891474ddf8d0086cd8c4f586782497f9d1ae70e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0df3e', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_invitation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_invitationevent" ("answer", "attended", "campaign_id", "case", "client_id", "delivery", "id", "left_out", "link_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "text_id", "tier") SELECT new_values."answer", new_values."attended", new_values."campaign_id", new_values."case", new_values."client_id", new_values."delivery", new_values."id", new_values."left_out", new_values."link_id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."sent_at", new_values."text_id", new_values."tier" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."answer" IS DISTINCT FROM (new_values."answer") OR old_values."attended" IS DISTINCT FROM (new_values."attended") OR old_values."campaign_id" IS DISTINCT FROM (new_values."campaign_id") OR old_values."case" IS DISTINCT FROM (new_values."case") OR old_values."client_id" IS DISTINCT FROM (new_values."client_id") OR old_values."delivery" IS DISTINCT FROM (new_values."delivery") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."left_out" IS DISTINCT FROM (new_values."left_out") OR old_values."link_id" IS DISTINCT FROM (new_values."link_id") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."sent_at" IS DISTINCT FROM (new_values."sent_at") OR old_values."text_id" IS DISTINCT FROM (new_values."text_id") OR old_values."tier" IS DISTINCT FROM (new_values."tier")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='391f96355b008de79f0d63ed9be55d763b145529', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_63611', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_invitation', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_invitationevent" ("answer", "attended", "campaign_id", "case", "client_id", "delivery", "id", "left_out", "link_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "text_id", "tier") SELECT old_values."answer", old_values."attended", old_values."campaign_id", old_values."case", old_values."client_id", old_values."delivery", old_values."id", old_values."left_out", old_values."link_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sent_at", old_values."text_id", old_values."tier" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e2cae6de7e93e267e92f35a679fede727c778d00', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_509bc', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_invitation', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='InvitationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('tier', models.CharField(blank=True, max_length=40, verbose_name='tier')),
                    ('left_out', models.CharField(blank=True, choices=[('blocked', 'Not to be contacted'), ('no_person', 'No contact person'), ('no_consent', 'No consent for the channel'), ('no_address', 'No address for the channel'), ('rm_away', 'RM away, without a deputy'), ('no_text', 'No text in their language')], max_length=12, verbose_name='left out')),
                    ('delivery', models.CharField(blank=True, choices=[('', 'None'), ('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Given up')], default='', max_length=8, verbose_name='mail')),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('answer', models.CharField(blank=True, choices=[('', 'No answer'), ('yes', 'Yes'), ('no', 'No'), ('later', 'Later')], default='', max_length=6, verbose_name='answer')),
                    ('attended', models.BooleanField(default=False, verbose_name='attended')),
                    ('case', models.BigIntegerField(blank=True, null=True, verbose_name='case')),
                    ('campaign', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.campaign')),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('link', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.answerlink')),
                    ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contactperson')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.invitation')),
                    ('text', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.campaigntext')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c66c9cfe56dfabde1b001e274e87e36b909e6616', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c8897', table='crm_invitationevent', when='BEFORE'))],
                },
            )],
        ),
    ]
