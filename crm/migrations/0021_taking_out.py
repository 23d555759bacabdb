import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import crm.migration_operations


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0020_questionnaires"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name="BulkEdit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("act", models.SlugField(blank=True, max_length=40)),
                        ("value", models.CharField(blank=True, max_length=200)),
                        ("label", models.CharField(blank=True, max_length=200)),
                        (
                            "clients",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        ("words", models.TextField(blank=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("planned", "Ready to apply"),
                                    ("applying", "Under way"),
                                    ("applied", "Applied"),
                                    ("undoing", "Being taken back"),
                                    ("undone", "Taken back"),
                                    ("failed", "Failed"),
                                ],
                                default="draft",
                                max_length=8,
                                verbose_name="status",
                            ),
                        ),
                        ("counts", models.JSONField(default=dict)),
                        ("written_in", models.UUIDField(editable=False, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bulk_edits",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bulk edit",
                        "verbose_name_plural": "bulk edits",
                        "ordering": ["-id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_bulkeditevent" ("act", "attempts", "by_id", "counts", "created_at", "finished_at", "id", "label", "lease_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "value", "words") SELECT new_values."act", new_values."attempts", new_values."by_id", new_values."counts", new_values."created_at", new_values."finished_at", new_values."id", new_values."label", new_values."lease_until", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."status", new_values."value", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="5cea13c9d69a58af81e0962d13dd58363dd31d53",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_c9b6a",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="crm_bulkedit",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_bulkeditevent" ("act", "attempts", "by_id", "counts", "created_at", "finished_at", "id", "label", "lease_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "value", "words") SELECT new_values."act", new_values."attempts", new_values."by_id", new_values."counts", new_values."created_at", new_values."finished_at", new_values."id", new_values."label", new_values."lease_until", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."status", new_values."value", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."act" IS DISTINCT FROM (new_values."act") OR old_values."attempts" IS DISTINCT FROM (new_values."attempts") OR old_values."by_id" IS DISTINCT FROM (new_values."by_id") OR old_values."counts" IS DISTINCT FROM (new_values."counts") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."finished_at" IS DISTINCT FROM (new_values."finished_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."label" IS DISTINCT FROM (new_values."label") OR old_values."lease_until" IS DISTINCT FROM (new_values."lease_until") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."value" IS DISTINCT FROM (new_values."value") OR old_values."words" IS DISTINCT FROM (new_values."words")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="370979dc18b01a60211af8c0e731743e5a412590",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b1443",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="crm_bulkedit",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_bulkeditevent" ("act", "attempts", "by_id", "counts", "created_at", "finished_at", "id", "label", "lease_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "value", "words") SELECT old_values."act", old_values."attempts", old_values."by_id", old_values."counts", old_values."created_at", old_values."finished_at", old_values."id", old_values."label", old_values."lease_until", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."status", old_values."value", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="7b83f519eeacbca8f33c39aaa87638138d03a34b",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_d6c64",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="crm_bulkedit",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="BulkEditEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("act", models.SlugField(blank=True, db_index=False, max_length=40)),
                        ("value", models.CharField(blank=True, max_length=200)),
                        ("label", models.CharField(blank=True, max_length=200)),
                        ("words", models.TextField(blank=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("planned", "Ready to apply"),
                                    ("applying", "Under way"),
                                    ("applied", "Applied"),
                                    ("undoing", "Being taken back"),
                                    ("undone", "Taken back"),
                                    ("failed", "Failed"),
                                ],
                                default="draft",
                                max_length=8,
                                verbose_name="status",
                            ),
                        ),
                        ("counts", models.JSONField(default=dict)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "by",
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
                                to="crm.bulkedit",
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
                                    hash="e376b13d8edfea98a60574e6f96e3dc17f8cfce7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f9b04",
                                    table="crm_bulkeditevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="BulkItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("change", "Changed"), ("same", "Unchanged"), ("refuse", "Refused")],
                                max_length=8,
                            ),
                        ),
                        ("before", models.TextField(blank=True)),
                        ("code", models.CharField(blank=True, max_length=40)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.client"
                            ),
                        ),
                        (
                            "edit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="crm.bulkedit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("edit", "client"), name="bulk_item_once")
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="Export",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.SlugField(max_length=20)),
                        (
                            "form",
                            models.CharField(
                                choices=[("csv", "CSV"), ("xlsx", "XLSX")],
                                max_length=4,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        ("query", models.TextField(blank=True)),
                        ("words", models.TextField(blank=True)),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), size=None
                            ),
                        ),
                        ("rows", models.PositiveIntegerField(verbose_name="rows")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "Waits for approval"),
                                    ("refused", "Refused"),
                                    ("ready", "May be fetched"),
                                    ("fetched", "Fetched"),
                                ],
                                max_length=8,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("fetched_at", models.DateTimeField(blank=True, null=True)),
                        ("sent", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exports",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
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
                        "verbose_name": "export",
                        "verbose_name_plural": "exports",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["asked_by", "-id"], name="export_of_user")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="export_of_four_eyes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ("ready", "fetched")), _negated=True),
                                    ("expires_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="export_ready_until",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_exportevent" ("asked_at", "asked_by_id", "columns", "comment", "decided_at", "decided_by_id", "expires_at", "fetched_at", "form", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "reason", "rows", "sent", "source", "status", "words") SELECT new_values."asked_at", new_values."asked_by_id", new_values."columns", new_values."comment", new_values."decided_at", new_values."decided_by_id", new_values."expires_at", new_values."fetched_at", new_values."form", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."query", new_values."reason", new_values."rows", new_values."sent", new_values."source", new_values."status", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="8c82ed999240ff444ce2a295c557003e92bd2ad4",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_6917a",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="crm_export",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_exportevent" ("asked_at", "asked_by_id", "columns", "comment", "decided_at", "decided_by_id", "expires_at", "fetched_at", "form", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "reason", "rows", "sent", "source", "status", "words") SELECT new_values."asked_at", new_values."asked_by_id", new_values."columns", new_values."comment", new_values."decided_at", new_values."decided_by_id", new_values."expires_at", new_values."fetched_at", new_values."form", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."query", new_values."reason", new_values."rows", new_values."sent", new_values."source", new_values."status", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="4a84f00f99913c61658b76b68305882cc1014d8e",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b6aa8",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="crm_export",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_exportevent" ("asked_at", "asked_by_id", "columns", "comment", "decided_at", "decided_by_id", "expires_at", "fetched_at", "form", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "reason", "rows", "sent", "source", "status", "words") SELECT old_values."asked_at", old_values."asked_by_id", old_values."columns", old_values."comment", old_values."decided_at", old_values."decided_by_id", old_values."expires_at", old_values."fetched_at", old_values."form", old_values."id", old_values."language", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."query", old_values."reason", old_values."rows", old_values."sent", old_values."source", old_values."status", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="b2e931029607da74187444e2b3b7ecd282f58a74",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_b6094",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="crm_export",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ExportEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("source", models.SlugField(db_index=False, max_length=20)),
                        (
                            "form",
                            models.CharField(
                                choices=[("csv", "CSV"), ("xlsx", "XLSX")],
                                max_length=4,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        ("query", models.TextField(blank=True)),
                        ("words", models.TextField(blank=True)),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), size=None
                            ),
                        ),
                        ("rows", models.PositiveIntegerField(verbose_name="rows")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "Waits for approval"),
                                    ("refused", "Refused"),
                                    ("ready", "May be fetched"),
                                    ("fetched", "Fetched"),
                                ],
                                max_length=8,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("fetched_at", models.DateTimeField(blank=True, null=True)),
                        ("sent", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
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
                                to="crm.export",
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
                                    hash="a4b9523e32c06f6f8ccdac74bba9c86329517820",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_85e33",
                                    table="crm_exportevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
