import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0013_profiles'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[pgtrigger.migrations.RemoveTrigger(
                model_name='interaction',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='interaction',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='interaction',
                name='delete_delete',
            ), migrations.AddField(
                model_name='interaction',
                name='on_behalf_of',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='on behalf of'),
            ), migrations.AddField(
                model_name='interaction',
                name='outcome',
                field=models.CharField(blank=True, choices=[('good', 'Went well'), ('open', 'To be continued'), ('bad', 'Difficult'), ('not_reached', 'Not reached')], db_default='', max_length=12, verbose_name='outcome'),
            ), migrations.AddField(
                model_name='interactionevent',
                name='on_behalf_of',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='on behalf of'),
            ), migrations.AddField(
                model_name='interactionevent',
                name='outcome',
                field=models.CharField(blank=True, choices=[('good', 'Went well'), ('open', 'To be continued'), ('bad', 'Difficult'), ('not_reached', 'Not reached')], db_default='', max_length=12, verbose_name='outcome'),
            ), pgtrigger.migrations.AddTrigger(
                model_name='interaction',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_interactionevent" ("at", "author_id", "body", "client_id", "created_at", "id", "kind", "on_behalf_of_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT new_values."at", new_values."author_id", new_values."body", new_values."client_id", new_values."created_at", new_values."id", new_values."kind", new_values."on_behalf_of_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."subject" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3e9efe3a8940e8754c6a45703bc9751db3083350', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_843e3', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_interaction', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='interaction',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_interactionevent" ("at", "author_id", "body", "client_id", "created_at", "id", "kind", "on_behalf_of_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT new_values."at", new_values."author_id", new_values."body", new_values."client_id", new_values."created_at", new_values."id", new_values."kind", new_values."on_behalf_of_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."subject" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f9d66b7beef3924d4a642f3a01772558e65fb6e3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6e286', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_interaction', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='interaction',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_interactionevent" ("at", "author_id", "body", "client_id", "created_at", "id", "kind", "on_behalf_of_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT old_values."at", old_values."author_id", old_values."body", old_values."client_id", old_values."created_at", old_values."id", old_values."kind", old_values."on_behalf_of_id", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."subject" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5b31c72a7062986b81edebdd7b2e3e4dcd134ba3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_31c53', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_interaction', when='AFTER')),
            )],
        ),
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name='CalendarFeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made')),
                        ('read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last read')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'calendar feed',
                        'verbose_name_plural': 'calendar feeds',
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_calendarfeedevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b36c59f4b571f56c7600d58d55a9412c1c3e0a2f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_007df', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_calendarfeed', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_calendarfeedevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='57be61cfcbdb96fd5fa78168502c8e7e4758d796', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a5df3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_calendarfeed', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_calendarfeedevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."created_at", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='78ce306ed946c1c0172fcf2097c5f0bd50c0c7fd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b83f1', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_calendarfeed', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='CalendarFeedEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.calendarfeed')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b6ccfb3cdeb13a906469852e0f2a11787ec7166c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2ff1', table='crm_calendarfeedevent', when='BEFORE'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='Follow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='crm.client', verbose_name='client')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'follow',
                        'verbose_name_plural': 'follows',
                        'constraints': [models.UniqueConstraint(fields=('user', 'client'), name='follow_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_followevent" ("client_id", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."client_id", new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='33b834f02b35f3603766d7a5d16561e21c929462', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8af87', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_follow', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_followevent" ("client_id", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."client_id", new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a1dbf5fc392a55f9fd464ae6c561f183603f6926', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5c224', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_follow', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_followevent" ("client_id", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."client_id", old_values."created_at", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c4492be483aa4b36dd79c8c5055c4765a67d4e9e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6f68f', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_follow', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='FollowEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.follow')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8de59eeda0e1a290222451416db9536deadc3691', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c5b48', table='crm_followevent', when='BEFORE'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='Handover',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                        ('undo_until', models.DateTimeField(verbose_name='can be undone until')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over by')),
                        ('from_rm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to=settings.AUTH_USER_MODEL, verbose_name='from')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='crm.team', verbose_name='team')),
                        ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'handover',
                        'verbose_name_plural': 'handovers',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='handover_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='handover_undone_by_somebody')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_handoverevent" ("at", "by_id", "from_rm_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "team_id", "undo_until", "undone_at", "undone_by_id") SELECT new_values."at", new_values."by_id", new_values."from_rm_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."team_id", new_values."undo_until", new_values."undone_at", new_values."undone_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='05316b3b91dbfbeb94d1c6be5d14a82d4e53b728', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_30396', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_handover', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_handoverevent" ("at", "by_id", "from_rm_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "team_id", "undo_until", "undone_at", "undone_by_id") SELECT new_values."at", new_values."by_id", new_values."from_rm_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."team_id", new_values."undo_until", new_values."undone_at", new_values."undone_by_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e883b9a435aed347b9dacaabcad70f0a99ca07f2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_04aa4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_handover', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_handoverevent" ("at", "by_id", "from_rm_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "team_id", "undo_until", "undone_at", "undone_by_id") SELECT old_values."at", old_values."by_id", old_values."from_rm_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."team_id", old_values."undo_until", old_values."undone_at", old_values."undone_by_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f8535c8519717ed9787c59526cac3e33f3c54fc4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e0b5b', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_handover', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='HandoverEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                        ('undo_until', models.DateTimeField(verbose_name='can be undone until')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                        ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over by')),
                        ('from_rm', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='from')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.handover')),
                        ('team', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.team', verbose_name='team')),
                        ('undone_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7810ebd7f88566d8b93b37bed92cdc33cbe40963', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_661ab', table='crm_handoverevent', when='BEFORE'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='HandoverItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('part', models.CharField(max_length=20)),
                        ('item', models.BigIntegerField()),
                        ('state', models.CharField(choices=[('moved', 'Handed over'), ('returned', 'Taken back'), ('kept', 'Changed since; stays as it is')], db_default='moved', max_length=8, verbose_name='state')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.client', verbose_name='client')),
                        ('handover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='crm.handover')),
                        ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='to')),
                    ],
                    options={
                        'verbose_name': 'thing handed over',
                        'verbose_name_plural': 'things handed over',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('handover', 'part', 'item'), name='handover_item_once')],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='Note',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(max_length=10000, verbose_name='note')),
                        ('is_pinned', models.BooleanField(db_default=False, default=False, verbose_name='pinned')),
                        ('version', models.PositiveIntegerField(db_default=1, default=1)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='edited')),
                        ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed')),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='crm.client', verbose_name='client')),
                        ('on_behalf_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='on behalf of')),
                    ],
                    options={
                        'verbose_name': 'note',
                        'verbose_name_plural': 'notes',
                        'ordering': ['-created_at', '-id'],
                        'indexes': [models.Index(fields=['client', '-created_at'], name='note_client_at')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noteevent" ("author_id", "client_id", "created_at", "edited_at", "id", "is_pinned", "on_behalf_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "text", "version") SELECT new_values."author_id", new_values."client_id", new_values."created_at", new_values."edited_at", new_values."id", new_values."is_pinned", new_values."on_behalf_of_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='93d55aa02af6d72a0dad44626a05c262263dbd01', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6d05a', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_note', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noteevent" ("author_id", "client_id", "created_at", "edited_at", "id", "is_pinned", "on_behalf_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "text", "version") SELECT new_values."author_id", new_values."client_id", new_values."created_at", new_values."edited_at", new_values."id", new_values."is_pinned", new_values."on_behalf_of_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8c7364378c75e15a768b36aa538c43b42dc92601', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_0fea4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_note', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_noteevent" ("author_id", "client_id", "created_at", "edited_at", "id", "is_pinned", "on_behalf_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "text", "version") SELECT old_values."author_id", old_values."client_id", old_values."created_at", old_values."edited_at", old_values."id", old_values."is_pinned", old_values."on_behalf_of_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."text", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2be1009d5e4565febae3a321c160867ab92a9fb1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_188d5', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_note', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='NoteEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('text', models.TextField(max_length=10000, verbose_name='note')),
                        ('is_pinned', models.BooleanField(db_default=False, default=False, verbose_name='pinned')),
                        ('version', models.PositiveIntegerField(db_default=1, default=1)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='edited')),
                        ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed')),
                        ('author', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                        ('on_behalf_of', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='on behalf of')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.note')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='64e6a07ce8a52ebed55ce0dc92b42fe0f399f00b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c60ea', table='crm_noteevent', when='BEFORE'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='Participant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('colleague', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                        ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='crm.interaction')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='crm.contactperson', verbose_name='contact person')),
                    ],
                    options={
                        'verbose_name': 'participant',
                        'verbose_name_plural': 'participants',
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('colleague__isnull', True), ('person__isnull', False)), models.Q(('colleague__isnull', False), ('person__isnull', True)), _connector='OR'), name='participant_is_person_or_colleague'), models.UniqueConstraint(fields=('interaction', 'person'), name='participant_person_once'), models.UniqueConstraint(fields=('interaction', 'colleague'), name='participant_colleague_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participantevent" ("colleague_id", "id", "interaction_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."colleague_id", new_values."id", new_values."interaction_id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='936839360318fcb04e4eaf0e8642ee10633d734a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b004a', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_participant', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participantevent" ("colleague_id", "id", "interaction_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."colleague_id", new_values."id", new_values."interaction_id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='84ad39c089e998b475d3f004d6742264a9872154', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6e535', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_participant', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participantevent" ("colleague_id", "id", "interaction_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."colleague_id", old_values."id", old_values."interaction_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ebf69da010820bc5fae0babf7691fbab19b74e12', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_36e87', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_participant', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='ParticipantEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('colleague', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                        ('interaction', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.interaction')),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contactperson', verbose_name='contact person')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.participant')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='62ee45f90aa205c8c76c65e9a9510bae49da60ec', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_75d7b', table='crm_participantevent', when='BEFORE'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='Snooze',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=40)),
                        ('item', models.BigIntegerField()),
                        ('until', models.DateField(verbose_name='until')),
                        ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='snoozes', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'snoozed line',
                        'verbose_name_plural': 'snoozed lines',
                        'constraints': [models.UniqueConstraint(fields=('user', 'source', 'item'), name='snooze_once')],
                    },
                ),
            ],
        ),
    ]
