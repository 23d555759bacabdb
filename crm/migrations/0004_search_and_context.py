"""What tables alone do not say: how clients are found, when two names are the same, that who did what stays as it was
written, and the table of the cache."""

from django.core.management import call_command
from django.db import migrations

GRAMS = """
CREATE FUNCTION crm_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
        SELECT substr(value, i, width) AS gram
        FROM generate_series(1, length(value)) i, (VALUES (1), (2)) AS w(width)
        WHERE i + width - 1 <= length(value)
    ) pieces
$$;

CREATE FUNCTION crm_client_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO crm_clientsearch (client_id, text, grams)
    SELECT id, value, crm_grams(value) FROM (
        SELECT id, lower(concat_ws(' ', code, name_zh, name_en, registration_number)) AS value FROM changed
    ) named
    ON CONFLICT (client_id) DO UPDATE SET text = EXCLUDED.text, grams = EXCLUDED.grams
    WHERE crm_clientsearch.text <> EXCLUDED.text;
    RETURN NULL;
END $$;

CREATE TRIGGER crm_client_search_insert AFTER INSERT ON crm_client
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION crm_client_search();
CREATE TRIGGER crm_client_search_update AFTER UPDATE ON crm_client
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION crm_client_search();
"""
UNDO_GRAMS = """
DROP TRIGGER crm_client_search_update ON crm_client;
DROP TRIGGER crm_client_search_insert ON crm_client;
DROP FUNCTION crm_client_search();
DROP FUNCTION crm_grams(text);
"""
NAME_KEY = """
-- By what two names are the same: full-width narrowed, runs of blanks made one. Letter case counts.
CREATE FUNCTION crm_name_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(normalize(value, NFKC), '\\s+', ' ', 'g'))
$$;
CREATE INDEX client_name_en_key ON crm_client (crm_name_key(name_en)) WHERE name_en <> '';
CREATE INDEX client_name_zh_key ON crm_client (crm_name_key(name_zh)) WHERE name_zh <> '';
"""
UNDO_NAME_KEY = """
DROP INDEX client_name_zh_key;
DROP INDEX client_name_en_key;
DROP FUNCTION crm_name_key(text);
"""
CONTEXT_ONLY_GROWS = """
CREATE FUNCTION crm_context_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.created_at) = (OLD.id, OLD.created_at)
       AND NEW.metadata @> jsonb_strip_nulls(OLD.metadata) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'context %: who did what stays as it was written', OLD.id;
END $$;
CREATE TRIGGER crm_context_only_grows BEFORE UPDATE OR DELETE ON pghistory_context
FOR EACH ROW EXECUTE FUNCTION crm_context_only_grows();
"""
UNDO_CONTEXT_ONLY_GROWS = """
DROP TRIGGER crm_context_only_grows ON pghistory_context;
DROP FUNCTION crm_context_only_grows();
"""


def make_cache_table(apps, schema_editor):
    """Rate limits are kept in the database cache: every process must see the same counts."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    replaces = [("crm", "0014_governed_observations")]
    dependencies = [("crm", "0003_telling_and_doing"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(GRAMS, UNDO_GRAMS),
        migrations.RunSQL(NAME_KEY, UNDO_NAME_KEY),
        migrations.RunSQL(CONTEXT_ONLY_GROWS, UNDO_CONTEXT_ONLY_GROWS),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
