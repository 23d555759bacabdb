import crm.migration_operations
import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('tiering', '0029_assessments_rest_on_what_there_is')]

    dependencies = [
        ('crm', '0002_clients'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('tiering', '0004_deciding'),
    ]

    operations = [
        crm.migration_operations.Together([
            migrations.CreateModel(
                name='ReviewDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('kept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('overdue', models.PositiveIntegerField(default=0)),
                    ('beyond', models.PositiveIntegerField(default=0)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tierscheme')),
                ],
                options={
                    'ordering': ['-day'],
                    'constraints': [models.UniqueConstraint(fields=('scheme', 'day'), name='review_day_once')],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='PeriodicReview',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('last_on', models.DateField(verbose_name='last assessed on')),
                    ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('status', models.CharField(choices=[('open', 'To prepare'), ('prepared', 'To sign'), ('done', 'Done')], default='open', max_length=8, verbose_name='status')),
                    ('conclusion', models.CharField(blank=True, choices=[('keep', 'Go on as before'), ('closer', 'Watch more closely'), ('reduce', 'Reduce what is lent'), ('end', 'End the relationship'), ('grow', 'Do more business')], default='', max_length=8, verbose_name='conclusion')),
                    ('findings', models.TextField(blank=True, default='', max_length=10000, verbose_name='findings')),
                    ('prepared_at', models.DateTimeField(blank=True, null=True, verbose_name='prepared at')),
                    ('remark', models.TextField(blank=True, default='', max_length=2000, verbose_name='remark of who signs')),
                    ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed at')),
                    ('evidence', models.JSONField(db_default={}, default=dict)),
                    ('assessment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.assessment')),
                    ('assignment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.assignment')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periodic_reviews', to='crm.client', verbose_name='client')),
                    ('client_rm', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.policyversion')),
                    ('prepared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tierscheme')),
                    ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ],
                options={
                    'verbose_name': 'periodic review',
                    'verbose_name_plural': 'periodic reviews',
                    'ordering': ['due_on', 'id'],
                    'indexes': [models.Index(condition=models.Q(('status', 'done'), _negated=True), fields=['due_on', 'id'], name='periodic_review_due'), models.Index(fields=['client', 'scheme', '-signed_at'], name='periodic_review_last')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'done'), _negated=True), fields=('client', 'scheme'), name='periodic_review_one_open'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('last_on')), ('due_on__lte', django.db.models.expressions.CombinedExpression(models.F('last_on'), '+', models.Value(datetime.timedelta(days=366))))), name='periodic_review_within_a_year'), models.CheckConstraint(condition=models.Q(('status', 'open'), models.Q(('prepared_at__isnull', False), ('prepared_by__isnull', False), models.Q(('conclusion', ''), _negated=True), models.Q(('findings', ''), _negated=True)), _connector='OR'), name='periodic_review_prepared_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', False), ('signed_by__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('signed_at__isnull', True), ('signed_by__isnull', True)), _connector='OR'), name='periodic_review_done_is_signed'), models.CheckConstraint(condition=models.Q(('signed_by__isnull', True), models.Q(('signed_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='periodic_review_signed_by_another'), models.CheckConstraint(condition=models.Q(('signed_by__isnull', True), ('client_rm__isnull', True), models.Q(('signed_by', models.F('client_rm')), _negated=True), _connector='OR'), name='periodic_review_signer_is_not_rm')],
                    'triggers': [pgtrigger.compiler.Trigger(name='begins_open', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."status" = \'open\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='8f42ee2874fdabeae7d87b9aa5f3ca3b8edaf7b8', operation='INSERT', pgid='pgtrigger_begins_open_c1a21', table='tiering_periodicreview', when='BEFORE')), pgtrigger.compiler.Trigger(name='step_by_step', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (\n    ('open', 'prepared'), ('prepared', 'open'), ('prepared', 'done')))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5db04f1d2ed0bd3aa900044e62330be2125a55d6', operation='UPDATE', pgid='pgtrigger_step_by_step_f48e2', table='tiering_periodicreview', when='BEFORE')), pgtrigger.compiler.Trigger(name='signer_may_sign', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'done\')', func="\nIF NEW.client_rm_id IS DISTINCT FROM (SELECT rm_id FROM crm_client WHERE id = NEW.client_id) THEN\n    RAISE EXCEPTION 'review %: client_rm is not the RM of the client', NEW.id USING ERRCODE = 'check_violation';\nEND IF;\nIF NOT EXISTS (SELECT FROM crm_user WHERE id = NEW.signed_by_id AND role = 'risk_officer' AND is_active) THEN\n    RAISE EXCEPTION 'review %: only a risk officer signs', NEW.id USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='76928bece50f44de35dd9922cddb44b8c8440a6c', operation='UPDATE', pgid='pgtrigger_signer_may_sign_0d306', table='tiering_periodicreview', when='BEFORE')), pgtrigger.compiler.Trigger(name='done_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" = \'done\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='36ed36ec8dd160159f7f1ab12ab328470c30454f', operation='UPDATE', pgid='pgtrigger_done_is_final_515d0', table='tiering_periodicreview', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='47b7c4037d3888407700167c01ae56721d4cbe89', operation='DELETE', pgid='pgtrigger_stays_f1355', table='tiering_periodicreview', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_periodicreviewevent" ("assessment_id", "assignment_id", "client_id", "client_rm_id", "conclusion", "due_on", "evidence", "findings", "id", "last_on", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "prepared_at", "prepared_by_id", "remark", "scheme_id", "signed_at", "signed_by_id", "status") SELECT new_values."assessment_id", new_values."assignment_id", new_values."client_id", new_values."client_rm_id", new_values."conclusion", new_values."due_on", new_values."evidence", new_values."findings", new_values."id", new_values."last_on", new_values."opened_at", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy_id", new_values."prepared_at", new_values."prepared_by_id", new_values."remark", new_values."scheme_id", new_values."signed_at", new_values."signed_by_id", new_values."status" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5a370a3156fd473c6d547ead75382f858a4afbdf', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a653a', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_periodicreview', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_periodicreviewevent" ("assessment_id", "assignment_id", "client_id", "client_rm_id", "conclusion", "due_on", "evidence", "findings", "id", "last_on", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "prepared_at", "prepared_by_id", "remark", "scheme_id", "signed_at", "signed_by_id", "status") SELECT new_values."assessment_id", new_values."assignment_id", new_values."client_id", new_values."client_rm_id", new_values."conclusion", new_values."due_on", new_values."evidence", new_values."findings", new_values."id", new_values."last_on", new_values."opened_at", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy_id", new_values."prepared_at", new_values."prepared_by_id", new_values."remark", new_values."scheme_id", new_values."signed_at", new_values."signed_by_id", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='51393919804ee37425612c3076af64037cf9d5ba', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_fa9bc', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_periodicreview', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_periodicreviewevent" ("assessment_id", "assignment_id", "client_id", "client_rm_id", "conclusion", "due_on", "evidence", "findings", "id", "last_on", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "prepared_at", "prepared_by_id", "remark", "scheme_id", "signed_at", "signed_by_id", "status") SELECT old_values."assessment_id", old_values."assignment_id", old_values."client_id", old_values."client_rm_id", old_values."conclusion", old_values."due_on", old_values."evidence", old_values."findings", old_values."id", old_values."last_on", old_values."opened_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."prepared_at", old_values."prepared_by_id", old_values."remark", old_values."scheme_id", old_values."signed_at", old_values."signed_by_id", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2c9f1c3891fe6c34da9ef210aa66d8e05039573c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f9e8f', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_periodicreview', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='TierChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                    ('failure', models.CharField(blank=True, db_default='', max_length=500)),
                    ('worked_at', models.DateTimeField(blank=True, null=True)),
                    ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='change', to='tiering.assignment')),
                    ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tier_changes', to='crm.client')),
                    ('from_tier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tier')),
                    ('scheme', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tierscheme')),
                    ('to_tier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tier')),
                ],
                options={
                    'verbose_name': 'change of tier',
                    'verbose_name_plural': 'changes of tier',
                    'indexes': [models.Index(condition=models.Q(('worked_at', None)), fields=['id'], name='tier_change_waiting'), models.Index(fields=['client', '-at'], name='tier_change_of_client')],
                    'triggers': [pgtrigger.compiler.Trigger(name='keeps_what_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."scheme_id" IS DISTINCT FROM (NEW."scheme_id") OR OLD."assignment_id" IS DISTINCT FROM (NEW."assignment_id") OR OLD."from_tier_id" IS DISTINCT FROM (NEW."from_tier_id") OR OLD."to_tier_id" IS DISTINCT FROM (NEW."to_tier_id") OR OLD."at" IS DISTINCT FROM (NEW."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='761fa5e991c3e25eb4f63a7424af63c43cb366bd', operation='UPDATE', pgid='pgtrigger_keeps_what_changed_d0d4e', table='tiering_tierchange', when='BEFORE')), pgtrigger.compiler.Trigger(name='worked_off_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."worked_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ef5ab7715c08c3b58b515349c59c6162fc335f38', operation='UPDATE', pgid='pgtrigger_worked_off_once_20829', table='tiering_tierchange', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='449bc7fa264a1317079da1358837b17a6c324c51', operation='DELETE', pgid='pgtrigger_stays_92c18', table='tiering_tierchange', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='PeriodicReviewEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('last_on', models.DateField(verbose_name='last assessed on')),
                    ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('status', models.CharField(choices=[('open', 'To prepare'), ('prepared', 'To sign'), ('done', 'Done')], default='open', max_length=8, verbose_name='status')),
                    ('conclusion', models.CharField(blank=True, choices=[('keep', 'Go on as before'), ('closer', 'Watch more closely'), ('reduce', 'Reduce what is lent'), ('end', 'End the relationship'), ('grow', 'Do more business')], default='', max_length=8, verbose_name='conclusion')),
                    ('findings', models.TextField(blank=True, default='', max_length=10000, verbose_name='findings')),
                    ('prepared_at', models.DateTimeField(blank=True, null=True, verbose_name='prepared at')),
                    ('remark', models.TextField(blank=True, default='', max_length=2000, verbose_name='remark of who signs')),
                    ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed at')),
                    ('evidence', models.JSONField(db_default={}, default=dict)),
                    ('assessment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.assessment')),
                    ('assignment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.assignment')),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('client_rm', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.periodicreview')),
                    ('policy', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.policyversion')),
                    ('prepared_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                    ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tierscheme')),
                    ('signed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4fbb45564691b87fb4820f712fc6d0bc6fd78df1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4cc28', table='tiering_periodicreviewevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='FacilityChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('term', models.CharField(choices=[('limit', 'Limit'), ('rate', 'Yearly rate')], max_length=5, verbose_name='term')),
                    ('before', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='before')),
                    ('after', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='after')),
                    ('stops_drawing', models.BooleanField(default=False, verbose_name='no further drawing')),
                    ('ceiling', models.FloatField(blank=True, null=True, verbose_name='limit ceiling of the client')),
                    ('status', models.CharField(choices=[('proposed', 'Proposed'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('superseded', 'Superseded')], default='proposed', max_length=12, verbose_name='status')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                    ('reason', models.TextField(blank=True, default='', max_length=2000, verbose_name='reason')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facility_changes', to='crm.client', verbose_name='client')),
                    ('client_rm', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                    ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='crm.facility', verbose_name='facility')),
                    ('from_tier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tier')),
                    ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.policyversion')),
                    ('to_tier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.tier')),
                    ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facility_changes', to='tiering.tierchange')),
                ],
                options={
                    'verbose_name': 'facility change',
                    'verbose_name_plural': 'facility changes',
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('status', 'proposed')), fields=['-id'], name='facility_change_waiting')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('facility', 'term'), name='facility_change_one_open'), models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='facility_change_changes'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('status__in', ['proposed', 'superseded'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status__in', ['accepted', 'declined']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='facility_change_decided_is_signed'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('client_rm__isnull', True), models.Q(('decided_by', models.F('client_rm')), _negated=True), _connector='OR'), name='facility_change_decider_is_not_rm')],
                    'triggers': [pgtrigger.compiler.Trigger(name='begins_proposed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."status" = \'proposed\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='b5ee99901584ecef47360f0f4c4f8ee6c11ba80d', operation='INSERT', pgid='pgtrigger_begins_proposed_39886', table='tiering_facilitychange', when='BEFORE')), pgtrigger.compiler.Trigger(name='keeps_its_grounds', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."facility_id" IS DISTINCT FROM (NEW."facility_id") OR OLD."change_id" IS DISTINCT FROM (NEW."change_id") OR OLD."policy_id" IS DISTINCT FROM (NEW."policy_id") OR OLD."from_tier_id" IS DISTINCT FROM (NEW."from_tier_id") OR OLD."to_tier_id" IS DISTINCT FROM (NEW."to_tier_id") OR OLD."term" IS DISTINCT FROM (NEW."term") OR OLD."before" IS DISTINCT FROM (NEW."before") OR OLD."after" IS DISTINCT FROM (NEW."after") OR OLD."stops_drawing" IS DISTINCT FROM (NEW."stops_drawing") OR OLD."ceiling" IS DISTINCT FROM (NEW."ceiling"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7ea182e41adc2a743a6c2e4f753cc453aa3a3bd8', operation='UPDATE', pgid='pgtrigger_keeps_its_grounds_21a52', table='tiering_facilitychange', when='BEFORE')), pgtrigger.compiler.Trigger(name='decider_may_decide', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" IN (\'accepted\', \'declined\'))', func="\nIF NEW.client_rm_id IS DISTINCT FROM (SELECT rm_id FROM crm_client WHERE id = NEW.client_id) THEN\n    RAISE EXCEPTION 'facility change %: client_rm is not the RM of the client', NEW.id USING ERRCODE = 'check_violation';\nEND IF;\nIF NOT EXISTS (\n    SELECT FROM crm_user u JOIN crm_client c ON c.id = NEW.client_id\n    WHERE u.id = NEW.decided_by_id AND u.is_active\n    AND (u.role = 'risk_officer' OR (u.role = 'team_lead' AND u.team_id = c.team_id))) THEN\n    RAISE EXCEPTION 'facility change %: only a risk officer or the lead of the RM decides', NEW.id\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='f0a2acc3735b659fbf60c89aeeab2b06fdf7f73a', operation='UPDATE', pgid='pgtrigger_decider_may_decide_4a1d4', table='tiering_facilitychange', when='BEFORE')), pgtrigger.compiler.Trigger(name='ended_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'proposed\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d05274f708258c8b27cd63df3fbd12aa82c248ec', operation='UPDATE', pgid='pgtrigger_ended_for_good_ad31b', table='tiering_facilitychange', when='BEFORE')), pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='20e172008e50362066c884abdf641f77ea1cb9ce', operation='DELETE', pgid='pgtrigger_stays_ec482', table='tiering_facilitychange', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_facilitychangeevent" ("after", "before", "ceiling", "change_id", "client_id", "client_rm_id", "created_at", "decided_at", "decided_by_id", "facility_id", "from_tier_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "reason", "status", "stops_drawing", "term", "to_tier_id") SELECT new_values."after", new_values."before", new_values."ceiling", new_values."change_id", new_values."client_id", new_values."client_rm_id", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."facility_id", new_values."from_tier_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy_id", new_values."reason", new_values."status", new_values."stops_drawing", new_values."term", new_values."to_tier_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3af68a8655caf458eb0f1cef1998e2329a20cfe6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7439e', referencing='REFERENCING NEW TABLE AS new_values ', table='tiering_facilitychange', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_facilitychangeevent" ("after", "before", "ceiling", "change_id", "client_id", "client_rm_id", "created_at", "decided_at", "decided_by_id", "facility_id", "from_tier_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "reason", "status", "stops_drawing", "term", "to_tier_id") SELECT new_values."after", new_values."before", new_values."ceiling", new_values."change_id", new_values."client_id", new_values."client_rm_id", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."facility_id", new_values."from_tier_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy_id", new_values."reason", new_values."status", new_values."stops_drawing", new_values."term", new_values."to_tier_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='34fcf363dbe349f6506352b4caf795e035fb340b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_01950', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tiering_facilitychange', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tiering_facilitychangeevent" ("after", "before", "ceiling", "change_id", "client_id", "client_rm_id", "created_at", "decided_at", "decided_by_id", "facility_id", "from_tier_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "reason", "status", "stops_drawing", "term", "to_tier_id") SELECT old_values."after", old_values."before", old_values."ceiling", old_values."change_id", old_values."client_id", old_values."client_rm_id", old_values."created_at", old_values."decided_at", old_values."decided_by_id", old_values."facility_id", old_values."from_tier_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy_id", old_values."reason", old_values."status", old_values."stops_drawing", old_values."term", old_values."to_tier_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='800dd80bc3422bb55db55990873b5d72ed530526', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_615fb', referencing='REFERENCING OLD TABLE AS old_values ', table='tiering_facilitychange', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='FacilityChangeEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('term', models.CharField(choices=[('limit', 'Limit'), ('rate', 'Yearly rate')], max_length=5, verbose_name='term')),
                    ('before', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='before')),
                    ('after', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='after')),
                    ('stops_drawing', models.BooleanField(default=False, verbose_name='no further drawing')),
                    ('ceiling', models.FloatField(blank=True, null=True, verbose_name='limit ceiling of the client')),
                    ('status', models.CharField(choices=[('proposed', 'Proposed'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('superseded', 'Superseded')], default='proposed', max_length=12, verbose_name='status')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                    ('reason', models.TextField(blank=True, default='', max_length=2000, verbose_name='reason')),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('client_rm', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                    ('facility', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.facility', verbose_name='facility')),
                    ('from_tier', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tier')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tiering.facilitychange')),
                    ('policy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.policyversion')),
                    ('to_tier', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tier')),
                    ('change', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tiering.tierchange')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8e7ab72aca2c214cb2e1188bc45074c5b68137a6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_80558', table='tiering_facilitychangeevent', when='BEFORE'))],
                },
            ),
        ]),
    ]
