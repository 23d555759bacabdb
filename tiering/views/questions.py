"""Questions to the past as forms: about which versions, with which horizon, seen from which days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from crm.errors import DomainError
from crm.http import Request
from crm.ids import is_number
from tiering.errors import CriteriaRefused
from tiering.forms_validation import QuestionForm
from tiering.models import CriteriaVersion
from tiering.pages.versions import refusal_lines
from tiering.selectors.validations import first_day, longest_horizon, month_ends
from tiering.services.questions import MOST_DAYS, MOST_MONTHS
from tiering.validation.outcomes import OUTCOMES

Question = TypeVar("Question", bound=QuestionForm)


def blank(
    kind: type[Question], given: QueryDict, versions: Sequence[CriteriaVersion], version: object
) -> Question:
    """The form as it is first shown: about a version, by its id, with every day that it offers."""
    months = months_in(given)
    form = kind(versions=versions, days=days_for(months))
    form.initial = {
        "version": version,
        "months": months,
        "days": [key for key, _ in form.days_offered],
    }
    return form


def filled(kind: type[Question], given: QueryDict, versions: Sequence[CriteriaVersion]) -> Question:
    """The form as somebody filled it in."""
    return kind(given, versions=versions, days=days_for(months_in(given)))


def days_part(request: Request, form: QuestionForm) -> HttpResponse:
    """The part of the page that another horizon changes."""
    return render(request, "tiering/question/_days.html", {"form": form})


def shown(form: QuestionForm, error: DomainError | None = None) -> dict[str, Any]:
    """What a page with the form shows; `error` is why the question was not taken."""
    return {
        "form": form,
        "outcomes": [(choice, OUTCOMES[choice.data["value"]]) for choice in form["outcome"]],
        "refusals": refusal_lines(error.refusals) if isinstance(error, CriteriaRefused) else [],
    }


def days_for(months: int) -> list[date]:
    """The month ends that may be asked about."""
    return month_ends(first_day(), timezone.localdate(), months, MOST_DAYS)


def months_in(given: QueryDict) -> int:
    """The horizon that is asked for; else the longest usual one that the past has room for."""
    asked = given.get("months", "")
    if is_number(asked) and 1 <= int(asked) <= MOST_MONTHS:
        return int(asked)
    return longest_horizon(first_day(), timezone.localdate())
