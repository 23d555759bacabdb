import crm.migration_operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0023_campaigns"),
        ("funnel", "0007_no_cases_of_merged_clients"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        crm.migration_operations.CreateModelWithTriggers(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                        verbose_name="currency",
                    ),
                ),
                (
                    "product",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("term_loan", "Term loan"),
                            ("working_capital", "Working-capital loan"),
                            ("project_loan", "Project loan"),
                            ("lease", "Equipment lease"),
                            ("letter_of_credit", "Letter of credit"),
                            ("guarantee", "Guarantee"),
                            ("supply_chain", "Supply-chain finance"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
                    ),
                ),
                ("count", models.PositiveIntegerField(blank=True, null=True, verbose_name="number of cases")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "pipeline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="funnel.pipeline",
                        verbose_name="funnel",
                    ),
                ),
                (
                    "rm",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="crm.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pipeline", "month", "currency", "team", "rm", "product"),
                        name="target_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product", ""), ("rm__isnull", True), ("team__isnull", False)),
                            models.Q(("product", ""), ("rm__isnull", False), ("team__isnull", True)),
                            models.Q(
                                ("rm__isnull", True),
                                ("team__isnull", True),
                                models.Q(("product", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="target_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", False), ("count__isnull", False), _connector="OR"
                        ),
                        name="target_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="target_not_negative",
                    ),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="target_of_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="target_of_a_currency"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_targetevent" ("amount", "count", "currency", "id", "month", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "product", "rm_id", "set_at", "set_by_id", "team_id", "version") SELECT new_values."amount", new_values."count", new_values."currency", new_values."id", new_values."month", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id", new_values."product", new_values."rm_id", new_values."set_at", new_values."set_by_id", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b4885cbaa29767dff0884f7e0a2fc16f7a9239fc",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_54baf",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="funnel_target",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_targetevent" ("amount", "count", "currency", "id", "month", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "product", "rm_id", "set_at", "set_by_id", "team_id", "version") SELECT new_values."amount", new_values."count", new_values."currency", new_values."id", new_values."month", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id", new_values."product", new_values."rm_id", new_values."set_at", new_values."set_by_id", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2c188832182c86c03cc7f68e23e1b5759c9ee7ca",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0acb7",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="funnel_target",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_targetevent" ("amount", "count", "currency", "id", "month", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "product", "rm_id", "set_at", "set_by_id", "team_id", "version") SELECT old_values."amount", old_values."count", old_values."currency", old_values."id", old_values."month", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id", old_values."product", old_values."rm_id", old_values."set_at", old_values."set_by_id", old_values."team_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="c9d1c27e698ed0dd9a0a7c591bcd708a194cc7ab",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_64ea0",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="funnel_target",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        crm.migration_operations.CreateModelWithTriggers(
            name="TargetEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("month", models.DateField(verbose_name="month")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                        verbose_name="currency",
                    ),
                ),
                (
                    "product",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("term_loan", "Term loan"),
                            ("working_capital", "Working-capital loan"),
                            ("project_loan", "Project loan"),
                            ("lease", "Equipment lease"),
                            ("letter_of_credit", "Letter of credit"),
                            ("guarantee", "Guarantee"),
                            ("supply_chain", "Supply-chain finance"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
                    ),
                ),
                ("count", models.PositiveIntegerField(blank=True, null=True, verbose_name="number of cases")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                        to="funnel.target",
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
                        verbose_name="funnel",
                    ),
                ),
                (
                    "rm",
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
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.team",
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
                            hash="4e8c2fae4f1335a30698ea753c0bfad4b45d0aab",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3636b",
                            table="funnel_targetevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
