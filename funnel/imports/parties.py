"""Clients, projects and people that events name: found, or made by name."""

from __future__ import annotations

from crm.imports.batch import Batch
from crm.imports.copying import CopyInto
from crm.imports.resolve import find_clients, find_people
from crm.imports.sponsors import MADE_CODE
from crm.models import Role
from crm.names import clean_name, sort_key

CHINESE = "'[㐀-鿿]'"
VALUE = "jsonb_build_object('value', n.{})"


def resolve(batch: Batch) -> None:
    """Set `client_id`, `project_id` and `by_id` where they are there; a client that is not will be made."""
    find_clients(batch, may_be_new=True)
    batch.run(
        f"""UPDATE import_clean SET client_code = {MADE_CODE.format("client")}
            WHERE client_id IS NULL AND client IS NOT NULL"""
    )
    batch.run(
        f"""UPDATE import_clean n SET client_id = c.id FROM crm_client c
            WHERE c.code = n.client_code AND {batch.holdable("c")}"""
    )
    batch.refuse(
        "code_unavailable",
        "client",
        "n.client_id IS NULL AND EXISTS (SELECT FROM crm_client c WHERE c.code = n.client_code)",
        params=VALUE.format("client"),
    )
    _find_projects(batch)
    _find_movers(batch)


def _find_projects(batch: Batch) -> None:
    """By code, else by name among the projects that the client takes part in, else by the code made of the name."""
    if "project" not in batch.given:
        return
    part = "SELECT FROM crm_participation a WHERE a.project_id = p.id AND a.client_id = n.client_id"
    batch.run(
        f"UPDATE import_clean n SET project_id = p.id FROM crm_project p WHERE p.code = n.project AND EXISTS ({part})"
    )
    for name in ("name_en", "name_zh"):
        batch.run(
            f"""UPDATE import_clean n SET project_id = p.id
                FROM crm_participation a JOIN crm_project p ON p.id = a.project_id
                WHERE n.project_id IS NULL AND a.client_id = n.client_id AND p.{name} = n.project"""
        )
    batch.run(
        f"""UPDATE import_clean n SET project_code = {MADE_CODE.format("concat_ws('|', client, project)")}
            WHERE project_id IS NULL AND project IS NOT NULL"""
    )
    batch.run("UPDATE import_clean n SET project_id = p.id FROM crm_project p WHERE p.code = n.project_code")


def _find_movers(batch: Batch) -> None:
    """Who moved a case; where nobody is named, who imports the file."""
    find_people(batch, "by")
    if batch.user is None:
        batch.refuse("mover_required", "by", "n.by IS NULL")


def make(batch: Batch) -> None:
    """Make the clients and projects of accepted rows, and the clients' part in the projects."""
    batch.records["new_clients"] = _make_clients(batch)
    batch.run(
        """UPDATE import_clean n SET client_id = c.id FROM crm_client c
           WHERE n.client_id IS NULL AND c.code = n.client_code"""
    )
    if "project" in batch.given:
        batch.records["new_projects"] = _make_projects(batch)


def _make_clients(batch: Batch) -> int:
    names = batch.rows(
        """SELECT DISTINCT ON (client_code) client_code, client FROM import_clean
           WHERE outcome = 'create' AND client_id IS NULL ORDER BY client_code, line"""
    )
    batch.run("DROP TABLE IF EXISTS import_name")
    batch.run(
        "CREATE TEMP TABLE import_name (code text, name text, chinese boolean, sort text) ON COMMIT DROP"
    )
    with CopyInto("import_name", ("code", "name", "chinese", "sort")) as rows:
        for code, said in names:
            name, chinese = clean_name(said), _is_chinese(said)
            rows.add((code, name, "t" if chinese else "f", sort_key(name if chinese else "", name)))
    own_rm = "%(user)s::bigint" if batch.user and batch.user.role == Role.RM else "NULL::bigint"
    own_team = "NULL::bigint" if batch.is_unrestricted else "%(team)s::bigint"
    return batch.run(
        f"""INSERT INTO crm_client (code, kind, status, name_en, name_zh, sort_key, industry_id, region_id, rm_id,
                                    team_id, life_cycle, size_class, risk_appetite, demand_level, version, created_at)
            SELECT m.code, 'corporate', 'potential', CASE WHEN m.chinese THEN '' ELSE m.name END,
                   CASE WHEN m.chinese THEN m.name ELSE '' END, m.sort, f.industry_id, f.region_id, {own_rm}, {own_team},
                   '', '', '', '', 1, now()
            FROM import_name m JOIN (
                SELECT DISTINCT ON (client_code) client_code, industry_id, region_id FROM import_clean
                WHERE outcome = 'create' ORDER BY client_code, line
            ) f ON f.client_code = m.code ORDER BY m.code"""
    )


def _is_chinese(name: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in name)


def _make_projects(batch: Batch) -> int:
    made = batch.run(
        f"""INSERT INTO crm_project (code, name_en, name_zh, status, es_category, currency, industry_id, region_id,
                                     created_at)
            SELECT DISTINCT ON (n.project_code) n.project_code,
                   CASE WHEN n.project ~ {CHINESE} THEN '' ELSE n.project END,
                   CASE WHEN n.project ~ {CHINESE} THEN n.project ELSE '' END,
                   'proposed', '', n.currency, n.industry_id, n.region_id, now()
            FROM import_clean n WHERE n.outcome = 'create' AND n.project_id IS NULL AND n.project_code IS NOT NULL
            ORDER BY n.project_code, n.line"""
    )
    batch.run(
        """UPDATE import_clean n SET project_id = p.id FROM crm_project p
           WHERE n.project_id IS NULL AND p.code = n.project_code"""
    )
    batch.run(
        """INSERT INTO crm_participation (client_id, project_id, part)
           SELECT DISTINCT n.client_id, n.project_id, 'borrower' FROM import_clean n
           WHERE n.outcome = 'create' AND n.project_id IS NOT NULL AND n.client_id IS NOT NULL
           ON CONFLICT DO NOTHING"""
    )
    return made
