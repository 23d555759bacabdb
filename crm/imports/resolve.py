"""From what a file calls things to their rows: clients, industries, regions, relationship managers."""

from __future__ import annotations

import difflib
import hashlib

from django.utils.text import slugify

from crm.imports.batch import Batch, as_json
from crm.imports.copying import CopyInto
from crm.imports.values import shown
from crm.models import Role

REFERENCES = {"industry": "crm_industry", "region": "crm_region"}


def find_clients(
    batch: Batch, *, may_be_new: bool = False, field: str = "client", seen: bool = False
) -> None:
    """Set `client_id` where `client` is the code, registration number or exact name of a client one may write to; with
    `seen`, of one that one may see. Another `field` names another client.

    What was merged into another client is found there.
    A client of somebody else's book is refused in the same words as one that does not exist; where clients `may_be_new`
    neither is refused here.
    """
    within = batch.readable("{0}") if seen else batch.holdable("{0}")
    for column in ("code", "registration_number"):
        batch.run(
            f"""UPDATE import_clean n SET {field}_id = s.id
                FROM crm_client c JOIN crm_client s ON s.id = coalesce(c.merged_into_id, c.id)
                WHERE n.{field}_id IS NULL AND c.{column} = n.{field} AND {within.format("s")}"""
        )
    by_name = " UNION ".join(
        f"""SELECT w.client, c.id FROM wanted w JOIN crm_client c
            ON crm_name_key(c.{name}) = w.client AND c.{name} <> ''
            AND c.merged_into_id IS NULL AND {within.format("c")}"""
        for name in ("name_en", "name_zh")
    )
    batch.temporary(
        "import_named",
        f"""WITH wanted AS MATERIALIZED (
                SELECT DISTINCT {field} AS client FROM import_clean WHERE {field}_id IS NULL AND {field} IS NOT NULL
            )
            SELECT client, min(id) AS id, count(*) AS found FROM ({by_name}) named GROUP BY client""",
    )
    batch.run(
        f"""UPDATE import_clean n SET {field}_id = m.id FROM import_named m
           WHERE m.client = n.{field} AND m.found = 1 AND n.{field}_id IS NULL"""
    )
    value = f"jsonb_build_object('value', n.{field})"
    many = f"EXISTS (SELECT FROM import_named m WHERE m.client = n.{field} AND m.found > 1)"
    lost = f"n.{field} IS NOT NULL AND n.{field}_id IS NULL"
    batch.refuse("ambiguous_client", field, f"{lost} AND {many}", params=value)
    if not may_be_new:
        batch.refuse("unknown_client", field, f"{lost} AND NOT {many}", params=value)


def find_references(batch: Batch) -> None:
    """Set `industry_id` and `region_id` by code or name in either language; issues for unknown ones not to be added."""
    for field, table in REFERENCES.items():
        if field not in batch.given:
            continue
        _match(batch, field, table)
        unknown = _unknown(batch, field)
        if unknown and not batch.may_add_reference_data:
            _refuse_unknown(batch, field, table, unknown)


def add_references(batch: Batch) -> None:
    """Make rows for the industries and regions that accepted rows name and nobody knows yet."""
    for field, table in REFERENCES.items():
        if field not in batch.given:
            continue
        names = _unknown(batch, field, "outcome IN ('create', 'update')")
        batch.records[field] = len(names)
        if not names:
            continue
        taken = {code for (code,) in batch.rows(f"SELECT code FROM {table}")}
        with CopyInto(table, _columns(table)) as rows:
            for name in names:
                code = _code(name, taken)
                taken.add(code)
                rows.add(
                    (code, name, "" if name.isascii() else name, *([""] if table == "crm_region" else []))
                )
        _match(batch, field, table)


def find_managers(batch: Batch) -> None:
    """Set `rm_id` from user names; nobody may give clients to whom they could not assign them."""
    if "rm" not in batch.given:
        return
    batch.run(
        """UPDATE import_clean n SET rm_id = u.id, rm_team_id = u.team_id FROM crm_user u
           WHERE u.username = n.rm AND u.role = %(role)s AND u.is_active""",
        role=Role.RM,
    )
    allowed = "true"
    if not batch.is_unrestricted and batch.user:
        is_rm = batch.user.role == Role.RM
        allowed = "n.rm_id = %(user)s" if is_rm else "n.rm_team_id = %(team)s"
    batch.refuse(
        "unknown_rm",
        "rm",
        f"n.rm IS NOT NULL AND ({allowed}) IS NOT TRUE OR n.rm IS NOT NULL AND n.rm_id IS NULL",
        params="jsonb_build_object('value', n.rm)",
    )


