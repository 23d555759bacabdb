import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import crm.migration_operations
import funnel.models.rates


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0004_search_and_context"),
        ("funnel", "0001_pipelines"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[
                pgtrigger.migrations.RemoveTrigger(
                    model_name="case",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="case",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="case",
                    name="delete_delete",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="pipeline",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="pipeline",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="pipeline",
                    name="delete_delete",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="stage",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="stage",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="stage",
                    name="delete_delete",
                ),
                migrations.RemoveConstraint(
                    model_name="case",
                    name="case_amount_is_positive",
                ),
                migrations.RemoveConstraint(
                    model_name="stage",
                    name="stage_position_once",
                ),
                migrations.AddField(
                    model_name="case",
                    name="currency",
                    field=models.CharField(
                        default=funnel.models.rates.book_currency, max_length=3, verbose_name="currency"
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="expected_close",
                    field=models.DateField(blank=True, null=True, verbose_name="expected close"),
                ),
                migrations.AddField(
                    model_name="case",
                    name="reason",
                    field=models.CharField(
                        blank=True, db_default="", default="", max_length=40, verbose_name="reason"
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="source",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("prospecting", "Prospecting"),
                            ("existing_client", "Existing client"),
                            ("referral", "Referral"),
                            ("partner", "Partner institution"),
                            ("campaign", "Campaign"),
                            ("web", "Web form"),
                            ("import", "Imported list"),
                            ("other", "Other source"),
                        ],
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="currency",
                    field=models.CharField(
                        default=funnel.models.rates.book_currency, max_length=3, verbose_name="currency"
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="expected_close",
                    field=models.DateField(blank=True, null=True, verbose_name="expected close"),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="reason",
                    field=models.CharField(
                        blank=True, db_default="", default="", max_length=40, verbose_name="reason"
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="source",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("prospecting", "Prospecting"),
                            ("existing_client", "Existing client"),
                            ("referral", "Referral"),
                            ("partner", "Partner institution"),
                            ("campaign", "Campaign"),
                            ("web", "Web form"),
                            ("import", "Imported list"),
                            ("other", "Other source"),
                        ],
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                migrations.AddField(
                    model_name="pipeline",
                    name="is_retired",
                    field=models.BooleanField(default=False, verbose_name="retired"),
                ),
                migrations.AddField(
                    model_name="pipeline",
                    name="products",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="products",
                    ),
                ),
                migrations.AddField(
                    model_name="pipelineevent",
                    name="is_retired",
                    field=models.BooleanField(default=False, verbose_name="retired"),
                ),
                migrations.AddField(
                    model_name="pipelineevent",
                    name="products",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="products",
                    ),
                ),
                migrations.AddField(
                    model_name="stage",
                    name="colour",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("grey", "Grey"),
                            ("blue", "Blue"),
                            ("teal", "Teal"),
                            ("amber", "Amber"),
                            ("orange", "Orange"),
                            ("violet", "Violet"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="colour",
                    ),
                ),
                migrations.AddField(
                    model_name="stage",
                    name="expected_days",
                    field=models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="expected days"
                    ),
                ),
                migrations.AddField(
                    model_name="stage",
                    name="is_retired",
                    field=models.BooleanField(db_default=False, default=False, verbose_name="retired"),
                ),
                migrations.AddField(
                    model_name="stage",
                    name="probability",
                    field=models.FloatField(blank=True, null=True, verbose_name="probability of winning"),
                ),
                migrations.AddField(
                    model_name="stageevent",
                    name="colour",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("grey", "Grey"),
                            ("blue", "Blue"),
                            ("teal", "Teal"),
                            ("amber", "Amber"),
                            ("orange", "Orange"),
                            ("violet", "Violet"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="colour",
                    ),
                ),
                migrations.AddField(
                    model_name="stageevent",
                    name="expected_days",
                    field=models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="expected days"
                    ),
                ),
                migrations.AddField(
                    model_name="stageevent",
                    name="is_retired",
                    field=models.BooleanField(db_default=False, default=False, verbose_name="retired"),
                ),
                migrations.AddField(
                    model_name="stageevent",
                    name="probability",
                    field=models.FloatField(blank=True, null=True, verbose_name="probability of winning"),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="amount",
                    field=models.DecimalField(
                        blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="amount"
                    ),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="reason",
                    field=models.CharField(
                        blank=True, db_default="", default="", max_length=40, verbose_name="reason"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "code", "created_at", "currency", "entered_stage_at", "expected_close", "id", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "reason", "source", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."code", new_values."created_at", new_values."currency", new_values."entered_stage_at", new_values."expected_close", new_values."id", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."product", new_values."project_id", new_values."reason", new_values."source", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d5af0bda80f4a4a198f79a05a1d75606fcc042c8",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5a47d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="funnel_case",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "code", "created_at", "currency", "entered_stage_at", "expected_close", "id", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "reason", "source", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."code", new_values."created_at", new_values."currency", new_values."entered_stage_at", new_values."expected_close", new_values."id", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."product", new_values."project_id", new_values."reason", new_values."source", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="771bb82f13eb74673152cf33fa31536c56c8f9b5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_30ddf",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="funnel_case",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "code", "created_at", "currency", "entered_stage_at", "expected_close", "id", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "reason", "source", "stage_id", "version") SELECT old_values."amount", old_values."client_id", old_values."code", old_values."created_at", old_values."currency", old_values."entered_stage_at", old_values."expected_close", old_values."id", old_values."opened_by_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."project_id", old_values."reason", old_values."source", old_values."stage_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="c9d7c37d35841e7fd0fab8d49d9c01b19c7a8a3e",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5f1e3",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="funnel_case",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pipeline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products") SELECT new_values."id", new_values."is_retired", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."products" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a1499bedf4fbe8bf2b227d33ccee14ca13c2ef72",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7796a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="funnel_pipeline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pipeline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products") SELECT new_values."id", new_values."is_retired", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."products" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="003fe6dc228dd7b6d087bb3b040c7e0a784ffb87",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4795e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="funnel_pipeline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pipeline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products") SELECT old_values."id", old_values."is_retired", old_values."key", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."products" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="caf855c1660b7978f17b72c3261ef8c8da183d07",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_69571",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="funnel_pipeline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stageevent" ("colour", "expected_days", "id", "is_retired", "key", "limit_days", "name_en", "name_zh", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "position", "probability") SELECT new_values."colour", new_values."expected_days", new_values."id", new_values."is_retired", new_values."key", new_values."limit_days", new_values."name_en", new_values."name_zh", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id", new_values."position", new_values."probability" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="321c3a1671962f4926fac213e8103d333599bb41",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_84126",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="funnel_stage",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stageevent" ("colour", "expected_days", "id", "is_retired", "key", "limit_days", "name_en", "name_zh", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "position", "probability") SELECT new_values."colour", new_values."expected_days", new_values."id", new_values."is_retired", new_values."key", new_values."limit_days", new_values."name_en", new_values."name_zh", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id", new_values."position", new_values."probability" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2334caf20f3c6eb200c7c237ebb8f28fdcb56e51",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e84cb",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="funnel_stage",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stageevent" ("colour", "expected_days", "id", "is_retired", "key", "limit_days", "name_en", "name_zh", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "position", "probability") SELECT old_values."colour", old_values."expected_days", old_values."id", old_values."is_retired", old_values."key", old_values."limit_days", old_values."name_en", old_values."name_zh", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id", old_values."position", old_values."probability" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="dbdfad84b70be26944740644113fc8e0c5c3568d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_212ea",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="funnel_stage",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="case_amount_not_negative",
                        violation_error_message="An amount is not negative.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="case_of_a_currency",
                        violation_error_message="A currency is named by its three letters, as CNY.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stage",
                    constraint=models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("pipeline", "position"),
                        name="stage_place_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("probability__isnull", True),
                            models.Q(("probability__gte", 0), ("probability__lte", 1)),
                            _connector="OR",
                        ),
                        name="stage_probability_is_one",
                        violation_error_message="A probability lies between 0 and 1.",
                    ),
                ),
            ],
        ),
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name="ClosingReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=40, verbose_name="key")),
                        ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                        ("name_zh", models.CharField(blank=True, max_length=80, verbose_name="Chinese name")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        ("is_retired", models.BooleanField(default=False, verbose_name="retired")),
                        (
                            "stage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reasons",
                                to="funnel.stage",
                                verbose_name="stage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "closing reason",
                        "verbose_name_plural": "closing reasons",
                        "ordering": ["stage", "position", "id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_closingreasonevent" ("id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "stage_id") SELECT new_values."id", new_values."is_retired", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."position", new_values."stage_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="8bfedff521f0d924081a9990e5dd86ab53009844",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_31366",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_closingreason",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_closingreasonevent" ("id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "stage_id") SELECT new_values."id", new_values."is_retired", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."position", new_values."stage_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="ed32d8acbd37ba1c4b5681754a5a0a3a961a652c",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d9a1f",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_closingreason",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_closingreasonevent" ("id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "stage_id") SELECT old_values."id", old_values."is_retired", old_values."key", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."position", old_values."stage_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="37b1a75ce4f87a75b96f60862df40630705281b9",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_59d7a",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_closingreason",
                                    when="AFTER",
                                ),
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("stage", "key"), name="closing_reason_once")],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ClosingReasonEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("key", models.SlugField(db_index=False, max_length=40, verbose_name="key")),
                        ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                        ("name_zh", models.CharField(blank=True, max_length=80, verbose_name="Chinese name")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        ("is_retired", models.BooleanField(default=False, verbose_name="retired")),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="funnel.closingreason",
                            ),
                        ),
                        (
                            "stage",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.stage",
                                verbose_name="stage",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c11d6737c91c4d6718f1a54ce16f1bac735359bb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_887c2",
                                    table="funnel_closingreasonevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("day", models.DateField(verbose_name="from")),
                        ("rate", models.DecimalField(decimal_places=10, max_digits=20, verbose_name="rate")),
                        ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "set_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exchange rate",
                        "verbose_name_plural": "exchange rates",
                        "ordering": ["currency", "-day"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_exchangerateevent" ("currency", "day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate", "set_at", "set_by_id") SELECT new_values."currency", new_values."day", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rate", new_values."set_at", new_values."set_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="9438c1b61b54e623880fcb9167e4f53177674f6a",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_d1957",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_exchangerate",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_exchangerateevent" ("currency", "day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate", "set_at", "set_by_id") SELECT new_values."currency", new_values."day", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rate", new_values."set_at", new_values."set_by_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="878862bfa0f099f15c5b7779a918f8a602371fd0",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d76ff",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_exchangerate",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_exchangerateevent" ("currency", "day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate", "set_at", "set_by_id") SELECT old_values."currency", old_values."day", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rate", old_values."set_at", old_values."set_by_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="5e3b4a27a3838b89a5c267510dcdf9ca5c7bc047",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_62178",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_exchangerate",
                                    when="AFTER",
                                ),
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("currency", "day"), name="exchange_rate_once_a_day"),
                            models.CheckConstraint(
                                condition=models.Q(("rate__gt", 0)),
                                name="exchange_rate_is_positive",
                                violation_error_message="A rate is more than nothing.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="exchange_rate_of_a_currency",
                                violation_error_message="A currency is named by its three letters, as CNY.",
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ExchangeRateEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("day", models.DateField(verbose_name="from")),
                        ("rate", models.DecimalField(decimal_places=10, max_digits=20, verbose_name="rate")),
                        ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="funnel.exchangerate",
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="19f296f65fa59aa0e419afd3d1626ebdcc8a6fcc",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_af6ba",
                                    table="funnel_exchangerateevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
