"""What clients and their people said about being contacted: what was said later ends what was said before."""

from crm.imports.batch import Batch
from crm.imports.records import Records, Rule, not_to_come
from crm.imports.resolve import find_clients
from crm.imports.who import OF_CLIENT
from crm.models import ConsentRecord

ALIKE = "r.client_id = {0}.client_id AND r.person_id IS NOT DISTINCT FROM {0}.person_id AND r.channel = {0}.channel"
SAID_BEFORE = f"""(
    SELECT max(r.since) FROM crm_consentrecord r
    WHERE {ALIKE.format("n")} AND r.stance = n.stance AND (r.until IS NULL OR r.until > %(today)s)
)"""


def find_contacts(batch: Batch) -> None:
    """Set `person_id` from the name of somebody who is at the client; a name that nobody or that two have is refused."""
    batch.run("UPDATE import_clean SET channel = coalesce(channel, '')")
    batch.temporary(
        "import_contact",
        """SELECT n.line, min(p.id) AS id, count(*) AS found FROM import_clean n JOIN crm_contactperson p
           ON p.client_id = n.client_id AND p.ended_on IS NULL AND crm_name_key(p.name) = crm_name_key(n.person)
           GROUP BY n.line""",
    )
    batch.run(
        "UPDATE import_clean n SET person_id = m.id FROM import_contact m WHERE m.line = n.line AND m.found = 1"
    )
    batch.refuse(
        "unknown_contact",
        "person",
        "n.client_id IS NOT NULL AND n.person IS NOT NULL AND n.person_id IS NULL",
        params="jsonb_build_object('value', n.person)",
    )


def refuse_unsigned(batch: Batch) -> None:
    """Who recorded it stands beside what was said; the house itself has heard nothing."""
    if batch.user is None:
        batch.refuse("needs_a_person", "", "true")


RECORDS = Records(
    model=ConsentRecord,
    counted="consents",
    key={
        **{name: f"r.{name}" for name in ("client_id", "person_id", "channel", "stance", "since")},
    },
    open=("person_id",),
    prepare={"since": f"coalesce(since, {SAID_BEFORE}, %(today)s)"},
    fixed=("client_id", "person_id", "channel", "stance", "since", "source"),
    columns=("until",),
    also={"recorded_by_id": "%(user)s::bigint"},
    extra={**OF_CLIENT, "person_id": "bigint"},
    resolve=(find_clients, find_contacts),
    rules=(
        refuse_unsigned,
        not_to_come("since"),
        Rule(code="ends_before_it_begins", field="until", where="n.until < n.since"),
    ),
)
EXTRA = RECORDS.EXTRA


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    RECORDS.check(batch)


def write(batch: Batch) -> None:
    """Write what is new. Of each client, person and channel what was said before ends with it, as by hand."""
    batch.run(
        f"""UPDATE crm_consentrecord r SET until = n.since FROM (
                SELECT client_id, person_id, channel, min(since) AS since FROM import_clean
                WHERE outcome = 'create' GROUP BY client_id, person_id, channel
            ) n WHERE {ALIKE.format("n")} AND r.until IS NULL AND r.since <= n.since"""
    )
    RECORDS.write(batch)
    batch.run(
        f"""UPDATE crm_consentrecord r SET until = later.since FROM (
                SELECT r.id, min(o.since) AS since FROM import_clean n JOIN crm_consentrecord r ON {ALIKE.format("n")}
                JOIN crm_consentrecord o ON {ALIKE.format("o")} AND o.since > r.since
                WHERE n.outcome = 'create' AND r.until IS NULL GROUP BY r.id
            ) later WHERE later.id = r.id"""
    )
