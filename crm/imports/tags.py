"""Tags of clients: a tag that the team of the client lacks is made."""

from crm.imports.batch import Batch
from crm.imports.resolve import find_clients
from crm.models.tags import COLOURS

EXTRA = {"client_id": "bigint", "team_id": "bigint"}
LONGEST = 40
SEVERAL = "[;；、|]"


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    find_clients(batch)
    batch.run("UPDATE import_clean n SET team_id = c.team_id FROM crm_client c WHERE c.id = n.client_id")
    batch.temporary(
        "import_tag",
        f"""SELECT n.line, n.client_id, n.team_id, btrim(said) AS name, NULL::bigint AS tag_id
            FROM import_clean n, regexp_split_to_table(n.tag, '{SEVERAL}') AS said WHERE btrim(said) <> ''""",
    )
    batch.run(
        """UPDATE import_tag n SET tag_id = t.id FROM crm_tag t
           WHERE t.team_id = n.team_id AND lower(t.name) = lower(n.name)"""
    )
    batch.refuse("client_without_team", "client", "n.client_id IS NOT NULL AND n.team_id IS NULL")
    batch.refuse(
        "too_long",
        "tag",
        f"t.line = n.line AND length(t.name) > {LONGEST}",
        tables="import_clean n, import_tag t",
        params=f"jsonb_build_object('limit', {LONGEST}, 'length', length(t.name))",
    )
    batch.settle_refusals()
    batch.settle_repeats(["client_id", "tag"], [])
    batch.run(
        """UPDATE import_clean n SET outcome = CASE WHEN EXISTS (
               SELECT FROM import_tag t WHERE t.line = n.line AND NOT EXISTS (
                   SELECT FROM crm_clienttag b WHERE b.client_id = t.client_id AND b.tag_id = t.tag_id))
           THEN 'create' ELSE 'same' END WHERE n.outcome IS NULL"""
    )


def write(batch: Batch) -> None:
    """Make the tags that are lacking, and mark the clients."""
    batch.records["tags"] = batch.run(
        f"""INSERT INTO crm_tag (team_id, name, colour)
            SELECT t.team_id, min(t.name), 1 + mod(row_number() OVER (ORDER BY min(t.line)) - 1, {COLOURS})
            FROM import_tag t JOIN import_clean n ON n.line = t.line AND n.outcome = 'create'
            WHERE t.tag_id IS NULL GROUP BY t.team_id, lower(t.name)"""
    )
    batch.records["tagged"] = batch.run(
        """INSERT INTO crm_clienttag (client_id, tag_id, added_by_id)
           SELECT DISTINCT t.client_id, g.id, coalesce(%(user)s::bigint, c.rm_id)
           FROM import_tag t JOIN import_clean n ON n.line = t.line AND n.outcome = 'create'
               JOIN crm_tag g ON g.team_id = t.team_id AND lower(g.name) = lower(t.name)
               JOIN crm_client c ON c.id = t.client_id
           ON CONFLICT (client_id, tag_id) DO NOTHING"""
    )
