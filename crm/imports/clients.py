"""Clients: found again by code, else registration number, else name and region; written where something is distinct."""

from crm.imports import own_fields, twins
from crm.imports.batch import Batch
from crm.imports.merging import differs, given, initial, merged
from crm.imports.refusals import refuse_nameless
from crm.imports.resolve import add_references, find_managers, find_references
from crm.models import Role

EXTRA = {
    "name_sort": "text",
    "identity": "text",
    "client_id": "bigint",
    "industry_id": "bigint",
    "region_id": "bigint",
    "rm_id": "bigint",
    "rm_team_id": "bigint",
    "holder_id": "bigint",
}
PLAIN = (
    "kind",
    "name_en",
    "name_zh",
    "registration_number",
    "life_cycle",
    "size_class",
    "risk_appetite",
    "demand_level",
    "status",
    "registered_capital",
    "employees",
    "client_since",
)
FIELDS = (*PLAIN, "industry", "region", "rm")
DEFAULTS = {"kind": "'corporate'", "status": "'potential'"}
NULLABLE = ("registration_number", "registered_capital", "employees", "client_since")
UNAVAILABLE = "jsonb_build_object('value', coalesce(n.code, n.registration_number, n.name_zh, n.name_en))"


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    find_references(batch)
    find_managers(batch)
    _identify(batch)
    fields = given(batch, FIELDS)
    _settle(batch, fields)
    if twins.ask(batch):  # a row that changes a client after all may break a rule now, or repeat another
        _settle(batch, fields)
    batch.run(
        f"""UPDATE import_clean n SET outcome = CASE WHEN m.client_id IS NULL THEN 'create'
                WHEN {differs(fields, "m", "c")} OR {own_fields.differs(batch, "m")} THEN 'update' ELSE 'same' END
            FROM import_clean m LEFT JOIN crm_client c ON c.id = m.client_id
            WHERE m.line = n.line AND n.outcome IS NULL"""
    )
    batch.note(fields, "crm_client", "client_id")
    own_fields.note(batch)


def write(batch: Batch) -> None:
    """Write what `check` found to be new or changed."""
    add_references(batch)
    batch.records["clients"] = _insert(batch)
    batch.records["clients_changed"] = _update(batch)
    own_fields.write(batch)


def _settle(batch: Batch, fields: list[str]) -> None:
    """Settle the rows that break a rule or repeat another."""
    _refuse_broken(batch)
    own_fields.refuse_strangers(batch)
    batch.settle_refusals()
    batch.settle_repeats(["identity"], [*fields, *own_fields.names(batch)])
    _refuse_shared_numbers(batch)
    batch.settle_refusals()


def _identify(batch: Batch) -> None:
    """Set `client_id` of known clients, and `identity`: the code that the client has or will get.

    A row without a code gets one made of its registration number, or else of its name and region, so that the same file
    finds the same clients again.
    """
    batch.run(
        """UPDATE import_clean n SET identity = n.code, client_id = c.id FROM import_clean m
           LEFT JOIN crm_client c ON c.code = m.code WHERE m.line = n.line AND n.code IS NOT NULL"""
    )
    batch.run(
        """UPDATE import_clean n SET identity = c.code, client_id = c.id FROM crm_client c
           WHERE n.code IS NULL AND c.registration_number = n.registration_number"""
    )
    _find_by_name(batch)
    batch.run(
        """UPDATE import_clean SET identity = 'N' || upper(left(encode(sha256(convert_to(
               coalesce(registration_number, concat_ws('|', coalesce(name_zh, name_en), region)), 'UTF8')), 'hex'), 15))
           WHERE identity IS NULL AND coalesce(registration_number, name_zh, name_en) IS NOT NULL"""
    )
    batch.run(
        """UPDATE import_clean n SET client_id = c.id FROM crm_client c
           WHERE n.client_id IS NULL AND c.code = n.identity"""
    )
    batch.run(
        """UPDATE import_clean n SET client_id = s.id, identity = s.code
           FROM crm_client c JOIN crm_client s ON s.id = c.merged_into_id WHERE c.id = n.client_id"""
    )
    batch.run(
        "UPDATE import_clean n SET holder_id = c.id FROM crm_client c "
        f"WHERE c.id = n.client_id AND {batch.holdable('c')}"
    )
    batch.run(
        "SELECT FROM crm_client WHERE id IN (SELECT holder_id FROM import_clean) ORDER BY id FOR UPDATE"
    )


