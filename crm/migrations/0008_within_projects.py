"""Observations of clients within projects, and parts in projects that end."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0007_revenue_and_custom_metrics'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='observation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='observation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='observation',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='participation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='participation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='participation',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='observation',
            name='observation_once_per_source',
        ),
        migrations.AddField(
            model_name='observation',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='crm.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='observationevent',
            name='project',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='participation',
            name='until',
            field=models.DateField(blank=True, null=True, verbose_name='until'),
        ),
        migrations.AddField(
            model_name='participationevent',
            name='until',
            field=models.DateField(blank=True, null=True, verbose_name='until'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_observationevent" ("client_id", "created_at", "id", "metric", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "received_on", "recorded_by_id", "source", "text", "value") SELECT new_values."client_id", new_values."created_at", new_values."id", new_values."metric", new_values."observed_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."received_on", new_values."recorded_by_id", new_values."source", new_values."text", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ad1e99c79705a4b3d37e1b9e501c95d21a8c8fd0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c68d8', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_observation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_observationevent" ("client_id", "created_at", "id", "metric", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "received_on", "recorded_by_id", "source", "text", "value") SELECT new_values."client_id", new_values."created_at", new_values."id", new_values."metric", new_values."observed_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."received_on", new_values."recorded_by_id", new_values."source", new_values."text", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bce7ba8f3f5a3934f00cea2ab5f6396858cff57b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_41190', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_observation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_observationevent" ("client_id", "created_at", "id", "metric", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "received_on", "recorded_by_id", "source", "text", "value") SELECT old_values."client_id", old_values."created_at", old_values."id", old_values."metric", old_values."observed_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."received_on", old_values."recorded_by_id", old_values."source", old_values."text", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='88b19fcfff64e2498880d94c170c6b3f71d89701', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_90449', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_observation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationevent" ("client_id", "id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "revenue_share", "since", "until") SELECT new_values."client_id", new_values."id", new_values."part", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."revenue_share", new_values."since", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8635fe09a54eb82ae1354cb5cda5b4ea7a798d57', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_15eca', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationevent" ("client_id", "id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "revenue_share", "since", "until") SELECT new_values."client_id", new_values."id", new_values."part", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."revenue_share", new_values."since", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3d400cfe08dbf9060adb9249dda31e51085e5c9b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_1954c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationevent" ("client_id", "id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "revenue_share", "since", "until") SELECT old_values."client_id", old_values."id", old_values."part", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."revenue_share", old_values."since", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ed72eb32a9ba80cfafbcfe02b5b824ef93023a9e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e35b9', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_participation', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.UniqueConstraint(fields=('client', 'metric', 'observed_on', 'source', 'received_on', 'project'), name='observation_once_per_source', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('since')), ('since__isnull', True), ('until__isnull', True), _connector='OR'), name='participation_ends_after_it_begins', violation_error_message='A part in a project ends after it begins.'),
        ),
    ]
