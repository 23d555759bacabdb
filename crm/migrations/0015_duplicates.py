import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0014_the_day'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[pgtrigger.migrations.RemoveTrigger(
                model_name='client',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='client',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='client',
                name='delete_delete',
            ), migrations.AddField(
                model_name='client',
                name='merged_into',
                field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='crm.client', verbose_name='merged into'),
            ), migrations.AddField(
                model_name='clientevent',
                name='merged_into',
                field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='merged into'),
            ), migrations.AddIndex(
                model_name='client',
                index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='client_merged'),
            ), pgtrigger.migrations.AddTrigger(
                model_name='client',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clientevent" ("client_since", "code", "created_at", "demand_level", "employees", "id", "industry_id", "kind", "life_cycle", "merged_into_id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "registered_capital", "registration_number", "risk_appetite", "rm_id", "size_class", "sort_key", "status", "team_id", "version") SELECT new_values."client_since", new_values."code", new_values."created_at", new_values."demand_level", new_values."employees", new_values."id", new_values."industry_id", new_values."kind", new_values."life_cycle", new_values."merged_into_id", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."region_id", new_values."registered_capital", new_values."registration_number", new_values."risk_appetite", new_values."rm_id", new_values."size_class", new_values."sort_key", new_values."status", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='831399c0111a41ff54820fce2eccd0bb3b1ca33d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e69b9', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_client', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='client',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clientevent" ("client_since", "code", "created_at", "demand_level", "employees", "id", "industry_id", "kind", "life_cycle", "merged_into_id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "registered_capital", "registration_number", "risk_appetite", "rm_id", "size_class", "sort_key", "status", "team_id", "version") SELECT new_values."client_since", new_values."code", new_values."created_at", new_values."demand_level", new_values."employees", new_values."id", new_values."industry_id", new_values."kind", new_values."life_cycle", new_values."merged_into_id", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."region_id", new_values."registered_capital", new_values."registration_number", new_values."risk_appetite", new_values."rm_id", new_values."size_class", new_values."sort_key", new_values."status", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8f510486afcaa3565a0d0cf29a3ab3af03026e5e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3d780', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_client', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='client',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clientevent" ("client_since", "code", "created_at", "demand_level", "employees", "id", "industry_id", "kind", "life_cycle", "merged_into_id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "registered_capital", "registration_number", "risk_appetite", "rm_id", "size_class", "sort_key", "status", "team_id", "version") SELECT old_values."client_since", old_values."code", old_values."created_at", old_values."demand_level", old_values."employees", old_values."id", old_values."industry_id", old_values."kind", old_values."life_cycle", old_values."merged_into_id", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."region_id", old_values."registered_capital", old_values."registration_number", old_values."risk_appetite", old_values."rm_id", old_values."size_class", old_values."sort_key", old_values."status", old_values."team_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6abf9e06e5ed2a2a4d12bbfdc67f0e8c26b97d80', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_03d6e', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_client', when='AFTER')),
            ), migrations.AddConstraint(
                model_name='client',
                constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='client_not_merged_into_itself'),
            )],
        ),
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name='DuplicateKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=8)),
                        ('key', models.CharField(max_length=400)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duplicate_keys', to='crm.client')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['key', 'kind', 'client'], name='duplicate_key_shared')],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='DuplicatePair',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                        ('status', models.CharField(choices=[('open', 'Open'), ('not_same', 'Not the same'), ('later', 'Later'), ('merged', 'Merged')], default='open', max_length=10, verbose_name='status')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('found_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.client', verbose_name='client')),
                        ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.client', verbose_name='other client')),
                    ],
                    options={
                        'verbose_name': 'possible duplicate',
                        'verbose_name_plural': 'possible duplicates',
                        'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['-score', 'id'], name='duplicate_pair_open'), models.Index(condition=models.Q(('status', 'later')), fields=['until'], name='duplicate_pair_later')],
                        'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='duplicate_pair_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='duplicate_pair_in_order'), models.CheckConstraint(condition=models.Q(('status', 'open'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='duplicate_pair_decided_is_signed'), models.CheckConstraint(condition=models.Q(('reason', ''), ('status', 'not_same'), _negated=True), name='duplicate_pair_not_same_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'later'), ('until__isnull', False)), models.Q(models.Q(('status', 'later'), _negated=True), ('until__isnull', True)), _connector='OR'), name='duplicate_pair_later_has_a_day')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_duplicatepairevent" ("decided_at", "decided_by_id", "evidence", "found_at", "id", "one_id", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "status", "until") SELECT new_values."decided_at", new_values."decided_by_id", new_values."evidence", new_values."found_at", new_values."id", new_values."one_id", new_values."other_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."score", new_values."status", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='038de7d54e1a33edd782912113156547a2844e30', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a713b', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_duplicatepair', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_duplicatepairevent" ("decided_at", "decided_by_id", "evidence", "found_at", "id", "one_id", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "status", "until") SELECT new_values."decided_at", new_values."decided_by_id", new_values."evidence", new_values."found_at", new_values."id", new_values."one_id", new_values."other_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."score", new_values."status", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2d147353eae49372349fe1e799da9239d21e42d6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7178c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_duplicatepair', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_duplicatepairevent" ("decided_at", "decided_by_id", "evidence", "found_at", "id", "one_id", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "status", "until") SELECT old_values."decided_at", old_values."decided_by_id", old_values."evidence", old_values."found_at", old_values."id", old_values."one_id", old_values."other_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."score", old_values."status", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='21315f0b99d6b286e60b78fbad64b2f13a497d8e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c4eb5', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_duplicatepair', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='DuplicatePairEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                        ('status', models.CharField(choices=[('open', 'Open'), ('not_same', 'Not the same'), ('later', 'Later'), ('merged', 'Merged')], default='open', max_length=10, verbose_name='status')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('found_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('one', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                        ('other', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='other client')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.duplicatepair')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='99b5e83e36bfce0d193ca3cf7e90f467d7a0a282', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c4053', table='crm_duplicatepairevent', when='BEFORE'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='DuplicateRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('client_event', models.BigIntegerField()),
                        ('person_event', models.BigIntegerField()),
                        ('looked_at', models.PositiveIntegerField(help_text='Clients whose keys were made anew.')),
                        ('compared', models.PositiveIntegerField(help_text='Pairs that share a key.')),
                        ('found', models.PositiveIntegerField(help_text='Pairs that are kept.')),
                        ('seconds', models.FloatField()),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='Merge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('chosen', models.JSONField(default=list, verbose_name='fields taken over')),
                        ('before', models.JSONField(default=dict)),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='merged at')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='merged by')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='crm.client', verbose_name='client')),
                        ('gone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_away', to='crm.client', verbose_name='merged client')),
                        ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                    ],
                    options={
                        'verbose_name': 'merge',
                        'verbose_name_plural': 'merges',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('gone',), name='merge_once'), models.CheckConstraint(condition=models.Q(('client', models.F('gone')), _negated=True), name='merge_of_two'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='merge_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='merge_undone_is_signed')],
                        'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_mergeevent" ("at", "before", "by_id", "chosen", "client_id", "gone_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "undone_at", "undone_by_id") SELECT new_values."at", new_values."before", new_values."by_id", new_values."chosen", new_values."client_id", new_values."gone_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."undone_at", new_values."undone_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1be28d2ef764d23c3b0b27d07ac6385840f3e12b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4c9bd', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_merge', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_mergeevent" ("at", "before", "by_id", "chosen", "client_id", "gone_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "undone_at", "undone_by_id") SELECT new_values."at", new_values."before", new_values."by_id", new_values."chosen", new_values."client_id", new_values."gone_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."undone_at", new_values."undone_by_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3e2f183c5edc08c97da197843ea4e938de4e7b44', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a826e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_merge', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_mergeevent" ("at", "before", "by_id", "chosen", "client_id", "gone_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "undone_at", "undone_by_id") SELECT old_values."at", old_values."before", old_values."by_id", old_values."chosen", old_values."client_id", old_values."gone_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."undone_at", old_values."undone_by_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c20f4110201063671c1d3ff5597ed73a4d828896', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_54f7a', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_merge', when='AFTER'))],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='MergedRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label', models.CharField(max_length=80)),
                        ('column', models.CharField(max_length=40)),
                        ('row', models.BigIntegerField()),
                        ('digest', models.CharField(max_length=32)),
                        ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='crm.merge')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('merge', 'label', 'column', 'row'), name='merged_row_once')],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name='MergeEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('chosen', models.JSONField(default=list, verbose_name='fields taken over')),
                        ('before', models.JSONField(default=dict)),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='merged at')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                        ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='merged by')),
                        ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                        ('gone', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='merged client')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.merge')),
                        ('undone_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                    ],
                    options={
                        'abstract': False,
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='442559163f7f8d3da114ecde02f761094c2b93f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1dd88', table='crm_mergeevent', when='BEFORE'))],
                    },
                ),
            ],
        ),
    ]
