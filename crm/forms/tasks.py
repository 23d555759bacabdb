"""Giving tasks, and saying what came of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.models import Client, Task, User
from crm.selectors.tasks import assignees_of


class TaskForm(ServiceForm):
    """A task in words. Whoever gives tasks to nobody but themself is not asked to whom."""

    defines = "task"

    title = forms.CharField(
        label=_("What is to be done"), max_length=200, widget=forms.TextInput(attrs={"data-mentions": ""})
    )
    due_on = forms.DateField(label=_("Due on"), widget=DateInput())
    client = forms.CharField(
        label=_("Client"), max_length=40, required=False, help_text=_("The client's code; empty for none.")
    )
    assignee = NamedChoice(label=_("Assigned to"), queryset=User.objects.none())

    def __init__(self, data: Any, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.user = user
        people = assignees_of(user)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]
        if not people.exclude(pk=user.pk).exists():
            del self.fields["assignee"]

    def clean_client(self) -> Client | None:
        code = self.cleaned_data["client"].strip()
        if not code:
            return None
        found = Client.objects.visible_to(self.user).filter(code__iexact=code).first()
        if found is None:
            raise ValidationError(gettext("There is no client with this code among those you may see."))
        return found

    def given(self) -> dict[str, Any]:
        """What was said; only after `is_valid()`."""
        return {"assignee": self.user, **self.cleaned_data}


class FinishForm(ServiceForm):
    defines = "task"

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": ""}),
    )
    next_due = forms.DateField(
        label=_("To be done again on"),
        required=False,
        widget=DateInput(),
        help_text=_("With a day here the same task is given anew."),
    )


class MoveForm(ServiceForm):
    defines = "task"

    due_on = forms.DateField(label=_("Due on"), widget=DateInput())


class AssignForm(ServiceForm):
    defines = "task"

    assignee = NamedChoice(label=_("Assigned to"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, data: Any, *, user: User, task: Task) -> None:
        super().__init__(data, initial={"assignee": task.assignee_id})
        self.fields["assignee"].queryset = assignees_of(user)  # type: ignore[attr-defined]
