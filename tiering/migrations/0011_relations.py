"""A relation that begins, ends or changes lets both of its clients be looked at again: for what one warns the other of."""

from django.db import migrations

REQUEST = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tiering_retierrequest (client_id)
    SELECT client_id FROM changed UNION SELECT party_id FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event} ON crm_relation REFERENCING {transition} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""
FORGET = """
DROP TRIGGER {name} ON crm_relation;
DROP FUNCTION {name}();
"""
# The ends of a relation stay: both states of a changed one name the same clients.
TRANSITIONS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def triggers():
    for event, transition in TRANSITIONS.items():
        names = {"name": f"retier_crm_relation_{event.lower()}", "event": event, "transition": transition}
        yield migrations.RunSQL(REQUEST.format(**names), FORGET.format(**names))


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_relations"), ("tiering", "0010_may_leave")]

    operations = [*triggers()]
