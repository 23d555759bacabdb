"""The pages with forms that edit tier policies and products."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from tiering.core.tier_policy_kind import blank_terms
from tiering.errors_policies import PolicyRefused
from tiering.forms_products import ProductFormSet, product_initial, product_of
from tiering.forms_tier_policy import HeadForm, TermsForm, head_initial, terms_initial, terms_of
from tiering.models import Policy, PolicyVersion, Tier
from tiering.pages.conditions import metrics_about, vocabulary
from tiering.pages.versions import refusal_lines
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import tiers_by_rank
from tiering.selectors.offers import offered_products
from tiering.selectors.policies import readable_policies
from tiering.services.policies import save_policy

Kind = Policy.Kind


def _draft(request: Request, pk: int, kind: str) -> PolicyVersion:
    rows = readable_policies(request.user).filter(policy__kind=kind, status__in=PolicyVersion.IN_PREPARATION)
    return get_object_or_404(rows, pk=pk)


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def tier_policy_form(request: Request, pk: int) -> HttpResponse:
    """What follows from each tier of a scheme."""
    version = _draft(request, pk, Kind.TIER_POLICY)
    if version.policy.scheme is None:
        raise Http404
    given = request.POST if request.method == "POST" else None
    head = HeadForm(given, initial=head_initial(version.document, version.revision))
    pairs = _terms_by_tier(version, tiers_by_rank(version.policy.scheme).values(), given)
    context: dict[str, Any] = {"version": version, "head": head, "pairs": pairs, "refusals": []}
    if given is not None and all([head.is_valid(), *(form.is_valid() for _tier, form in pairs)]):
        document = _filled_in(version.document, head, pairs)
        if response := _saved(request, version, document, head.cleaned_data["revision"], context):
            return response
    status = 200 if given is None else 422
    return render(request, "tiering/policies/tier_policy.html", context, status=status)


def _terms_by_tier(
    version: PolicyVersion, tiers: Iterable[Tier], given: QueryDict | None
) -> list[tuple[Tier, TermsForm]]:
    """Each tier with the form of its terms."""
    said = {terms["tier"]: terms for terms in version.document["tiers"]}
    catalogue, offered = open_catalogue(), offered_products()
    return [
        (
            tier,
            TermsForm(
                given,
                prefix=f"tier-{tier.rank}",
                initial=terms_initial(said.get(tier.key, blank_terms(tier.key))),
                catalogue=catalogue,
                offered=offered,
            ),
        )
        for tier in tiers
    ]


def _filled_in(
    document: dict[str, Any], head: HeadForm, pairs: Iterable[tuple[Tier, TermsForm]]
) -> dict[str, Any]:
    """The document as the forms say it."""
    said = {terms["tier"]: terms for terms in document["tiers"]}
    told = head.cleaned_data
    rate = {} if told["base_rate"] is None else {"base_rate": told["base_rate"]}
    return {
        **{name: value for name, value in document.items() if name != "base_rate"},
        **rate,
        "label": {"en": told["label_en"], "zh": told["label_zh"]},
        "raise_at_most": told["raise_at_most"],
        "tiers": [terms_of(tier.key, form.cleaned_data, said.get(tier.key)) for tier, form in pairs],
    }


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def products_form(request: Request, pk: int) -> HttpResponse:
    """What is offered to whom."""
    version = _draft(request, pk, Kind.PRODUCTS)
    given = request.POST if request.method == "POST" else None
    forms = ProductFormSet(
        given,
        initial=[product_initial(product) for product in version.document["products"]],
        prefix="product",
    )
    context: dict[str, Any] = {
        "version": version,
        "forms": forms,
        "revision": version.revision if given is None else given.get("revision", ""),
        "vocabulary": vocabulary(metrics_about(open_catalogue())),
        "refusals": [],
    }
    if given is not None and forms.is_valid():
        kept = [product_of(form.cleaned_data) for form in forms if form.is_kept]
        document, revision = {**version.document, "products": kept}, given.get("revision", "")
        seen = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 9 else -1
        if response := _saved(request, version, document, seen, context):
            return response
    status = 200 if given is None else 422
    return render(request, "tiering/policies/products.html", context, status=status)


def _saved(
    request: Request, version: PolicyVersion, document: dict[str, Any], revision: int, context: dict[str, Any]
) -> HttpResponse | None:
    """Back to the version once it is saved; None, with the reasons in the context, where it is refused."""
    try:
        save_policy(version=version, document=document, revision=revision, by=request.user)
    except PolicyRefused as error:
        context["refusals"] = refusal_lines(error.refusals)
        return None
    except DomainError as error:
        context["refused"] = str(error)
        return None
    messages.success(request, _("Saved."))
    return redirect("tiering:policy", version.pk)
