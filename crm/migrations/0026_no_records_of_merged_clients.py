"""Whoever writes a record of a client while that is merged into another one is refused: at the end of the transaction,
when its reference to the client has waited for the merge, and so by what holds then. Rows that a merge moves, or gives
back, stand with a client that is not merged by then."""

from django.db import migrations

TABLES = (
    "address", "answerlink", "attachment", "clienttag", "collateral", "consentrecord", "contactperson", "creditreport",
    "document", "facility", "financialstatement", "follow", "identitynumber", "interaction", "interest", "invitation",
    "note", "observation", "participation", "profilevalue", "relation", "response", "revenue", "segmentmember",
    "stagehold", "task",
)  # fmt: skip
FUNCTION = """
CREATE FUNCTION crm_refuse_record_of_merged_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM crm_client WHERE id = NEW.client_id AND merged_into_id IS NOT NULL) THEN
        RAISE EXCEPTION '%: client % is part of another one', TG_TABLE_NAME, NEW.client_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'record_of_a_merged_client';
    END IF;
    RETURN NULL;
END $$
"""
# After the checks of references: these have names that begin with RI, and come first.
TRIGGERS = """
CREATE CONSTRAINT TRIGGER zz_not_of_a_merged_client AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION crm_refuse_record_of_merged_client();
CREATE CONSTRAINT TRIGGER zz_not_to_a_merged_client AFTER UPDATE OF client_id ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id)
    EXECUTE FUNCTION crm_refuse_record_of_merged_client();
"""
DROP = """
DROP TRIGGER zz_not_of_a_merged_client ON {table};
DROP TRIGGER zz_not_to_a_merged_client ON {table};
"""


def of_all(statement: str) -> str:
    return "".join(statement.format(table=f"crm_{table}") for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("crm", "0025_import_twins")]

    operations = [
        migrations.RunSQL(
            FUNCTION + ";" + of_all(TRIGGERS),
            of_all(DROP) + "DROP FUNCTION crm_refuse_record_of_merged_client();",
        )
    ]
