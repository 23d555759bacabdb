"""A new method, begun from nothing."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tiering.core.blank import FEWEST_TIERS, MOST_TIERS, blank_document
from tiering.models import TierScheme

KEY = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Begin with a small letter; then letters, digits and _."))


class BlankForm(forms.Form):
    """What a new scheme is called, and how many tiers it has."""

    name_en = forms.CharField(label=_("English name"), max_length=120)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    key = forms.CharField(
        label=_("Key"), max_length=32, validators=[KEY], help_text=_("Stays for good, such as key_clients.")
    )
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
        given = self.cleaned_data
        return blank_document(given["key"], {"en": given["name_en"], "zh": given["name_zh"]}, given["tiers"])
