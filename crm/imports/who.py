"""People at clients, numbers that identify clients, addresses, and relations between clients."""

from collections.abc import Sequence
from functools import partial

from crm.imports import twins_of_people
from crm.imports.batch import Batch
from crm.imports.records import CONSENT_HAS_ITS_DAY, Records, Rule, not_to_come
from crm.imports.resolve import find_clients, find_references
from crm.models import Address, ContactPerson, IdentityNumber, Relation

OF_CLIENT = {"client_id": "bigint"}
DAYS = "daterange(coalesce(n.since, t.since), coalesce(n.until, t.until))"

PEOPLE = Records(
    model=ContactPerson,
    counted="people",
    key={"client_id": "r.client_id", "name_key": "crm_name_key(r.name)"},
    prepare={"name_key": "crm_name_key(name)"},
    alive="r.ended_on IS NULL",
    fixed=("client_id", "name", "sort_key"),
    columns=(
        "position",
        "roles",
        "email",
        "language",
        "do_not_contact",
        "consent",
        "consent_on",
        "note",
        "phone_fingerprint",
    ),
    silent=("phone_sealed", "phone_hint"),
    defaults={
        **dict.fromkeys(
            ("position", "email", "language", "note", "phone_fingerprint", "phone_sealed", "phone_hint"), "''"
        ),
        "roles": "'{}'::varchar[]",
        "do_not_contact": "false",
        "consent": "'not_asked'",
    },
    also={"version": "1"},
    extra={
        **OF_CLIENT,
        **dict.fromkeys(("name_key", "phone_sealed", "phone_fingerprint", "phone_hint", "sort_key"), "text"),
    },
    resolve=(find_clients,),
    rules=(
        twins_of_people.ask,
        CONSENT_HAS_ITS_DAY,
        not_to_come("consent_on"),
    ),
)


