"""Who wrote an event stands in the event's context, which pghistory itself leaves open to change.

During a request the context is written with its first event and again when more is known, such as the user a token
stands for. So it may gain what it did not hold; nothing it holds changes or goes.
"""

from django.db import migrations

PROTECT = """
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
UNPROTECT = """
DROP TRIGGER crm_context_only_grows ON pghistory_context;
DROP FUNCTION crm_context_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0005_bounds"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
