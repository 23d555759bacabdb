import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('tiering', '0029_assessments_rest_on_what_there_is')]

    initial = True

    dependencies = [
        ('crm', '0001_people'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together([
            crm.migration_operations.CreateModelWithTriggers(
                name='TierScheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(max_length=40, unique=True, verbose_name='key')),
                    ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='Chinese name')),
                    ('is_primary', models.BooleanField(default=False, verbose_name='primary')),
                    ('subject', models.CharField(choices=[('client', 'Clients'), ('project', 'Clients within projects')], default='client', max_length=8, verbose_name='subject')),
                ],
                options={
                    'verbose_name': 'tier scheme',
                    'verbose_name_plural': 'tier schemes',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('is_primary',), name='scheme_one_primary'), models.CheckConstraint(condition=models.Q(('is_primary', False), ('subject', 'client'), _connector='OR'), name='scheme_primary_is_of_clients', violation_error_message='The primary scheme is one of clients.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierschemeevent" ("id", "is_primary", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT new_values."id", new_values."is_primary", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."subject" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a2fc6717921f620a7f69c9d355764d4d0ac779b8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_96418', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_tierscheme', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierschemeevent" ("id", "is_primary", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT new_values."id", new_values."is_primary", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."subject" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c93f1b0f5b1ea778801b799ee57191b9543eb9da', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_40573', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_tierscheme', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierschemeevent" ("id", "is_primary", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT old_values."id", old_values."is_primary", old_values."key", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."subject" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='dd6d2b63b8c6e79a154a109a954dabba2e767e9c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_00136', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_tierscheme', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaSet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='Chinese name')),
                    ('scheme', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='tiering.tierscheme')),
                ],
                options={
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriasetevent" ("id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id") SELECT new_values."id", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."scheme_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f645d80479e651be594e48db90c990c8fe2c60d6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_05d22', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_criteriaset', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriasetevent" ("id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id") SELECT new_values."id", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."scheme_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f6baf005c9d7e2dd468d930a73e1ed4f72f514dc', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_95de7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_criteriaset', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriasetevent" ("id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id") SELECT old_values."id", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."scheme_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8b1307a846665d8d8146016a22b7e97b57f2bbd6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c3009', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_criteriaset', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='Tier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=12, verbose_name='key')),
                    ('label_en', models.CharField(max_length=80, verbose_name='English label')),
                    ('label_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese label')),
                    ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                    ('colour_step', models.PositiveSmallIntegerField(verbose_name='colour step')),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='tiering.tierscheme', verbose_name='scheme')),
                ],
                options={
                    'verbose_name': 'tier',
                    'verbose_name_plural': 'tiers',
                    'ordering': ['scheme', 'rank'],
                    'constraints': [models.UniqueConstraint(fields=('scheme', 'key'), name='tier_key_once'), models.UniqueConstraint(fields=('scheme', 'rank'), name='tier_rank_once'), models.CheckConstraint(condition=models.Q(('colour_step__gte', 1), ('colour_step__lte', 7)), name='tier_colour_step_exists')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierevent" ("colour_step", "id", "key", "label_en", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "scheme_id") SELECT new_values."colour_step", new_values."id", new_values."key", new_values."label_en", new_values."label_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rank", new_values."scheme_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d023d1760d389a86a499d8b266c710ad16129960', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e1a37', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_tier', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierevent" ("colour_step", "id", "key", "label_en", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "scheme_id") SELECT new_values."colour_step", new_values."id", new_values."key", new_values."label_en", new_values."label_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rank", new_values."scheme_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cd52052b1d229487e7911305b7b90d46330012b7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_72733', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_tier', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierevent" ("colour_step", "id", "key", "label_en", "label_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "scheme_id") SELECT old_values."colour_step", old_values."id", old_values."key", old_values."label_en", old_values."label_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rank", old_values."scheme_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c691f38ee787d987225b0c0a9b910b972d57c75c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5b6b9', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_tier', when='AFTER')), pgtrigger.compiler.Trigger(name='keeps_its_scheme', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."scheme_id" IS DISTINCT FROM (NEW."scheme_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='27cc476419940eaff1a8f3e3c45a2e20715d4185', operation='UPDATE', pgid='pgtrigger_keeps_its_scheme_68d50', table='tiering_tier', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays_once_given', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT FROM tiering_assessment WHERE scheme_id = OLD.scheme_id) THEN\n    RAISE EXCEPTION 'tier %: subjects were placed in its scheme', OLD.id USING ERRCODE = 'foreign_key_violation';\nEND IF;\nRETURN OLD;\n", hash='04af75eb5d47c05b9a1baaaee211d1da54d690cb', operation='DELETE', pgid='pgtrigger_stays_once_given_7db43', table='tiering_tier', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='TierSchemeEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.SlugField(db_index=False, max_length=40, verbose_name='key')),
                    ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='Chinese name')),
                    ('is_primary', models.BooleanField(default=False, verbose_name='primary')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.tierscheme')),
                    ('subject', models.CharField(choices=[('client', 'Clients'), ('project', 'Clients within projects')], default='client', max_length=8, verbose_name='subject')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2700dd6ac14b7d6bbc29a11bcfce42d5a5f43ad0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dcd6f', table='tiering_tierschemeevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(verbose_name='version')),
                    ('document', models.JSONField()),
                    ('content_hash', models.CharField(max_length=64)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved'), ('published', 'Published'), ('superseded', 'Superseded')], default='draft', max_length=12, verbose_name='status')),
                    ('effective_from', models.DateTimeField(blank=True, null=True, verbose_name='effective from')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('criteria', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='tiering.criteriaset')),
                    ('approved_at', models.DateTimeField(blank=True, null=True)),
                    ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.criteriaversion')),
                    ('evidence', models.JSONField(blank=True, null=True)),
                    ('purpose', models.TextField(blank=True, db_default='', max_length=2000, verbose_name='what changes and why')),
                    ('revision', models.PositiveIntegerField(db_default=0, default=0)),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'criteria version',
                    'verbose_name_plural': 'criteria versions',
                    'constraints': [models.UniqueConstraint(fields=('criteria', 'number'), name='criteria_version_once'), models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('criteria',), name='criteria_one_published'), models.CheckConstraint(condition=models.Q(models.Q(('approver__isnull', True), ('status__in', ['draft', 'submitted'])), models.Q(('approver__isnull', False), ('status__in', ['approved', 'published', 'superseded']), models.Q(('approver', models.F('author')), _negated=True)), _connector='OR'), name='criteria_approved_by_another'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'approved']), models.Q(('effective_from__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='criteria_published_takes_effect')],
                    'triggers': [pgtrigger.compiler.Trigger(name='published_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IN (\'published\', \'superseded\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4986a69cbad2fe4e76193932c3f501795beec4cf', operation='DELETE', pgid='pgtrigger_published_stays_990fe', table='tiering_criteriaversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='begins_as_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."status" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='8765bd9cf839ceda1ac427aa6b2899ffe8e1661c', operation='INSERT', pgid='pgtrigger_begins_as_a_draft_a9427', table='tiering_criteriaversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='only_drafts_change', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT (OLD.status = 'draft' AND NEW.status = 'draft') AND\n    to_jsonb(NEW) - '{status,created_at,submitted_at,approved_at,published_at,approver_id,effective_from}'::text[]\n    IS DISTINCT FROM\n    to_jsonb(OLD) - '{status,created_at,submitted_at,approved_at,published_at,approver_id,effective_from}'::text[])", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='59ed6dccd9fcce5a3d0cb1d12acd51232fce3fb5', operation='UPDATE', pgid='pgtrigger_only_drafts_change_02ade', table='tiering_criteriaversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriaversionevent" ("approved_at", "approver_id", "author_id", "based_on_id", "content_hash", "created_at", "criteria_id", "effective_from", "evidence", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "purpose", "revision", "status", "submitted_at") SELECT new_values."approved_at", new_values."approver_id", new_values."author_id", new_values."based_on_id", new_values."content_hash", new_values."created_at", new_values."criteria_id", new_values."effective_from", new_values."evidence", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."published_at", new_values."purpose", new_values."revision", new_values."status", new_values."submitted_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6fdff7cda974ab3ab778444f2e8fccb9e3aaf428', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_16ecc', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_criteriaversion', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriaversionevent" ("approved_at", "approver_id", "author_id", "based_on_id", "content_hash", "created_at", "criteria_id", "effective_from", "evidence", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "purpose", "revision", "status", "submitted_at") SELECT new_values."approved_at", new_values."approver_id", new_values."author_id", new_values."based_on_id", new_values."content_hash", new_values."created_at", new_values."criteria_id", new_values."effective_from", new_values."evidence", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."published_at", new_values."purpose", new_values."revision", new_values."status", new_values."submitted_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."approved_at" IS DISTINCT FROM (new_values."approved_at") OR old_values."approver_id" IS DISTINCT FROM (new_values."approver_id") OR old_values."author_id" IS DISTINCT FROM (new_values."author_id") OR old_values."based_on_id" IS DISTINCT FROM (new_values."based_on_id") OR old_values."content_hash" IS DISTINCT FROM (new_values."content_hash") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."criteria_id" IS DISTINCT FROM (new_values."criteria_id") OR old_values."effective_from" IS DISTINCT FROM (new_values."effective_from") OR old_values."evidence" IS DISTINCT FROM (new_values."evidence") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."number" IS DISTINCT FROM (new_values."number") OR old_values."published_at" IS DISTINCT FROM (new_values."published_at") OR old_values."purpose" IS DISTINCT FROM (new_values."purpose") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."submitted_at" IS DISTINCT FROM (new_values."submitted_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2d6db603c26ce2234837c3dd409f31b0d376a182', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_13a21', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_criteriaversion', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriaversionevent" ("approved_at", "approver_id", "author_id", "based_on_id", "content_hash", "created_at", "criteria_id", "effective_from", "evidence", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "purpose", "revision", "status", "submitted_at") SELECT old_values."approved_at", old_values."approver_id", old_values."author_id", old_values."based_on_id", old_values."content_hash", old_values."created_at", old_values."criteria_id", old_values."effective_from", old_values."evidence", old_values."id", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."purpose", old_values."revision", old_values."status", old_values."submitted_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5fbfc7ec9e8d69e83e777e619cc13a294cae7808', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_56f20', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_criteriaversion', when='AFTER')), pgtrigger.compiler.Trigger(name='approver_is_no_author', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.approver_id IS NOT NULL AND NEW.approver_id IS DISTINCT FROM OLD.approver_id)', func="\nIF EXISTS (SELECT FROM tiering_criteriaedit WHERE version_id = NEW.id AND author_id = NEW.approver_id)\n    OR NEW.approver_id = (SELECT by_id FROM tiering_criteriastep WHERE version_id = NEW.id AND act = 'submitted'\n                          ORDER BY id DESC LIMIT 1) THEN\n    RAISE EXCEPTION 'criteria version %: the approver edited or submitted it', NEW.id\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='a673aa2121787bb74ee8d5402a0d2bd0a8c14d5a', operation='UPDATE', pgid='pgtrigger_approver_is_no_author_f984a', table='tiering_criteriaversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='step_by_step', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.status <> OLD.status AND NOT (OLD.status = 'published' AND NEW.status = 'draft' AND OLD.effective_from > now()) AND (OLD.status, NEW.status) NOT IN (\n    ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'approved'), ('approved', 'draft'),\n    ('approved', 'published'), ('published', 'superseded'), ('superseded', 'published')))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='79fca9ee5c1d8679d21d1fd7e1e3c40c91518a5d', operation='UPDATE', pgid='pgtrigger_step_by_step_e9b08', table='tiering_criteriaversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status IN ('published', 'superseded') AND NOT (OLD.status = 'published' AND NEW.status = 'draft' AND OLD.effective_from > now())\n    AND (NEW.approver_id, NEW.effective_from) IS DISTINCT FROM (OLD.approver_id, OLD.effective_from))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c85945b210b787705474128d82a2887d439271b6', operation='UPDATE', pgid='pgtrigger_published_is_final_dc3cf', table='tiering_criteriaversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='returns_as_the_last', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'published\' AND OLD."status" = \'superseded\')', func="\nIF EXISTS (SELECT FROM tiering_criteriaversion WHERE criteria_id = NEW.criteria_id\n               AND status IN ('published', 'superseded') AND effective_from > NEW.effective_from) THEN\n    RAISE EXCEPTION 'criteria version %: another one followed it', NEW.id USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='f05340f4f4e18a13b8ef6cc84e1d3828966c165d', operation='UPDATE', pgid='pgtrigger_returns_as_the_last_365a3', table='tiering_criteriaversion', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaSetEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                    ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='Chinese name')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.criteriaset')),
                    ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tierscheme')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aa0f5fae53ff3bd836eff997c63189a4592a76ef', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d05a0', table='tiering_criteriasetevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='TierEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.CharField(max_length=12, verbose_name='key')),
                    ('label_en', models.CharField(max_length=80, verbose_name='English label')),
                    ('label_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese label')),
                    ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                    ('colour_step', models.PositiveSmallIntegerField(verbose_name='colour step')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.tier')),
                    ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tierscheme', verbose_name='scheme')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d22f8021e50ece1b82850fea01cbbc48a90f9576', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c411b', table='tiering_tierevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaVersionEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('number', models.PositiveIntegerField(verbose_name='version')),
                    ('content_hash', models.CharField(max_length=64)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved'), ('published', 'Published'), ('superseded', 'Superseded')], default='draft', max_length=12, verbose_name='status')),
                    ('effective_from', models.DateTimeField(blank=True, null=True, verbose_name='effective from')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('approver', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('author', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('criteria', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.criteriaset')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.criteriaversion')),
                    ('approved_at', models.DateTimeField(blank=True, null=True)),
                    ('based_on', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.criteriaversion')),
                    ('evidence', models.JSONField(blank=True, null=True)),
                    ('purpose', models.TextField(blank=True, db_default='', max_length=2000, verbose_name='what changes and why')),
                    ('revision', models.PositiveIntegerField(db_default=0, default=0)),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8c9092fab29ccb2b5b32476268dd816866bf3b45', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c932e', table='tiering_criteriaversionevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaEdit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveIntegerField()),
                    ('edits', models.JSONField()),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='tiering.criteriaedit')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='tiering.criteriaversion')),
                ],
                options={
                    'ordering': ['version', 'revision'],
                    'constraints': [models.UniqueConstraint(fields=('version', 'revision'), name='criteria_edit_once')],
                    'triggers': [pgtrigger.compiler.Trigger(name='written_with_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT FROM tiering_criteriaversion WHERE id = NEW.version_id AND status <> 'draft') THEN\n    RAISE EXCEPTION '% belongs to a version that is no draft', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='3040ec01b16dcee400669a6cf3d809e2746593dc', operation='INSERT OR UPDATE', pgid='pgtrigger_written_with_a_draft_df6c6', table='tiering_criteriaedit', when='BEFORE')), pgtrigger.compiler.Trigger(name='goes_with_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT FROM tiering_criteriaversion WHERE id = OLD.version_id AND status <> 'draft') THEN\n    RAISE EXCEPTION '% belongs to a version that is no draft', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN OLD;\n", hash='a54e8b966e8f9b97a3c2ff9a7915aa152b592f22', operation='DELETE', pgid='pgtrigger_goes_with_a_draft_83c20', table='tiering_criteriaedit', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays_as_it_was', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e0b35f2083f3c805d355afbd378d044815cfd1c5', operation='UPDATE', pgid='pgtrigger_stays_as_it_was_bd6a6', table='tiering_criteriaedit', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('act', models.CharField(choices=[('submitted', 'submitted it'), ('withdrawn', 'withdrew it'), ('rejected', 'sent it back'), ('reopened', 'edited it, so it is a draft again'), ('approved', 'approved it'), ('published', 'published it'), ('called_off', 'called it off before it took effect')], max_length=12, verbose_name='act')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('content_hash', models.CharField(max_length=64)),
                    ('comment', models.TextField(blank=True, max_length=2000, verbose_name='comment')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='tiering.criteriaversion')),
                ],
                options={
                    'ordering': ['version', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('act__in', ['rejected', 'called_off']), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='criteria_rejected_with_reason')],
                    'triggers': [pgtrigger.compiler.Trigger(name='stays_as_it_was', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='25ed893ca712d54f0353d6878489c1a193283a0d', operation='UPDATE', pgid='pgtrigger_stays_as_it_was_da879', table='tiering_criteriastep', when='BEFORE')), pgtrigger.compiler.Trigger(name='goes_with_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT FROM tiering_criteriaversion WHERE id = OLD.version_id AND status <> 'draft') THEN\n    RAISE EXCEPTION '% belongs to a version that is no draft', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN OLD;\n", hash='bbe2f571f8917fae855a74751c9a07294a6a3be6', operation='DELETE', pgid='pgtrigger_goes_with_a_draft_81aef', table='tiering_criteriastep', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaTest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('facts', models.JSONField(verbose_name='facts')),
                    ('held', models.CharField(blank=True, max_length=60, verbose_name='tier in force')),
                    ('overlays', models.JSONField(blank=True, default=list, verbose_name='overlays that are on')),
                    ('tier', models.CharField(max_length=60, verbose_name='expected tier')),
                    ('gates', models.JSONField(blank=True, null=True, verbose_name='expected gates')),
                    ('score', models.DecimalField(blank=True, decimal_places=8, max_digits=11, null=True, verbose_name='expected score')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tests', to='tiering.criteriaversion')),
                    ('held_days', models.PositiveIntegerField(blank=True, null=True, verbose_name='days it has been held')),
                ],
                options={
                    'verbose_name': 'test case',
                    'verbose_name_plural': 'test cases',
                    'ordering': ['version', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('version', 'name'), name='criteria_test_once')],
                    'triggers': [pgtrigger.compiler.Trigger(name='written_with_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT FROM tiering_criteriaversion WHERE id = NEW.version_id AND status <> 'draft') THEN\n    RAISE EXCEPTION '% belongs to a version that is no draft', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='4e05998448e05dc622430b38089b8a4a19f17219', operation='INSERT OR UPDATE', pgid='pgtrigger_written_with_a_draft_5be7d', table='tiering_criteriatest', when='BEFORE')), pgtrigger.compiler.Trigger(name='goes_with_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT FROM tiering_criteriaversion WHERE id = OLD.version_id AND status <> 'draft') THEN\n    RAISE EXCEPTION '% belongs to a version that is no draft', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN OLD;\n", hash='89fc225f4dd13021b832496b1c6dc5a602055e93', operation='DELETE', pgid='pgtrigger_goes_with_a_draft_c05ff', table='tiering_criteriatest', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriatestevent" ("facts", "gates", "held", "held_days", "id", "name", "overlays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "tier", "version_id") SELECT new_values."facts", new_values."gates", new_values."held", new_values."held_days", new_values."id", new_values."name", new_values."overlays", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."score", new_values."tier", new_values."version_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='430ffd9702db895eeb2f145a5b897e327c04e539', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c931f', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_criteriatest', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriatestevent" ("facts", "gates", "held", "held_days", "id", "name", "overlays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "tier", "version_id") SELECT new_values."facts", new_values."gates", new_values."held", new_values."held_days", new_values."id", new_values."name", new_values."overlays", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."score", new_values."tier", new_values."version_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='96fc84fbbc35a27e776b8211ac24bc8c6c9a4a2d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_796db', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_criteriatest', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_criteriatestevent" ("facts", "gates", "held", "held_days", "id", "name", "overlays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "tier", "version_id") SELECT old_values."facts", old_values."gates", old_values."held", old_values."held_days", old_values."id", old_values."name", old_values."overlays", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."score", old_values."tier", old_values."version_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='66412a7fa2a1e11ef03a0639e69bd99f85ff3552', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0aed5', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_criteriatest', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='CriteriaTestEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('facts', models.JSONField(verbose_name='facts')),
                    ('held', models.CharField(blank=True, max_length=60, verbose_name='tier in force')),
                    ('overlays', models.JSONField(blank=True, default=list, verbose_name='overlays that are on')),
                    ('tier', models.CharField(max_length=60, verbose_name='expected tier')),
                    ('gates', models.JSONField(blank=True, null=True, verbose_name='expected gates')),
                    ('score', models.DecimalField(blank=True, decimal_places=8, max_digits=11, null=True, verbose_name='expected score')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.criteriatest')),
                    ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.criteriaversion')),
                    ('held_days', models.PositiveIntegerField(blank=True, null=True, verbose_name='days it has been held')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f8acb5638ea5b206a54a9a8cbe962456231f2dcb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_91dc8', table='tiering_criteriatestevent', when='BEFORE'))],
                },
            ),
        ]),
    ]
