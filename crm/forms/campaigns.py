"""Drafting campaigns and their words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.formats import MISSING, reads_chinese
from crm.forms.fields import DateInput, ServiceForm
from crm.models import Campaign, CampaignText, Channel, Client, Questionnaire, Segment, User
from crm.selectors.campaign_audience import tier_field
from crm.selectors.questionnaires import in_use


class QuestionnaireChoice(forms.ModelChoiceField):
    def label_from_instance(self, thing: Questionnaire) -> str:
        return self.titles.get(thing.pk, str(thing))

    titles: dict[int, str] = {}


class CampaignForm(ServiceForm):
    defines = "campaign"

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Campaign.Kind.choices)
    goal = forms.CharField(label=_("Goal"), max_length=300)
    segment = forms.ModelChoiceField(
        label=pgettext_lazy("of clients", "Segment"),
        queryset=Segment.objects.none(),
        help_text=_("Of its clients, those that you hold."),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Channel.choices,
        help_text=_("By e-mail Strata writes; anything else becomes a task of each client's RM."),
    )
    questionnaire = QuestionnaireChoice(
        label=_("Questionnaire"), queryset=Questionnaire.objects.none(), required=False, empty_label=MISSING
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())

    def __init__(self, data: Any, *, user: User, campaign: Campaign | None = None) -> None:
        names = (*CampaignForm.base_fields, "version")
        super().__init__(data, initial={name: getattr(campaign, name, None) for name in names})
        versions = list(in_use())
        segment, questionnaire = self.fields["segment"], self.fields["questionnaire"]
        assert isinstance(segment, forms.ModelChoiceField)
        assert isinstance(questionnaire, QuestionnaireChoice)
        segment.queryset = Segment.objects.visible_to(user)
        questionnaire.titles = {version.questionnaire_id: version.title for version in versions}
        questionnaire.queryset = Questionnaire.objects.filter(pk__in=questionnaire.titles)
        if campaign is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)


class TextForm(ServiceForm):
    """The words for some clients, or for whoever has no nearer ones."""

    defines = "campaign_text"

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    demand_level = forms.ChoiceField(
        label=_("Demand level"), choices=[("", _("any")), *Client.DemandLevel.choices], required=False
    )
    subject = forms.CharField(label=_("Subject"), max_length=150)
    body = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("{name} stands for the person's name. A link to the questionnaire is put below."),
    )

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, user: User, day: Any, campaign: Campaign, text: CampaignText | None = None
    ) -> None:
        chinese = "zh-hans" if reads_chinese() else settings.LANGUAGE_CODE
        names = [name for name in TextForm.base_fields if name != "version"]
        known = {name: getattr(text, name) for name in names} if text else {"language": chinese}
        super().__init__(data, initial={**known, "version": campaign.version})
        field, tier = tier_field(user, day), self.fields["tier"]
        assert isinstance(tier, forms.ChoiceField)
        tier.choices = [("", _("any")), *(field.categories.items() if field else ())]
