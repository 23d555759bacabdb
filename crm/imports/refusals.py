"""Refusals that several kinds of import share."""

from crm.imports.batch import Batch


def refuse_dates(batch: Batch, about: str) -> None:
    """A record is of a day (`about`) and received on a day; neither is to come, and the first is the earlier."""
    for field in (about, "received_on"):
        batch.refuse(
            "date_in_future",
            field,
            f"n.{field} > %(today)s",
            params=f"jsonb_build_object('value', n.{field}, 'today', %(today)s::date)",
        )
    batch.refuse(
        "received_before",
        "received_on",
        f"n.received_on < n.{about}",
        params=f"jsonb_build_object('value', n.received_on, 'earliest', n.{about})",
    )


def refuse_nameless(batch: Batch, record: str) -> None:
    """New records (those without the id in `record`) need a name, unless one was given that cannot be read."""
    batch.refuse(
        "no_name",
        "name",
        f"""n.{record} IS NULL AND coalesce(n.name_en, n.name_zh, '') = ''
            AND NOT EXISTS (SELECT FROM crm_importissue i WHERE i.job_id = %(job)s AND i.line = n.line
                            AND i.field IN ('name', 'name_en', 'name_zh'))""",
    )
