"""What goes with clients to another RM, as far as crm knows."""

from django.utils.translation import gettext_lazy as _

from crm import slots

KEEPING = "crm.assign_rm"


def register() -> None:
    slots.handover_parts.add(
        slots.HandoverPart(
            key="tasks",
            label=_("Open tasks"),
            order=10,
            permission=KEEPING,
            model="crm.Task",
            owner="assignee_id",
            current="t.status = 'open'",
        )
    )
    slots.bulk_actions.add(
        slots.BulkAction(
            key="hand-over",
            label=_("Hand over"),
            order=21,
            permission=KEEPING,
            icon="arrow-right-left",
            url_name="crm:handover-new",
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="handovers",
            label=_("Handovers"),
            order=63,
            permission="crm.view_handovers",
            icon="arrow-right-left",
            url_name="crm:handovers",
        )
    )
