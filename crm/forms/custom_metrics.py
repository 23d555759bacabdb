"""How an administrator writes down a metric of the institution's own."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import metrics
from crm.models import CustomMetric

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
BETWEEN = "|"


class CategoriesField(forms.Field):
    """Categories as lines of `key | English label | Chinese label`."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        lines = ((category["key"], category["en"], category["zh"]) for category in value)
        return "\n".join(f" {BETWEEN} ".join(filter(None, line)) for line in lines)

    def to_python(self, value: Any) -> list[dict[str, str]]:
        read = [_category(line) for line in (value or "").splitlines() if line.strip()]
        if len({category["key"] for category in read}) < len(read):
            raise ValidationError(_("Two categories have the same key."))
        return read


def _category(line: str) -> dict[str, str]:
    key, english, chinese, *more = [*(part.strip() for part in line.split(BETWEEN)), "", ""]
    if not KEY.fullmatch(key) or not english or any(more):
        reason = _("“%(line)s” is no category. Write: key | English label | Chinese label.")
        raise ValidationError(reason % {"line": line})
    return {"key": key, "en": english, "zh": chinese}


class CustomMetricForm(forms.ModelForm):
    """A key that names something else is refused: criteria could not tell the two apart."""

    categories = CategoriesField(
        required=False,
        label=gettext_lazy("Categories"),
        help_text=gettext_lazy("One a line: key | English label | Chinese label. For a number, none."),
    )

    class Meta:
        model = CustomMetric
        fields = [
            "key", "label_en", "label_zh", "type", "unit", "direction", "categories", "max_age_days",
        ]  # fmt: skip

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        if metrics.reserved(key):
            raise ValidationError(_("“%(key)s” is taken. Choose another key.") % {"key": key})
        return key

    def clean_categories(self) -> list[dict[str, str]]:
        """Categories only grow: observations may hold any of those that were there."""
        given = self.cleaned_data["categories"] or []
        known = {category["key"] for category in given}
        gone = [category["key"] for category in self.instance.categories if category["key"] not in known]
        if gone:
            raise ValidationError(_("These categories must stay: %(keys)s.") % {"keys": ", ".join(gone)})
        return given
