"""Prospects are found by pinyin, initials and one or two characters, by index; and listed by their arrival."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import crm.migration_operations

KEPT = """
    INSERT INTO funnel_prospectsearch (prospect_id, text, grams)
    SELECT id, value, crm_search_grams(value) FROM (
        SELECT c.id, crm_search_text(
            concat_ws(' ', c.name_zh, c.external_reference, c.name_en, c.registration_number),
            c.sort_key, c.name_zh <> '') AS value
        FROM {rows}
    ) named
"""
TRIGGER = """
CREATE FUNCTION funnel_prospect_search_{act}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {kept}
    ON CONFLICT (prospect_id) DO UPDATE SET text = EXCLUDED.text, grams = EXCLUDED.grams;
    RETURN NULL;
END $$;
CREATE TRIGGER funnel_prospect_search_{act} AFTER {act} ON funnel_prospect {tables}
FOR EACH STATEMENT EXECUTE FUNCTION funnel_prospect_search_{act}();
"""
CHANGED = """changed c JOIN former o ON o.id = c.id
        WHERE (c.name_zh, c.external_reference, c.name_en, c.registration_number, c.sort_key)
            IS DISTINCT FROM (o.name_zh, o.external_reference, o.name_en, o.registration_number, o.sort_key)"""
FOUND = (
    KEPT.format(rows="funnel_prospect c")
    + ";"
    + TRIGGER.format(
        act="insert", kept=KEPT.format(rows="changed c"), tables="REFERENCING NEW TABLE AS changed"
    )
    + TRIGGER.format(
        act="update",
        kept=KEPT.format(rows=CHANGED),
        tables="REFERENCING OLD TABLE AS former NEW TABLE AS changed",
    )
)
LOST = "".join(
    f"DROP TRIGGER funnel_prospect_search_{act} ON funnel_prospect; DROP FUNCTION funnel_prospect_search_{act}();"
    for act in ("insert", "update")
)


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0028_targets_and_handed_over_prospects"),
        ("funnel", "0009_prospects"),
    ]

    operations = [
        crm.migration_operations.Together(
            [
                migrations.CreateModel(
                    name="ProspectSearch",
                    fields=[
                        ("text", models.TextField()),
                        (
                            "grams",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                        (
                            "prospect",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search",
                                serialize=False,
                                to="funnel.prospect",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["grams", "text"],
                                name="prospect_search",
                                opclasses=["array_ops", "gin_trgm_ops"],
                            )
                        ],
                    },
                ),
                migrations.AddIndex(
                    model_name="prospect",
                    index=models.Index(
                        condition=models.Q(("status__in", ("new", "contacted"))),
                        fields=["team", "-arrived_at", "id"],
                        name="prospect_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="prospect",
                    index=models.Index(
                        condition=models.Q(("status__in", ("new", "contacted"))),
                        fields=["-arrived_at", "id"],
                        name="prospect_open_all",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(FOUND, LOST),
    ]
