"""What readers may ask of the queue, a decision, a replay; and of criteria, overlays and runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.formats import localized
from crm.forms.fields import MomentField
from crm.models import Industry, Role, Team, User
from tiering.models import CriteriaVersion, Tier, TieringRun, TierScheme
from tiering.selectors.queue import MINE, NOBODYS, QueueFilter

WAITING_DAYS = (3, 7, 14, 30)
FIRST_FILTERS = ("assignee", "state", "direction")
LARGEST_DOCUMENT = 2 * 1024 * 1024


class QueueFilterForm(forms.Form):
    """The filters of the queue. Values that nobody offered are left out, so that an old link still opens.

    What there is to choose from is looked up where a filter is used, and for all of them when they are shown.
    """

    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[("", _("Both")), ("up", _("Upgrades")), ("down", _("Downgrades"))],
        widget=forms.RadioSelect,
    )
    tier = forms.MultipleChoiceField(label=_("Tier"), required=False, widget=forms.CheckboxSelectMultiple)
    waiting = forms.ChoiceField(
        label=_("Waiting"), required=False, choices=lambda: waiting_choices(), widget=forms.RadioSelect
    )
    team = forms.MultipleChoiceField(label=_("Team"), required=False, widget=forms.CheckboxSelectMultiple)
    rm = forms.MultipleChoiceField(label=_("RM"), required=False, widget=forms.CheckboxSelectMultiple)
    assignee = forms.ChoiceField(label=_("Assigned to"), required=False, widget=forms.RadioSelect)
    state = forms.MultipleChoiceField(
        label=_("State"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("late", _("Late")),
            ("with_rm", _("With the RM")),
            ("committee", _("Committee")),
            ("free", _("To be decided")),
        ],
    )
    severity = forms.MultipleChoiceField(
        label=_("Severity"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("high", pgettext_lazy("severity", "High")),
            ("medium", pgettext_lazy("severity", "Medium")),
            ("low", pgettext_lazy("severity", "Low")),
        ],
    )
    scheme = forms.MultipleChoiceField(label=_("Scheme"), required=False, widget=forms.CheckboxSelectMultiple)
    sector = forms.MultipleChoiceField(label=_("Sector"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict, *, user: User):
        super().__init__(data)
        self.user = user
        self._to_offer = dict(OFFERED)
        self._offer([name for name in OFFERED if name in data])
        self.is_valid()

    def _offer(self, names: Sequence[str]) -> None:
        for name in names:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = self._to_offer.pop(name)(self.user)

    @property
    def wanted(self) -> QueueFilter:
        given = self.cleaned_data
        return QueueFilter(
            direction=given.get("direction", ""),
            tiers=tuple(map(int, given.get("tier", ()))),
            waiting_days=int(given.get("waiting") or 0),
            teams=tuple(map(int, given.get("team", ()))),
            rms=tuple(map(int, given.get("rm", ()))),
            schemes=tuple(map(int, given.get("scheme", ()))),
            sectors=tuple(map(int, given.get("sector", ()))),
            severities=tuple(given.get("severity", ())),
            states=tuple(given.get("state", ())),
            assignee=given.get("assignee", ""),
        )

    @property
    def first(self) -> list[forms.BoundField]:
        """The filters that are used most."""
        return self._shown(FIRST_FILTERS)

    @property
    def more(self) -> list[forms.BoundField]:
        return self._shown([name for name in self.fields if name not in FIRST_FILTERS])

    def _shown(self, names: Sequence[str]) -> list[forms.BoundField]:
        self._offer([name for name in names if name in self._to_offer])
        return [self[name] for name in names]

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != QueueFilter()

    @property
    def query(self) -> str:
        """The filter as the query of an address, with its question mark; empty when it does not narrow."""
        chosen = QueryDict(mutable=True)
        for name, value in self.cleaned_data.items():
            chosen.setlist(name, value if isinstance(value, list) else [value] if value else [])
        text = chosen.urlencode()
        return f"?{text}" if text else ""


def waiting_choices() -> list[tuple[str, str]]:
    """How long a change has waited; a plural is chosen when the form is made, in the language of its reader."""
    at_least = [
        (str(days), ngettext("%(days)d day or more", "%(days)d days or more", days) % {"days": days})
        for days in WAITING_DAYS
    ]
    return [("", gettext("Any time")), *at_least]


def _tiers(user: User) -> list[tuple[str, str]]:
    return [(str(tier.pk), tier.key) for tier in Tier.objects.filter(scheme__is_primary=True)]


def _schemes(user: User) -> list[tuple[str, str]]:
    schemes = TierScheme.objects.order_by("-is_primary", "pk")
    return [(str(scheme.pk), scheme.label) for scheme in schemes]


def _sectors(user: User) -> list[tuple[str, str]]:
    return [(str(one.pk), localized(one)) for one in Industry.objects.all()]


def _teams(user: User) -> list[tuple[str, str]]:
    """Only those who read every client see more than one team."""
    return [(str(team.pk), localized(team)) for team in Team.objects.all()] if user.sees_every_client else []


def _managers(user: User) -> list[tuple[str, str]]:
    managers = User.objects.filter(role=Role.RM)
    if not user.sees_every_client:
        managers = managers.filter(team=user.team_id)
    return [(str(manager.pk), localized(manager)) for manager in managers]


def _officers(user: User) -> list[tuple[str, str]]:
    """Oneself first, for those who decide; then nobody, and everybody else who decides."""
    officers = User.objects.filter(role=Role.RISK_OFFICER, is_active=True).exclude(pk=user.pk)
    mine = [(MINE, gettext("Me"))] if user.role == Role.RISK_OFFICER else []
    named = [(str(officer.pk), localized(officer)) for officer in officers]
    return [("", gettext("Anybody")), *mine, (NOBODYS, gettext("Nobody")), *named]


OFFERED: Mapping[str, Callable[[User], list[tuple[str, str]]]] = {
    "tier": _tiers,
    "team": _teams,
    "rm": _managers,
    "assignee": _officers,
    "scheme": _schemes,
    "sector": _sectors,
}
"""What there is to choose from, for a reader, where that is looked up."""


class DecisionForm(forms.Form):
    """A checker's decision. That a rejection needs a comment is the service's rule."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Reject"))])
    comment = forms.CharField(required=False, max_length=2000)


