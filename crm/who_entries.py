"""The tabs and cards of the client page that say who the client is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.models import Tag, User
from crm.selectors import profiles, tags, wealth
from crm.selectors.identity import find_by_number

READING = "crm.view_client"


def register() -> None:
    slots.client_tabs.add(
        slots.ClientTab(
            key="people",
            label=pgettext_lazy("tab", "People"),
            order=25,
            permission=READING,
            url_name="crm:client-people",
        ),
        slots.ClientTab(
            key="group",
            label=pgettext_lazy("tab", "Group"),
            order=35,
            permission=READING,
            url_name="crm:client-group",
        ),
    )
    slots.client_panels.add(
        slots.ClientPanel(
            key="group",
            label=pgettext_lazy("tab", "Group"),
            order=25,
            permission=READING,
            url_name="crm:client-group-card",
            place="main_end",
        ),
    )
    register_stage()
    register_profile()
    register_numbers()
    register_tags()
    register_duplicates()


def register_duplicates() -> None:
    """Clients that may be one: beside the client, among the pages, and on Today."""
    slots.client_panels.add(
        slots.ClientPanel(
            key="duplicates",
            label=_("Possible duplicates"),
            order=1,
            permission=READING,
            url_name="crm:client-duplicates",
            place="aside",
        )
    )
    slots.client_acts.add(
        slots.ClientAct(
            key="merge",
            label=_("Merge with another client"),
            order=90,
            permission="crm.merge_clients",
            icon="git-merge",
            url_name="crm:merge",
            rare=True,
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="duplicates",
            label=_("Possible duplicates"),
            order=65,
            permission=READING,
            icon="copy",
            url_name="crm:duplicates",
        )
    )


def register_stage() -> None:
    """Stages: a card of the client page; and the class of wealth in conditions."""
    slots.client_panels.add(
        slots.ClientPanel(
            key="stage",
            label=pgettext_lazy("of a client", "Stage"),
            order=3,
            permission=READING,
            url_name="crm:client-stage",
            place="aside",
        )
    )
    slots.field_sources.add(
        slots.FieldSource(
            key="wealth",
            label=profiles.GROUP,
            order=16,
            permission=READING,
            fields=wealth.condition_fields,
        )
    )


def register_profile() -> None:
    """Declared fields: a card of the client page, columns of the list, and what conditions may ask."""
    slots.client_panels.add(
        slots.ClientPanel(
            key="profile",
            label=profiles.GROUP,
            order=4,
            permission=READING,
            url_name="crm:client-profile",
            place="aside",
        )
    )
    slots.list_columns.add_source(profiles.columns)
    slots.field_sources.add(
        slots.FieldSource(
            key="profile",
            label=profiles.GROUP,
            order=15,
            permission=READING,
            fields=profiles.condition_fields,
        )
    )


def register_numbers() -> None:
    """Identity numbers: a card of the client page, and a source of the search."""
    slots.client_panels.add(
        slots.ClientPanel(
            key="numbers",
            label=_("Numbers"),
            order=6,
            permission=READING,
            url_name="crm:client-numbers",
            place="aside",
        )
    )
    slots.search_sources.add(
        slots.SearchSource(
            key="numbers", label=_("Identity numbers"), order=15, permission=READING, find=find_by_number
        )
    )


def register_tags() -> None:
    """Tags on the client page, in the list with its filters and conditions, and among the acts on many clients."""
    slots.client_panels.add(
        slots.ClientPanel(
            key="tags",
            label=_("Tags"),
            order=20,
            permission=READING,
            url_name="crm:client-tags",
            place="aside",
        )
    )
    slots.list_columns.add(
        slots.ListColumn(
            key="tags",
            label=_("Tags"),
            order=75,
            permission=READING,
            template="crm/cells/tags.html",
            load=tags.tags_of,
            usual=False,
        )
    )
    slots.list_filters.add(
        slots.ListFilter(
            key="tag",
            label=_("Tags"),
            order=60,
            permission=READING,
            icon="tag",
            options=tags.options,
            narrow=tags.bearing,
        )
    )
    slots.field_sources.add(
        slots.FieldSource(key="tags", label=tags.GROUP, order=40, permission=READING, fields=tags.fields)
    )
    slots.bulk_actions.add(
        slots.BulkAction(
            key="tag",
            label=pgettext_lazy("act", "Tag"),
            order=30,
            permission="crm.change_client",
            icon="tag",
            url_name="crm:tag-clients",
            template="crm/who/_tag_bulk.html",
            context=lambda user: {"tags": own_tags(user)},
        )
    )
    slots.palette.add(
        slots.PaletteEntry(
            key="tags", label=_("Tags"), order=64, permission=READING, icon="tags", url_name="crm:tags"
        )
    )


def own_tags(user: User) -> list[Tag]:
    """The tags of the user's team."""
    return list(Tag.objects.filter(team=user.team_id))
