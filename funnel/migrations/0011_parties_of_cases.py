import django.core.validators
import crm.migration_operations
import django.db.models.deletion
import pgtrigger.compiler
from decimal import Decimal
from django.db import migrations, models


# Whoever adds a party while its client is merged into another one is refused (see crm's 0026).
NOT_OF_MERGED = """
CREATE CONSTRAINT TRIGGER zz_not_of_a_merged_client AFTER INSERT ON funnel_caseparty DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION crm_refuse_record_of_merged_client();
CREATE CONSTRAINT TRIGGER zz_not_to_a_merged_client AFTER UPDATE OF client_id ON funnel_caseparty
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id)
    EXECUTE FUNCTION crm_refuse_record_of_merged_client();
"""
OF_MERGED = """
DROP TRIGGER zz_not_of_a_merged_client ON funnel_caseparty;
DROP TRIGGER zz_not_to_a_merged_client ON funnel_caseparty;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0029_parties_of_cases"),
        ("funnel", "0010_prospects_found"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name="CaseParty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("borrower", "Co-borrower"),
                                    ("guarantor", "Guarantor"),
                                    ("sponsor", "Sponsor"),
                                    ("offtaker", "Off-taker"),
                                    ("contractor", "Contractor"),
                                ],
                                max_length=12,
                                verbose_name="part",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("0.01")),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="share, %",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=200, verbose_name="note"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parties",
                                to="funnel.case",
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_parties",
                                to="crm.client",
                                verbose_name="client",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "party of a case",
                        "verbose_name_plural": "parties of cases",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "client"), name="case_party_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("share__isnull", True),
                                    models.Q(("share__gt", 0), ("share__lte", 100)),
                                    _connector="OR",
                                ),
                                name="case_party_share_is_a_percentage",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="not_the_leading_client",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\nIF EXISTS (SELECT FROM funnel_case c WHERE c.id = NEW.case_id AND c.client_id = NEW.client_id) THEN\n    RAISE EXCEPTION 'case %: its leading client is no further party', NEW.case_id\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'case_party_is_not_the_leading_client';\nEND IF;\nRETURN NEW;\n",
                                    hash="cc9b86035951cfa5758bb12e1c3b8e3b3cb360c4",
                                    operation='INSERT OR UPDATE OF "case_id", "client_id"',
                                    pgid="pgtrigger_not_the_leading_client_62a4d",
                                    table="funnel_caseparty",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_casepartyevent" ("case_id", "client_id", "id", "note", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "version") SELECT new_values."case_id", new_values."client_id", new_values."id", new_values."note", new_values."part", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."share", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="d9b314ffbd02d88f441c444ba094901f9d0d2e4f",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_44954",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_caseparty",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_casepartyevent" ("case_id", "client_id", "id", "note", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "version") SELECT new_values."case_id", new_values."client_id", new_values."id", new_values."note", new_values."part", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."share", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="cb9a1ddbdc2e53308f8be3aed7cf5e4dcf5ca48c",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_c1a60",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_caseparty",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_casepartyevent" ("case_id", "client_id", "id", "note", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "version") SELECT old_values."case_id", old_values."client_id", old_values."id", old_values."note", old_values."part", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."share", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="9151d0c445d03c4525cc9ad7485e41cfdf9f3812",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_57754",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_caseparty",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="CasePartyEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("borrower", "Co-borrower"),
                                    ("guarantor", "Guarantor"),
                                    ("sponsor", "Sponsor"),
                                    ("offtaker", "Off-taker"),
                                    ("contractor", "Contractor"),
                                ],
                                max_length=12,
                                verbose_name="part",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("0.01")),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="share, %",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=200, verbose_name="note"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
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
                            "client",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.client",
                                verbose_name="client",
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
                                to="funnel.caseparty",
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
                                    hash="76c999143e47c293bcaab5e6b1cca05f71086efe",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_2bce9",
                                    table="funnel_casepartyevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.RunSQL(NOT_OF_MERGED, OF_MERGED),
            ]
        )
    ]
