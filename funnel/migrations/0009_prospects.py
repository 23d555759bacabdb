import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import crm.migration_operations
import funnel.models.rates

# As of every table that names clients: see crm's 0026.
REFUSE = "".join(
    f"""
CREATE CONSTRAINT TRIGGER zz_not_of_a_merged_client AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION crm_refuse_record_of_merged_client();
CREATE CONSTRAINT TRIGGER zz_not_to_a_merged_client AFTER UPDATE OF client_id ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id)
    EXECUTE FUNCTION crm_refuse_record_of_merged_client();
"""
    for table in ("funnel_prospect", "funnel_prospecttwin")
)


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0027_prospect_lists"),
        ("funnel", "0008_targets"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("tiering", "0019_lean_proposals"),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name="LeadSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
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
                                default="prospecting",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("nonce", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("is_open", models.BooleanField(default=False, verbose_name="web form open")),
                        (
                            "title_en",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="English title of the form"
                            ),
                        ),
                        (
                            "title_zh",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="Chinese title of the form"
                            ),
                        ),
                        (
                            "consent_en",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="English words of consent"
                            ),
                        ),
                        (
                            "consent_zh",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="Chinese words of consent"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lead_sources",
                                to="crm.team",
                                verbose_name="team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "source of leads",
                        "verbose_name_plural": "sources of leads",
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "name"),
                                name="lead_source_named_once",
                                violation_error_message="The team has a source of this name already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_open", False),
                                    models.Q(
                                        models.Q(("title_en", ""), _negated=True),
                                        models.Q(("title_zh", ""), _negated=True),
                                        models.Q(("consent_en", ""), _negated=True),
                                        models.Q(("consent_zh", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="lead_source_form_says_all",
                                violation_error_message="An open form needs a title and the words of consent in both languages.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_leadsourceevent" ("consent_en", "consent_zh", "created_at", "id", "is_open", "kind", "name", "nonce", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "title_en", "title_zh", "version") SELECT new_values."consent_en", new_values."consent_zh", new_values."created_at", new_values."id", new_values."is_open", new_values."kind", new_values."name", new_values."nonce", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."team_id", new_values."title_en", new_values."title_zh", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="3a395f8b36d40931dd0b2bf5c918d87de45036d2",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_17d74",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_leadsource",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_leadsourceevent" ("consent_en", "consent_zh", "created_at", "id", "is_open", "kind", "name", "nonce", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "title_en", "title_zh", "version") SELECT new_values."consent_en", new_values."consent_zh", new_values."created_at", new_values."id", new_values."is_open", new_values."kind", new_values."name", new_values."nonce", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."team_id", new_values."title_en", new_values."title_zh", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="a559c68b3501813d49028decf85a1662920b728c",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_95103",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_leadsource",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_leadsourceevent" ("consent_en", "consent_zh", "created_at", "id", "is_open", "kind", "name", "nonce", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "title_en", "title_zh", "version") SELECT old_values."consent_en", old_values."consent_zh", old_values."created_at", old_values."id", old_values."is_open", old_values."kind", old_values."name", old_values."nonce", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."team_id", old_values."title_en", old_values."title_zh", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="e8b10c5b14c31b1edaf77d4daf24d6344f1703d7",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9b4c3",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_leadsource",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="LeadSourceEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
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
                                default="prospecting",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("nonce", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("is_open", models.BooleanField(default=False, verbose_name="web form open")),
                        (
                            "title_en",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="English title of the form"
                            ),
                        ),
                        (
                            "title_zh",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="Chinese title of the form"
                            ),
                        ),
                        (
                            "consent_en",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="English words of consent"
                            ),
                        ),
                        (
                            "consent_zh",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="Chinese words of consent"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "created_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                                verbose_name="owner",
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
                                to="funnel.leadsource",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.team",
                                verbose_name="team",
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
                                    hash="91fc7a774dd13008e0ff93fdb5cad4d03db5a8b1",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_d8ac1",
                                    table="funnel_leadsourceevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectEdit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "act",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("qualify", "Qualify"),
                                    ("assign", "Assign"),
                                    ("reject", "Reject"),
                                    ("merge", "Merge"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("params", models.JSONField(default=dict)),
                        (
                            "prospects",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
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
                                related_name="prospect_edits",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "act on prospects",
                        "verbose_name_plural": "acts on prospects",
                        "ordering": ["-id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospecteditevent" ("act", "attempts", "by_id", "counts", "created_at", "finished_at", "id", "lease_until", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT new_values."act", new_values."attempts", new_values."by_id", new_values."counts", new_values."created_at", new_values."finished_at", new_values."id", new_values."lease_until", new_values."params", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."status" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="7aa5e3886fc751870d591d42f35c4b3437f932cf",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1a7af",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_prospectedit",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospecteditevent" ("act", "attempts", "by_id", "counts", "created_at", "finished_at", "id", "lease_until", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT new_values."act", new_values."attempts", new_values."by_id", new_values."counts", new_values."created_at", new_values."finished_at", new_values."id", new_values."lease_until", new_values."params", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."act" IS DISTINCT FROM (new_values."act") OR old_values."attempts" IS DISTINCT FROM (new_values."attempts") OR old_values."by_id" IS DISTINCT FROM (new_values."by_id") OR old_values."counts" IS DISTINCT FROM (new_values."counts") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."finished_at" IS DISTINCT FROM (new_values."finished_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."lease_until" IS DISTINCT FROM (new_values."lease_until") OR old_values."params" IS DISTINCT FROM (new_values."params") OR old_values."status" IS DISTINCT FROM (new_values."status")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="3ba5907f84528793b85b971690fbbf3bf7410933",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_690be",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_prospectedit",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospecteditevent" ("act", "attempts", "by_id", "counts", "created_at", "finished_at", "id", "lease_until", "params", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT old_values."act", old_values."attempts", old_values."by_id", old_values."counts", old_values."created_at", old_values."finished_at", old_values."id", old_values."lease_until", old_values."params", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="55906ec07b253631f2946f2943b262a5644d6c8f",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_45a64",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_prospectedit",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectEditEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "act",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("qualify", "Qualify"),
                                    ("assign", "Assign"),
                                    ("reject", "Reject"),
                                    ("merge", "Merge"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("params", models.JSONField(default=dict)),
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
                                to="funnel.prospectedit",
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
                                    hash="985297cf7210b31568f81acd32f754af2808c779",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_68c66",
                                    table="funnel_prospecteditevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="Screening",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("capacity", models.JSONField(blank=True, default=dict, verbose_name="capacity")),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "scheme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tiering.tierscheme",
                                verbose_name="tier scheme",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "screening of prospects",
                        "verbose_name_plural": "screening of prospects",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="screening_is_one")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_screeningevent" ("capacity", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "version") SELECT new_values."capacity", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."scheme_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="6b5f480b7e44a7bae663e7c297e6186dd2da6bcc",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_dc2c9",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_screening",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_screeningevent" ("capacity", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "version") SELECT new_values."capacity", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."scheme_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="886bbf052aaae2d4e14fc0dbcdac8278d76f9425",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_792df",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_screening",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_screeningevent" ("capacity", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "version") SELECT old_values."capacity", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."scheme_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="8bc5c305601464ea34a3b5a68428240bec3f86eb",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_45668",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_screening",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ScreeningEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("capacity", models.JSONField(blank=True, default=dict, verbose_name="capacity")),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                                to="funnel.screening",
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="tiering.tierscheme",
                                verbose_name="tier scheme",
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
                                    hash="e7ff3686c8f0b0d1a818fcd23d4244a9f98579b4",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_bebce",
                                    table="funnel_screeningevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="Prospect",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "external_reference",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=80, verbose_name="reference"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("corporate", "Corporate"),
                                    ("institution", "Institution"),
                                    ("individual", "Individual"),
                                ],
                                db_default="corporate",
                                default="corporate",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "name_en",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="English name",
                            ),
                        ),
                        (
                            "name_zh",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="Chinese name",
                            ),
                        ),
                        ("sort_key", models.CharField(editable=False, max_length=400)),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=40,
                                verbose_name="registration number",
                            ),
                        ),
                        (
                            "facts",
                            models.JSONField(blank=True, db_default={}, default=dict, verbose_name="facts"),
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
                                db_default="",
                                default="",
                                max_length=20,
                                verbose_name="product",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="amount"
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                default=funnel.models.rates.book_currency,
                                max_length=3,
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "message",
                            models.TextField(
                                blank=True, db_default="", default="", max_length=2000, verbose_name="message"
                            ),
                        ),
                        (
                            "person_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=120,
                                verbose_name="contact person",
                            ),
                        ),
                        (
                            "person_position",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=120, verbose_name="position"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, db_default="", default="", max_length=254, verbose_name="e-mail"
                            ),
                        ),
                        (
                            "phone_sealed",
                            models.TextField(blank=True, db_default="", default="", editable=False),
                        ),
                        (
                            "phone_fingerprint",
                            models.CharField(
                                blank=True, db_default="", default="", editable=False, max_length=64
                            ),
                        ),
                        (
                            "phone_hint",
                            models.CharField(
                                blank=True, db_default="", default="", editable=False, max_length=4
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                                db_default="",
                                default="",
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "consent",
                            models.CharField(
                                choices=[
                                    ("not_asked", "Not asked"),
                                    ("given", "Given"),
                                    ("refused", "Refused"),
                                ],
                                db_default="not_asked",
                                default="not_asked",
                                max_length=10,
                                verbose_name="consent",
                            ),
                        ),
                        (
                            "consent_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="consent given or refused on"
                            ),
                        ),
                        (
                            "consent_words",
                            models.TextField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=1000,
                                verbose_name="words of consent",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("contacted", "Contacted"),
                                    ("qualified", "Qualified"),
                                    ("rejected", "Rejected"),
                                    ("duplicate", "Duplicate"),
                                ],
                                db_default="new",
                                default="new",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_need", "No need of finance"),
                                    ("unfit", "Outside what we finance"),
                                    ("too_weak", "Too weak"),
                                    ("unreachable", "Cannot be reached"),
                                    ("refuses", "Does not want to be contacted"),
                                    ("not_real", "Not a real enquiry"),
                                    ("other", "Other"),
                                ],
                                db_default="",
                                default="",
                                max_length=12,
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "remark",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=300, verbose_name="remark"
                            ),
                        ),
                        ("later_until", models.DateField(blank=True, null=True, verbose_name="not before")),
                        (
                            "touched_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last contact"),
                        ),
                        (
                            "arrived_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="arrived"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prospects",
                                to="funnel.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prospects",
                                to="crm.client",
                                verbose_name="client",
                            ),
                        ),
                        (
                            "industry",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crm.industry",
                                verbose_name="industry",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prospects",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crm.region",
                                verbose_name="region",
                            ),
                        ),
                        (
                            "same_as",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doubles",
                                to="funnel.prospect",
                                verbose_name="same as",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prospects",
                                to="funnel.leadsource",
                                verbose_name="source",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prospects",
                                to="crm.team",
                                verbose_name="team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "prospect",
                        "verbose_name_plural": "prospects",
                        "indexes": [
                            models.Index(
                                fields=["team", "status", "-arrived_at", "id"], name="prospect_list"
                            ),
                            models.Index(fields=["owner", "status"], name="prospect_owner"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_reference", ""), _negated=True),
                                fields=("source", "external_reference"),
                                name="prospect_reference_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name_en", ""), ("name_zh", ""), _negated=True),
                                name="prospect_has_a_name",
                                violation_error_message="Give an English or a Chinese name.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("consent", "not_asked"), ("consent_on__isnull", True)),
                                    models.Q(
                                        models.Q(("consent", "not_asked"), _negated=True),
                                        ("consent_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="prospect_consent_has_its_day",
                                violation_error_message="Say on which day consent was given or refused, and only then.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("phone_fingerprint", ""), ("phone_hint", ""), ("phone_sealed", "")
                                    ),
                                    models.Q(
                                        models.Q(("phone_sealed", ""), _negated=True),
                                        models.Q(("phone_fingerprint", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="prospect_phone_is_sealed_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("case", None),
                                        ("client", None),
                                        ("reason", ""),
                                        ("same_as", None),
                                        ("status__in", ["new", "contacted"]),
                                    ),
                                    models.Q(
                                        ("case__isnull", False),
                                        ("client__isnull", False),
                                        ("reason", ""),
                                        ("same_as", None),
                                        ("status", "qualified"),
                                    ),
                                    models.Q(
                                        ("case", None),
                                        ("client", None),
                                        ("same_as", None),
                                        ("status", "rejected"),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("case", None),
                                        ("client__isnull", False),
                                        ("reason", ""),
                                        ("same_as", None),
                                        ("status", "duplicate"),
                                    ),
                                    models.Q(
                                        ("case", None),
                                        ("client", None),
                                        ("reason", ""),
                                        ("same_as__isnull", False),
                                        ("status", "duplicate"),
                                    ),
                                    _connector="OR",
                                ),
                                name="prospect_ends_as_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "individual"), _negated=True),
                                    ("registration_number", ""),
                                    _connector="OR",
                                ),
                                name="prospect_individual_has_no_number",
                                violation_error_message="An individual has no registration number; leave it empty.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__isnull", True), ("amount__gt", 0), _connector="OR"
                                ),
                                name="prospect_amount_positive",
                                violation_error_message="An amount is above zero.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="prospect_of_a_currency",
                                violation_error_message="A currency is named by its three letters, as CNY.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectevent" ("amount", "arrived_at", "case_id", "client_id", "consent", "consent_on", "consent_words", "currency", "email", "external_reference", "facts", "id", "industry_id", "kind", "language", "later_until", "message", "name_en", "name_zh", "owner_id", "person_name", "person_position", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_fingerprint", "phone_hint", "phone_sealed", "product", "reason", "region_id", "registration_number", "remark", "same_as_id", "sort_key", "source_id", "status", "team_id", "touched_at", "version") SELECT new_values."amount", new_values."arrived_at", new_values."case_id", new_values."client_id", new_values."consent", new_values."consent_on", new_values."consent_words", new_values."currency", new_values."email", new_values."external_reference", new_values."facts", new_values."id", new_values."industry_id", new_values."kind", new_values."language", new_values."later_until", new_values."message", new_values."name_en", new_values."name_zh", new_values."owner_id", new_values."person_name", new_values."person_position", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone_fingerprint", new_values."phone_hint", new_values."phone_sealed", new_values."product", new_values."reason", new_values."region_id", new_values."registration_number", new_values."remark", new_values."same_as_id", new_values."sort_key", new_values."source_id", new_values."status", new_values."team_id", new_values."touched_at", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="647cfafecf39a8256bc263f5e42fe4a83a0e4028",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_3a5b7",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_prospect",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectevent" ("amount", "arrived_at", "case_id", "client_id", "consent", "consent_on", "consent_words", "currency", "email", "external_reference", "facts", "id", "industry_id", "kind", "language", "later_until", "message", "name_en", "name_zh", "owner_id", "person_name", "person_position", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_fingerprint", "phone_hint", "phone_sealed", "product", "reason", "region_id", "registration_number", "remark", "same_as_id", "sort_key", "source_id", "status", "team_id", "touched_at", "version") SELECT new_values."amount", new_values."arrived_at", new_values."case_id", new_values."client_id", new_values."consent", new_values."consent_on", new_values."consent_words", new_values."currency", new_values."email", new_values."external_reference", new_values."facts", new_values."id", new_values."industry_id", new_values."kind", new_values."language", new_values."later_until", new_values."message", new_values."name_en", new_values."name_zh", new_values."owner_id", new_values."person_name", new_values."person_position", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone_fingerprint", new_values."phone_hint", new_values."phone_sealed", new_values."product", new_values."reason", new_values."region_id", new_values."registration_number", new_values."remark", new_values."same_as_id", new_values."sort_key", new_values."source_id", new_values."status", new_values."team_id", new_values."touched_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="ac0a2fec358495dc3c1486c57ed86586e10dd570",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d2dc3",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_prospect",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectevent" ("amount", "arrived_at", "case_id", "client_id", "consent", "consent_on", "consent_words", "currency", "email", "external_reference", "facts", "id", "industry_id", "kind", "language", "later_until", "message", "name_en", "name_zh", "owner_id", "person_name", "person_position", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_fingerprint", "phone_hint", "phone_sealed", "product", "reason", "region_id", "registration_number", "remark", "same_as_id", "sort_key", "source_id", "status", "team_id", "touched_at", "version") SELECT old_values."amount", old_values."arrived_at", old_values."case_id", old_values."client_id", old_values."consent", old_values."consent_on", old_values."consent_words", old_values."currency", old_values."email", old_values."external_reference", old_values."facts", old_values."id", old_values."industry_id", old_values."kind", old_values."language", old_values."later_until", old_values."message", old_values."name_en", old_values."name_zh", old_values."owner_id", old_values."person_name", old_values."person_position", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone_fingerprint", old_values."phone_hint", old_values."phone_sealed", old_values."product", old_values."reason", old_values."region_id", old_values."registration_number", old_values."remark", old_values."same_as_id", old_values."sort_key", old_values."source_id", old_values."status", old_values."team_id", old_values."touched_at", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="4da1524ea4fb1673c3a63d6d26c1f84efc7013ea",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_0ba28",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_prospect",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProspectScore",
                    fields=[
                        (
                            "prospect",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="score",
                                serialize=False,
                                to="funnel.prospect",
                            ),
                        ),
                        ("of_version", models.PositiveIntegerField()),
                        ("score", models.BigIntegerField()),
                        ("scorecard", models.CharField(max_length=80)),
                        (
                            "gates",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80), default=list, size=None
                            ),
                        ),
                        ("is_incomplete", models.BooleanField()),
                        (
                            "scored_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "tier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tiering.tier",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tiering.criteriaversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-score", "prospect"], name="prospect_score")],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectContact",
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
                                    ("meeting", "Meeting"),
                                    ("call", "Call"),
                                    ("email", "E-mail"),
                                    ("site_visit", "Site visit"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("good", "Went well"),
                                    ("open", "To be continued"),
                                    ("bad", "Difficult"),
                                    ("not_reached", "Not reached"),
                                ],
                                max_length=12,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=500, verbose_name="note"
                            ),
                        ),
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
                            "prospect",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="funnel.prospect",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "contact with a prospect",
                        "verbose_name_plural": "contacts with prospects",
                        "ordering": ["-at", "-id"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectcontactevent" ("at", "by_id", "id", "kind", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id") SELECT new_values."at", new_values."by_id", new_values."id", new_values."kind", new_values."note", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."prospect_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="8ddb5792037484fec93d41a4f3c3953a5cf5ee47",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_8e7ca",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_prospectcontact",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectcontactevent" ("at", "by_id", "id", "kind", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id") SELECT new_values."at", new_values."by_id", new_values."id", new_values."kind", new_values."note", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."prospect_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="12d46a8719742a021e40c7f530b159f97d4fed00",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_713d8",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_prospectcontact",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectcontactevent" ("at", "by_id", "id", "kind", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id") SELECT old_values."at", old_values."by_id", old_values."id", old_values."kind", old_values."note", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."prospect_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="63057289f946bee9880a375cd76ea4c4e74bc5ef",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_f6e8b",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_prospectcontact",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectContactEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("meeting", "Meeting"),
                                    ("call", "Call"),
                                    ("email", "E-mail"),
                                    ("site_visit", "Site visit"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("good", "Went well"),
                                    ("open", "To be continued"),
                                    ("bad", "Difficult"),
                                    ("not_reached", "Not reached"),
                                ],
                                max_length=12,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=500, verbose_name="note"
                            ),
                        ),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                                to="funnel.prospectcontact",
                            ),
                        ),
                        (
                            "prospect",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.prospect",
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
                                    hash="b1ea4ee742761788208ba7a38bb69568995c9cda",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_8858f",
                                    table="funnel_prospectcontactevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProspectEditItem",
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
                        ("version", models.PositiveIntegerField()),
                        ("code", models.CharField(blank=True, max_length=40)),
                        (
                            "edit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="funnel.prospectedit",
                            ),
                        ),
                        (
                            "prospect",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="funnel.prospect",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edit", "prospect"), name="prospect_edit_item_once"
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "external_reference",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=80, verbose_name="reference"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("corporate", "Corporate"),
                                    ("institution", "Institution"),
                                    ("individual", "Individual"),
                                ],
                                db_default="corporate",
                                default="corporate",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "name_en",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="English name",
                            ),
                        ),
                        (
                            "name_zh",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="Chinese name",
                            ),
                        ),
                        ("sort_key", models.CharField(editable=False, max_length=400)),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=40,
                                verbose_name="registration number",
                            ),
                        ),
                        (
                            "facts",
                            models.JSONField(blank=True, db_default={}, default=dict, verbose_name="facts"),
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
                                db_default="",
                                default="",
                                max_length=20,
                                verbose_name="product",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="amount"
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                default=funnel.models.rates.book_currency,
                                max_length=3,
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "message",
                            models.TextField(
                                blank=True, db_default="", default="", max_length=2000, verbose_name="message"
                            ),
                        ),
                        (
                            "person_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=120,
                                verbose_name="contact person",
                            ),
                        ),
                        (
                            "person_position",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=120, verbose_name="position"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, db_default="", default="", max_length=254, verbose_name="e-mail"
                            ),
                        ),
                        (
                            "phone_sealed",
                            models.TextField(blank=True, db_default="", default="", editable=False),
                        ),
                        (
                            "phone_fingerprint",
                            models.CharField(
                                blank=True, db_default="", default="", editable=False, max_length=64
                            ),
                        ),
                        (
                            "phone_hint",
                            models.CharField(
                                blank=True, db_default="", default="", editable=False, max_length=4
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                                db_default="",
                                default="",
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "consent",
                            models.CharField(
                                choices=[
                                    ("not_asked", "Not asked"),
                                    ("given", "Given"),
                                    ("refused", "Refused"),
                                ],
                                db_default="not_asked",
                                default="not_asked",
                                max_length=10,
                                verbose_name="consent",
                            ),
                        ),
                        (
                            "consent_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="consent given or refused on"
                            ),
                        ),
                        (
                            "consent_words",
                            models.TextField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=1000,
                                verbose_name="words of consent",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("contacted", "Contacted"),
                                    ("qualified", "Qualified"),
                                    ("rejected", "Rejected"),
                                    ("duplicate", "Duplicate"),
                                ],
                                db_default="new",
                                default="new",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_need", "No need of finance"),
                                    ("unfit", "Outside what we finance"),
                                    ("too_weak", "Too weak"),
                                    ("unreachable", "Cannot be reached"),
                                    ("refuses", "Does not want to be contacted"),
                                    ("not_real", "Not a real enquiry"),
                                    ("other", "Other"),
                                ],
                                db_default="",
                                default="",
                                max_length=12,
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "remark",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=300, verbose_name="remark"
                            ),
                        ),
                        ("later_until", models.DateField(blank=True, null=True, verbose_name="not before")),
                        (
                            "touched_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last contact"),
                        ),
                        (
                            "arrived_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="arrived"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.client",
                                verbose_name="client",
                            ),
                        ),
                        (
                            "industry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.industry",
                                verbose_name="industry",
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
                                verbose_name="owner",
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
                                to="funnel.prospect",
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.region",
                                verbose_name="region",
                            ),
                        ),
                        (
                            "same_as",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.prospect",
                                verbose_name="same as",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.leadsource",
                                verbose_name="source",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.team",
                                verbose_name="team",
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
                                    hash="49d0a186a8dc0c3d474f38f78b787dc7c31324d9",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_5d04c",
                                    table="funnel_prospectevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProspectKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=8)),
                        ("key", models.CharField(max_length=400)),
                        (
                            "prospect",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="keys",
                                to="funnel.prospect",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["key", "kind", "prospect"], name="prospect_key_shared")
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectReveal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
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
                            "prospect",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reveals",
                                to="funnel.prospect",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "look at a prospect's telephone number",
                        "verbose_name_plural": "looks at prospects' telephone numbers",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="prospect_reveal_says_why",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="a6b2e3bef73e8b3c5f1c4db393a876f1c7a117ae",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0f51f",
                                    table="funnel_prospectreveal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectrevealevent" ("at", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id", "reason") SELECT new_values."at", new_values."by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."prospect_id", new_values."reason" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="116a381b3a83e05d360006343efa82723052ca6c",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_0527c",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_prospectreveal",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectrevealevent" ("at", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id", "reason") SELECT new_values."at", new_values."by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."prospect_id", new_values."reason" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="56c3cca9f388284a240e4a9428e3ea00d109993d",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b587a",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_prospectreveal",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospectrevealevent" ("at", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id", "reason") SELECT old_values."at", old_values."by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."prospect_id", old_values."reason" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="623d0a1c5b45850756f25e9c4fe2aecbf78721d4",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_b9365",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_prospectreveal",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectRevealEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                                to="funnel.prospectreveal",
                            ),
                        ),
                        (
                            "prospect",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.prospect",
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
                                    hash="b6070adf5748fd6ad02792cd1a0880fbcab135fa",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_b5874",
                                    table="funnel_prospectrevealevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectTwin",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                        ("evidence", models.JSONField(blank=True, default=dict, verbose_name="evidence")),
                        (
                            "is_apart",
                            models.BooleanField(db_default=False, default=False, verbose_name="not the same"),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=300, verbose_name="reason"
                            ),
                        ),
                        (
                            "found_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crm.client",
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
                        (
                            "other",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="later_twins",
                                to="funnel.prospect",
                            ),
                        ),
                        (
                            "prospect",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="twins",
                                to="funnel.prospect",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "likely twin of a prospect",
                        "verbose_name_plural": "likely twins of prospects",
                        "ordering": ["-score", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("prospect", "client", "other"),
                                name="prospect_twin_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("client__isnull", False), ("other", None)),
                                    models.Q(("client", None), ("other__isnull", False)),
                                    _connector="OR",
                                ),
                                name="prospect_twin_of_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_apart", False),
                                    models.Q(
                                        models.Q(("reason", ""), _negated=True), ("decided_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="prospect_twin_apart_says_why",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospecttwinevent" ("client_id", "decided_by_id", "evidence", "found_at", "id", "is_apart", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id", "reason", "score") SELECT new_values."client_id", new_values."decided_by_id", new_values."evidence", new_values."found_at", new_values."id", new_values."is_apart", new_values."other_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."prospect_id", new_values."reason", new_values."score" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="6b86962a4d010b8f1afeeecc41ca48a0fd10138a",
                                    level="STATEMENT",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_b20cf",
                                    referencing="REFERENCING NEW TABLE AS new_values ",
                                    table="funnel_prospecttwin",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospecttwinevent" ("client_id", "decided_by_id", "evidence", "found_at", "id", "is_apart", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id", "reason", "score") SELECT new_values."client_id", new_values."decided_by_id", new_values."evidence", new_values."found_at", new_values."id", new_values."is_apart", new_values."other_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."prospect_id", new_values."reason", new_values."score" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                                    hash="c01653fa01ff94e8e46958bc0dc0321a7e8943d2",
                                    level="STATEMENT",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_13f4c",
                                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                                    table="funnel_prospecttwin",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funnel_prospecttwinevent" ("client_id", "decided_by_id", "evidence", "found_at", "id", "is_apart", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prospect_id", "reason", "score") SELECT old_values."client_id", old_values."decided_by_id", old_values."evidence", old_values."found_at", old_values."id", old_values."is_apart", old_values."other_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."prospect_id", old_values."reason", old_values."score" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                                    hash="29eb2cff8942af8ba433d654e38297c65c1c5e06",
                                    level="STATEMENT",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_8adcb",
                                    referencing="REFERENCING OLD TABLE AS old_values ",
                                    table="funnel_prospecttwin",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                crm.migration_operations.CreateModelWithTriggers(
                    name="ProspectTwinEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                        ("evidence", models.JSONField(blank=True, default=dict, verbose_name="evidence")),
                        (
                            "is_apart",
                            models.BooleanField(db_default=False, default=False, verbose_name="not the same"),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=300, verbose_name="reason"
                            ),
                        ),
                        (
                            "found_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="crm.client",
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
                            "other",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.prospect",
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
                                to="funnel.prospecttwin",
                            ),
                        ),
                        (
                            "prospect",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funnel.prospect",
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
                                    hash="56c998a372113d62084d4684e533bec6b0305067",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_d5f3a",
                                    table="funnel_prospecttwinevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(REFUSE, migrations.RunSQL.noop),
    ]