def _find_by_name(batch: Batch) -> None:
    """Rows with neither code nor number: by name and region, among the clients one may write to."""
    names = " UNION ".join(
        f"""SELECT n.line, c.id, c.code FROM import_clean n JOIN crm_client c ON c.{name} <> ''
            AND crm_name_key(c.{name}) = n.{name} AND c.merged_into_id IS NULL AND {batch.holdable("c")}
            AND (n.region IS NULL OR c.region_id = n.region_id)
            WHERE n.code IS NULL AND n.registration_number IS NULL"""
        for name in ("name_en", "name_zh")
    )
    batch.temporary(
        "import_named",
        f"SELECT line, min(id) AS id, min(code) AS code, count(*) AS found FROM ({names}) named GROUP BY line",
    )
    batch.run(
        """UPDATE import_clean n SET client_id = m.id, identity = m.code FROM import_named m
           WHERE m.line = n.line AND m.found = 1"""
    )
    batch.refuse(
        "ambiguous_client",
        "name",
        "EXISTS (SELECT FROM import_named m WHERE m.line = n.line AND m.found > 1)",
        params="jsonb_build_object('value', coalesce(n.name_zh, n.name_en))",
    )


def _refuse_broken(batch: Batch) -> None:
    joined = "import_clean n LEFT JOIN crm_client c ON c.id = n.client_id"
    batch.refuse(
        "code_unavailable", "code", "n.client_id IS NOT NULL AND n.holder_id IS NULL", params=UNAVAILABLE
    )
    refuse_nameless(batch, "client_id")
    batch.refuse(
        "individual_with_registration_number",
        "registration_number",
        """(n.holder_id IS NOT NULL OR n.client_id IS NULL) AND coalesce(n.kind, c.kind) = 'individual'
           AND coalesce(n.registration_number, c.registration_number) IS NOT NULL""",
        tables=joined,
    )
    batch.refuse(
        "registration_number_taken",
        "registration_number",
        """EXISTS (SELECT FROM crm_client o WHERE o.registration_number = n.registration_number
           AND o.id IS DISTINCT FROM n.client_id)""",
        params="jsonb_build_object('value', n.registration_number)",
    )


def _refuse_shared_numbers(batch: Batch) -> None:
    batch.refuse(
        "registration_number_repeated",
        "registration_number",
        "f.registration_number = n.registration_number AND f.identity <> n.identity",
        tables="""import_clean n, (
            SELECT DISTINCT ON (registration_number) registration_number, line, identity FROM import_clean
            WHERE outcome IS NULL AND registration_number IS NOT NULL ORDER BY registration_number, line) f""",
        params="jsonb_build_object('value', n.registration_number, 'line', f.line)",
    )


def _insert(batch: Batch) -> int:
    user = batch.user
    own_rm = "%(user)s::bigint" if user and user.role == Role.RM else "NULL::bigint"
    own_team = "NULL::bigint" if batch.is_unrestricted else "%(team)s::bigint"
    return batch.run(
        f"""INSERT INTO crm_client (code, {", ".join(PLAIN)}, sort_key, industry_id, region_id, rm_id, team_id,
                                    version, created_at)
            SELECT n.identity, {initial(PLAIN, "n", NULLABLE, DEFAULTS)}, n.name_sort, n.industry_id, n.region_id,
                   coalesce(n.rm_id, {own_rm}), coalesce(n.rm_team_id, {own_team}), 1, now()
            FROM import_clean n WHERE n.outcome = 'create' ORDER BY n.line"""
    )


def _update(batch: Batch) -> int:
    return batch.run(
        f"""UPDATE crm_client c SET {merged(FIELDS, "n", "c")}, team_id = coalesce(n.rm_team_id, c.team_id),
                sort_key = CASE WHEN n.name_zh IS NOT NULL OR c.name_zh = '' THEN coalesce(n.name_sort, c.sort_key)
                                ELSE c.sort_key END,
                version = c.version + 1
            FROM import_clean n WHERE n.client_id = c.id AND n.outcome = 'update'"""
    )
