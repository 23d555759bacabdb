"""What goes with a book to another RM, as far as the funnel knows: points of checklists that are not finished, and open
prospects.

A case has no manager of its own: it goes by the RM of its client, and so with the client.
"""

from django.utils.translation import gettext_lazy as _

from crm import slots


def register() -> None:
    slots.handover_parts.add(
        slots.HandoverPart(
            key="checks",
            label=_("Open points of checklists"),
            order=40,
            permission="crm.assign_rm",
            model="funnel.CheckItem",
            owner="owner_id",
            client="(SELECT c.client_id FROM funnel_case c WHERE c.id = t.case_id)",
            current="t.state IN ('open', 'asked')",
            version="revision",
        ),
        slots.HandoverPart(
            key="prospects",
            label=_("Open prospects"),
            order=50,
            permission="crm.assign_rm",
            model="funnel.Prospect",
            owner="owner_id",
            client="",
            # Nobody of this team could work on those of another that the giver was in before.
            current="t.status IN ('new', 'contacted')"
            " AND t.team_id = (SELECT u.team_id FROM crm_user u WHERE u.id = t.owner_id)",
            version="version",
        ),
    )
