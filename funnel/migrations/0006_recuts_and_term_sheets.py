import crm.migration_operations
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0024_sources"),
        ("funnel", "0005_ways_and_totals"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                    model_name="checkitem",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="checkitem",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="checkitem",
                    name="delete_delete",
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="Recut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(choices=[("split", "Split"), ("merge", "Merged")], max_length=5),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=2, max_digits=20, verbose_name="amount"),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("revision", models.PositiveIntegerField()),
                        ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_because", models.TextField(blank=True, default="", max_length=2000)),
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
                                related_name="recuts",
                                to="funnel.case",
                            ),
                        ),
                        (
                            "undone_by",
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
                        "verbose_name": "split or merge of cases",
                        "verbose_name_plural": "splits and merges of cases",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="recut_with_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("undone_at__isnull", True),
                                        ("undone_because", ""),
                                        ("undone_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("undone_at__isnull", False),
                                        ("undone_by__isnull", False),
                                        models.Q(("undone_because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recut_undone_with_reason",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_recutevent" ("amount", "at", "by_id", "case_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "undone_at", "undone_because", "undone_by_id", "version") SELECT new_values."amount", new_values."at", new_values."by_id", new_values."case_id", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."undone_at", new_values."undone_because", new_values."undone_by_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="210380c3217f8208a826f6d6b8801778811fff56",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_895b3",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_recut",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_recutevent" ("amount", "at", "by_id", "case_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "undone_at", "undone_because", "undone_by_id", "version") SELECT new_values."amount", new_values."at", new_values."by_id", new_values."case_id", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."undone_at", new_values."undone_because", new_values."undone_by_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="cc714519089490e379c8a0ffa83229077956a13f",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_4a726",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_recut",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_recutevent" ("amount", "at", "by_id", "case_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "undone_at", "undone_because", "undone_by_id", "version") SELECT old_values."amount", old_values."at", old_values."by_id", old_values."case_id", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."revision", old_values."undone_at", old_values."undone_because", old_values."undone_by_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="4dfac089031ec53f5f4f4e8743aabd3c2d486249",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9a5f8",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_recut",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="TermSheet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("issued", "Issued"),
                                    ("superseded", "Superseded"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(default=1)),
                        (
                            "amount",
                            models.DecimalField(decimal_places=2, max_digits=20, verbose_name="amount"),
                        ),
                        (
                            "base_rate",
                            models.DecimalField(
                                decimal_places=3, max_digits=6, verbose_name="house's rate, % a year"
                            ),
                        ),
                        ("add_on", models.IntegerField(default=0, verbose_name="add-on, basis points")),
                        ("tenor_months", models.PositiveSmallIntegerField(verbose_name="tenor, months")),
                        (
                            "fee",
                            models.DecimalField(
                                decimal_places=3,
                                default=0,
                                max_digits=5,
                                verbose_name="arrangement fee, % of the amount",
                            ),
                        ),
                        (
                            "cover",
                            models.PositiveIntegerField(
                                default=0, verbose_name="covered by collateral, basis points"
                            ),
                        ),
                        (
                            "collateral",
                            models.TextField(
                                blank=True, default="", max_length=2000, verbose_name="collateral"
                            ),
                        ),
                        (
                            "covenants",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=500),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="covenants",
                            ),
                        ),
                        ("valid_until", models.DateField(verbose_name="valid until")),
                        ("policy", models.JSONField(blank=True, default=dict)),
                        ("departures", models.JSONField(blank=True, default=list)),
                        (
                            "why",
                            models.TextField(
                                blank=True,
                                default="",
                                max_length=2000,
                                verbose_name="why it departs from the policy",
                            ),
                        ),
                        (
                            "remark",
                            models.TextField(blank=True, default="", max_length=2000, verbose_name="remark"),
                        ),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("issued_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "author",
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
                                related_name="term_sheets",
                                to="funnel.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "term sheet",
                        "verbose_name_plural": "term sheets",
                        "ordering": ["case", "-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "number"), name="term_sheet_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "issued")),
                                fields=("case",),
                                name="term_sheet_one_issued",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["draft", "submitted"])),
                                fields=("case",),
                                name="term_sheet_one_in_preparation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "submitted"]),
                                    ("departures", []),
                                    ("approved_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="term_sheet_departs_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)),
                                name="term_sheet_amount_is_positive",
                                violation_error_message="The amount is more than nothing. Enter the amount offered.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tenor_months__gt", 0)),
                                name="term_sheet_tenor_is_positive",
                                violation_error_message="A tenor is one month or more.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="only_drafts_change",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.status <> 'draft' AND (NEW.case_id, NEW.number, NEW.amount, NEW.base_rate, NEW.add_on, NEW.tenor_months, NEW.fee, NEW.cover, NEW.collateral, NEW.covenants, NEW.valid_until)\n    IS DISTINCT FROM (OLD.case_id, OLD.number, OLD.amount, OLD.base_rate, OLD.add_on, OLD.tenor_months, OLD.fee, OLD.cover, OLD.collateral, OLD.covenants, OLD.valid_until))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="35c5a149813c320f9c601141a3adc1ba9080add1",
                                    operation="UPDATE",
                                    pgid="pgtrigger_only_drafts_change_3a275",
                                    table="funnel_termsheet",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="approver_is_no_author",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NEW.approved_by_id = ANY (NEW.authors))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="e337e07293bd34c4b84b2b486f8bee26978ba20e",
                                    operation="UPDATE",
                                    pgid="pgtrigger_approver_is_no_author_a1d62",
                                    table="funnel_termsheet",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="only_drafts_go",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (NOT (OLD.\"status\" = 'draft'))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="7bac49f5a2db7019441481f4a7b9d96af91642b2",
                                    operation="DELETE",
                                    pgid="pgtrigger_only_drafts_go_1dc6d",
                                    table="funnel_termsheet",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_termsheetevent" ("add_on", "amount", "approved_by_id", "author_id", "authors", "base_rate", "case_id", "collateral", "covenants", "cover", "created_at", "departures", "fee", "id", "issued_at", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "remark", "revision", "status", "tenor_months", "valid_until", "why") SELECT new_values."add_on", new_values."amount", new_values."approved_by_id", new_values."author_id", new_values."authors", new_values."base_rate", new_values."case_id", new_values."collateral", new_values."covenants", new_values."cover", new_values."created_at", new_values."departures", new_values."fee", new_values."id", new_values."issued_at", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy", new_values."remark", new_values."revision", new_values."status", new_values."tenor_months", new_values."valid_until", new_values."why" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="9d942696e0c2a742f8b226a4007cb52ccb882ea4",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_554a8",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_termsheet",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_termsheetevent" ("add_on", "amount", "approved_by_id", "author_id", "authors", "base_rate", "case_id", "collateral", "covenants", "cover", "created_at", "departures", "fee", "id", "issued_at", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "remark", "revision", "status", "tenor_months", "valid_until", "why") SELECT new_values."add_on", new_values."amount", new_values."approved_by_id", new_values."author_id", new_values."authors", new_values."base_rate", new_values."case_id", new_values."collateral", new_values."covenants", new_values."cover", new_values."created_at", new_values."departures", new_values."fee", new_values."id", new_values."issued_at", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy", new_values."remark", new_values."revision", new_values."status", new_values."tenor_months", new_values."valid_until", new_values."why" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="60fb5dab83f412620df43ca16948e3575261f85c",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_8e5e1",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_termsheet",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_termsheetevent" ("add_on", "amount", "approved_by_id", "author_id", "authors", "base_rate", "case_id", "collateral", "covenants", "cover", "created_at", "departures", "fee", "id", "issued_at", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "remark", "revision", "status", "tenor_months", "valid_until", "why") SELECT old_values."add_on", old_values."amount", old_values."approved_by_id", old_values."author_id", old_values."authors", old_values."base_rate", old_values."case_id", old_values."collateral", old_values."covenants", old_values."cover", old_values."created_at", old_values."departures", old_values."fee", old_values."id", old_values."issued_at", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy", old_values."remark", old_values."revision", old_values."status", old_values."tenor_months", old_values."valid_until", old_values."why" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="8c8fe28f1973849428b2217e0bcf3df0cf738e52",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_214ed",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_termsheet",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="RecutEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(choices=[("split", "Split"), ("merge", "Merged")], max_length=5),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=2, max_digits=20, verbose_name="amount"),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("revision", models.PositiveIntegerField()),
                        ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_because", models.TextField(blank=True, default="", max_length=2000)),
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
                                to="funnel.recut",
                            ),
                        ),
                        (
                            "undone_by",
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
                                    hash="97436e7edf61873b6d72e326958435df3efb41f5",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a8f34",
                                    table="funnel_recutevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="TermSheetEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("issued", "Issued"),
                                    ("superseded", "Superseded"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(default=1)),
                        (
                            "amount",
                            models.DecimalField(decimal_places=2, max_digits=20, verbose_name="amount"),
                        ),
                        (
                            "base_rate",
                            models.DecimalField(
                                decimal_places=3, max_digits=6, verbose_name="house's rate, % a year"
                            ),
                        ),
                        ("add_on", models.IntegerField(default=0, verbose_name="add-on, basis points")),
                        ("tenor_months", models.PositiveSmallIntegerField(verbose_name="tenor, months")),
                        (
                            "fee",
                            models.DecimalField(
                                decimal_places=3,
                                default=0,
                                max_digits=5,
                                verbose_name="arrangement fee, % of the amount",
                            ),
                        ),
                        (
                            "cover",
                            models.PositiveIntegerField(
                                default=0, verbose_name="covered by collateral, basis points"
                            ),
                        ),
                        (
                            "collateral",
                            models.TextField(
                                blank=True, default="", max_length=2000, verbose_name="collateral"
                            ),
                        ),
                        (
                            "covenants",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=500),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="covenants",
                            ),
                        ),
                        ("valid_until", models.DateField(verbose_name="valid until")),
                        ("policy", models.JSONField(blank=True, default=dict)),
                        ("departures", models.JSONField(blank=True, default=list)),
                        (
                            "why",
                            models.TextField(
                                blank=True,
                                default="",
                                max_length=2000,
                                verbose_name="why it departs from the policy",
                            ),
                        ),
                        (
                            "remark",
                            models.TextField(blank=True, default="", max_length=2000, verbose_name="remark"),
                        ),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("issued_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "approved_by",
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
                                to="funnel.termsheet",
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
                                    hash="89db17e0f540cdb443320ed65452fbed45c6b384",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_ed821",
                                    table="funnel_termsheetevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.RemoveConstraint(
                    model_name="checkitem",
                    name="check_is_finished_by_somebody",
                ),
                migrations.RemoveIndex(
                    model_name="case",
                    name="case_totals",
                ),
                migrations.AddField(
                    model_name="checkitem",
                    name="asked_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="checkitem",
                    name="remark",
                    field=models.TextField(
                        blank=True, db_default="", default="", max_length=2000, verbose_name="remark"
                    ),
                ),
                migrations.AddField(
                    model_name="checkitemevent",
                    name="asked_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="checkitemevent",
                    name="remark",
                    field=models.TextField(
                        blank=True, db_default="", default="", max_length=2000, verbose_name="remark"
                    ),
                ),
                migrations.AddField(
                    model_name="pipelineversion",
                    name="replaced",
                    field=models.JSONField(blank=True, editable=False, null=True),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="is_inherited",
                    field=models.BooleanField(db_default=False, default=False),
                ),
                migrations.AlterField(
                    model_name="checkitem",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("asked", "Waiver asked for"),
                            ("done", "Done"),
                            ("waived", "Not applicable"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                migrations.AlterField(
                    model_name="checkitemevent",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("asked", "Waiver asked for"),
                            ("done", "Done"),
                            ("waived", "Not applicable"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                migrations.AlterField(
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
                            ("term_sheet", "Term sheet issued"),
                        ],
                        db_default="tier",
                        default="tier",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                migrations.AlterField(
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
                            ("term_sheet", "Term sheet issued"),
                        ],
                        db_default="tier",
                        default="tier",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="dissolved_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dissolved",
                        to="funnel.recut",
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="made_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="funnel.recut",
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="dissolved_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="funnel.recut",
                    ),
                ),
                migrations.AddField(
                    model_name="caseevent",
                    name="made_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="funnel.recut",
                    ),
                ),
                migrations.AddField(
                    model_name="checkitem",
                    name="brought_by",
                    field=models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought",
                        to="funnel.recut",
                    ),
                ),
                migrations.AddField(
                    model_name="checkitemevent",
                    name="brought_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="funnel.recut",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        fields=["stage", "currency"], include=("amount", "dissolved_by"), name="case_totals"
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("made_by__isnull", False)),
                        fields=["made_by"],
                        name="case_made_by",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("dissolved_by__isnull", False)),
                        fields=["dissolved_by"],
                        name="case_dissolved_by",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="checkitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True),
                                ("finished_by__isnull", True),
                                ("state__in", ["open", "asked"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["open", "asked"]), _negated=True),
                                ("finished_at__isnull", False),
                                ("finished_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="check_is_finished_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="checkitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "asked"), _negated=True),
                            ("asked_by__isnull", False),
                            _connector="OR",
                        ),
                        name="check_waiver_asked_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="checkitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waived"), _negated=True),
                            ("asked_by__isnull", True),
                            models.Q(("asked_by", models.F("finished_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="check_waived_by_a_second_person",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "cloned_from_id", "code", "competition", "created_at", "currency", "dissolved_by_id", "entered_stage_at", "expected_close", "id", "made_by_id", "next_step", "next_step_on", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "purpose", "reason", "revision", "source", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."cloned_from_id", new_values."code", new_values."competition", new_values."created_at", new_values."currency", new_values."dissolved_by_id", new_values."entered_stage_at", new_values."expected_close", new_values."id", new_values."made_by_id", new_values."next_step", new_values."next_step_on", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."product", new_values."project_id", new_values."purpose", new_values."reason", new_values."revision", new_values."source", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="beabb2154a5554bd7ffdca5897efdf97c73edd48",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "cloned_from_id", "code", "competition", "created_at", "currency", "dissolved_by_id", "entered_stage_at", "expected_close", "id", "made_by_id", "next_step", "next_step_on", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "purpose", "reason", "revision", "source", "stage_id", "version") SELECT new_values."amount", new_values."client_id", new_values."cloned_from_id", new_values."code", new_values."competition", new_values."created_at", new_values."currency", new_values."dissolved_by_id", new_values."entered_stage_at", new_values."expected_close", new_values."id", new_values."made_by_id", new_values."next_step", new_values."next_step_on", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."product", new_values."project_id", new_values."purpose", new_values."reason", new_values."revision", new_values."source", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="70db187729fef8cbc665c37a6576ce2ec56125bb",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_caseevent" ("amount", "client_id", "cloned_from_id", "code", "competition", "created_at", "currency", "dissolved_by_id", "entered_stage_at", "expected_close", "id", "made_by_id", "next_step", "next_step_on", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "project_id", "purpose", "reason", "revision", "source", "stage_id", "version") SELECT old_values."amount", old_values."client_id", old_values."cloned_from_id", old_values."code", old_values."competition", old_values."created_at", old_values."currency", old_values."dissolved_by_id", old_values."entered_stage_at", old_values."expected_close", old_values."id", old_values."made_by_id", old_values."next_step", old_values."next_step_on", old_values."opened_by_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."project_id", old_values."purpose", old_values."reason", old_values."revision", old_values."source", old_values."stage_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="62a591680838c9cdf09472ee0b8ce2e6872de65a",
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
                    model_name="checkitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_checkitemevent" ("asked_by_id", "brought_by_id", "case_id", "due_on", "evidence_id", "finding", "finished_at", "finished_by_id", "id", "kind", "name_en", "name_zh", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remark", "revision", "risk", "state") SELECT new_values."asked_by_id", new_values."brought_by_id", new_values."case_id", new_values."due_on", new_values."evidence_id", new_values."finding", new_values."finished_at", new_values."finished_by_id", new_values."id", new_values."kind", new_values."name_en", new_values."name_zh", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."remark", new_values."revision", new_values."risk", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4c2e682f14b7f23e667a513bde6d060088dedf58",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_edc0d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="funnel_checkitem",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="checkitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_checkitemevent" ("asked_by_id", "brought_by_id", "case_id", "due_on", "evidence_id", "finding", "finished_at", "finished_by_id", "id", "kind", "name_en", "name_zh", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remark", "revision", "risk", "state") SELECT new_values."asked_by_id", new_values."brought_by_id", new_values."case_id", new_values."due_on", new_values."evidence_id", new_values."finding", new_values."finished_at", new_values."finished_by_id", new_values."id", new_values."kind", new_values."name_en", new_values."name_zh", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."remark", new_values."revision", new_values."risk", new_values."state" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="66ef6050a111014a331df2a2d5746b95a4819bf5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8b9e9",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="funnel_checkitem",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="checkitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_checkitemevent" ("asked_by_id", "brought_by_id", "case_id", "due_on", "evidence_id", "finding", "finished_at", "finished_by_id", "id", "kind", "name_en", "name_zh", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remark", "revision", "risk", "state") SELECT old_values."asked_by_id", old_values."brought_by_id", old_values."case_id", old_values."due_on", old_values."evidence_id", old_values."finding", old_values."finished_at", old_values."finished_by_id", old_values."id", old_values."kind", old_values."name_en", old_values."name_zh", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."remark", old_values."revision", old_values."risk", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="eaddc280d6089841e45d541e5ef0be94fbf74e50",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_d3078",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="funnel_checkitem",
                            when="AFTER",
                        ),
                    ),
                ),
            ],
        ),
    ]
