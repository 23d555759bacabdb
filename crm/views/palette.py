"""The search: the palette that opens everywhere, and the page with all that it finds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.access import SIGNED_IN, requires
from crm.http import Request
from crm.selectors.search import IN_PALETTE, LONGEST_TERM, ON_PAGE, search


@requires(SIGNED_IN)
@require_safe
def palette(request: Request) -> HttpResponse:
    """Options for what was typed: an `hx-get` answer."""
    return render(request, "crm/_palette_results.html", results(request, IN_PALETTE))


@requires(SIGNED_IN)
@require_safe
def search_page(request: Request) -> HttpResponse:
    """Everything of each kind that answers to a term, as far as the user may see it."""
    return render(request, "crm/search.html", results(request, ON_PAGE))


def results(request: Request, most: int) -> dict[str, object]:
    term = request.GET.get("q", "").strip()[:LONGEST_TERM]
    return {"groups": search(request.user, term, most), "term": term}
