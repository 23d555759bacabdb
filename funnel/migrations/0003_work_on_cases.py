import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import crm.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0004_search_and_context"),
        ("funnel", "0002_money_and_reasons"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("tiering", "0007_barred_and_asking"),
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
                    model_name="stagegate",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="stagegate",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="stagegate",
                    name="delete_delete",
                ),
                migrations.AddField(
                    model_name="case",
                    name="cloned_from",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clones",
                        to="funnel.case",
                        verbose_name="cloned from",
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="competition",
                    field=models.TextField(
                        blank=True, db_default="", default="", max_length=2000, verbose_name="competition"
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="next_step",
                    field=models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="next step"
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="next_step_on",
                    field=models.DateField(blank=True, null=True, verbose_name="next step due"),
                ),
                migrations.AddField(
                    model_name="case",
                    name="purpose",
                    field=models.TextField(
                        blank=True, db_default="", default="", max_length=2000, verbose_name="purpose"
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="revision",
                    field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="cloned_from",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="funnel.case",
                        verbose_name="cloned from",
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="competition",
                    field=models.TextField(
                        blank=True, db_default="", default="", max_length=2000, verbose_name="competition"
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="next_step",
                    field=models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="next step"
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="next_step_on",
                    field=models.DateField(blank=True, null=True, verbose_name="next step due"),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="purpose",
                    field=models.TextField(
                        blank=True, db_default="", default="", max_length=2000, verbose_name="purpose"
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="revision",
                    field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
                ),
                migrations.AddField(
                    model_name="pipeline",
                    name="checklist",
                    field=models.JSONField(
                        blank=True, db_default=[], default=list, verbose_name="checklist of each case"
                    ),
                ),
                migrations.AddField(
                    model_name="pipelineevent",
                    name="checklist",
                    field=models.JSONField(
                        blank=True, db_default=[], default=list, verbose_name="checklist of each case"
                    ),
                ),
                migrations.AddField(
                    model_name="stagegate",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("tier", "Minimum tier"),
                            ("score", "Minimum score"),
                            ("fields", "Required fields"),
                            ("documents", "Required documents"),
                            ("checklist", "Completed checklist"),
                            ("approvals", "Approvals"),
                            ("condition", "Condition over facts"),
                        ],
                        db_default="tier",
                        default="tier",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                migrations.AddField(
                    model_name="stagegate",
                    name="params",
                    field=models.JSONField(
                        blank=True, db_default={}, default=dict, verbose_name="what it asks for"
                    ),
                ),
                migrations.AddField(
                    model_name="stagegateevent",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("tier", "Minimum tier"),
                            ("score", "Minimum score"),
                            ("fields", "Required fields"),
                            ("documents", "Required documents"),
                            ("checklist", "Completed checklist"),
                            ("approvals", "Approvals"),
                            ("condition", "Condition over facts"),
                        ],
                        db_default="tier",
                        default="tier",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                migrations.AddField(
                    model_name="stagegateevent",
                    name="params",
                    field=models.JSONField(
                        blank=True, db_default={}, default=dict, verbose_name="what it asks for"
                    ),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="imported_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.importjob",
                    ),
                ),
                migrations.AlterField(
                    model_name="stagegate",
                    name="minimum_tier",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_gates",
                        to="tiering.tier",
                        verbose_name="minimum tier",
                    ),
                ),
                migrations.AlterField(
                    model_name="stagegateevent",
                    name="minimum_tier",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="tiering.tier",
                        verbose_name="minimum tier",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stagemove",
                    index=models.Index(
                        condition=models.Q(("imported_by__isnull", False)),
                        fields=["imported_by"],
                        name="move_imported_by",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "cloned_from_id", "code", "competition", "created_at", "currency", "entered_stage_at", "expected_close", "id", "next_step", "next_step_on", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "purpose", "reason", "revision", "source", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."cloned_from_id", new_values."code", new_values."competition", new_values."created_at", new_values."currency", new_values."entered_stage_at", new_values."expected_close", new_values."id", new_values."next_step", new_values."next_step_on", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."product", new_values."project_id", new_values."purpose", new_values."reason", new_values."revision", new_values."source", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4be6960e597a78fc06b52db216d90622698c7091",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "cloned_from_id", "code", "competition", "created_at", "currency", "entered_stage_at", "expected_close", "id", "next_step", "next_step_on", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "purpose", "reason", "revision", "source", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."cloned_from_id", new_values."code", new_values."competition", new_values."created_at", new_values."currency", new_values."entered_stage_at", new_values."expected_close", new_values."id", new_values."next_step", new_values."next_step_on", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."product", new_values."project_id", new_values."purpose", new_values."reason", new_values."revision", new_values."source", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="9dfcfe7395eb7bca360f5af9b88d5476af95979a",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "cloned_from_id", "code", "competition", "created_at", "currency", "entered_stage_at", "expected_close", "id", "next_step", "next_step_on", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "purpose", "reason", "revision", "source", "stage_id", "version") SELECT old_values."amount", old_values."client_id", old_values."cloned_from_id", old_values."code", old_values."competition", old_values."created_at", old_values."currency", old_values."entered_stage_at", old_values."expected_close", old_values."id", old_values."next_step", old_values."next_step_on", old_values."opened_by_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."project_id", old_values."purpose", old_values."reason", old_values."revision", old_values."source", old_values."stage_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="de7766604bbd36357fe1adb4e11a0fba59c42527",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("checklist", "id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products") SELECT new_values."checklist", new_values."id", new_values."is_retired", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."products" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="95a11c1f0ea959630b186daa26a44ae62571abc5",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("checklist", "id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products") SELECT new_values."checklist", new_values."id", new_values."is_retired", new_values."key", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."products" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="32bce3c044903b5bfb75e9d6c75b760710f458b1",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineevent" ("checklist", "id", "is_retired", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products") SELECT old_values."checklist", old_values."id", old_values."is_retired", old_values."key", old_values."name_en", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."products" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="0a29ff54fd6cbbbaec80f7e452c02d1784eab3c2",
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
                    model_name="stagegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stagegateevent" ("id", "kind", "minimum_tier_id", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_id") SELECT new_values."id", new_values."kind", new_values."minimum_tier_id", new_values."params", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."stage_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d3c798bdf1c5b420360283808514eb4093b20f3f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a3bfc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="funnel_stagegate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stagegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stagegateevent" ("id", "kind", "minimum_tier_id", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_id") SELECT new_values."id", new_values."kind", new_values."minimum_tier_id", new_values."params", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."stage_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="daf0abb43efdd10a086e0fbca6f33db12a8db679",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d3cc0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="funnel_stagegate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stagegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_stagegateevent" ("id", "kind", "minimum_tier_id", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_id") SELECT old_values."id", old_values."kind", old_values."minimum_tier_id", old_values."params", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."stage_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="cb813753db89bc8e4a36b7942bceb252b76f3e32",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_32a5a",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="funnel_stagegate",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stagegate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "tier"), ("minimum_tier__isnull", False)),
                            models.Q(
                                models.Q(("kind", "tier"), _negated=True), ("minimum_tier__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="stage_gate_of_a_tier",
                    ),
                ),
            ],
        ),
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name="Approval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("rm", "Relationship manager"),
                                    ("team_lead", "Team lead"),
                                    ("risk_officer", "Risk officer"),
                                    ("criteria_admin", "Criteria administrator"),
                                    ("auditor", "Auditor"),
                                    ("system_admin", "System administrator"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("is_approved", models.BooleanField(verbose_name="approved")),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=20, verbose_name="amount")),
                        ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="funnel.case",
                            ),
                        ),
                        (
                            "stage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funnel.stage",
                                verbose_name="stage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "approval of a case",
                        "verbose_name_plural": "approvals of cases",
                        "ordering": ["id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="bc5febc529cf58ad4d0373e3e2c60a14fddbaaa7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_75cf8",
                                    table="funnel_approval",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="by_no_party",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\nIF EXISTS (SELECT FROM funnel_case c JOIN crm_client k ON k.id = c.client_id\n           WHERE c.id = NEW.case_id AND NEW.by_id IN (c.opened_by_id, k.rm_id))\n    OR EXISTS (SELECT FROM funnel_teammember m WHERE m.case_id = NEW.case_id AND m.user_id = NEW.by_id) THEN\n    RAISE EXCEPTION 'case %: whoever works on it decides nothing about it', NEW.case_id\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                                    hash="04df072a765d4fc741b69a5ae3fc614d34d58ac4",
                                    operation="INSERT",
                                    pgid="pgtrigger_by_no_party_f4d62",
                                    table="funnel_approval",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_approved", True), models.Q(("comment", ""), _negated=True), _connector="OR"
                                ),
                                name="case_rejected_with_reason",
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="CaseDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("application", "Application"),
                                    ("statements", "Financial statements"),
                                    ("credit_report", "Credit report"),
                                    ("licence", "Licences and articles"),
                                    ("collateral", "Collateral papers"),
                                    ("diligence", "Due-diligence report"),
                                    ("term_sheet", "Term sheet"),
                                    ("contract", "Contract"),
                                    ("resolution", "Resolution"),
                                    ("other", "Other document"),
                                ],
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_documents",
                                to="crm.attachment",
                                verbose_name="file",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="funnel.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "document of a case",
                        "verbose_name_plural": "documents of cases",
                        "ordering": ["kind", "-id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f13782bdef7c6ba426fd2314c630327d01ca715c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_50bb0",
                                    table="funnel_casedocument",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="CheckItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("diligence", "Due diligence"), ("precedent", "Condition precedent")],
                                default="diligence",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name_en", models.CharField(max_length=200, verbose_name="what is checked")),
                        (
                            "name_zh",
                            models.CharField(blank=True, default="", max_length=200, verbose_name="Chinese name"),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done"), ("waived", "Not applicable")],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "finding",
                            models.TextField(blank=True, default="", max_length=4000, verbose_name="what was found"),
                        ),
                        (
                            "risk",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not rated"), ("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                default="",
                                max_length=8,
                                verbose_name="risk",
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(default=1, editable=False)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="funnel.case"
                            ),
                        ),
                        (
                            "evidence",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crm.attachment",
                                verbose_name="evidence",
                            ),
                        ),
                        (
                            "finished_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="looked after by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "point of a checklist",
                        "verbose_name_plural": "points of checklists",
                        "ordering": ["kind", "id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_checkitemevent" ("case_id", "due_on", "evidence_id", "finding", "finished_at", "finished_by_id", "id", "kind", "name_en", "name_zh", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "risk", "state") SELECT new_values."case_id", new_values."due_on", new_values."evidence_id", new_values."finding", new_values."finished_at", new_values."finished_by_id", new_values."id", new_values."kind", new_values."name_en", new_values."name_zh", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."risk", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="c8c33aa364b107a1186c23e89c9f0b9a85c8386f",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_edc0d",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_checkitem",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_checkitemevent" ("case_id", "due_on", "evidence_id", "finding", "finished_at", "finished_by_id", "id", "kind", "name_en", "name_zh", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "risk", "state") SELECT new_values."case_id", new_values."due_on", new_values."evidence_id", new_values."finding", new_values."finished_at", new_values."finished_by_id", new_values."id", new_values."kind", new_values."name_en", new_values."name_zh", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."risk", new_values."state" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="af7caf1fc0d528ab32c7f606c5a14cd4a8410ece",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_8b9e9",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_checkitem",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_checkitemevent" ("case_id", "due_on", "evidence_id", "finding", "finished_at", "finished_by_id", "id", "kind", "name_en", "name_zh", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "risk", "state") SELECT old_values."case_id", old_values."due_on", old_values."evidence_id", old_values."finding", old_values."finished_at", old_values."finished_by_id", old_values."id", old_values."kind", old_values."name_en", old_values."name_zh", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."risk", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="fd6e00041b6ae580a67ac6f790d15e2a66e9d9e2",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_d3078",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_checkitem",
                                    when="AFTER",
                                ),
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("finished_at__isnull", True),
                                        ("finished_by__isnull", True),
                                        ("state", "open"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("finished_at__isnull", False),
                                        ("finished_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="check_is_finished_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"), models.Q(("finding", ""), _negated=True), _connector="OR"
                                ),
                                name="check_says_what_was_found",
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="CheckItemEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("diligence", "Due diligence"), ("precedent", "Condition precedent")],
                                default="diligence",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name_en", models.CharField(max_length=200, verbose_name="what is checked")),
                        (
                            "name_zh",
                            models.CharField(blank=True, default="", max_length=200, verbose_name="Chinese name"),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done"), ("waived", "Not applicable")],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "finding",
                            models.TextField(blank=True, default="", max_length=4000, verbose_name="what was found"),
                        ),
                        (
                            "risk",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not rated"), ("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                default="",
                                max_length=8,
                                verbose_name="risk",
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(default=1, editable=False)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.case",
                            ),
                        ),
                        (
                            "evidence",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.attachment",
                                verbose_name="evidence",
                            ),
                        ),
                        (
                            "finished_by",
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
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="looked after by",
                            ),
                        ),
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
                                to="funnel.checkitem",
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
                                    hash="5c65c3f299ac7b27fcdcb2debe28a209b927e3d3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_2c06e",
                                    table="funnel_checkitemevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="CoLender",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="institution")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="its share"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="co_lenders",
                                to="funnel.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "co-lender",
                        "verbose_name_plural": "co-lenders",
                        "ordering": ["id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_colenderevent" ("amount", "case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."amount", new_values."case_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="e8e9659c73bab3ba20bc2620867e28f49cf00c85",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2a989",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_colender",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_colenderevent" ("amount", "case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."amount", new_values."case_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="e42deff6d30c0b1ec5d49a3a30f7aa949432a679",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d73cb",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_colender",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_colenderevent" ("amount", "case_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."amount", old_values."case_id", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="f3e9b89a7ed9fb0b44d26b851776801a2e6aaa79",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_73ad6",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_colender",
                                    when="AFTER",
                                ),
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "name"),
                                name="co_lender_once",
                                violation_error_message="This institution is among the co-lenders already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__isnull", True), ("amount__gt", 0), _connector="OR"),
                                name="co_lender_share_is_positive",
                                violation_error_message="A share is more than nothing; leave it empty while it is not known.",
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="CoLenderEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="institution")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="its share"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.case",
                            ),
                        ),
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
                                to="funnel.colender",
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
                                    hash="c9fd465d2ae5a0d7dfe6e1c7ddfe3815db9540a9",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_35356",
                                    table="funnel_colenderevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="GateWaiver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("gates", models.JSONField()),
                        ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="funnel.case"
                            ),
                        ),
                        (
                            "stage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funnel.stage",
                                verbose_name="stage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "waiver of gates",
                        "verbose_name_plural": "waivers of gates",
                        "ordering": ["id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b96ef4cb67c4a0a06a1a80b4f0c369d6e3e6813e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_78777",
                                    table="funnel_gatewaiver",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="by_no_party",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\nIF EXISTS (SELECT FROM funnel_case c JOIN crm_client k ON k.id = c.client_id\n           WHERE c.id = NEW.case_id AND NEW.by_id IN (c.opened_by_id, k.rm_id))\n    OR EXISTS (SELECT FROM funnel_teammember m WHERE m.case_id = NEW.case_id AND m.user_id = NEW.by_id) THEN\n    RAISE EXCEPTION 'case %: whoever works on it decides nothing about it', NEW.case_id\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                                    hash="d92edbcebae202eca526fff8d8214a55df9e7b57",
                                    operation="INSERT",
                                    pgid="pgtrigger_by_no_party_14d41",
                                    table="funnel_gatewaiver",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="gate_waived_with_reason"
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="PipelineVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        ("document", models.JSONField()),
                        ("revision", models.PositiveIntegerField(default=0)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("published", "Published"),
                                    ("superseded", "Superseded"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "purpose",
                            models.TextField(
                                blank=True, default="", max_length=2000, verbose_name="what changes and why"
                            ),
                        ),
                        ("remark", models.TextField(blank=True, default="", max_length=2000, verbose_name="remark")),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pipeline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="funnel.pipeline",
                            ),
                        ),
                        (
                            "publisher",
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
                        "verbose_name": "version of a pipeline",
                        "verbose_name_plural": "versions of pipelines",
                        "ordering": ["pipeline", "-number"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="begins_as_a_draft",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NOT (NEW.\"status\" = 'draft'))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                                    hash="beac775603e2ecd6736c30857a0ea0d7ceed1654",
                                    operation="INSERT",
                                    pgid="pgtrigger_begins_as_a_draft_9a938",
                                    table="funnel_pipelineversion",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="only_drafts_change",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NOT (OLD.status = 'draft' AND NEW.status = 'draft')\n    AND (NEW.pipeline_id, NEW.number, NEW.document, NEW.author_id, NEW.authors)\n    IS DISTINCT FROM (OLD.pipeline_id, OLD.number, OLD.document, OLD.author_id, OLD.authors))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="301f51bbbb1fa8aafed7b3aa7e9f4967c5670951",
                                    operation="UPDATE",
                                    pgid="pgtrigger_only_drafts_change_f14a1",
                                    table="funnel_pipelineversion",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="step_by_step",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (\n    ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'published'), ('published', 'superseded')))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="5cf982331296f3cef1441f8ef8d2c87936cec4c8",
                                    operation="UPDATE",
                                    pgid="pgtrigger_step_by_step_c140c",
                                    table="funnel_pipelineversion",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="publisher_is_no_author",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NEW.publisher_id = ANY (NEW.authors))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="b6d238ee20dc5260cda47b8014425dd78fbee731",
                                    operation="UPDATE",
                                    pgid="pgtrigger_publisher_is_no_author_ad317",
                                    table="funnel_pipelineversion",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="only_drafts_go",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NOT (OLD.\"status\" = 'draft'))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="4aefda9c48cdfb8c0dea3fc5b19b0693b057842b",
                                    operation="DELETE",
                                    pgid="pgtrigger_only_drafts_go_2d806",
                                    table="funnel_pipelineversion",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineversionevent" ("author_id", "authors", "created_at", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "published_at", "publisher_id", "purpose", "remark", "revision", "status") SELECT new_values."author_id", new_values."authors", new_values."created_at", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id", new_values."published_at", new_values."publisher_id", new_values."purpose", new_values."remark", new_values."revision", new_values."status" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="02e65cb1200018fc45e19e6faecdd62ee0ffb9c4",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_01d82",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_pipelineversion",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineversionevent" ("author_id", "authors", "created_at", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "published_at", "publisher_id", "purpose", "remark", "revision", "status") SELECT new_values."author_id", new_values."authors", new_values."created_at", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id", new_values."published_at", new_values."publisher_id", new_values."purpose", new_values."remark", new_values."revision", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."author_id" IS DISTINCT FROM (new_values."author_id") OR old_values."authors" IS DISTINCT FROM (new_values."authors") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."number" IS DISTINCT FROM (new_values."number") OR old_values."pipeline_id" IS DISTINCT FROM (new_values."pipeline_id") OR old_values."published_at" IS DISTINCT FROM (new_values."published_at") OR old_values."publisher_id" IS DISTINCT FROM (new_values."publisher_id") OR old_values."purpose" IS DISTINCT FROM (new_values."purpose") OR old_values."remark" IS DISTINCT FROM (new_values."remark") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."status" IS DISTINCT FROM (new_values."status")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="17589e6eba5defa211d2eb6429c2f911494b9558",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_8b456",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_pipelineversion",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_pipelineversionevent" ("author_id", "authors", "created_at", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "published_at", "publisher_id", "purpose", "remark", "revision", "status") SELECT old_values."author_id", old_values."authors", old_values."created_at", old_values."id", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id", old_values."published_at", old_values."publisher_id", old_values."purpose", old_values."remark", old_values."revision", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="82d489bc8e809da7088d35cb6faf83f1de15db37",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_b8a00",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_pipelineversion",
                                    when="AFTER",
                                ),
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("pipeline", "number"), name="pipeline_version_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "published")),
                                fields=("pipeline",),
                                name="pipeline_one_published",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["draft", "submitted"])),
                                fields=("pipeline",),
                                name="pipeline_one_in_preparation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("publisher__isnull", True), ("status__in", ["draft", "submitted"])),
                                    models.Q(
                                        ("published_at__isnull", False),
                                        ("publisher__isnull", False),
                                        ("status__in", ["published", "superseded"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="pipeline_published_by_somebody",
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="PipelineVersionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        ("revision", models.PositiveIntegerField(default=0)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("published", "Published"),
                                    ("superseded", "Superseded"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "purpose",
                            models.TextField(
                                blank=True, default="", max_length=2000, verbose_name="what changes and why"
                            ),
                        ),
                        ("remark", models.TextField(blank=True, default="", max_length=2000, verbose_name="remark")),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                                to="funnel.pipelineversion",
                            ),
                        ),
                        (
                            "pipeline",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.pipeline",
                            ),
                        ),
                        (
                            "publisher",
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
                                    hash="0c8d980693238c66ee0e842572db3e3cbb2438cd",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_c9ded",
                                    table="funnel_pipelineversionevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="team", to="funnel.case"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member of a case's team",
                        "verbose_name_plural": "members of cases' teams",
                        "ordering": ["id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_teammemberevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."case_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="0ac9010d870970f395cd5db40bf048330974be40",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_b01b5",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_teammember",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_teammemberevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."case_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="e8d50724de0badd6e8babe184df11a78cf0acfda",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_2bad7",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_teammember",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_teammemberevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."case_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="34b9030e5f63f16b38264da3ec647e2a6592b59b",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_5db34",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_teammember",
                                    when="AFTER",
                                ),
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("case", "user"), name="team_member_once")],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="TeamMemberEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.case",
                            ),
                        ),
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
                                to="funnel.teammember",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
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
                                    hash="31ea774690c728ad1190a74c8514fe3e8b62221b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_37210",
                                    table="funnel_teammemberevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