def _kinds(kinds: Sequence[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


NUMBER_OF_A_KIND = f"""EXISTS (SELECT FROM crm_client c WHERE c.id = n.client_id AND n.kind IN (
    SELECT unnest(CASE WHEN c.kind = 'individual' THEN ARRAY[{_kinds(IdentityNumber.OF_ORGANISATIONS)}]
                       ELSE ARRAY[{_kinds(IdentityNumber.OF_PERSONS)}] END)))"""

NUMBERS = Records(
    model=IdentityNumber,
    counted="numbers",
    key={"client_id": "r.client_id", "fingerprint": "r.fingerprint"},
    prepare={"country": "upper(country)"},
    alive="r.ended_on IS NULL",
    fixed=("client_id", "fingerprint", "sealed", "hint"),
    columns=("kind", "country", "expires_on", "note"),
    defaults=dict.fromkeys(("country", "note"), "''"),
    also={"version": "1"},
    extra={**OF_CLIENT, **dict.fromkeys(("fault", "sealed", "fingerprint", "hint"), "text")},
    resolve=(find_clients,),
    rules=(
        *(
            Rule(code=f"number_{fault}", field="number", where=f"n.fault = '{fault}'")
            for fault in ("form", "check", "length")
        ),
        Rule(code="number_of_another_kind", field="kind", where=NUMBER_OF_A_KIND),
        Rule(
            code="not_a_country",
            field="country",
            where="n.country !~ '^[A-Z]{2}$'",
            params="jsonb_build_object('value', n.country)",
        ),
        Rule(
            code="number_of_another_client",
            field="number",
            where="""EXISTS (SELECT FROM crm_identitynumber o WHERE o.fingerprint = n.fingerprint AND o.ended_on IS NULL
                             AND o.client_id <> n.client_id)
                     OR EXISTS (SELECT FROM import_clean o WHERE o.fingerprint = n.fingerprint
                                AND o.client_id <> n.client_id)""",
        ),
    ),
)

ADDRESSES = Records(
    model=Address,
    counted="addresses",
    key={
        "client_id": "r.client_id",
        "kind": "r.kind",
        "text_key": "CASE WHEN r.kind = 'registered' THEN '' ELSE lower(r.text) END",
    },
    prepare={
        "kind": "coalesce(kind, 'office')",
        "text_key": "CASE WHEN kind = 'registered' THEN '' ELSE lower(text) END",
    },
    alive="r.ended_on IS NULL",
    fixed=("client_id", "kind"),
    columns=("text", "postcode", "region"),
    defaults={"postcode": "''"},
    also={"version": "1"},
    extra={**OF_CLIENT, "text_key": "text", "region_id": "bigint"},
    resolve=(find_clients, find_references),
)


def refuse_circles(batch: Batch) -> None:
    """Control must not lead back to where it began, whether the rest of the circle is known or stands in the file."""
    if not batch.rows("SELECT FROM import_clean WHERE kind = 'parent' AND outcome IS NULL LIMIT 1"):
        return
    batch.temporary(
        "import_control",
        """SELECT client_id, party_id, daterange(since, until) AS days FROM crm_relation WHERE kind = 'parent'
           UNION ALL SELECT client_id, party_id, daterange(since, until) FROM import_clean
           WHERE kind = 'parent' AND client_id <> party_id AND target_id IS NULL""",
    )
    batch.refuse(
        "relation_in_a_circle",
        "party",
        """n.kind = 'parent' AND n.client_id <> n.party_id AND EXISTS (
               WITH RECURSIVE above (id, days) AS (
                   SELECT n.party_id, daterange(n.since, n.until)
                   UNION SELECT c.party_id, a.days * c.days FROM above a JOIN import_control c ON c.client_id = a.id
                   WHERE a.days && c.days)
               SELECT FROM above WHERE id = n.client_id)""",
        params="jsonb_build_object('value', n.party)",
    )


def refuse_overlaps(batch: Batch) -> None:
    """A client has one parent at a time, and a relation stands once for each day."""
    same = "o.client_id = n.client_id AND o.kind = n.kind AND (n.kind = 'parent' OR o.party_id = n.party_id)"
    batch.refuse(
        "relation_overlaps",
        "since",
        f"""EXISTS (SELECT FROM crm_relation o WHERE {same} AND o.id IS DISTINCT FROM n.target_id
                    AND daterange(o.since, o.until) && {DAYS})
            OR EXISTS (SELECT FROM import_clean o WHERE {same} AND o.line < n.line AND o.outcome IS NULL
                       AND (o.party_id, o.kind) IS DISTINCT FROM (n.party_id, n.kind)
                       AND daterange(o.since, o.until) && {DAYS})""",
        tables="import_clean n LEFT JOIN crm_relation t ON t.id = n.target_id",
    )


RELATIONS = Records(
    model=Relation,
    counted="relations",
    key={"client_id": "r.client_id", "party_id": "r.party_id", "kind": "r.kind"},
    alive="(r.until IS NULL OR r.until > %(today)s)",
    fixed=("client_id", "party_id", "kind"),
    columns=("share", "amount", "since", "until", "note"),
    defaults={"note": "''"},
    also={"version": "1"},
    extra={**OF_CLIENT, "party_id": "bigint"},
    resolve=(find_clients, partial(find_clients, field="party", seen=True)),
    rules=(
        Rule(code="relation_with_itself", field="party", where="n.client_id = n.party_id"),
        Rule(
            code="relation_controls_a_person",
            field="kind",
            where="n.kind = 'parent' AND (SELECT c.kind FROM crm_client c WHERE c.id = n.client_id) = 'individual'",
        ),
        Rule(
            code="relation_share_of_others",
            field="share",
            where="n.share IS NOT NULL AND (n.share <= 0 OR n.kind NOT IN ('parent', 'shareholder'))",
        ),
        Rule(
            code="relation_amount_of_others",
            field="amount",
            where="n.amount IS NOT NULL AND (n.amount <= 0 OR n.kind <> 'guarantor')",
        ),
        Rule(
            code="relation_says_nothing",
            field="note",
            where="n.kind = 'related' AND coalesce(n.note, t.note, '') = ''",
        ),
        Rule(
            code="until_before_since",
            field="until",
            where="coalesce(n.until, t.until) <= coalesce(n.since, t.since)",
        ),
        refuse_overlaps,
        refuse_circles,
    ),
)