def find_own_projects(batch: Batch) -> None:
    """Set `project_id` from the code of a project that the client takes part in; any other is refused."""
    batch.run(
        """UPDATE import_clean n SET project_id = p.id FROM crm_project p
           WHERE p.code = n.project
           AND EXISTS (SELECT FROM crm_participation a WHERE a.project_id = p.id AND a.client_id = n.client_id)"""
    )
    batch.refuse(
        "not_the_clients_project",
        "project",
        "n.client_id IS NOT NULL AND n.project IS NOT NULL AND n.project_id IS NULL",
        params="jsonb_build_object('value', n.project)",
    )


def find_facilities(batch: Batch) -> None:
    """Set `facility_id` from the number of a facility of a client one may write to."""
    batch.run(
        f"""UPDATE import_clean n SET facility_id = f.id FROM crm_facility f JOIN crm_client c ON c.id = f.client_id
            WHERE f.number = n.facility AND {batch.holdable("c")}"""
    )
    batch.refuse(
        "unknown_facility",
        "facility",
        "n.facility IS NOT NULL AND n.facility_id IS NULL",
        params="jsonb_build_object('value', n.facility)",
    )


def find_people(batch: Batch, field: str) -> None:
    """Set the id of the user that a field names by user name, else by a name that one user alone has."""
    if field not in batch.given:
        return
    batch.run(
        f"""UPDATE import_clean n SET {field}_id = u.id FROM crm_user u
            WHERE lower(u.username) = lower(n.{field})"""
    )
    batch.run(
        f"""UPDATE import_clean n SET {field}_id = u.id FROM (
                SELECT lower(said) AS said, min(id) AS id FROM crm_user, unnest(ARRAY[name, name_zh]) AS said
                WHERE said <> '' GROUP BY lower(said) HAVING count(DISTINCT id) = 1
            ) u WHERE n.{field}_id IS NULL AND u.said = lower(n.{field})"""
    )
    batch.refuse(
        "unknown_user",
        field,
        f"n.{field} IS NOT NULL AND n.{field}_id IS NULL",
        params=f"jsonb_build_object('value', n.{field})",
    )


def _match(batch: Batch, field: str, table: str) -> None:
    batch.run(
        f"""UPDATE import_clean n SET {field}_id = r.id, {field} = r.name
            FROM (SELECT DISTINCT ON (said) said, id, name FROM (
                SELECT lower(crm_name_key(unnest(ARRAY[code, name, name_zh]))) AS said, id, name FROM {table}
            ) names WHERE said <> '' ORDER BY said, id) r
            WHERE r.said = lower(n.{field}) AND n.{field}_id IS NULL"""
    )


def _unknown(batch: Batch, field: str, where: str = "true") -> list[str]:
    found = batch.rows(
        f"""SELECT DISTINCT ON (lower({field})) {field} FROM import_clean
            WHERE {field} IS NOT NULL AND {field}_id IS NULL AND {where} ORDER BY lower({field}), line"""
    )
    return [name for (name,) in found]


def _refuse_unknown(batch: Batch, field: str, table: str, unknown: list[str]) -> None:
    known = [name for pair in batch.rows(f"SELECT name, name_zh FROM {table}") for name in pair if name]
    for name in unknown:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        params = {"value": shown(name)} | ({"near": near[0]} if near else {})
        batch.refuse(
            f"unknown_{field}_near" if near else f"unknown_{field}",
            field,
            f"n.{field}_id IS NULL AND lower(n.{field}) = lower(%(name)s)",
            params="%(issue_params)s",
            name=name,
            issue_params=as_json(params),
        )


def _columns(table: str) -> tuple[str, ...]:
    return ("code", "name", "name_zh", "city_tier") if table == "crm_region" else ("code", "name", "name_zh")


def _code(name: str, taken: set[str]) -> str:
    code = slugify(name, allow_unicode=True)[:50]
    if not code or code in taken:
        code = f"{code}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".lstrip("-")
    return code
