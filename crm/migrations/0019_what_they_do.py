import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0018_stages'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[pgtrigger.migrations.RemoveTrigger(
                model_name='creditreport',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='creditreport',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='creditreport',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='facility',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='facility',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='facility',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='financialstatement',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='financialstatement',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='financialstatement',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='observation',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='observation',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='observation',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='participation',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='participation',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='participation',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='payment',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='payment',
                name='update_update',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='payment',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='project',
                name='insert_insert',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='project',
                name='delete_delete',
            ), pgtrigger.migrations.RemoveTrigger(
                model_name='project',
                name='update_update',
            ), migrations.RemoveConstraint(
                model_name='financialstatement',
                name='statement_once_per_period_and_receipt',
            ), migrations.AddField(
                model_name='creditreport',
                name='entered_by',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
            ), migrations.AddField(
                model_name='creditreport',
                name='negative_items',
                field=models.PositiveIntegerField(blank=True, null=True, verbose_name='negative items'),
            ), migrations.AddField(
                model_name='creditreport',
                name='negative_note',
                field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='what the negative items are'),
            ), migrations.AddField(
                model_name='creditreport',
                name='reference',
                field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='number of the report'),
            ), migrations.AddField(
                model_name='creditreportevent',
                name='entered_by',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
            ), migrations.AddField(
                model_name='creditreportevent',
                name='negative_items',
                field=models.PositiveIntegerField(blank=True, null=True, verbose_name='negative items'),
            ), migrations.AddField(
                model_name='creditreportevent',
                name='negative_note',
                field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='what the negative items are'),
            ), migrations.AddField(
                model_name='creditreportevent',
                name='reference',
                field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='number of the report'),
            ), migrations.AddField(
                model_name='facility',
                name='change_reason',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='reason of the change'),
            ), migrations.AddField(
                model_name='facility',
                name='currency',
                field=models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency'),
            ), migrations.AddField(
                model_name='facility',
                name='exchange_rate',
                field=models.DecimalField(db_default=Decimal('1'), decimal_places=10, default=Decimal('1'), max_digits=20, verbose_name='exchange rate'),
            ), migrations.AddField(
                model_name='facility',
                name='version',
                field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
            ), migrations.AddField(
                model_name='facilityevent',
                name='change_reason',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='reason of the change'),
            ), migrations.AddField(
                model_name='facilityevent',
                name='currency',
                field=models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency'),
            ), migrations.AddField(
                model_name='facilityevent',
                name='exchange_rate',
                field=models.DecimalField(db_default=Decimal('1'), decimal_places=10, default=Decimal('1'), max_digits=20, verbose_name='exchange rate'),
            ), migrations.AddField(
                model_name='facilityevent',
                name='version',
                field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
            ), migrations.AddField(
                model_name='financialstatement',
                name='acceptance',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why they were accepted'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='accepted',
                field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='warnings accepted'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='cash',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash at the end'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='cash_before',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash at the beginning'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='currency',
                field=models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='entered_by',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='equity',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='equity'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='exchange_rate',
                field=models.DecimalField(db_default=Decimal('1'), decimal_places=10, default=Decimal('1'), max_digits=20, verbose_name='exchange rate'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='financing_cash_flow',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash flow from financing'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='investing_cash_flow',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash flow from investing'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='note',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why it was restated'),
            ), migrations.AddField(
                model_name='financialstatement',
                name='span',
                field=models.CharField(choices=[('year', 'Year'), ('half', 'Half-year'), ('quarter', 'Quarter')], db_default='year', default='year', max_length=8, verbose_name='period'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='acceptance',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why they were accepted'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='accepted',
                field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='warnings accepted'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='cash',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash at the end'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='cash_before',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash at the beginning'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='currency',
                field=models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='entered_by',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='equity',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='equity'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='exchange_rate',
                field=models.DecimalField(db_default=Decimal('1'), decimal_places=10, default=Decimal('1'), max_digits=20, verbose_name='exchange rate'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='financing_cash_flow',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash flow from financing'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='investing_cash_flow',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='cash flow from investing'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='note',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why it was restated'),
            ), migrations.AddField(
                model_name='financialstatementevent',
                name='span',
                field=models.CharField(choices=[('year', 'Year'), ('half', 'Half-year'), ('quarter', 'Quarter')], db_default='year', default='year', max_length=8, verbose_name='period'),
            ), migrations.AddField(
                model_name='observation',
                name='evidence',
                field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='evidence'),
            ), migrations.AddField(
                model_name='observationevent',
                name='evidence',
                field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='evidence'),
            ), migrations.AddField(
                model_name='participation',
                name='version',
                field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
            ), migrations.AddField(
                model_name='participationevent',
                name='version',
                field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
            ), migrations.AddField(
                model_name='payment',
                name='paid_amount',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='paid so far'),
            ), migrations.AddField(
                model_name='paymentevent',
                name='paid_amount',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='paid so far'),
            ), migrations.AddField(
                model_name='project',
                name='capex',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='capital expenditure'),
            ), migrations.AddField(
                model_name='project',
                name='completed_on',
                field=models.DateField(blank=True, null=True, verbose_name='completed on'),
            ), migrations.AddField(
                model_name='project',
                name='description',
                field=models.TextField(blank=True, db_default='', default='', max_length=4000, verbose_name='description'),
            ), migrations.AddField(
                model_name='project',
                name='version',
                field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
            ), migrations.AddField(
                model_name='projectevent',
                name='capex',
                field=models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name='capital expenditure'),
            ), migrations.AddField(
                model_name='projectevent',
                name='completed_on',
                field=models.DateField(blank=True, null=True, verbose_name='completed on'),
            ), migrations.AddField(
                model_name='projectevent',
                name='description',
                field=models.TextField(blank=True, db_default='', default='', max_length=4000, verbose_name='description'),
            ), migrations.AddField(
                model_name='projectevent',
                name='version',
                field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
            ), migrations.AddConstraint(
                model_name='facility',
                constraint=models.CheckConstraint(condition=models.Q(('exchange_rate__gt', 0)), name='facility_rate_is_positive', violation_error_message='A rate is more than nothing.'),
            ), migrations.AddConstraint(
                model_name='financialstatement',
                constraint=models.UniqueConstraint(fields=('client', 'period_end', 'received_on', 'span'), name='statement_once_per_span_and_receipt'),
            ), migrations.AddConstraint(
                model_name='financialstatement',
                constraint=models.CheckConstraint(condition=models.Q(('exchange_rate__gt', 0)), name='statement_rate_is_positive', violation_error_message='A rate is more than nothing.'),
            ), migrations.AddConstraint(
                model_name='project',
                constraint=models.CheckConstraint(condition=models.Q(('capex__isnull', True), ('capex__gte', 0), _connector='OR'), name='project_amounts_not_negative', violation_error_message='Amounts of a project are not negative.'),
            ), pgtrigger.migrations.AddTrigger(
                model_name='creditreport',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_creditreportevent" ("bureau", "client_id", "created_at", "entered_by_id", "id", "negative_items", "negative_note", "pd", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating", "received_on", "reference", "reported_on", "score") SELECT new_values."bureau", new_values."client_id", new_values."created_at", new_values."entered_by_id", new_values."id", new_values."negative_items", new_values."negative_note", new_values."pd", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rating", new_values."received_on", new_values."reference", new_values."reported_on", new_values."score" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4a2b0211e7c9e459528cf15b0903841c730cdf03', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_441b9', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_creditreport', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='creditreport',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_creditreportevent" ("bureau", "client_id", "created_at", "entered_by_id", "id", "negative_items", "negative_note", "pd", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating", "received_on", "reference", "reported_on", "score") SELECT new_values."bureau", new_values."client_id", new_values."created_at", new_values."entered_by_id", new_values."id", new_values."negative_items", new_values."negative_note", new_values."pd", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rating", new_values."received_on", new_values."reference", new_values."reported_on", new_values."score" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9b6cf0d0949e27105be15bef20c1168c207d2811', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_cf1ff', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_creditreport', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='creditreport',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_creditreportevent" ("bureau", "client_id", "created_at", "entered_by_id", "id", "negative_items", "negative_note", "pd", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating", "received_on", "reference", "reported_on", "score") SELECT old_values."bureau", old_values."client_id", old_values."created_at", old_values."entered_by_id", old_values."id", old_values."negative_items", old_values."negative_note", old_values."pd", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rating", old_values."received_on", old_values."reference", old_values."reported_on", old_values."score" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2f6b8a18016834b3b7259f2901884ab82ee57fe1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_32ef4', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_creditreport', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='facility',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_facilityevent" ("change_reason", "client_id", "closed_on", "created_at", "currency", "drawn", "exchange_rate", "id", "limit", "matures_on", "number", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "rate", "version") SELECT new_values."change_reason", new_values."client_id", new_values."closed_on", new_values."created_at", new_values."currency", new_values."drawn", new_values."exchange_rate", new_values."id", new_values."limit", new_values."matures_on", new_values."number", new_values."opened_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."product", new_values."project_id", new_values."rate", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='55dd0d39f128fd8f4f483e2219d31b256ffc519c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_eb686', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_facility', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='facility',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_facilityevent" ("change_reason", "client_id", "closed_on", "created_at", "currency", "drawn", "exchange_rate", "id", "limit", "matures_on", "number", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "rate", "version") SELECT new_values."change_reason", new_values."client_id", new_values."closed_on", new_values."created_at", new_values."currency", new_values."drawn", new_values."exchange_rate", new_values."id", new_values."limit", new_values."matures_on", new_values."number", new_values."opened_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."product", new_values."project_id", new_values."rate", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9bd2a78a51d1f56d13ba44e2625a10b4e21476a2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_95827', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_facility', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='facility',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_facilityevent" ("change_reason", "client_id", "closed_on", "created_at", "currency", "drawn", "exchange_rate", "id", "limit", "matures_on", "number", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "rate", "version") SELECT old_values."change_reason", old_values."client_id", old_values."closed_on", old_values."created_at", old_values."currency", old_values."drawn", old_values."exchange_rate", old_values."id", old_values."limit", old_values."matures_on", old_values."number", old_values."opened_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."project_id", old_values."rate", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='14bd0fbb5992b4eece809280344afa2b2197dbff', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e96be', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_facility', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='financialstatement',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_financialstatementevent" ("acceptance", "accepted", "audited", "cash", "cash_before", "client_id", "created_at", "currency", "current_assets", "current_liabilities", "entered_by_id", "equity", "exchange_rate", "financing_cash_flow", "id", "interest_expense", "inventory", "investing_cash_flow", "net_profit", "note", "operating_cash_flow", "operating_profit", "period_end", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receivables", "received_on", "retained_earnings", "revenue", "source", "span", "total_assets", "total_liabilities") SELECT new_values."acceptance", new_values."accepted", new_values."audited", new_values."cash", new_values."cash_before", new_values."client_id", new_values."created_at", new_values."currency", new_values."current_assets", new_values."current_liabilities", new_values."entered_by_id", new_values."equity", new_values."exchange_rate", new_values."financing_cash_flow", new_values."id", new_values."interest_expense", new_values."inventory", new_values."investing_cash_flow", new_values."net_profit", new_values."note", new_values."operating_cash_flow", new_values."operating_profit", new_values."period_end", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."receivables", new_values."received_on", new_values."retained_earnings", new_values."revenue", new_values."source", new_values."span", new_values."total_assets", new_values."total_liabilities" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6069d37e2d8054fa2f96877defadeece4d925bb1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_40208', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_financialstatement', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='financialstatement',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_financialstatementevent" ("acceptance", "accepted", "audited", "cash", "cash_before", "client_id", "created_at", "currency", "current_assets", "current_liabilities", "entered_by_id", "equity", "exchange_rate", "financing_cash_flow", "id", "interest_expense", "inventory", "investing_cash_flow", "net_profit", "note", "operating_cash_flow", "operating_profit", "period_end", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receivables", "received_on", "retained_earnings", "revenue", "source", "span", "total_assets", "total_liabilities") SELECT new_values."acceptance", new_values."accepted", new_values."audited", new_values."cash", new_values."cash_before", new_values."client_id", new_values."created_at", new_values."currency", new_values."current_assets", new_values."current_liabilities", new_values."entered_by_id", new_values."equity", new_values."exchange_rate", new_values."financing_cash_flow", new_values."id", new_values."interest_expense", new_values."inventory", new_values."investing_cash_flow", new_values."net_profit", new_values."note", new_values."operating_cash_flow", new_values."operating_profit", new_values."period_end", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."receivables", new_values."received_on", new_values."retained_earnings", new_values."revenue", new_values."source", new_values."span", new_values."total_assets", new_values."total_liabilities" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c666b4a72a2c7980fd5112ecb3fe25e613755733', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8ce8a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_financialstatement', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='financialstatement',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_financialstatementevent" ("acceptance", "accepted", "audited", "cash", "cash_before", "client_id", "created_at", "currency", "current_assets", "current_liabilities", "entered_by_id", "equity", "exchange_rate", "financing_cash_flow", "id", "interest_expense", "inventory", "investing_cash_flow", "net_profit", "note", "operating_cash_flow", "operating_profit", "period_end", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receivables", "received_on", "retained_earnings", "revenue", "source", "span", "total_assets", "total_liabilities") SELECT old_values."acceptance", old_values."accepted", old_values."audited", old_values."cash", old_values."cash_before", old_values."client_id", old_values."created_at", old_values."currency", old_values."current_assets", old_values."current_liabilities", old_values."entered_by_id", old_values."equity", old_values."exchange_rate", old_values."financing_cash_flow", old_values."id", old_values."interest_expense", old_values."inventory", old_values."investing_cash_flow", old_values."net_profit", old_values."note", old_values."operating_cash_flow", old_values."operating_profit", old_values."period_end", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."receivables", old_values."received_on", old_values."retained_earnings", old_values."revenue", old_values."source", old_values."span", old_values."total_assets", old_values."total_liabilities" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='48529dc259749264954f5abe18e1aea2b19f9526', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b738e', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_financialstatement', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_observationevent" ("client_id", "created_at", "evidence", "id", "metric", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "received_on", "recorded_by_id", "source", "text", "value") SELECT new_values."client_id", new_values."created_at", new_values."evidence", new_values."id", new_values."metric", new_values."observed_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."received_on", new_values."recorded_by_id", new_values."source", new_values."text", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='749a57a8dffab9597f59790d1ed35a840c9f3ffa', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c68d8', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_observation', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_observationevent" ("client_id", "created_at", "evidence", "id", "metric", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "received_on", "recorded_by_id", "source", "text", "value") SELECT new_values."client_id", new_values."created_at", new_values."evidence", new_values."id", new_values."metric", new_values."observed_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."received_on", new_values."recorded_by_id", new_values."source", new_values."text", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0a8ca94bb552bc08cff85aa638a87db44daf903f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_41190', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_observation', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_observationevent" ("client_id", "created_at", "evidence", "id", "metric", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "received_on", "recorded_by_id", "source", "text", "value") SELECT old_values."client_id", old_values."created_at", old_values."evidence", old_values."id", old_values."metric", old_values."observed_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."received_on", old_values."recorded_by_id", old_values."source", old_values."text", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='071cf7a4c4064fd506ae5bab518495685711317c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_90449', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_observation', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='participation',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationevent" ("client_id", "id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "revenue_share", "since", "until", "version") SELECT new_values."client_id", new_values."id", new_values."part", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."revenue_share", new_values."since", new_values."until", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='73064b08792b4dbe7e1cbc71fca2968fb0f0e5c6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_15eca', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_participation', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='participation',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationevent" ("client_id", "id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "revenue_share", "since", "until", "version") SELECT new_values."client_id", new_values."id", new_values."part", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."revenue_share", new_values."since", new_values."until", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cef6517e94fd018f669db902226784a897c2b924', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_1954c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_participation', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='participation',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationevent" ("client_id", "id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "revenue_share", "since", "until", "version") SELECT old_values."client_id", old_values."id", old_values."part", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."revenue_share", old_values."since", old_values."until", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9fd7763fbecab5467dda6ab178a27d7d81446774', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e35b9', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_participation', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='payment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_paymentevent" ("due_on", "facility_id", "id", "interest", "paid_amount", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal") SELECT new_values."due_on", new_values."facility_id", new_values."id", new_values."interest", new_values."paid_amount", new_values."paid_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."principal" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='25266baf6a62c4196be0db2eb282237e100cd84f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9b90b', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_payment', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='payment',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_paymentevent" ("due_on", "facility_id", "id", "interest", "paid_amount", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal") SELECT new_values."due_on", new_values."facility_id", new_values."id", new_values."interest", new_values."paid_amount", new_values."paid_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."principal" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3458b805373308ec5f09892bcfab95585c78aaee', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b0d4f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_payment', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='payment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_paymentevent" ("due_on", "facility_id", "id", "interest", "paid_amount", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal") SELECT old_values."due_on", old_values."facility_id", old_values."id", old_values."interest", old_values."paid_amount", old_values."paid_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."principal" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='51b1eaf009e1ac284f15e4e7290098f2a17e871c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d43c9', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_payment', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='project',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_projectevent" ("amount", "approved_on", "capex", "code", "completed_on", "created_at", "currency", "description", "disclosed_on", "es_category", "id", "industry_id", "invested_on", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "signed_on", "status", "version") SELECT new_values."amount", new_values."approved_on", new_values."capex", new_values."code", new_values."completed_on", new_values."created_at", new_values."currency", new_values."description", new_values."disclosed_on", new_values."es_category", new_values."id", new_values."industry_id", new_values."invested_on", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."region_id", new_values."signed_on", new_values."status", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f990bc27d14aa9b8c7b795db12dbe2595d0510f2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e6bb3', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_project', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='project',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_projectevent" ("amount", "approved_on", "capex", "code", "completed_on", "created_at", "currency", "description", "disclosed_on", "es_category", "id", "industry_id", "invested_on", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "signed_on", "status", "version") SELECT new_values."amount", new_values."approved_on", new_values."capex", new_values."code", new_values."completed_on", new_values."created_at", new_values."currency", new_values."description", new_values."disclosed_on", new_values."es_category", new_values."id", new_values."industry_id", new_values."invested_on", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."region_id", new_values."signed_on", new_values."status", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."amount" IS DISTINCT FROM (new_values."amount") OR old_values."approved_on" IS DISTINCT FROM (new_values."approved_on") OR old_values."capex" IS DISTINCT FROM (new_values."capex") OR old_values."code" IS DISTINCT FROM (new_values."code") OR old_values."completed_on" IS DISTINCT FROM (new_values."completed_on") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."currency" IS DISTINCT FROM (new_values."currency") OR old_values."description" IS DISTINCT FROM (new_values."description") OR old_values."disclosed_on" IS DISTINCT FROM (new_values."disclosed_on") OR old_values."es_category" IS DISTINCT FROM (new_values."es_category") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."industry_id" IS DISTINCT FROM (new_values."industry_id") OR old_values."invested_on" IS DISTINCT FROM (new_values."invested_on") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."name_zh" IS DISTINCT FROM (new_values."name_zh") OR old_values."region_id" IS DISTINCT FROM (new_values."region_id") OR old_values."signed_on" IS DISTINCT FROM (new_values."signed_on") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ceb013f985ace043ef76dced8201e295c8bd0ddc', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_95693', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_project', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='project',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_projectevent" ("amount", "approved_on", "capex", "code", "completed_on", "created_at", "currency", "description", "disclosed_on", "es_category", "id", "industry_id", "invested_on", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "signed_on", "status", "version") SELECT old_values."amount", old_values."approved_on", old_values."capex", old_values."code", old_values."completed_on", old_values."created_at", old_values."currency", old_values."description", old_values."disclosed_on", old_values."es_category", old_values."id", old_values."industry_id", old_values."invested_on", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."region_id", old_values."signed_on", old_values."status", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='383f16d7b6a812ada280941920d3a7842fcb6764', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_86467', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_project', when='AFTER')),
            ), crm.migration_operations.CreateModelWithTriggers(
                name='AttachmentDownload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                    ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='crm.attachment', verbose_name='attachment')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ],
                options={
                    'verbose_name': 'download of an attachment',
                    'verbose_name_plural': 'downloads of attachments',
                    'ordering': ['-id'],
                    'triggers': [pgtrigger.compiler.Trigger(name='stays_as_it_happened', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4087c68212445b89f0d183d5003b2b24d1dbbbc2', operation='UPDATE OR DELETE', pgid='pgtrigger_stays_as_it_happened_22a02', table='crm_attachmentdownload', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='AttachmentScan',
                fields=[
                    ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='scan', serialize=False, to='crm.attachment', verbose_name='attachment')),
                    ('state', models.CharField(choices=[('waiting', 'Waits for the virus scanner'), ('clean', 'Scanned, clean'), ('infected', 'Infected, in quarantine')], max_length=8, verbose_name='state')),
                    ('finding', models.CharField(blank=True, max_length=200, verbose_name='finding')),
                    ('scanned_at', models.DateTimeField(blank=True, null=True, verbose_name='scanned at')),
                    ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ],
                options={
                    'verbose_name': 'scan of an attachment',
                    'verbose_name_plural': 'scans of attachments',
                    'indexes': [models.Index(models.F('attachment'), condition=models.Q(('state', 'waiting')), name='attachment_scans_waiting')],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='Collateral',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency')),
                    ('exchange_rate', models.DecimalField(db_default=Decimal('1'), decimal_places=10, default=Decimal('1'), max_digits=20, verbose_name='exchange rate')),
                    ('kind', models.CharField(choices=[('real_estate', 'Real estate'), ('land', 'Land use right'), ('equipment', 'Plant and equipment'), ('receivables', 'Receivables'), ('shares', 'Shares'), ('deposit', 'Cash deposit'), ('project_rights', 'Rights from the project'), ('other', 'Other')], max_length=16, verbose_name='kind')),
                    ('name', models.CharField(max_length=200, verbose_name='what it is')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=20, verbose_name='value')),
                    ('valued_on', models.DateField(verbose_name='valued on')),
                    ('valuer', models.CharField(blank=True, max_length=120, verbose_name='valued by')),
                    ('released_on', models.DateField(blank=True, editable=False, null=True, verbose_name='released on')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collateral', to='crm.client', verbose_name='client')),
                    ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collateral', to='crm.facility', verbose_name='facility')),
                ],
                options={
                    'verbose_name': 'collateral',
                    'verbose_name_plural': 'collateral',
                    'ordering': [models.OrderBy(models.F('released_on'), descending=True, nulls_first=True), 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('exchange_rate__gt', 0), ('value__gte', 0)), name='collateral_value_not_negative', violation_error_message='A value is not negative, and a rate is more than nothing.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_collateralevent" ("client_id", "created_at", "currency", "exchange_rate", "facility_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_on", "value", "valued_on", "valuer", "version") SELECT new_values."client_id", new_values."created_at", new_values."currency", new_values."exchange_rate", new_values."facility_id", new_values."id", new_values."kind", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."released_on", new_values."value", new_values."valued_on", new_values."valuer", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='172af682911cda50ee293ee617d43ee6cfaaa3b1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_61b59', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_collateral', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_collateralevent" ("client_id", "created_at", "currency", "exchange_rate", "facility_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_on", "value", "valued_on", "valuer", "version") SELECT new_values."client_id", new_values."created_at", new_values."currency", new_values."exchange_rate", new_values."facility_id", new_values."id", new_values."kind", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."released_on", new_values."value", new_values."valued_on", new_values."valuer", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e9fe4816c98c078dcf0531764dd1a3953fa831a5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4eda2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_collateral', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_collateralevent" ("client_id", "created_at", "currency", "exchange_rate", "facility_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_on", "value", "valued_on", "valuer", "version") SELECT old_values."client_id", old_values."created_at", old_values."currency", old_values."exchange_rate", old_values."facility_id", old_values."id", old_values."kind", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."released_on", old_values."value", old_values."valued_on", old_values."valuer", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ab218672dd924527ed4a87f73de00cb11514d6d1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2c315', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_collateral', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='Document',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('licence', 'Business licence'), ('articles', 'Articles of association'), ('identity', 'Proof of identity'), ('statement', 'Financial statement'), ('audit', 'Audit report'), ('contract', 'Contract'), ('collateral', 'Collateral paper'), ('permit', 'Permit or approval'), ('model', 'Financing model'), ('other', 'Other')], max_length=12, verbose_name='kind')),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('remind_days', models.PositiveSmallIntegerField(db_default=30, default=30, verbose_name='days of notice')),
                    ('withdrawn_on', models.DateField(blank=True, editable=False, null=True, verbose_name='withdrawn on')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='crm.client', verbose_name='client')),
                ],
                options={
                    'verbose_name': 'document',
                    'verbose_name_plural': 'documents',
                    'ordering': [models.OrderBy(models.F('withdrawn_on'), descending=True, nulls_first=True), 'kind', 'title', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('remind_days__lte', 366)), name='document_reminds_within_a_year', violation_error_message='A reminder comes at most 366 days before the end.')],
                    'indexes': [models.Index(models.F('valid_until'), condition=models.Q(('valid_until__isnull', False), ('withdrawn_on__isnull', True)), name='documents_that_end')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_documentevent" ("client_id", "created_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_days", "title", "valid_until", "version", "withdrawn_on") SELECT new_values."client_id", new_values."created_at", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."remind_days", new_values."title", new_values."valid_until", new_values."version", new_values."withdrawn_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='05cc273ffec63d759dff10b03563d76c53e18a97', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a1cd7', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_document', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_documentevent" ("client_id", "created_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_days", "title", "valid_until", "version", "withdrawn_on") SELECT new_values."client_id", new_values."created_at", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."remind_days", new_values."title", new_values."valid_until", new_values."version", new_values."withdrawn_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e82bfce690c510f2b507a441a05e8a8735c1a986', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ee9c7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_document', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_documentevent" ("client_id", "created_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_days", "title", "valid_until", "version", "withdrawn_on") SELECT old_values."client_id", old_values."created_at", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."remind_days", old_values."title", old_values."valid_until", old_values."version", old_values."withdrawn_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6be7b3b0b4a88c10bb87ebbea80f9476a29d2178', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_dcaac', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_document', when='AFTER'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='DocumentVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(verbose_name='version')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='what is new')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='added at')),
                    ('added_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                    ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='document_version', to='crm.attachment', verbose_name='attachment')),
                    ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='crm.document', verbose_name='document')),
                ],
                options={
                    'verbose_name': 'version of a document',
                    'verbose_name_plural': 'versions of documents',
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='document_version_numbered_once')],
                    'triggers': [pgtrigger.compiler.Trigger(name='stays_as_handed_in', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7c6b73f23c68646ef3f7c2659a62ad6b0c05c7ef', operation='UPDATE OR DELETE', pgid='pgtrigger_stays_as_handed_in_fbfc4', table='crm_documentversion', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='CollateralEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('currency', models.CharField(blank=True, db_default='', default='', max_length=3, verbose_name='currency')),
                    ('exchange_rate', models.DecimalField(db_default=Decimal('1'), decimal_places=10, default=Decimal('1'), max_digits=20, verbose_name='exchange rate')),
                    ('kind', models.CharField(choices=[('real_estate', 'Real estate'), ('land', 'Land use right'), ('equipment', 'Plant and equipment'), ('receivables', 'Receivables'), ('shares', 'Shares'), ('deposit', 'Cash deposit'), ('project_rights', 'Rights from the project'), ('other', 'Other')], max_length=16, verbose_name='kind')),
                    ('name', models.CharField(max_length=200, verbose_name='what it is')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=20, verbose_name='value')),
                    ('valued_on', models.DateField(verbose_name='valued on')),
                    ('valuer', models.CharField(blank=True, max_length=120, verbose_name='valued by')),
                    ('released_on', models.DateField(blank=True, editable=False, null=True, verbose_name='released on')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('facility', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.facility', verbose_name='facility')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.collateral')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a3ab7dd2c223402fa9b0d3dc86869ea3bd044727', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1e7b7', table='crm_collateralevent', when='BEFORE'))],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='DocumentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(choices=[('licence', 'Business licence'), ('articles', 'Articles of association'), ('identity', 'Proof of identity'), ('statement', 'Financial statement'), ('audit', 'Audit report'), ('contract', 'Contract'), ('collateral', 'Collateral paper'), ('permit', 'Permit or approval'), ('model', 'Financing model'), ('other', 'Other')], max_length=12, verbose_name='kind')),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('remind_days', models.PositiveSmallIntegerField(db_default=30, default=30, verbose_name='days of notice')),
                    ('withdrawn_on', models.DateField(blank=True, editable=False, null=True, verbose_name='withdrawn on')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.client', verbose_name='client')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.document')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87198850a673cdd66a6bbc21a0416130d9f8d9ce', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0c6aa', table='crm_documentevent', when='BEFORE'))],
                },
            )],
        ),
    ]
