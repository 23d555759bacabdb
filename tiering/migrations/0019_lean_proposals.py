import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from crm.migration_operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0024_sources"),
        ("tiering", "0018_what_changed_lately"),
    ]

    operations = [
        Together(
            [
                migrations.AlterField(
                    model_name="proposal",
                    name="assessment",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="tiering.assessment",
                    ),
                ),
                migrations.AlterField(
                    model_name="proposal",
                    name="client",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="crm.client",
                    ),
                ),
                migrations.AlterField(
                    model_name="proposal",
                    name="from_tier",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tiering.tier",
                    ),
                ),
                migrations.AlterField(
                    model_name="proposal",
                    name="run",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="tiering.tieringrun",
                    ),
                ),
                migrations.AlterField(
                    model_name="proposal",
                    name="scheme",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tiering.tierscheme",
                    ),
                ),
                migrations.AlterField(
                    model_name="proposal",
                    name="to_tier",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tiering.tier",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="proposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_assessment",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT FROM written w LEFT JOIN LATERAL (\n               SELECT client_id, scheme_id, project_id FROM tiering_assessment WHERE id = w.assessment_id OFFSET 0\n           ) a ON true\n           WHERE (a.client_id, a.scheme_id, a.project_id) IS DISTINCT FROM (w.client_id, w.scheme_id, w.project_id))\nOR EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM written) w\n           LEFT JOIN tiering_tieringrun r ON r.id = w.run_id WHERE r.id IS NULL)\nOR EXISTS (SELECT FROM (SELECT DISTINCT scheme_id, unnest(ARRAY[from_tier_id, to_tier_id]) AS tier_id FROM written) w\n           LEFT JOIN tiering_tier t ON t.id = w.tier_id\n           WHERE t.scheme_id IS DISTINCT FROM w.scheme_id) THEN\n    RAISE EXCEPTION '%: the assessment is of another subject, or run or tier are not there', TG_TABLE_NAME\n        USING ERRCODE = 'foreign_key_violation';\nEND IF;\nRETURN NULL;\n",  # noqa: E501
                            hash="553aa01ef373bde1f2065e9284ce244a47865f15",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_assessment_fa081",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="tiering_proposal",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        )
    ]
