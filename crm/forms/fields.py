"""Form fields that read in the reader's language."""

from django import forms
from django.db.models import Model

from crm.errors import Invalid
from crm.formats import localized


class NamedChoice(forms.ModelChoiceField):
    """A choice of reference data, shown by its name in the reader's language."""

    def label_from_instance(self, thing: Model) -> str:
        return localized(thing)


class DateInput(forms.DateInput):
    """The browser's own date picker; it shows the reader's format and sends ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own date and time picker, to the minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    widget = MomentInput
    input_formats = ("%Y-%m-%dT%H:%M",)


class ServiceForm(forms.Form):
    """A form whose service may refuse fields: the refusals appear beside them and nothing typed is lost.

    `defines` names the kind of record whose definitions (`crm.definitions`) stand beside the fields.
    """

    defines = ""

    def refuse(self, error: Invalid) -> None:
        for name, messages in error.fields.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class ServiceModelForm(ServiceForm, forms.ModelForm):
    """The same for a model's fields. Its rules are checked by the service alone, so that page and API refuse alike."""

    def _post_clean(self) -> None:
        """Where Django would check them a first time."""
