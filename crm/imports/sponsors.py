"""Several sponsors of a project in one cell, as “Saur (50% / France), NWS (25%)”.

They are found, or made by name, and take part in the project with the share of each.
"""

from __future__ import annotations

import re

from crm.imports.batch import Batch, as_json
from crm.imports.copying import CopyInto
from crm.imports.kinds.common import CHINESE
from crm.imports.values import shown
from crm.models import ImportIssue
from crm.names import clean_name, sort_key

ONE = re.compile(r"\s*(?P<name>.+?)\s*\(\s*(?P<share>[\d.]+)?\s*%?\s*(?:/[^()]*)?\)\s*(?:[,;，；]|$)")
PERCENT = re.compile(r"\d+(?:\.\d+)?")
MADE_CODE = "'N' || upper(left(encode(sha256(convert_to({}, 'UTF8')), 'hex'), 15))"
"""The code of what is made by name: the same name leads to the same record again."""


def gather(batch: Batch) -> None:
    """Fill `import_sponsor` with a row per sponsor; issues for what cannot be read and for sponsors nobody knows."""
    if "sponsors" not in batch.given:
        return
    batch.run("DROP TABLE IF EXISTS import_sponsor")
    batch.run(
        """CREATE TEMP TABLE import_sponsor (line int, name text, sort text, chinese boolean, share float8, code text,
               client_id bigint) ON COMMIT DROP"""
    )
    cells = batch.rows("SELECT line, sponsors FROM import_clean WHERE sponsors IS NOT NULL ORDER BY line")
    issues = CopyInto(ImportIssue._meta.db_table, ("job_id", "line", "field", "code", "params"))
    rows = CopyInto("import_sponsor", ("line", "name", "sort", "chinese", "share"))
    with rows, issues:
        for line, cell in cells:
            found = read(cell)
            for name, share in found:
                chinese = bool(CHINESE.search(name))
                rows.add(
                    (line, name, sort_key(name if chinese else "", name), "t" if chinese else "f", share)
                )
            if not found:
                params = as_json({"value": shown(cell)})
                issues.add((batch.job.pk, line, "sponsors", "sponsors_unreadable", params))
    _find(batch)


def read(cell: str) -> list[tuple[str, float | None]]:
    """Names with their shares (0–1; None where it is not known); nothing where a part of the cell cannot be read."""
    if ONE.sub("", cell).strip():
        return []
    found = [(clean_name(one["name"]), _share(one["share"])) for one in ONE.finditer(cell)]
    return [] if any(share is not None and share > 1 for _name, share in found) else found


def _share(percent: str | None) -> float | None:
    return float(percent) / 100 if percent and PERCENT.fullmatch(percent) else None


def _find(batch: Batch) -> None:
    batch.run(f"UPDATE import_sponsor SET code = {MADE_CODE.format('name')}")
    for name in ("name_en", "name_zh"):
        batch.run(
            f"""UPDATE import_sponsor s SET client_id = c.id FROM crm_client c
                WHERE s.client_id IS NULL AND c.{name} <> '' AND crm_name_key(c.{name}) = crm_name_key(s.name)
                  AND c.merged_into_id IS NULL AND {batch.holdable("c")}"""
        )
    batch.run("UPDATE import_sponsor s SET client_id = c.id FROM crm_client c WHERE c.code = s.code")
    if not batch.may_add_reference_data:
        batch.refuse(
            "unknown_client",
            "sponsors",
            "s.line = n.line AND s.client_id IS NULL",
            tables="import_clean n, import_sponsor s",
            params="jsonb_build_object('value', s.name)",
        )


def lacking(batch: Batch, project: str) -> str:
    """A condition: a sponsor of the row `m` takes no part in the project yet."""
    if "sponsors" not in batch.given:
        return "false"
    return f"""EXISTS (SELECT FROM import_sponsor s WHERE s.line = m.line AND NOT EXISTS (
        SELECT FROM crm_participation a WHERE a.project_id = {project} AND a.client_id = s.client_id
        AND a.part = 'sponsor'))"""


def write(batch: Batch) -> None:
    """Make the clients that are lacking, and the parts of all in their projects."""
    if "sponsors" not in batch.given:
        return
    batch.records["clients"] = batch.run(
        """INSERT INTO crm_client (code, kind, status, name_en, name_zh, sort_key, life_cycle, size_class, risk_appetite,
               demand_level, version, created_at)
           SELECT DISTINCT ON (s.code) s.code, 'corporate', 'potential', CASE WHEN s.chinese THEN '' ELSE s.name END,
                  CASE WHEN s.chinese THEN s.name ELSE '' END, s.sort, '', '', '', '', 1, now()
           FROM import_sponsor s JOIN import_clean n ON n.line = s.line AND n.outcome IN ('create', 'update')
           WHERE s.client_id IS NULL ORDER BY s.code, s.line"""
    )
    batch.run(
        "UPDATE import_sponsor s SET client_id = c.id FROM crm_client c WHERE s.client_id IS NULL AND c.code = s.code"
    )
    batch.records["participations"] += batch.run(
        """INSERT INTO crm_participation (client_id, project_id, part, revenue_share)
           SELECT DISTINCT ON (s.client_id, p.id) s.client_id, p.id, 'sponsor', s.share
           FROM import_sponsor s JOIN import_clean n ON n.line = s.line AND n.outcome IN ('create', 'update')
               JOIN crm_project p ON p.code = n.code
           ORDER BY s.client_id, p.id, s.line
           ON CONFLICT (client_id, project_id, part) DO NOTHING"""
    )
