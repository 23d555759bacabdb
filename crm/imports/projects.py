"""Projects and participations: a row per project and client."""

from crm.imports import sponsors
from crm.imports.batch import Batch
from crm.imports.merging import differs, given, initial, merged
from crm.imports.refusals import refuse_nameless
from crm.imports.resolve import add_references, find_clients, find_references

EXTRA = {
    "name_sort": "text",
    "client_id": "bigint",
    "project_id": "bigint",
    "participation_id": "bigint",
    "industry_id": "bigint",
    "region_id": "bigint",
}
DATES = ("disclosed_on", "approved_on", "signed_on", "invested_on", "completed_on")
PLAIN = ("name_en", "name_zh", "status", "es_category", "amount", "capex", "currency", "description", *DATES)
FIELDS = (*PLAIN, "industry", "region")
SHARE = ("revenue_share", "since", "until")
DEFAULTS = {"status": "'proposed'", "currency": "'CNY'"}
NULLABLE = ("amount", "capex", *DATES)
CODE = "jsonb_build_object('value', n.code)"


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    batch.run("UPDATE import_clean SET part = 'borrower' WHERE part IS NULL")
    find_references(batch)
    find_clients(batch)
    batch.run("UPDATE import_clean n SET project_id = p.id FROM crm_project p WHERE p.code = n.code")
    batch.run(
        "SELECT FROM crm_project WHERE id IN (SELECT project_id FROM import_clean) ORDER BY id FOR UPDATE"
    )
    batch.run(
        """UPDATE import_clean n SET participation_id = a.id FROM crm_participation a
           WHERE a.project_id = n.project_id AND a.client_id = n.client_id AND a.part = n.part"""
    )
    _refuse_broken(batch)
    sponsors.gather(batch)
    batch.settle_refusals()
    batch.settle_repeats(["code", "client_id", "part"], given(batch, (*FIELDS, *SHARE)))
    batch.settle_contradictions(["code"], given(batch, FIELDS))
    batch.run(
        f"""UPDATE import_clean n SET outcome = CASE
                WHEN m.project_id IS NULL OR m.client_id IS NOT NULL AND m.participation_id IS NULL
                    OR {sponsors.lacking(batch, "m.project_id")} THEN 'create'
                WHEN {_project_differs(batch)} OR {_part_differs(batch)} THEN 'update' ELSE 'same' END
            FROM import_clean m LEFT JOIN crm_project p ON p.id = m.project_id
                LEFT JOIN crm_participation a ON a.id = m.participation_id
            WHERE m.line = n.line AND n.outcome IS NULL"""
    )
    batch.note(given(batch, FIELDS), "crm_project", "project_id")
    batch.note(given(batch, SHARE), "crm_participation", "participation_id")


def write(batch: Batch) -> None:
    """Write what `check` found to be new or changed."""
    add_references(batch)
    batch.records["projects"] = _insert_projects(batch)
    batch.records["projects_changed"] = _update_projects(batch)
    batch.records["participations"] = batch.run(
        """INSERT INTO crm_participation (client_id, project_id, part, revenue_share, since, until)
           SELECT n.client_id, p.id, n.part, n.revenue_share, n.since, n.until
           FROM import_clean n JOIN crm_project p ON p.code = n.code
           WHERE n.outcome = 'create' AND n.client_id IS NOT NULL AND n.participation_id IS NULL ORDER BY n.line"""
    )
    batch.records["participations_changed"] = batch.run(
        f"""UPDATE crm_participation a SET {merged(SHARE, "m", "a")} FROM import_clean m
            WHERE a.id = m.participation_id AND m.outcome = 'update' AND ({_part_differs(batch)})"""
    )
    sponsors.write(batch)


def _refuse_broken(batch: Batch) -> None:
    refuse_nameless(batch, "project_id")
    batch.refuse(
        "until_before_since",
        "until",
        "coalesce(n.until, a.until) <= coalesce(n.since, a.since)",
        tables="import_clean n LEFT JOIN crm_participation a ON a.id = n.participation_id",
    )
    if batch.is_unrestricted:
        return
    batch.refuse("client_required", "client", "n.client IS NULL")
    batch.refuse(
        "code_unavailable",
        "code",
        f"""n.project_id IS NOT NULL AND NOT EXISTS (SELECT FROM crm_participation a JOIN crm_client c
            ON c.id = a.client_id WHERE a.project_id = n.project_id AND {batch.holdable("c")})""",
        params=CODE,
    )


def _project_differs(batch: Batch) -> str:
    return differs(given(batch, FIELDS), "m", "p")


def _part_differs(batch: Batch) -> str:
    return differs(given(batch, SHARE), "m", "a")


def _insert_projects(batch: Batch) -> int:
    return batch.run(
        f"""INSERT INTO crm_project (code, {", ".join(PLAIN)}, sort_key, industry_id, region_id, created_at)
            SELECT DISTINCT ON (n.code) n.code, {initial(PLAIN, "n", NULLABLE, DEFAULTS)}, n.name_sort,
                   n.industry_id, n.region_id, now()
            FROM import_clean n WHERE n.outcome = 'create' AND n.project_id IS NULL ORDER BY n.code, n.line"""
    )


def _update_projects(batch: Batch) -> int:
    return batch.run(
        f"""UPDATE crm_project p SET {merged(FIELDS, "m", "p")},
                sort_key = CASE WHEN m.name_zh IS NOT NULL OR p.name_zh = '' THEN coalesce(m.name_sort, p.sort_key)
                                ELSE p.sort_key END
            FROM import_clean m
            WHERE p.id = m.project_id AND m.outcome IN ('create', 'update') AND ({_project_differs(batch)})"""
    )
