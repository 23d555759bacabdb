"""Records are found by pinyin and initials too, by short Latin words, and misspelt; projects like clients."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from crm.names import sort_key

SEARCH = r"""
-- Small letters without accents, full-width signs narrowed, signs that do not tell names apart left out: crm.core.terms.
CREATE FUNCTION crm_folded(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        CASE WHEN value ~ '[\u00c0-\u024f\u1e00-\u1eff\uff01-\uff5e]'
            THEN normalize(regexp_replace(normalize(lower(value), NFKD), '[\u0300-\u036f]', '', 'g'), NFC)
            ELSE lower(value)
        END, '()[]·,.''’"&/-', '')
$$;

-- Of a sort key: the pinyin of a Chinese name in one word and its initials. What of it is Latin stays whole.
CREATE FUNCTION crm_spelling(sort_key text, chinese boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    piece text; run text := ''; initials text := '';
BEGIN
    FOREACH piece IN ARRAY string_to_array(sort_key, ' ') LOOP
        IF chinese AND length(piece) > 1 AND right(piece, 1) BETWEEN '1' AND '5' THEN
            run := run || left(piece, -1);
            initials := initials || left(piece, 1);
        ELSE
            run := run || piece;
            initials := initials || CASE WHEN chinese THEN piece ELSE left(piece, 1) END;
        END IF;
    END LOOP;
    RETURN run || ' ' || initials;
END $$;

CREATE FUNCTION crm_search_text(names text, sort_key text, chinese boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ' ' || crm_folded(names) || ' ' || crm_folded(crm_spelling(sort_key, chinese))
$$;

-- Of a search text: how its words begin, characters and pairs of words not all Latin, pairs of the initials at its end.
CREATE FUNCTION crm_search_grams(value text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    grams text[] := '{}'; word text;
BEGIN
    FOREACH word IN ARRAY string_to_array(value, ' ') LOOP
        IF word <> '' THEN
            grams := grams || ('^' || left(word, 1)) || ('^' || left(word, 2));
            IF word !~ '^[ -~]*$' THEN
                FOR i IN 1..length(word) LOOP
                    grams := grams || substr(word, i, 1) || substr(word, i, 2);
                END LOOP;
            END IF;
        END IF;
    END LOOP;
    FOR i IN 1..length(word) - 1 LOOP
        grams := grams || substr(word, i, 2);
    END LOOP;
    RETURN grams;
END $$;
"""
UNDO_SEARCH = """
DROP FUNCTION crm_search_grams(text);
DROP FUNCTION crm_search_text(text, text, boolean);
DROP FUNCTION crm_spelling(text, boolean);
DROP FUNCTION crm_folded(text);
"""
KEPT = """
INSERT INTO crm_{kind}search ({kind}_id, text, grams)
SELECT id, value, crm_search_grams(value) FROM (
    SELECT c.id, crm_search_text(concat_ws(' ', {names}), c.sort_key, c.name_zh <> '') AS value FROM {rows}
) named
"""
TRIGGER = """
CREATE FUNCTION crm_{kind}_search_{act}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {kept}
    ON CONFLICT ({kind}_id) DO UPDATE SET text = EXCLUDED.text, grams = EXCLUDED.grams;
    RETURN NULL;
END $$;
CREATE TRIGGER crm_{kind}_search_{act} AFTER {act} ON crm_{kind} {tables}
FOR EACH STATEMENT EXECUTE FUNCTION crm_{kind}_search_{act}();
"""
NAMES = {
    "client": ("name_zh", "code", "name_en", "registration_number"),
    "project": ("name_zh", "code", "name_en"),
}
OLD_GRAMS = """
DROP TRIGGER crm_client_search_update ON crm_client;
DROP TRIGGER crm_client_search_insert ON crm_client;
DROP FUNCTION crm_client_search();
DROP FUNCTION crm_grams(text);
"""


def kept(kind: str, rows: str) -> str:
    return KEPT.format(kind=kind, names=", ".join(f"c.{name}" for name in NAMES[kind]), rows=rows)


def triggers(kind: str) -> str:
    """Rows whose names are new or others than before, however many a statement writes."""
    fields = (*NAMES[kind], "sort_key")
    new, old = (", ".join(f"{table}.{name}" for name in fields) for table in ("c", "o"))
    changed = f"changed c JOIN former o ON o.id = c.id WHERE ({new}) IS DISTINCT FROM ({old})"
    inserted = TRIGGER.format(
        kind=kind, act="insert", kept=kept(kind, "changed c"), tables="REFERENCING NEW TABLE AS changed"
    )
    return inserted + TRIGGER.format(
        kind=kind,
        act="update",
        kept=kept(kind, changed),
        tables="REFERENCING OLD TABLE AS former NEW TABLE AS changed",
    )


def drop_triggers(kind: str) -> str:
    return "".join(
        f"DROP TRIGGER crm_{kind}_search_{act} ON crm_{kind}; DROP FUNCTION crm_{kind}_search_{act}();"
        for act in ("insert", "update")
    )


def fill(apps, schema_editor):
    """What a database that is in use already holds; the trigger adds the projects."""
    Project = apps.get_model("crm", "Project")
    projects = list(Project.objects.only("name_zh", "name_en"))
    for project in projects:
        project.sort_key = sort_key(project.name_zh, project.name_en)
    Project.objects.bulk_update(projects, ["sort_key"], batch_size=1000)
    schema_editor.execute("TRUNCATE crm_clientsearch")
    schema_editor.execute(kept("client", "crm_client c"))


class Migration(migrations.Migration):
    dependencies = [("crm", "0004_search_and_context")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(OLD_GRAMS),
        migrations.RunSQL(SEARCH, UNDO_SEARCH),
        migrations.CreateModel(
            name="ProjectSearch",
            fields=[
                ("text", models.TextField()),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="crm.project",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["grams", "text"],
                        opclasses=["array_ops", "gin_trgm_ops"],
                        name="project_search",
                    )
                ]
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='update_update',
        ),
        migrations.AddField(
            model_name="project",
            name="sort_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=400),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_projectevent" ("amount", "approved_on", "code", "created_at", "currency", "disclosed_on", "es_category", "id", "industry_id", "invested_on", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "signed_on", "status") SELECT new_values."amount", new_values."approved_on", new_values."code", new_values."created_at", new_values."currency", new_values."disclosed_on", new_values."es_category", new_values."id", new_values."industry_id", new_values."invested_on", new_values."name_en", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."region_id", new_values."signed_on", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."amount" IS DISTINCT FROM (new_values."amount") OR old_values."approved_on" IS DISTINCT FROM (new_values."approved_on") OR old_values."code" IS DISTINCT FROM (new_values."code") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."currency" IS DISTINCT FROM (new_values."currency") OR old_values."disclosed_on" IS DISTINCT FROM (new_values."disclosed_on") OR old_values."es_category" IS DISTINCT FROM (new_values."es_category") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."industry_id" IS DISTINCT FROM (new_values."industry_id") OR old_values."invested_on" IS DISTINCT FROM (new_values."invested_on") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."name_zh" IS DISTINCT FROM (new_values."name_zh") OR old_values."region_id" IS DISTINCT FROM (new_values."region_id") OR old_values."signed_on" IS DISTINCT FROM (new_values."signed_on") OR old_values."status" IS DISTINCT FROM (new_values."status")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0f00f90337922068ddfbf2ac0182658b9519f372', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_95693', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_project', when='AFTER')),
        ),
        migrations.RemoveIndex(model_name="clientsearch", name="client_search_grams"),
        migrations.AddIndex(
            model_name="clientsearch",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["grams", "text"], opclasses=["array_ops", "gin_trgm_ops"], name="client_search"
            ),
        ),
        *(migrations.RunSQL(triggers(kind), drop_triggers(kind)) for kind in NAMES),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
