"""A case is refused for a client that was merged into another one while the case was written (see crm's 0026)."""

from django.db import migrations

CREATE = """
CREATE CONSTRAINT TRIGGER zz_not_of_a_merged_client AFTER INSERT ON funnel_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION crm_refuse_record_of_merged_client();
CREATE CONSTRAINT TRIGGER zz_not_to_a_merged_client AFTER UPDATE OF client_id ON funnel_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id)
    EXECUTE FUNCTION crm_refuse_record_of_merged_client();
"""
DROP = """
DROP TRIGGER zz_not_of_a_merged_client ON funnel_case;
DROP TRIGGER zz_not_to_a_merged_client ON funnel_case;
"""


class Migration(migrations.Migration):
    dependencies = [("funnel", "0006_recuts_and_term_sheets"), ("crm", "0026_no_records_of_merged_clients")]

    operations = [migrations.RunSQL(CREATE, DROP)]
