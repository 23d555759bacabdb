"""Policies beside the criteria: what is in effect, every version, and its text."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of
from crm.repeats import do_once
from tiering.core.yaml_text import yaml_text_of
from tiering.errors_policies import PolicyRefused
from tiering.forms_policies import PolicyTextForm, PublishPolicyForm
from tiering.forms_way import RejectForm, SubmitForm
from tiering.models import Policy, PolicyVersion, TierScheme
from tiering.pages.policies import changes_between, groups_of, way_of
from tiering.pages.policy_words import WORDS, lines_of
from tiering.pages.versions import RefusalLine, refusal_lines
from tiering.selectors.policies import readable_policies, versions_in_effect, waiting_policies
from tiering.services.policies import save_policy, start_policy

Status = PolicyVersion.Status


@dataclass(frozen=True)
class Shelf:
    """A policy that there is or may be: what is in effect, and what is on its way."""

    kind: Policy.Kind
    scheme: TierScheme | None
    in_effect: PolicyVersion | None
    under_way: list[PolicyVersion]


@requires("tiering.view_tiers")
@require_safe
def policies(request: Request) -> HttpResponse:
    """Every policy: what is in effect, and what is on its way."""
    context = {
        "shelves": _shelves(request),
        "may_write": request.user.has_perm("tiering.write_criteria"),
        "waiting": set(waiting_policies(request.user).values_list("pk", flat=True)),
    }
    return render(request, "tiering/policies/policies.html", context)


def _shelves(request: Request) -> list[Shelf]:
    under_way = list(
        readable_policies(request.user).filter(status__in=PolicyVersion.IN_PREPARATION).order_by("-number")
    )
    schemes = list(TierScheme.objects.order_by("-is_primary", "pk"))
    shelves = []
    for kind in Policy.Kind:
        in_effect = {version.policy.scheme_id: version for version in versions_in_effect(kind)}
        for scheme in schemes if kind == Policy.Kind.TIER_POLICY else [None]:
            key = scheme.pk if scheme else None
            of_it = [one for one in under_way if (one.policy.kind, one.policy.scheme_id) == (kind, key)]
            shelves.append(Shelf(kind, scheme, in_effect.get(key), of_it))
    return shelves


@requires("tiering.write_criteria")
@require_POST
def begin(request: Request) -> HttpResponse:
    """Begin a draft: of the version `based_on`, or blank for the `kind` and `scheme` that are given."""
    given = request.POST
    based_on, scheme = None, None
    if "based_on" in given:
        based_on = get_object_or_404(readable_policies(request.user), pk=id_of(given["based_on"]))
        kind, scheme = based_on.policy.kind, based_on.policy.scheme
    else:
        kind = given.get("kind", "")
        if given.get("scheme"):
            scheme = get_object_or_404(TierScheme, pk=id_of(given["scheme"]))
        if kind not in Policy.Kind.values:
            return redirect("tiering:policies")
    try:
        draft = do_once(
            request,
            lambda: start_policy(kind=kind, scheme=scheme, based_on=based_on, by=request.user).pk,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:policies")
    return redirect(WORDS[kind].edit_url, draft)


@requires("tiering.view_tiers")
@require_safe
def policy(request: Request, pk: int) -> HttpResponse:
    """A version: what it says, what it changes, where it stands, and the next step for whoever may take it."""
    return policy_page(request, get_object_or_404(readable_policies(request.user), pk=pk))


def policy_page(request: Request, version: PolicyVersion, status: int = 200, **forms: object) -> HttpResponse:
    """`forms` are those that were refused, by their name in the page."""
    way, lines = way_of(version, request.user), lines_of(version)
    before = way.replaced or version.based_on
    seen = {"content_hash": version.content_hash, "replaces": way.replaced.pk if way.replaced else 0}
    context = {
        "version": version,
        "way": way,
        "groups": groups_of(lines),
        "before": before,
        "changes": changes_between(lines_of(before), lines) if before else [],
        "edit_url": WORDS[version.policy.kind].edit_url,
        "others": readable_policies(request.user).filter(policy=version.policy_id).order_by("-number"),
        "submit_form": SubmitForm(initial={"purpose": version.purpose}, auto_id="submit_%s"),
        "publish_form": PublishPolicyForm(initial=seen, auto_id="publish_%s"),
        "reject_form": RejectForm(auto_id="reject_%s"),
        **forms,
    }
    return render(request, "tiering/policies/policy.html", context, status=status)


@requires("tiering.view_tiers")
@require_safe
def policy_document(request: Request, pk: int) -> HttpResponse:
    """The document of a version as a file of YAML."""
    version = get_object_or_404(readable_policies(request.user), pk=pk)
    scheme = f"-{version.policy.scheme.key}" if version.policy.scheme else ""
    name = f"{version.policy.kind}{scheme}-{version.number}.yaml"
    return HttpResponse(
        yaml_text_of(version.document),
        content_type="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def policy_text(request: Request, pk: int) -> HttpResponse:
    """The document of a draft as text, to be edited or pasted over."""
    version = get_object_or_404(readable_policies(request.user), pk=pk)
    if request.method != "POST":
        seen = {"text": yaml_text_of(version.document), "revision": version.revision}
        return _text_page(request, version, PolicyTextForm(initial=seen))
    form = PolicyTextForm(request.POST)
    if not form.is_valid():
        return _text_page(request, version, form)
    document, revision = form.cleaned_data["text"], form.cleaned_data["revision"]
    try:
        save_policy(version=version, document=document, revision=revision, by=request.user)
    except PolicyRefused as error:
        return _text_page(request, version, form, refusal_lines(error.refusals))
    except DomainError as error:
        form.add_error(None, str(error))
        return _text_page(request, version, form)
    messages.success(request, _("Saved."))
    return redirect("tiering:policy", version.pk)


def _text_page(
    request: Request, version: PolicyVersion, form: PolicyTextForm, refusals: list[RefusalLine] | None = None
) -> HttpResponse:
    context = {"version": version, "form": form, "refusals": refusals or []}
    status = 422 if refusals or form.errors else 200
    return render(request, "tiering/policies/text.html", context, status=status)
