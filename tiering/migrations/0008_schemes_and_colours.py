"""Schemes of clients and of clients within projects side by side, and colours for up to seven tiers."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Five steps became seven: a scheme of five tiers looks as it did.
RECOLOUR = "UPDATE tiering_tier SET colour_step = (ARRAY[1, 3, 4, 5, 7])[colour_step]"
RECOLOUR_BACK = "UPDATE tiering_tier SET colour_step = (ARRAY[1, 1, 2, 3, 4, 4, 5])[colour_step]"


class Migration(migrations.Migration):

    dependencies = [
        ('tiering', '0007_methods'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='projectfacts',
            name='only_closes',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tierscheme',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tierscheme',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tierscheme',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='tier',
            name='tier_colour_step_exists',
        ),
        migrations.RunSQL(RECOLOUR, RECOLOUR_BACK),
        migrations.AddField(
            model_name='projectfacts',
            name='dates',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='projectfacts',
            name='sources',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='tierscheme',
            name='subject',
            field=models.CharField(choices=[('client', 'Clients'), ('project', 'Clients within projects')], default='client', max_length=8, verbose_name='subject'),
        ),
        migrations.AddField(
            model_name='tierschemeevent',
            name='subject',
            field=models.CharField(choices=[('client', 'Clients'), ('project', 'Clients within projects')], default='client', max_length=8, verbose_name='subject'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectfacts',
            trigger=pgtrigger.compiler.Trigger(name='only_closes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."project_id" IS DISTINCT FROM (NEW."project_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."content_hash" IS DISTINCT FROM (NEW."content_hash") OR OLD."values" IS DISTINCT FROM (NEW."values") OR OLD."sources" IS DISTINCT FROM (NEW."sources") OR OLD."dates" IS DISTINCT FROM (NEW."dates"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7db975fe6dda87de9259529c236722239d7a6130', operation='UPDATE', pgid='pgtrigger_only_closes_f0a39', table='tiering_projectfacts', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tierscheme',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierschemeevent" ("id", "is_primary", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT new_values."id", new_values."is_primary", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."subject" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a2fc6717921f620a7f69c9d355764d4d0ac779b8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_96418', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_tierscheme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tierscheme',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierschemeevent" ("id", "is_primary", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT new_values."id", new_values."is_primary", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."subject" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c93f1b0f5b1ea778801b799ee57191b9543eb9da', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_40573', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_tierscheme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tierscheme',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_tierschemeevent" ("id", "is_primary", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "subject") SELECT old_values."id", old_values."is_primary", old_values."key", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."subject" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='dd6d2b63b8c6e79a154a109a954dabba2e767e9c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_00136', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_tierscheme', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.CheckConstraint(condition=models.Q(('colour_step__gte', 1), ('colour_step__lte', 7)), name='tier_colour_step_exists'),
        ),
        migrations.AddConstraint(
            model_name='tierscheme',
            constraint=models.CheckConstraint(condition=models.Q(('is_primary', False), ('subject', 'client'), _connector='OR'), name='scheme_primary_is_of_clients', violation_error_message='The primary scheme is one of clients.'),
        ),
    ]
