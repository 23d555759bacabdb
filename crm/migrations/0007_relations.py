import crm.migration_operations
import crm.models.relations
import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.db import migrations, models


HOLDS = "({0}.since IS NULL OR {0}.since <= on_day) AND ({0}.until IS NULL OR {0}.until > on_day)"

GROUPS = f"""
-- Everybody whom the one at the top controls, and the one at the top; a client that stands alone is its own group.
CREATE FUNCTION crm_group(client bigint, on_day date) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4 AS $$
    WITH RECURSIVE above (id) AS (
        SELECT client
        UNION
        SELECT r.party_id FROM above a JOIN crm_relation r ON r.client_id = a.id
        WHERE r.kind = 'parent' AND {HOLDS.format("r")}
    ), below (id) AS (
        SELECT id FROM above
        UNION
        SELECT r.client_id FROM below b JOIN crm_relation r ON r.party_id = b.id
        WHERE r.kind = 'parent' AND {HOLDS.format("r")}
    )
    SELECT id FROM below
$$;

-- The group, and whoever is tied to the client directly, on either end.
CREATE FUNCTION crm_connected(client bigint, on_day date) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE ROWS 6 AS $$
    SELECT crm_group(client, on_day)
    UNION SELECT r.party_id FROM crm_relation r WHERE r.client_id = client AND {HOLDS.format("r")}
    UNION SELECT r.client_id FROM crm_relation r WHERE r.party_id = client AND {HOLDS.format("r")}
$$;

-- Whether one client controls another on some of the days, directly or through others.
CREATE FUNCTION crm_controls(top bigint, bottom bigint, days daterange) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE above (id, days) AS (
        SELECT bottom, days
        UNION
        SELECT r.party_id, a.days * daterange(r.since, r.until) FROM above a JOIN crm_relation r ON r.client_id = a.id
        WHERE r.kind = 'parent' AND a.days && daterange(r.since, r.until)
    )
    SELECT EXISTS (SELECT FROM above WHERE id = top)
$$;
"""
UNDO_GROUPS = """
DROP FUNCTION crm_controls(bigint, bigint, daterange);
DROP FUNCTION crm_connected(bigint, date);
DROP FUNCTION crm_group(bigint, date);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0006_stage_events'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.CreateModelWithTriggers(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('parent', 'Parent'), ('shareholder', 'Shareholder without control'), ('guarantor', 'Guarantor'), ('related', 'Related party')], max_length=12, verbose_name='kind')),
                ('share', models.FloatField(blank=True, null=True, verbose_name='share')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='amount guaranteed')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what connects them')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='crm.client', verbose_name='client')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_to_others', to='crm.client', verbose_name='other client')),
            ],
            options={
                'verbose_name': 'relation',
                'verbose_name_plural': 'relations',
                'ordering': ['kind', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('client', models.F('party')), _negated=True), name='relation_is_with_another', violation_error_message='A client is not related to itself. Choose another one.'), models.CheckConstraint(condition=models.Q(('share__isnull', True), models.Q(('share__gt', 0), ('share__lte', 1), ('kind__in', ('parent', 'shareholder'))), _connector='OR'), name='relation_share_is_a_part', violation_error_message='A share lies above 0 and up to 100 %%; only parents and shareholders have one.'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount__gt', 0), ('kind', 'guarantor')), _connector='OR'), name='relation_amount_is_guaranteed', violation_error_message='An amount is above zero; only guarantors have one.'), models.CheckConstraint(condition=models.Q(('kind', 'related'), ('note', ''), _negated=True), name='relation_says_what_connects', violation_error_message='Say what connects them: family, a director, one depends on the other.'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('since')), ('since__isnull', True), ('until__isnull', True), _connector='OR'), name='relation_ends_after_it_begins', violation_error_message='A relation ends after it begins.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'parent')), expressions=[('client', '='), (crm.models.relations.Lasting('since', 'until'), '&&')], name='relation_one_parent_at_a_time', violation_error_message='Somebody controls this client on these days already. End that first, or enter a shareholder.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('client', '='), ('party', '='), ('kind', '='), (crm.models.relations.Lasting('since', 'until'), '&&')], name='relation_once_at_a_time', violation_error_message='This relation is entered for these days already.')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_circle', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."kind" = \'parent\')', func="\nPERFORM pg_advisory_xact_lock(hashtext('crm_relation no_circle'));\nIF crm_controls(NEW.client_id, NEW.party_id, daterange(NEW.since, NEW.until)) THEN\n    RAISE EXCEPTION 'relation_no_circle: control leads back to where it began' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='510d366cece02d5effd1d27716398da1c8233974', operation='INSERT OR UPDATE', pgid='pgtrigger_no_circle_2dd52', table='crm_relation', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_relationevent" ("amount", "client_id", "created_at", "id", "kind", "note", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "since", "until", "version") SELECT new_values."amount", new_values."client_id", new_values."created_at", new_values."id", new_values."kind", new_values."note", new_values."party_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."share", new_values."since", new_values."until", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='84619d6d631db2e14e3550be313914ccfc2e24b2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b68f8', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_relation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_relationevent" ("amount", "client_id", "created_at", "id", "kind", "note", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "since", "until", "version") SELECT new_values."amount", new_values."client_id", new_values."created_at", new_values."id", new_values."kind", new_values."note", new_values."party_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."share", new_values."since", new_values."until", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='733256d45e7a330139606fbe550f87cf15f56aa2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_26b64', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_relation', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_relationevent" ("amount", "client_id", "created_at", "id", "kind", "note", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "since", "until", "version") SELECT old_values."amount", old_values."client_id", old_values."created_at", old_values."id", old_values."kind", old_values."note", old_values."party_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."share", old_values."since", old_values."until", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='abbee59c026909f9477c507fa93ff5c39e6441fd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_248eb', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_relation', when='AFTER'))],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name='RelationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('parent', 'Parent'), ('shareholder', 'Shareholder without control'), ('guarantor', 'Guarantor'), ('related', 'Related party')], max_length=12, verbose_name='kind')),
                ('share', models.FloatField(blank=True, null=True, verbose_name='share')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='amount guaranteed')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what connects them')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                ('party', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='other client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.relation')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='10bc63a38701125deb8602f6697c3181f29551d1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7585f', table='crm_relationevent', when='BEFORE'))],
            },
        ),
        migrations.RunSQL(GROUPS, UNDO_GROUPS),
    ]