class DraftFileForm(forms.Form):
    """A criteria document of one's own."""

    file = forms.FileField(
        label=_("JSON or YAML document"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".json,.yaml,.yml,application/json,application/yaml"}
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_DOCUMENT:
            raise forms.ValidationError(_("A criteria document has 2 MB at most."))
        return file


class ImportForm(DraftFileForm):
    """A document that a draft is to say from now on. `revision` is the one that was shown."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput())


class OverlayForm(forms.Form):
    """For how long an overlay should be on, and why."""

    overlay = forms.CharField(max_length=60, widget=forms.HiddenInput())
    starts = MomentField(label=_("From"), required=False, help_text=_("Left empty: from now on."))
    ends = MomentField(label=_("Until"), required=False, help_text=_("Left empty: until somebody ends it."))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def blank(cls, overlay: str) -> OverlayForm:
        """The form of an overlay as it is first shown; the ids of its fields are unlike those of any other's."""
        return cls(initial={"overlay": overlay}, auto_id=f"{overlay}_%s")


class NewRunForm(forms.Form):
    """A run to start. Which versions a kind of run may go by is the service's rule."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=TieringRun.Kind.choices, widget=forms.RadioSelect, initial="simulation"
    )
    version = forms.ChoiceField(label=_("Criteria"))
    as_of = MomentField(label=_("As of"), required=False, help_text=_("Left empty: now."))
    basis = forms.ChoiceField(
        label=_("Facts"),
        choices=[
            ("facts", _("Those in force: quick")),
            ("records", _("Derived anew from the records of that moment: slower")),
        ],
        widget=forms.RadioSelect,
        initial="facts",
    )

    def __init__(self, *args: Any, versions: Sequence[CriteriaVersion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, version_name(version)) for pk, version in self.versions.items()]

    def clean_version(self) -> CriteriaVersion:
        return self.versions[self.cleaned_data["version"]]


def version_name(version: CriteriaVersion) -> str:
    """A version among those of all schemes."""
    scheme, status = version.criteria.scheme.label, version.get_status_display()
    told = {"scheme": scheme, "number": version.number, "status": status}
    return gettext("%(scheme)s · version %(number)s · %(status)s") % told
