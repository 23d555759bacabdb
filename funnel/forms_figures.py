"""What figures are asked of: the selection, and the cases behind a figure. A value of a dimension may be `none`: nothing
is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import chain
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.formats import day as shown_day
from crm.formats import localized
from crm.models import Facility, Industry, Team, User
from funnel.forms import holders_seen_by
from funnel.models import Case, Pipeline, Stage, book_currency
from funnel.selectors.figures.criteria import name_of_version
from funnel.selectors.figures.drill import KINDS, OF_ALL_STAGES, Drill
from funnel.selectors.figures.selection import DIMENSIONS, LABELS, Selection
from tiering.models import CriteriaVersion, Tier

NONE = "none"
UNIT_LABELS = {"quarter": _("By quarter"), "month": _("By month"), "year": _("By year")}
STRETCHES = (90, 30, 60, 180, 365)
"""The first is meant where none is named."""
COMMON: Final = ("pipeline", "since", "until", "rm")
OF_TABS: Final = {"compared": (*COMMON, "cut"), "criteria": ("pipeline", "version", "days", "rm")}
"""What most people ask by; for the figures of some tabs what these are about. The days of screening are those around a
version."""


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, version: CriteriaVersion) -> str:
        return f"{name_of_version(version)} · {shown_day(version.effective_from)}"


class FiguresForm(forms.Form):
    """The selection, from an address. Days are the first and the last that count."""

    pipeline = forms.ModelChoiceField(
        Pipeline.objects.order_by("pk"),
        label=_("Funnel"),
        to_field_name="key",
        required=False,
        empty_label=None,
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    as_of = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    unit = forms.ChoiceField(label=_("Cohorts"), choices=list(UNIT_LABELS.items()), required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("All"))
    rm = forms.ChoiceField(label=_("Relationship manager"), required=False)
    tier = forms.ChoiceField(label=_("Tier at entry"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    currency = forms.ChoiceField(label=_("Currency of amounts"), required=False)
    cut = forms.ChoiceField(label=_("Compared by"), choices=list(LABELS.items()), required=False)
    version = VersionChoice(
        CriteriaVersion.objects.none(), label=_("Version of the criteria"), required=False, empty_label=None
    )
    days = forms.TypedChoiceField(
        label=_("Days before and after"),
        choices=[(days, str(days)) for days in STRETCHES],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, data: Mapping[str, Any], *, user: User):
        super().__init__(data)
        self.user = user
        self.cases = Case.objects.visible_to(user)
        versions = CriteriaVersion.objects.filter(
            effective_from__isnull=False, effective_from__lte=timezone.now()
        )
        versions = versions.select_related("criteria__scheme").order_by(
            "-criteria__scheme__is_primary", "-effective_from"
        )
        self._field("version").queryset = versions
        teams = Team.objects.all()
        self._field("team").queryset = teams if user.sees_every_client else teams.filter(pk=user.team_id or 0)
        for name, choices in self._choices().items():
            self._field(name).choices = choices

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _choices(self) -> dict[str, list[tuple[Any, Any]]]:
        managers = holders_seen_by(self.user)
        sectors = Industry.objects.all()
        tiers = Tier.objects.filter(scheme__is_primary=True).order_by("rank")
        currencies = self.cases.order_by("currency").values_list("currency", flat=True).distinct()
        everything: list[tuple[Any, Any]] = [("", _("All")), (NONE, _("Not known"))]
        return {
            "rm": everything + [(user.pk, localized(user)) for user in managers],
            "tier": everything + [(tier.pk, tier.key) for tier in tiers],
            "product": everything + list(Facility.Product.choices),
            "sector": everything + [(sector.pk, str(sector)) for sector in sectors],
            "source": everything + list(Case.Source.choices),
            "currency": [
                ("", _("As the cases")),
                *((code, code) for code in sorted({book_currency(), *currencies})),
            ],
        }

    def common(self, tab: str) -> list[forms.BoundField]:
        return [self[name] for name in OF_TABS.get(tab, COMMON)]

    def further(self) -> list[forms.BoundField]:
        """The other fields of cases."""
        return [self[name] for name in self.fields if name not in {*COMMON, *chain(*OF_TABS.values())}]

    @property
    def further_chosen(self) -> int:
        """How many of the further fields say anything."""
        return sum(bool(field.value()) for field in self.further())

    def selection(self) -> Selection | None:
        """The selection; what cannot be read is left out. None where there is no pipeline."""
        self.full_clean()
        given = self.cleaned_data
        pipeline = given.get("pipeline") or Pipeline.objects.order_by("pk").first()
        if pipeline is None:
            return None
        chosen = {name: given.get(name) or "" for name in DIMENSIONS}
        named = {name: value for name, value in chosen.items() if value not in ("", NONE)}
        until = given.get("until")
        return Selection(
            user=self.user,
            pipeline=pipeline,
            as_of=self._as_of(),
            currency=given.get("currency") or self._usual_currency(pipeline),
            since=given.get("since"),
            until=until + timedelta(days=1) if until else None,
            unit=given.get("unit") or "quarter",
            team=given.get("team"),
            rm=User.objects.filter(pk=named["rm"]).first() if "rm" in named else None,
            tier=Tier.objects.filter(pk=named["tier"]).first() if "tier" in named else None,
            industry=Industry.objects.filter(pk=named["sector"]).first() if "sector" in named else None,
            product=named.get("product", ""),
            source=named.get("source", ""),
            cut=given.get("cut") or DIMENSIONS[0],
            without=frozenset(name for name, value in chosen.items() if value == NONE),
        )

    def _as_of(self) -> datetime:
        """The end of the day that is asked for; else, and for days to come, this moment."""
        day, now = self.cleaned_data.get("as_of"), timezone.now()
        if day is None:
            return now
        return min(timezone.make_aware(datetime.combine(day + timedelta(days=1), time())), now)

    def _usual_currency(self, pipeline: Pipeline) -> str:
        """The book's where a case of the pipeline is in it, else the first that one is in."""
        found = (
            self.cases.filter(stage__pipeline=pipeline)
            .order_by()
            .values_list("currency", flat=True)
            .distinct()
        )
        return book_currency() if book_currency() in found or not found else min(found)

    @property
    def criteria_version(self) -> CriteriaVersion | None:
        """The one that is asked for, else of the primary scheme the latest whose cases can have been followed for the
        stretch; the latest of all where there is none."""
        versions = self._field("version").queryset
        followed = versions.filter(effective_from__lte=self._as_of() - timedelta(days=2 * self.stretch))
        return self.cleaned_data.get("version") or followed.first() or versions.first()

    @property
    def stretch(self) -> int:
        return self.cleaned_data.get("days") or STRETCHES[0]


class DrillForm(forms.Form):
    """Which of the selected cases stand behind a figure. Raises nothing: an address that names none is invalid."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], required=False)
    stage = forms.ModelChoiceField(Stage.objects.all(), required=False)
    target = forms.ModelChoiceField(Stage.objects.all(), required=False)
    low = forms.IntegerField(required=False)
    high = forms.IntegerField(required=False)
    month = forms.DateField(required=False)
    in_currency = forms.BooleanField(required=False)

    def drill(self, form: FiguresForm) -> Drill | None:
        """Of the selection that `form` read. None where the address does not say which cases."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        reason = self.data.get("reason")
        kind = given["kind"] or "began"
        of_month = kind in ("due", "won_in", "won_in_year")
        drill = Drill(
            kind,
            given["stage"],
            given["target"],
            given["low"],
            given["high"],
            reason,
            given["month"],
            in_currency=given["in_currency"],
        )
        needs_stage = kind not in OF_ALL_STAGES and not drill.is_of_screening
        if (of_month and drill.month is None) or (needs_stage and not of_month and drill.stage is None):
            return None
        return replace(drill, version=form.criteria_version, days=form.stretch)
