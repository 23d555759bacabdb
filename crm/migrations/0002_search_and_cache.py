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
UNDO = """
DROP TRIGGER crm_client_search_update ON crm_client;
DROP TRIGGER crm_client_search_insert ON crm_client;
DROP FUNCTION crm_client_search();
DROP FUNCTION crm_grams(text);
"""


def make_cache_table(apps, schema_editor):
    """Rate limits are kept in the database cache: every process must see the same counts."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [
        migrations.RunSQL(GRAMS, UNDO),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
