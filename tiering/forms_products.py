"""Products as forms: one for each, with its condition as rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.formats import localized
from crm.models import Facility, Industry
from tiering.core.conditions import parse
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError
from tiering.pages.conditions import Builder, form_builder

KEY = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_+-]{0,31}\Z", gettext_lazy("Use letters, digits and _ without spaces.")
)
LONGEST_CONDITION = 20_000


class ProductForm(forms.Form):
    """One product; left empty it says nothing, and with `remove` it goes."""

    key = forms.CharField(label=gettext_lazy("Key"), max_length=32, validators=[KEY], required=False)
    rank = forms.IntegerField(
        label=gettext_lazy("Rank"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("1 is first."),
    )
    label_en = forms.CharField(label=gettext_lazy("English name"), max_length=200, required=False)
    label_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200, required=False)
    why_en = forms.CharField(label=gettext_lazy("Why, English"), max_length=500, required=False)
    why_zh = forms.CharField(label=gettext_lazy("Why, Chinese"), max_length=500, required=False)
    facility = forms.ChoiceField(
        label=gettext_lazy("Kind of facility"), choices=[("", "–"), *Facility.Product.choices], required=False
    )
    beside = forms.BooleanField(
        label=gettext_lazy("Offered to those who have such a facility too"), required=False
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these industries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    when = forms.CharField(required=False, max_length=LONGEST_CONDITION, widget=forms.HiddenInput())
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    NEEDED = ("key", "rank", "label_en", "label_zh", "why_en", "why_zh")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = self.fields["sectors"]
        assert isinstance(sectors, forms.MultipleChoiceField)
        sectors.choices = [(one.code, localized(one)) for one in Industry.objects.all()]

    def clean_when(self) -> dict[str, Any] | None:
        """The condition; None where there is none."""
        if not self.cleaned_data["when"]:
            return None
        try:
            data = json_of(self.cleaned_data["when"])
            parse(data)
        except CriteriaError as error:
            raise ValidationError([one.text(_) for one in error.refusals]) from error
        except ValueError as error:
            raise ValidationError(_("The page sent something that is no condition.")) from error
        return data if isinstance(data, dict) else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.has_changed() and not given.get("remove"):
            for name in self.NEEDED:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("This field is required."))
        return given

    @property
    def rules(self) -> Builder:
        """The condition as rules; `everybody` where there is none."""
        name = self.add_prefix("when")
        return form_builder(name, self["when"].value(), without=_("everybody"))

    @property
    def is_kept(self) -> bool:
        """Whether a product comes of it."""
        return bool(self.cleaned_data.get("key")) and not self.cleaned_data.get("remove")


ProductFormSet = forms.formset_factory(ProductForm, extra=1, max_num=200)


def product_initial(product: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of what a document says of a product."""
    return {
        "key": product["key"],
        "rank": product["rank"],
        **{f"label_{language}": product["label"][language] for language in ("en", "zh")},
        **{f"why_{language}": product["why"][language] for language in ("en", "zh")},
        "facility": product.get("facility") or "",
        "beside": product.get("beside", False),
        "sectors": product.get("sectors", []),
        "when": json.dumps(product["when"]) if "when" in product else "",
    }


def product_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says of a product, from the fields of its form."""
    said: dict[str, Any] = {
        "key": given["key"],
        "label": {"en": given["label_en"], "zh": given["label_zh"]},
        "why": {"en": given["why_en"], "zh": given["why_zh"]},
        "rank": given["rank"],
    }
    optional = {"facility": given["facility"], "beside": given["beside"], "sectors": given["sectors"]}
    said |= {name: value for name, value in optional.items() if value}
    return said | ({"when": given["when"]} if given["when"] else {})
