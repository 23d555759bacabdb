"""Forms of prospects, their sources and the screening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.formats import MISSING
from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.models import Client, ContactPerson, Facility, Industry, Interaction, Region, Role, Team, User
from funnel.models import Case, LeadSource, Pipeline, Prospect, Screening
from funnel.selectors.screening import schemes_to_choose

EMPTY = [("", MISSING)]


def people_of(team: Team | None) -> Any:
    """Those to whom prospects of a team may be given."""
    return User.objects.filter(team=team, role__in=[Role.RM, Role.TEAM_LEAD], is_active=True).order_by("name")


class ProspectForm(ServiceForm):
    """Who a prospect is, whom to speak to, and what it wants. The figures come with lists and by the API."""

    defines = "prospect"

    name_zh = forms.CharField(label=_("Chinese name"), max_length=300, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Client.Kind.choices)
    registration_number = forms.CharField(label=_("Registration number"), max_length=40, required=False)
    industry = NamedChoice(
        label=_("Industry"), queryset=Industry.objects.all(), required=False, empty_label=MISSING
    )
    region = NamedChoice(
        label=_("Region"), queryset=Region.objects.all(), required=False, empty_label=MISSING
    )
    product = forms.ChoiceField(
        label=_("Product"), choices=[*EMPTY, *Facility.Product.choices], required=False
    )
    amount = forms.DecimalField(label=_("Amount"), max_digits=20, decimal_places=2, required=False)
    person_name = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    person_position = forms.CharField(label=_("Position"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    consent = forms.ChoiceField(label=_("Consent"), choices=ContactPerson.Consent.choices)
    consent_on = forms.DateField(label=_("Consent given or refused on"), widget=DateInput(), required=False)
    message = forms.CharField(
        label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )

    def __init__(self, data: Any, *, user: User, prospect: Prospect | None = None) -> None:
        names = [name for name in ProspectForm.base_fields if name != "phone"]
        super().__init__(
            data, initial={name: getattr(prospect, name) for name in names} if prospect else None
        )
        if prospect is None:
            sources = LeadSource.objects.visible_to(user)
            self.fields = {
                "source": forms.ModelChoiceField(label=_("Source"), queryset=sources),
                **self.fields,
            }
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=prospect.version)
            if prospect.phone_sealed:
                self.fields["phone"].help_text = _("Leave it empty to keep the number that is there.")

    def given(self) -> dict[str, Any]:
        """The fields of a prospect, and the telephone where one was typed."""
        said = dict(self.cleaned_data)
        if not said["phone"] and "version" in self.fields:
            del said["phone"]
        return said


class ContactForm(ServiceForm):
    defines = "lead_contact"

    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind.choices)
    outcome = forms.ChoiceField(
        label=pgettext_lazy("of a contact", "Outcome"), choices=Interaction.Outcome.choices
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class QualifyForm(ServiceForm):
    """How prospects become clients with cases; product and amount are asked for where the prospect did not say."""

    defines = "prospect"

    pipeline = forms.ModelChoiceField(label=_("Funnel"), queryset=Pipeline.objects.none(), empty_label=None)
    product = forms.ChoiceField(
        label=_("Product, where none was named"), choices=[*EMPTY, *Facility.Product.choices], required=False
    )
    amount = forms.DecimalField(
        label=_("Amount, where none was named"), max_digits=20, decimal_places=2, required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        pipelines = (
            Pipeline.objects.filter(is_retired=False, stages__is_retired=False).distinct().order_by("pk")
        )
        field = self.fields["pipeline"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = pipelines

    def params(self) -> dict[str, Any]:
        return {**self.cleaned_data, "pipeline": self.cleaned_data["pipeline"].pk}


class AssignForm(ServiceForm):
    defines = "prospect"

    owner = NamedChoice(label=_("Owner"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        people = people_of(user.team)
        field.queryset = people if user.has_perm("crm.assign_rm") else people.filter(pk=user.pk)

    def params(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["owner"].pk}


class RejectForm(ServiceForm):
    defines = "prospect"

    reason = forms.ChoiceField(label=pgettext_lazy("why rejected", "Reason"), choices=Prospect.Reason.choices)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def params(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class SourceForm(ServiceForm):
    """A source of leads; the texts are those of its web form."""

    defines = "lead_source"

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Source.choices)
    owner = NamedChoice(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: the lead gives them out"),
    )
    is_open = forms.BooleanField(label=_("Web form open"), required=False)
    title_en = forms.CharField(label=_("English title of the form"), max_length=120, required=False)
    title_zh = forms.CharField(label=_("Chinese title of the form"), max_length=120, required=False)
    consent_en = forms.CharField(
        label=_("English words of consent"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    consent_zh = forms.CharField(
        label=_("Chinese words of consent"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, data: Any, *, user: User, source: LeadSource | None = None) -> None:
        names = tuple(SourceForm.base_fields)
        super().__init__(data, initial={name: getattr(source, name) for name in names} if source else None)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people_of(user.team)
        if source is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=source.version)


class ScreeningForm(ServiceForm):
    """By whose criteria prospects are scored, with a number for each tier of the scheme that is chosen now."""

    scheme = forms.ChoiceField(label=_("Score prospects by the criteria of"))

    def __init__(self, data: Any, *, screening: Screening | None) -> None:
        self.schemes = {str(one.pk): one for one in schemes_to_choose()}
        super().__init__(data, initial={"scheme": screening.scheme_id} if screening else None)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, one.label) for pk, one in self.schemes.items()]
        version = screening.version if screening else 0
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)
        for tier in screening.scheme.tiers.order_by("rank") if screening else ():
            self.fields[f"most_{tier.key}"] = forms.IntegerField(
                label=_("Tier %(key)s: contacted at once, per person") % {"key": tier.key},
                min_value=1,
                max_value=10_000,
                required=False,
                initial=screening.capacity.get(tier.key) if screening else None,
            )

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        scheme = self.schemes[said["scheme"]]
        known = set(scheme.tiers.values_list("key", flat=True))
        limits = {
            name.removeprefix("most_"): value for name, value in said.items() if name.startswith("most_")
        }
        capacity = {key: value for key, value in limits.items() if value and key in known}
        return {"scheme": scheme, "capacity": capacity, "version": said["version"]}


class LeadForm(forms.Form):
    """What a stranger tells by the form of a source. `website` is for machines: people do not see it."""

    company = forms.CharField(label=_("Company"), max_length=300)
    person_name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    region = NamedChoice(
        label=_("Region"), queryset=Region.objects.all(), required=False, empty_label=MISSING
    )
    product = forms.ChoiceField(
        label=_("What would you like to finance?"),
        choices=[*EMPTY, *Facility.Product.choices],
        required=False,
    )
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=15, decimal_places=2, min_value=1, required=False
    )
    message = forms.CharField(
        label=_("Anything else we should know"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Without your consent we cannot contact you.")}
    )
    website = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("email") and not said.get("phone") and not self.errors.keys() & {"email", "phone"}:
            self.add_error("email", _("Give an e-mail address or a telephone number."))
        return said
