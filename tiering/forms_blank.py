"""A new method: what its scheme is called, and one begun from nothing."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tiering.core.blank import FEWEST_TIERS, MOST_TIERS, blank_document
from tiering.models import TierScheme

KEY = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Begin with a small letter; then letters, digits and _."))


class NewSchemeForm(forms.Form):
    """What a new scheme is called, in both languages, and its key."""

    name_en = forms.CharField(label=_("English name"), max_length=120)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    key = forms.CharField(
        label=_("Key"), max_length=32, validators=[KEY], help_text=_("Stays for good, such as key_clients.")
    )

    @property
    def name(self) -> dict[str, str]:
        """The name as a label of a document."""
        return {"en": self.cleaned_data["name_en"], "zh": self.cleaned_data["name_zh"]}


class BlankForm(NewSchemeForm):
    """A scheme with so many tiers, whose method somebody is going to write."""

    tiers = forms.IntegerField(
        label=_("Number of tiers"), min_value=FEWEST_TIERS, max_value=MOST_TIERS, initial=5
    )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if TierScheme.objects.filter(key=key).exists():
            raise forms.ValidationError(
                _("There is a scheme with this key. Begin a draft from its versions.")
            )
        return key

    def document(self) -> dict[str, Any]:
        """The document that the answers make."""
        return blank_document(self.cleaned_data["key"], self.name, self.cleaned_data["tiers"])
