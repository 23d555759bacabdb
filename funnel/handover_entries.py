"""What goes with clients to another RM, as far as the funnel knows: points of checklists that are not finished.

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
        )
    )
